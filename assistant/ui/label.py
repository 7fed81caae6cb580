"""Text that is painted, so that a new weight or colour costs no style sheet; it elides where it does not fit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QLabel, QWidget

from assistant.ui.style import Theme

OFF_OPACITY = 0.55
"""Of what is not in effect."""


class Label(QLabel):
    """One line of text in a size, a weight and a token. A QLabel to screen readers."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        px: float = 13,
        weight: int = 400,
        token: str = "text",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme, self._px, self._weight, self._token = theme, px, weight, token
        self._right = False
        self._off = False
        theme.changed.connect(self.updateGeometry)

    def wear(self, weight: int | None = None, token: str | None = None, off: bool | None = None) -> None:
        """Change weight, token or whether it is in effect, and paint again if anything changed."""
        worn = (
            self._weight if weight is None else weight,
            self._token if token is None else token,
            self._off if off is None else off,
        )
        if worn != (self._weight, self._token, self._off):
            wider = worn[0] != self._weight
            self._weight, self._token, self._off = worn
            if wider:
                self.updateGeometry()
            self.update()

    def say(self, text: str) -> None:
        """Show another text; the same one costs nothing."""
        if text != self.text():
            self.setText(text)

    def look(self, px: float, weight: int, token: str, right: bool) -> None:
        """Choose size, weight, token and side before it is first shown."""
        self._px, self._weight, self._token, self._right = px, weight, token, right

    @property
    def text_width(self) -> int:
        """What the text needs, in logical pixels."""
        return self._metrics().horizontalAdvance(self.text())

    def sizeHint(self) -> QSize:
        return QSize(self.text_width + 1, self._metrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._metrics().averageCharWidth(), self._metrics().height())

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.font(self._px, self._weight))
        painter.setPen(self._theme.color(self._token))
        if self._off or not self.isEnabled():
            painter.setOpacity(OFF_OPACITY)
        text = self.text()
        if self.text_width > self.width():
            text = self._metrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        across = Qt.AlignmentFlag.AlignRight if self._right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.rect(), int(across | Qt.AlignmentFlag.AlignVCenter), text)
        painter.end()

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(self._px, self._weight))
