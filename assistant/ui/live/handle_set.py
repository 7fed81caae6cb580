"""The three handles of the scope together: where they stand, and which line is under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from assistant.ui.live.handles import ARROW, HIT_HEIGHT, PILL_WIDTH, Handle, pushed_apart
from assistant.ui.live.ink import Ink
from assistant.ui.live.layout import METER_AT, METER_WIDTH, PILL_AT, Layout
from assistant.ui.live.meters import level_at, level_y
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme

START, RELEASE, GATE = "vad.start", "vad.release", "vad.gate_dbfs"
GRAB_WITHIN = 6
PILLS_APART = 18


class HandleSet:
    """Children of the scope. Heights given and taken are the scope's logical pixels."""

    def __init__(self, theme: Theme, model: SettingsModel, scope: QWidget, layout: Layout) -> None:
        self._theme, self._layout = theme, layout
        self.start = Handle(theme, model, START, self._p_at, self._p_height, scope)
        self.release = Handle(theme, model, RELEASE, self._p_at, self._p_height, scope)
        self.gate = Handle(theme, model, GATE, self._level_at, self._level_height, scope)
        self.all = (self.start, self.release, self.gate)

    def place(self, layout: Layout) -> None:
        """Put every handle at the end of its line; call after each change of size or setting."""
        self._layout = layout
        for handle in self.all:
            handle.show_value()
        scale, dpr = self._theme.text_scale, layout.dpr
        high = self._theme.scaled(HIT_HEIGHT)
        left = (layout.right + layout.px(PILL_AT)) / dpr
        upper, lower = pushed_apart(
            (self._p_height(self.start.setting), self._p_height(self.release.setting)),
            PILLS_APART * scale,
            layout.probability.top() / dpr + high / 2,
            layout.height / dpr - high / 2,
        )
        wide = self._theme.scaled(PILL_WIDTH + ARROW)
        for handle, middle in ((self.start, upper), (self.release, lower)):
            handle.setGeometry(round(left), round(middle - high / 2), wide, high)
        gate = self._level_height(self.gate.setting)
        self.gate.setGeometry(round(left), round(gate - high / 2), wide, high)

    def line_at(self, x: float, y: float) -> Handle | None:
        """The handle whose line runs within reach of a place in the plot or on the mic's meter."""
        layout, dpr = self._layout, self._layout.dpr
        lane = layout.probability
        meter = layout.right + layout.px(METER_AT)
        if meter <= x * dpr <= meter + layout.px(METER_WIDTH):
            near = abs(y - self._level_height(self.gate.setting)) <= GRAB_WITHIN
            return self.gate if near else None
        reach = GRAB_WITHIN * dpr
        if not (layout.left <= x * dpr < layout.right and lane.top() - reach <= y * dpr <= lane.bottom() + reach):
            return None
        away, nearest = min(
            ((abs(y - self._p_height(one.setting)), one) for one in (self.start, self.release)), key=lambda at: at[0]
        )
        return nearest if away <= GRAB_WITHIN else None

    def paint_links(self, painter: QPainter, ink: Ink) -> None:
        """Leader lines from the thresholds to their pills, in device pixels."""
        layout = self._layout
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink.colour("vad"), 1.25 * layout.dpr))
        for handle in (self.start, self.release):
            tip = QPointF(handle.x() * layout.dpr, (handle.y() + handle.height() / 2) * layout.dpr)
            painter.drawLine(QPointF(layout.right, layout.p_y(handle.setting) + 0.5), tip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def gate_box(self) -> QRect:
        """Where the gate's handle stands, in the scope's logical pixels."""
        return self.gate.geometry()

    def _p_at(self, y: float) -> float:
        return self._layout.p_at(y * self._layout.dpr)

    def _p_height(self, p: float) -> float:
        return self._layout.p_y(p) / self._layout.dpr

    def _level_at(self, y: float) -> float:
        return level_at(self._layout.mic, y * self._layout.dpr)

    def _level_height(self, dbfs: float) -> float:
        return level_y(self._layout.mic, dbfs) / self._layout.dpr
