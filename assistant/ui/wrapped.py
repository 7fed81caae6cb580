"""Painted text of several lines."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from assistant.ui.style import Theme

_FLAGS = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


class Wrapped(QLabel):
    """Breaks its words at its width. A QLabel to screen readers."""

    def __init__(
        self, theme: Theme, px: float, weight: int, token: str, parent: QWidget | None = None, text: str = ""
    ) -> None:
        super().__init__(text, parent)
        self._theme, self._px, self._weight, self._token = theme, px, weight, token
        self._shown: tuple[str, float] | None = None
        self._heights: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(self._metrics().horizontalAdvance(self.text()) + 1, self._metrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._metrics().height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        shown = (self.text(), self._theme.text_scale)
        if shown != self._shown:
            self._shown, self._heights = shown, {}
        if width not in self._heights:  # layouts ask many times, for two or three widths in turn
            room = QRect(0, 0, width, 10_000)
            self._heights[width] = self._metrics().boundingRect(room, _FLAGS, self.text()).height()
        return self._heights[width]

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.font(self._px, self._weight))
        painter.setPen(self._theme.color(self._token))
        painter.drawText(self.rect(), _FLAGS, self.text())
        painter.end()

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(self._px, self._weight))
