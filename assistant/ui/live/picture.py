"""The scope's painting: the ring of lanes over its ground, and everything that is drawn anew each frame on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from assistant.turns.facts import SILENCE_DBFS
from assistant.ui.live.axis import Tick
from assistant.ui.live.frozen import Recorded
from assistant.ui.live.ground import ground, paint_ticks
from assistant.ui.live.handle_set import GATE, RELEASE, START, HandleSet
from assistant.ui.live.ink import Ink
from assistant.ui.live.lanes import LaneInks, Lanes, Unplayed
from assistant.ui.live.layout import FIGURE_AT, METER_AT, METER_WIDTH, Layout
from assistant.ui.live.marks import KIND_OF_SETTING, Guess, Mark, paint_guesses, paint_marks
from assistant.ui.live.meters import Meter, level_y, paint_meter, paint_share, paint_usual
from assistant.ui.live.ribbon import Stretch, paint_ribbon
from assistant.ui.live.ring import Ring
from assistant.ui.live.view import View
from assistant.ui.style import Theme


@dataclass(frozen=True, slots=True)
class Scene:
    """All that one frame of the scope shows. ticks: only while frozen, else they belong to the ground.

    start, release: the thresholds; start_over_echo: in place of start while an echo is expected.
    p_speech: of the newest frame. usual_dbfs: how loud the person usually speaks, SILENCE_DBFS while not known.
    highlighted: the key of a setting, or "".
    """

    trace: Recorded
    view: View
    stretches: Sequence[Stretch]
    marks: Sequence[Mark]
    guesses: Sequence[Guess]
    unplayed: Sequence[Unplayed]
    ticks: Sequence[Tick]
    near: Meter
    far: Meter
    p_speech: float
    start: float
    start_over_echo: float
    release: float
    gate_dbfs: float
    usual_dbfs: float
    highlighted: str


class Picture:
    """Everything that is kept between two frames for one size, theme and screen scale. Owned by the GUI thread."""

    def __init__(self, theme: Theme, layout: Layout) -> None:
        self.layout = layout
        self.ink = Ink(theme, layout.dpr)
        self._inks = LaneInks.of(theme.tokens)
        self._ring = Ring()
        self._ground: QPixmap | None = None
        self._ground_ticks: Sequence[Tick] = ()
        self._starts = (-1.0, -1.0)

    def forget(self, sample: int | None = None) -> None:
        """Paint the lanes anew, all or from `sample` on."""
        self._ring.forget(sample)

    def set_grid(self, ticks: Sequence[Tick]) -> None:
        """The grid that stands still while the sound runs."""
        if ticks != self._ground_ticks:
            self._ground_ticks, self._ground = ticks, None

    def paint(self, painter: QPainter, scene: Scene, handles: HandleSet) -> None:
        """painter: of a widget, not yet scaled."""
        layout, ink = self.layout, self.ink
        _to_device_pixels(painter, layout.dpr)
        if layout.dpr != int(layout.dpr):  # the widget may begin and end within a pixel
            painter.fillRect(-1, -1, layout.width + 2, layout.height + 2, ink.colour("surface"))
        if self._ground is None:
            self._ground = ground(ink, layout, self._ground_ticks)
        painter.drawPixmap(0, 0, self._ground)
        if scene.ticks:
            paint_ticks(painter, ink, layout, scene.ticks)
        starts = scene.start, scene.start_over_echo
        if starts != self._starts:  # what counts as speech is filled darker
            self._ring.forget()
            self._starts = starts
        self._ring.bring(Lanes(layout, self._inks, *starts), scene.trace, scene.unplayed, scene.view)
        painter.setClipRect(layout.lanes)
        self._ring.show(painter, layout.lanes)
        painter.setClipping(False)
        paint_ribbon(painter, ink, layout.ribbon, scene.stretches, scene.view)
        self._paint_not_played(painter, scene)
        painter.setClipRect(QRect(layout.left, 0, layout.width - layout.left, layout.height))
        paint_marks(painter, ink, layout, scene.view, scene.marks, KIND_OF_SETTING.get(scene.highlighted))
        paint_guesses(painter, ink, layout, scene.view, scene.guesses)
        self._paint_thresholds(painter, scene)
        self._paint_gutter(painter, scene, handles)

    def _paint_thresholds(self, painter: QPainter, scene: Scene) -> None:
        layout, ink = self.layout, self.ink
        heavy = scene.highlighted
        for key, p in ((START, scene.start), (RELEASE, scene.release)):
            opacity = 0.5 if heavy and heavy != key else 1.0
            y, thick = layout.p_y(p), 1.5 * layout.dpr + (layout.dpr if heavy == key else 0)
            if key == START:
                painter.fillRect(layout.left, y, layout.columns, int(thick), ink.colour("vad", opacity))
                if thick > int(thick):
                    painter.fillRect(layout.left, y + int(thick), layout.columns, 1, ink.colour("vad", opacity / 2))
            else:
                pen = QPen(ink.colour("vad", opacity), max(1, int(thick)))
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                pen.setDashPattern([5 * layout.dpr / pen.width(), 4 * layout.dpr / pen.width()])
                painter.setPen(pen)
                painter.drawLine(layout.left, y, layout.right - 1, y)

    def _paint_not_played(self, painter: QPainter, scene: Scene) -> None:
        for rest in scene.unplayed:
            x = round(scene.view.x(rest.start))
            words = self.ink.text("not played", 11, 400, "text3")
            if x >= 0 and x + words.width() < self.layout.columns:
                painter.drawPixmap(self.layout.left + x + self.layout.px(6), self.layout.playback.top(), words)

    def _paint_gutter(self, painter: QPainter, scene: Scene, handles: HandleSet) -> None:
        layout, ink = self.layout, self.ink
        meter_left = layout.right + layout.px(METER_AT)
        for lane, meter, token in ((layout.mic, scene.near, "near"), (layout.playback, scene.far, "far")):
            box = QRect(meter_left, lane.top(), layout.px(METER_WIDTH), lane.height())
            paint_meter(painter, ink, box, meter, token)
            words = ink.text(meter.figure, 12, 600, "text")
            top = lane.top()
            gate = handles.gate_box()
            if lane == layout.mic and gate.top() * layout.dpr < top + words.height():
                top = max(lane.bottom() + 1 - words.height(), round((gate.bottom() + 1) * layout.dpr))
            painter.drawPixmap(layout.right + layout.px(FIGURE_AT), top, words)
            if lane == layout.mic and scene.usual_dbfs > SILENCE_DBFS:
                paint_usual(painter, ink, box, scene.usual_dbfs)
        lane = layout.probability
        share = QRect(meter_left, lane.top(), layout.px(METER_WIDTH), lane.height())
        paint_share(painter, ink, share, scene.p_speech, "vad")
        thick = ink.thin + (ink.thin if scene.highlighted == GATE else 0)
        y = level_y(layout.mic, scene.gate_dbfs) - thick // 2
        painter.fillRect(meter_left - 2, y, layout.px(METER_WIDTH) + 3, thick, ink.colour("text"))
        handles.paint_links(painter, ink)


def _to_device_pixels(painter: QPainter, dpr: float) -> None:
    """One unit of the painter is one device pixel, and whole numbers are whole pixels wherever the widget stands."""
    painter.scale(1 / dpr, 1 / dpr)
    at = painter.deviceTransform()
    painter.translate(floor(at.dx() + 0.5) - at.dx(), floor(at.dy() + 0.5) - at.dy())
