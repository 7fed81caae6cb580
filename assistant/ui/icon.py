"""A line icon that stands alone."""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from assistant.ui.icons import drawn
from assistant.ui.style import Theme


class Icon(QWidget):
    """Follows the theme. Says nothing to screen readers: the words beside it do."""

    def __init__(self, theme: Theme, name: str, token: str = "text2", size: int = 16) -> None:
        super().__init__()
        self._theme, self._name, self._token, self._size = theme, name, token, size
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        colour = self._theme.color(self._token).name()
        painter.drawPixmap(0, 0, drawn(self._name, colour, self._size, self.devicePixelRatioF()))
        painter.end()
