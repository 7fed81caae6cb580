"""The slider of a row: a QSlider to keys and screen readers, painted by hand, with the default as a tick below."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QStyle, QWidget

from assistant.ui.label import OFF_OPACITY
from assistant.ui.style import Theme

GROOVE = 4
KNOB = 14
HALO = 20


class KnobSlider(QSlider):
    """Whole numbers from lowest to highest, on the grid of `step`.

    picked: a new value by mouse (dragging is True while the button is down), key, wheel or screen reader.
    let_go: the mouse button came up after a drag. asked_default: a double click.
    """

    picked = Signal(int, bool)
    let_go = Signal()
    asked_default = Signal()

    def __init__(self, theme: Theme, lowest: int, highest: int, step: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._quiet = False
        self._tick: int | None = None
        self._shown: tuple[int, int | None, bool, bool] | None = None
        self.changed_by_hand = False
        self.in_effect = True
        self.setRange(lowest, highest)
        self.setSingleStep(step)
        self.setPageStep(max(step, round((highest - lowest) / 10 / step) * step))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.valueChanged.connect(self._tell)

    def show_value(self, value: int, tick: int | None, changed_by_hand: bool) -> None:
        """Show without telling anybody."""
        shown = (value, tick, changed_by_hand, self.in_effect)
        if shown == self._shown and value == self.value():
            return
        self._shown = shown
        self._quiet = True
        self.setValue(value)
        self._quiet = False
        self._tick = tick
        self.changed_by_hand = changed_by_hand
        self.update()

    def knob_x(self, value: int | None = None) -> float:
        """The middle of the knob for a value, the present one unless given, in the widget's pixels."""
        span = self.width() - KNOB
        at = QStyle.sliderPositionFromValue(
            self.minimum(), self.maximum(), self.value() if value is None else value, span
        )
        return at + KNOB / 2

    def snapped(self, value: int) -> int:
        """The nearest value on the grid, inside the range."""
        step = self.singleStep()
        steps = round((value - self.minimum()) / step)
        return max(self.minimum(), min(self.maximum(), self.minimum() + steps * step))

    def sizeHint(self) -> QSize:
        return QSize(120, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 24)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.update()
            self.let_go.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.asked_default.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()  # so that a page scrolls instead of a value
            return
        notches = event.angleDelta().y() / 120
        self.setValue(self.snapped(self.value() + round(notches * self.singleStep())))
        event.accept()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.in_effect:
            painter.setOpacity(OFF_OPACITY)
        middle = self.height() / 2
        knob = QPointF(self.knob_x(), middle)
        accent = self.changed_by_hand
        paint_groove(painter, self._theme, self.width(), middle, (0, knob.x()), accent)
        if self._tick is not None:
            paint_tick(painter, self._theme, self.knob_x(self._tick), middle)
        paint_knob(painter, self._theme, knob, accent, self.isSliderDown())
        painter.end()

    def _drag_to(self, x: float) -> None:
        span = self.width() - KNOB
        value = QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), round(x - KNOB / 2), span)
        self.setValue(self.snapped(value))
        self.update()

    def _tell(self, value: int) -> None:
        self.update()
        if self._quiet:
            return
        on_grid = self.snapped(value)
        if on_grid != value:  # a screen reader may ask for any number
            self._quiet = True
            self.setValue(on_grid)
            self._quiet = False
        self.picked.emit(on_grid, self.isSliderDown())


def paint_groove(
    painter: QPainter, theme: Theme, width: int, middle: float, filled: tuple[float, float], accent: bool
) -> None:
    """A rounded groove over `width`, filled between two places."""
    painter.setPen(Qt.PenStyle.NoPen)
    for colour, left, right in (
        (theme.color("groove"), 0.0, float(width)),
        (theme.color("near" if accent else "fill"), *filled),
    ):
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(left, middle - GROOVE / 2, right - left, GROOVE), GROOVE / 2, GROOVE / 2)


def paint_tick(painter: QPainter, theme: Theme, x: float, middle: float) -> None:
    """The small line below the groove where the default is."""
    painter.setPen(QPen(theme.color("text3"), 1.5))
    painter.drawLine(QPointF(x, middle + 6), QPointF(x, middle + 10))


def paint_knob(painter: QPainter, theme: Theme, at: QPointF, accent: bool, halo: bool) -> None:
    """A round knob of 14 px; `halo` while it is dragged."""
    rim = theme.color("near" if accent else "fill")
    face = theme.color("knob")
    if halo:
        painter.setPen(Qt.PenStyle.NoPen)
        glow = QColor(theme.color("near"))
        glow.setAlphaF(0.3)
        painter.setBrush(glow)
        painter.drawEllipse(at, HALO / 2, HALO / 2)
    painter.setPen(QPen(rim if not theme.tokens.dark or accent else face, 1.5))
    painter.setBrush(face)
    painter.drawEllipse(at, KNOB / 2 - 0.75, KNOB / 2 - 0.75)
