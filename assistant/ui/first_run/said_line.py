"""An icon and a sentence in one colour: what was found out."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.ui.icons import drawn
from assistant.ui.style import Theme


class SaidLine(QWidget):
    """Painted: its colour changes with what it says."""

    def __init__(self, theme: Theme, px: int = 13) -> None:
        super().__init__()
        self._theme, self._px = theme, px
        self.words, self._token, self._symbol = "", "text2", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, words: str, token: str, symbol: str) -> None:
        """Show this; the same again costs nothing."""
        if (words, token, symbol) != (self.words, self._token, self._symbol):
            self.words, self._token, self._symbol = words, token, symbol
            self.setAccessibleName(words)
            self.setToolTip(words)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self._theme.font(self._px, 600)).horizontalAdvance(self.words)
        return QSize(words + 24, self._theme.scaled(22))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._theme.scaled(22))

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        left = 0
        if self._symbol:
            size = 14 if self._px < 15 else 16
            pixmap = drawn(self._symbol, self._theme.color(self._token).name(), size, self.devicePixelRatioF())
            painter.drawPixmap(0, (self.height() - size) // 2, pixmap)
            left = size + 5
        font = self._theme.font(self._px, 600)
        painter.setFont(font)
        painter.setPen(self._theme.color(self._token))
        said = QFontMetrics(font).elidedText(self.words, Qt.TextElideMode.ElideRight, self.width() - left)
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), said)
        painter.end()
