"""The handles on the trace: real sliders to keys and screen readers, shaped as pills at the end of their lines."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from assistant.settings.access import KNOBS
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from assistant.ui.words import accessible_name, is_share, shown, tooltip

PILL_WIDTH = 62
PILL_HEIGHT = 16
HIT_HEIGHT = 18
ARROW = 6
PAGE = 5


class Handle(QSlider):
    """One setting on the trace. Its integer range is in percent for a probability, else in the setting's unit.

    value_at, height_of: from a height in the parent's pixels to the setting's value, and back.
    """

    def __init__(
        self,
        theme: Theme,
        model: SettingsModel,
        key: str,
        value_at: Callable[[float], float],
        height_of: Callable[[float], float],
        parent: QWidget,
    ) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.key, self._theme, self._model = key, theme, model
        self._value_at, self._height_of = value_at, height_of
        self._knob = KNOBS[key]
        self._scale = 100 if is_share(self._knob) else 1
        self._grabbed_off = 0.0
        assert self._knob.ge is not None and self._knob.le is not None
        self.setRange(round(self._knob.ge * self._scale), round(self._knob.le * self._scale))
        self.setSingleStep(1)
        self.setPageStep(PAGE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitVCursor)
        self.setAccessibleName(accessible_name(self._knob))
        self.show_value()
        self.valueChanged.connect(self._picked)

    @property
    def setting(self) -> float:
        """The value as the settings hold it."""
        return float(self._model.value(self.key))

    @property
    def words(self) -> str:
        """What stands on the handle."""
        names = {"vad.start": "from", "vad.release": "until", "vad.gate_dbfs": "gate"}
        return f"{names[self.key]} {shown(self._knob, self.setting)}"

    def show_value(self) -> None:
        """Follow the settings without changing them."""
        blocked = self.blockSignals(True)
        self.setValue(round(self.setting * self._scale))
        self.blockSignals(blocked)
        self.setToolTip(tooltip(self._knob, self.setting, self._model.baseline(self.key)))
        self.update()

    def take_hold(self, parent_y: float) -> None:
        """Begin a drag at a height of the parent; the line keeps its distance from the pointer."""
        self._grabbed_off = self._height_of(self.setting) - parent_y
        self.setSliderDown(True)

    def drag(self, parent_y: float) -> None:
        """Go on with the drag; the setting follows at once."""
        if self.isSliderDown():
            wanted = round(self._value_at(parent_y + self._grabbed_off) * self._scale)
            self.setValue(max(self.minimum(), min(self.maximum(), wanted)))

    def let_go(self) -> None:
        """End the drag: one step of undo."""
        if self.isSliderDown():
            self.setSliderDown(False)
            self._model.commit()

    def reset(self) -> None:
        self.setSliderDown(False)
        self._model.commit()
        self._model.reset(self.key)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(PILL_WIDTH + ARROW), self._theme.scaled(HIT_HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            at = self.mapToParent(event.position()).y()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.take_hold(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.drag(self.mapToParent(event.position()).y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        self.setValue(self.value() + (1 if event.angleDelta().y() > 0 else -1))
        event.accept()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.key == "vad.gate_dbfs":
            self._paint_gate(painter)
        else:
            self._paint_pill(painter, filled=self.key == "vad.start")
        painter.end()

    def _paint_pill(self, painter: QPainter, filled: bool) -> None:
        vad = self._theme.color("vad")
        box = self.pill()
        arrow = self._theme.scaled(ARROW)
        half = box.height() / 2
        shape = QPolygonF(
            [QPointF(box.left() - arrow, box.center().y()), QPointF(box.left() + 1, box.center().y() - half + 2)]
        )
        shape.append(QPointF(box.left() + 1, box.center().y() + half - 2))
        painter.setPen(QPen(vad, 1.25))
        painter.setBrush(vad if filled else self._theme.color("surface"))
        painter.drawPolygon(shape)
        painter.drawRoundedRect(box, 4, 4)
        if not filled:  # the outline goes round both shapes, not between them
            painter.setPen(QPen(self._theme.color("surface"), 2))
            painter.drawLine(QPointF(box.left() + 0.4, box.top() + 4), QPointF(box.left() + 0.4, box.bottom() - 4))
        painter.setFont(self._theme.font(11, 600))
        painter.setPen(self._theme.color("on_vad") if filled else vad)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.words)

    def _paint_gate(self, painter: QPainter) -> None:
        middle, size = self.height() / 2, self._theme.scaled(ARROW)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("text"))
        rise = size * 0.7
        painter.drawPolygon([QPointF(0, middle), QPointF(size, middle - rise), QPointF(size, middle + rise)])
        painter.setFont(self._theme.font(11, 400))
        painter.setPen(self._theme.color("text2"))
        words = self.rect().adjusted(self._theme.scaled(11), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.words)

    def pill(self) -> QRectF:
        """The rounded part, in the handle's own pixels."""
        height = self._theme.scaled(PILL_HEIGHT) - 1
        left = self._theme.scaled(ARROW)
        return QRectF(left + 0.5, (self.height() - height) / 2, self.width() - left - 1.5, height)

    def _picked(self, value: int) -> None:
        setting = value / self._scale
        if self.isSliderDown():
            self._model.preview(self.key, setting)
        else:
            self._model.set(self.key, setting)
        self.show_value()  # the model may have held it back from the end of the range


def pushed_apart(wanted: tuple[float, float], least: float, top: float, bottom: float) -> tuple[float, float]:
    """Two heights, the upper one first, at least `least` apart, around where they want to be, within top to bottom."""
    upper, lower = (min(bottom, max(top, height)) for height in wanted)
    if lower - upper < least:
        upper = min(max(top, (upper + lower - least) / 2), bottom - least)
        lower = upper + least
    return upper, lower
