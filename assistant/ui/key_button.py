"""A button that shows the key that does the same."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from assistant.ui.icons import drawn
from assistant.ui.style import Theme

PAD = 12


class KeyButton(QAbstractButton):
    """Painted: icon, words, and the key in a small frame."""

    def __init__(self, theme: Theme, text: str, key: str, symbol: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._key, self._symbol = theme, key, symbol
        self.quiet = False
        self.setText(text)
        self.setAccessibleName(f"{text}, {key}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        wide = 2 * PAD + (24 if self._symbol else 0) + self._words().horizontalAdvance(self.text())
        return QSize(wide + 8 + self._key_wide(), self._theme.scaled(30))

    def paintEvent(self, event: object) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        face = "line" if self.isDown() else "window" if self.underMouse() else "surface"
        if not self.quiet or face != "surface":
            painter.setPen(Qt.PenStyle.NoPen if self.quiet else QPen(theme.color("control"), 1))
            painter.setBrush(theme.color(face))
            painter.drawRoundedRect(box, 6, 6)
        x = PAD
        if self._symbol:
            pixmap = drawn(self._symbol, theme.tokens.text2, 16, self.devicePixelRatioF())
            painter.drawPixmap(x, (self.height() - 16) // 2, pixmap)
            x += 24 - 4
        painter.setPen(theme.color("text2" if self.quiet else "text"))
        painter.setFont(theme.font(13, 500))
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), middle, self.text())
        wide, high = self._key_wide(), theme.scaled(18)
        key = QRectF(self.width() - PAD - wide + 0.5, (self.height() - high) / 2 + 0.5, wide - 1, high - 1)
        painter.setPen(QPen(theme.color("line2"), 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(key, 4, 4)
        painter.setPen(theme.color("text2"))
        painter.setFont(theme.font(11))
        painter.drawText(key, int(Qt.AlignmentFlag.AlignCenter), self._key)
        painter.end()

    def _words(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(13, 500))

    def _key_wide(self) -> int:
        return QFontMetrics(self._theme.font(11)).horizontalAdvance(self._key) + 11
