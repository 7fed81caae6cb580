"""The small dark bubble above a knob while it is dragged: the value and what it does."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from assistant.ui.style import Theme

PAD = 8
LIFT = 14


class Bubble(QWidget):
    """Lies over the window; one serves all sliders of it."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme, self._window = theme, window
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_over(self, widget: QWidget, at: QPoint, text: str) -> None:
        """Show `text` above a place of `widget`, in its own pixels, inside the window."""
        self._text = text
        metrics = QFontMetrics(self._theme.font(12, 500))
        self.resize(metrics.horizontalAdvance(text) + 2 * PAD, metrics.height() + 6)
        window = self._window
        place = widget.mapTo(window, at) - QPoint(self.width() // 2, self.height() + LIFT)
        place.setX(max(4, min(place.x(), window.width() - self.width() - 4)))
        self.move(place)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("bubble"))
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        painter.setPen(self._theme.color("on_bubble"))
        painter.setFont(self._theme.font(12, 500))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._text)
        painter.end()
