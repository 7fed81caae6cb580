"""A small outlined word with an icon: "In use", "On this disk", "Best fit here"."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.ui.icons import drawn
from assistant.ui.style import Theme

PAD, ICON, GAP = 9, 12, 5
HIGH = 20


def pill_wide(theme: Theme, text: str, symbol: str = "") -> int:
    """Logical pixels that it takes."""
    words = QFontMetrics(theme.font(12, 600)).horizontalAdvance(text)
    return 2 * PAD + words + (ICON + GAP if symbol else 0)


def paint_pill(
    painter: QPainter, theme: Theme, x: float, middle: float, text: str, token: str, symbol: str, dpr: float
) -> None:
    """x: its left edge. token: of border and text; "text2" has the border of what is only said."""
    high = theme.scaled(HIGH)
    box = QRectF(x, middle - high / 2, pill_wide(theme, text, symbol), high)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("line2" if token == "text2" else token), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), high / 2, high / 2)
    left = box.left() + PAD
    if symbol:
        pixmap = drawn(symbol, theme.color(token).name(), ICON, dpr)
        painter.drawPixmap(round(left), round(middle - ICON / 2), pixmap)
        left += ICON + GAP
    painter.setPen(theme.color(token))
    painter.setFont(theme.font(12, 500 if token == "text2" else 600))
    painter.drawText(box.adjusted(left - box.left(), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), text)


class Pill(QWidget):
    """One that stands alone."""

    def __init__(self, theme: Theme, text: str, token: str = "text2", symbol: str = "") -> None:
        super().__init__()
        self._theme, self._text, self._token, self._symbol = theme, text, token, symbol
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        theme.changed.connect(self.updateGeometry)

    def say(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(pill_wide(self._theme, self._text, self._symbol), self._theme.scaled(HIGH))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        dpr = self.devicePixelRatioF()
        paint_pill(painter, self._theme, 0, self.height() / 2, self._text, self._token, self._symbol, dpr)
        painter.end()
