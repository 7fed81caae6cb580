"""The scope: state, sound of both sides and the detector's opinion on one time axis, with the thresholds to drag."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from math import ceil

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from assistant.settings.access import KNOBS
from assistant.settings.sections import Settings
from assistant.signal.trace import FRAME, RATE, PeakSlice
from assistant.turns.facts import SILENCE_DBFS
from assistant.turns.own_echo import asked_over_echo
from assistant.ui.live.axis import Tick, clock_ticks, live_ticks
from assistant.ui.live.frozen import FrozenTrace, Recorded, silent_trace
from assistant.ui.live.handle_set import HandleSet
from assistant.ui.live.handles import Handle
from assistant.ui.live.lanes import Unplayed
from assistant.ui.live.layout import PILL_AT, Layout
from assistant.ui.live.marks import Guess, Mark, marks_of
from assistant.ui.live.meters import Meter, figure
from assistant.ui.live.picture import Picture, Scene
from assistant.ui.live.ribbon import Stretch, stretches, told
from assistant.ui.live.view import View
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from assistant.workers.episode import Episode

SECONDS = "panel.seconds"
CLICK_WITHIN = 5
KEPT_S = 60
"""Marks and unplayed rests older than this are off the picture at every zoom."""


class Scope(QWidget):
    """Owned by the GUI thread; tick() is called by the window's timer.

    trace_source: the trace of the running stream, None while there is none; it may be another one at every call.
    clock: seconds that only grow, for the meters.
    """

    episode_clicked = Signal(int)
    frozen_changed = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        trace_source: Callable[[], Recorded | None],
        model: SettingsModel,
        clock: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._source, self._model, self._clock = theme, trace_source, model, clock
        self._trace: Recorded = silent_trace()
        self._frozen: FrozenTrace | None = None
        self._frozen_at = datetime.min
        self._episodes: dict[int, Episode] = {}
        self._marks: tuple[Mark, ...] = ()
        self._guesses: Sequence[Guess] = ()
        self._unplayed: tuple[Unplayed, ...] = ()
        self._highlighted = ""
        self._near, self._far = Meter(), Meter()
        self._figures_shown = ("", "")
        self._p_speech = 0.0
        self._usual_dbfs = SILENCE_DBFS
        self._frames_seen = 0
        self._stretches: list[Stretch] = []
        self._dragged: Handle | None = None
        self._panned_from: tuple[float, View] | None = None
        self._picture = Picture(theme, Layout.of(400, 200, 1.0, 1.0))
        self._view = self._live_view()
        self.handles = HandleSet(theme, model, self, self._picture.layout)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(360, 150)
        self.setAccessibleName("Live sound")
        self.setAccessibleDescription("No interruption yet.")
        model.changed.connect(self._settings_changed)
        theme.changed.connect(self._dress)

    # What is shown

    def tick(self) -> None:
        """Take in what has come since the last call and paint it. Costs nothing where nothing has changed."""
        self._feed_meters(self._adopt())
        if self._frozen is None:
            self._show(self._live_view())
        self.update(self._moving_region())

    def add_episode(self, episode: Episode) -> None:
        """Show an interruption; the same number again replaces what was known of it."""
        self._adopt()
        known = self._episodes.get(episode.number)
        if known is not None and known.revision > episode.revision:
            return
        self._episodes[episode.number] = episode
        oldest = self._trace.samples - KEPT_S * RATE
        self._episodes = {number: one for number, one in self._episodes.items() if one.decided_at >= oldest}
        self._marks = tuple(mark for one in self._episodes.values() for mark in marks_of(one))
        self.update()

    def describe(self, words: str) -> None:
        """What a screen reader says of the scope. Call at events only."""
        self.setAccessibleDescription(words)

    def show_unplayed(self, start_sample: int, peaks: PeakSlice) -> None:
        """The rest of a phrase that was cut, from the 16 kHz sample where it fell silent; `peaks.start` is not used.

        The same sample again replaces what was shown from it.
        """
        self._adopt()
        oldest = self._trace.samples - KEPT_S * RATE
        kept = tuple(rest for rest in self._unplayed if rest.start >= oldest and rest.start != start_sample)
        self._unplayed = (*kept, Unplayed(start_sample, PeakSlice(0, peaks.low, peaks.high)))
        self._picture.forget(start_sample)
        self.update()

    def show_guesses(self, guesses: Sequence[Guess]) -> None:
        """Where other settings would have decided; an empty sequence takes them away."""
        self._guesses = guesses
        self.update()

    def highlight(self, key: str | None) -> None:
        """Make the mark or line of this setting heavy and set the others back; None for all alike."""
        if (key or "") != self._highlighted:
            self._highlighted = key or ""
            self.update()

    @property
    def episodes(self) -> list[Episode]:
        """Those whose marks are kept, oldest first."""
        return list(self._episodes.values())

    @property
    def view(self) -> View:
        return self._view

    @property
    def layout_now(self) -> Layout:
        return self._picture.layout

    # Standing still

    @property
    def frozen(self) -> bool:
        return self._frozen is not None

    @property
    def frozen_at(self) -> datetime:
        """When the picture was frozen, by the clock; only while it is."""
        return self._frozen_at

    def freeze(self, frozen: bool, show: int | None = None) -> None:
        """Let the picture stand, or run again; the trace goes on either way. show: a 16 kHz sample to bring in view."""
        if frozen and self._frozen is None:
            self._frozen = FrozenTrace(self._trace)
            self._frozen_at = datetime.now()
        elif not frozen and self._frozen is not None:
            self._frozen, self._panned_from = None, None
            self._picture.forget()
            self._show(self._live_view())
        if self._frozen is not None and show is not None:
            self._show(self._held(self._view.moved(round(self._view.x(show) - 0.6 * self._view.columns))))
        self._lay_grid()
        self.frozen_changed.emit(self.frozen)
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(788, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture.layout.dpr != self.devicePixelRatioF():  # moved to another screen
            self._dress()
        settings = self._model.current
        scene = Scene(
            trace=self._frozen or self._trace,
            view=self._view,
            stretches=self._stretches,
            marks=self._marks,
            guesses=self._guesses,
            unplayed=self._unplayed,
            ticks=self._clock_ticks(),
            near=self._near,
            far=self._far,
            p_speech=self._p_speech,
            start=settings.vad.start,
            start_over_echo=asked_over_echo(settings.vad.start, settings),
            release=settings.vad.release,
            gate_dbfs=settings.vad.gate_dbfs,
            usual_dbfs=self._usual_dbfs,
            highlighted=self._highlighted,
        )
        painter = QPainter(self)
        self._picture.paint(painter, scene, self.handles)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._dress()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        line = self.handles.line_at(at.x(), at.y())
        mark = self._mark_at(at)
        if line is not None:
            self._dragged = line
            line.setFocus(Qt.FocusReason.MouseFocusReason)
            line.take_hold(at.y())
        elif mark is not None:
            self.episode_clicked.emit(mark.episode)
        elif self._frozen is not None:
            self._panned_from = at.x(), self._view

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._dragged is not None:
            self._dragged.drag(at.y())
        elif self._panned_from is not None:
            x, view = self._panned_from
            self._show(self._held(view.moved(round((x - at.x()) * self._picture.layout.dpr))))
            self.update()
        else:
            self.setCursor(self._cursor_at(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._dragged.let_go()
        self._dragged = self._panned_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        line = self.handles.line_at(event.position().x(), event.position().y())
        if line is not None:
            self._dragged = None
            line.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        choices = list(KNOBS[SECONDS].choices)
        turned = event.angleDelta().y()
        now = choices.index(self._model.current.panel.seconds)
        wanted = min(len(choices) - 1, max(0, now + (turned < 0) - (turned > 0)))
        if self._frozen is not None:
            x = event.position().x() * self._picture.layout.dpr - self._picture.layout.left
            self._show(self._held(self._view.zoomed(float(choices[wanted]), x)))
        if wanted != now:
            self._model.set(SECONDS, choices[wanted])
        event.accept()

    # How it is made

    def _adopt(self) -> bool:
        """Look whether another stream runs: its samples are counted anew, so nothing of the old one can stay."""
        trace = self._source()
        if trace is not None and trace is not self._trace:
            self._trace, self._frames_seen = trace, 0
            self._unplayed = ()
            self._episodes, self._marks = {}, ()
            if self._frozen is None:
                self._picture.forget()
        return trace is not None

    def _show(self, view: View) -> None:
        if view.head != self._view.head or view != self._view:
            self._view = view
            self._stretches = stretches(self._frozen or self._trace, view)

    def _live_view(self) -> View:
        seconds = float(self._model.current.panel.seconds)
        return View.of(self._picture.layout.columns, seconds, self._trace.samples, self._trace.frames)

    def _held(self, view: View) -> View:
        """The view kept on what was frozen, with at least a quarter of the plot filled."""
        assert self._frozen is not None
        newest = min(self._frozen.samples, self._frozen.frames * FRAME) // view.per_column
        least = ceil(self._frozen.start / view.per_column) + view.columns // 4
        return view.moved(min(newest, max(least, view.head)) - view.head)

    def _dress(self) -> None:
        """Everything anew: after a change of size, theme, text size or screen."""
        layout = Layout.of(self.width(), self.height(), self.devicePixelRatioF(), self._theme.text_scale)
        self._picture = Picture(self._theme, layout)
        if self._frozen is None:
            self._show(self._live_view())
        else:
            seconds = float(self._model.current.panel.seconds)
            same_end = View.of(layout.columns, seconds, self._view.end, ceil(self._view.end / FRAME))
            self._show(self._held(same_end))
        self.handles.place(layout)
        self._lay_grid()
        self.update()

    def _lay_grid(self) -> None:
        layout = self._picture.layout
        self._picture.set_grid(() if self._frozen is not None else live_ticks(self._view, layout.unit))

    def _clock_ticks(self) -> list[Tick]:
        if self._frozen is None:
            return []
        return clock_ticks(self._view, self._picture.layout.unit, self._frozen_at, self._frozen.samples)

    def _settings_changed(self, settings: Settings) -> None:
        if self._frozen is None:
            self._show(self._live_view())
        self._lay_grid()
        self.handles.place(self._picture.layout)
        self.update()

    def _feed_meters(self, sound: bool) -> None:
        frames = self._trace.frame_slice(self._frames_seen * FRAME, self._trace.frames * FRAME)
        self._frames_seen = self._trace.frames
        if len(frames.values) and sound:
            self._p_speech = float(frames.column("p_speech")[-1])
            self._usual_dbfs = float(frames.column("usual_dbfs")[-1])
        now_s = self._clock()
        self._near.feed(np.asarray(frames.column("near_dbfs")).tolist(), now_s)
        self._far.feed(np.asarray(frames.column("far_dbfs")).tolist(), now_s)

    def _moving_region(self) -> QRegion:
        """What changes without an event: plot, meters, and figures when they are others. The handles are spared."""
        layout = self._picture.layout
        left, gutter = int(layout.left / layout.dpr), ceil((layout.right + layout.px(PILL_AT)) / layout.dpr)
        region = QRegion(QRect(left, 0, gutter - left, self.height()))
        beside = self.width() - gutter
        row = layout.mark_row  # the newest label reaches over the gutter
        region += QRect(gutter, int(row.top() / layout.dpr), beside, ceil(row.height() / layout.dpr))
        figures = self._near.figure, self._far.figure
        if figures != self._figures_shown:
            self._figures_shown = figures
            below = row.bottom() + 1
            lanes = layout.playback.bottom() + 1 - below
            region += QRect(gutter, int(below / layout.dpr), beside, ceil(lanes / layout.dpr))
        return region

    def _mark_at(self, at: QPointF) -> Mark | None:
        layout = self._picture.layout
        x = at.x() * layout.dpr - layout.left
        if not layout.mark_row.top() <= at.y() * layout.dpr <= layout.probability.bottom():
            return None
        near = [(abs(self._view.x(mark.at) - x), mark) for mark in self._marks]
        away, mark = min(near, key=lambda one: one[0], default=(float("inf"), None))
        return mark if away <= CLICK_WITHIN * layout.dpr else None

    def _cursor_at(self, at: QPointF) -> Qt.CursorShape:
        if self.handles.line_at(at.x(), at.y()) is not None:
            return Qt.CursorShape.SplitVCursor
        if self._mark_at(at) is not None:
            return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.ArrowCursor if self._frozen is None else Qt.CursorShape.OpenHandCursor

    def tip_at(self, at: QPointF) -> str:
        """What the tooltip says at a place, "" for nothing."""
        layout = self._picture.layout
        x, y = round(at.x() * layout.dpr), round(at.y() * layout.dpr)
        if layout.ribbon.contains(x, y):
            return told(self._stretches, self._view.sample(x - layout.left))
        mark = self._mark_at(at)
        if mark is not None:
            return f"{mark.text or 'where it began'}, {self._episodes[mark.episode].clock:%H:%M:%S}"
        if x > layout.right and self._near.stale:
            return "No sound arrives."
        if x > layout.right and layout.mic.top() <= y <= layout.mic.bottom() and self._usual_dbfs > SILENCE_DBFS:
            softest_dbfs = self._usual_dbfs - self._model.current.barge_in.softer_db
            usual, softest = figure(self._usual_dbfs), figure(softest_dbfs)
            return f"You usually speak at {usual}. What is softer than {softest} does not interrupt: others, a radio."
        return ""
