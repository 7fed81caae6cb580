"""A painted button: icon, words, and the key that does the same."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from assistant.ui.icons import drawn
from assistant.ui.label import OFF_OPACITY
from assistant.ui.style import Theme

PAD, QUIET_PAD = 12, 6
ICON, ALONE = 14, 16
SYMBOL = 22
"""An icon beside words and the gap between them."""


class KeyButton(QAbstractButton):
    """kind: "plain" with a border, "quiet" without, "link" in the accent, "primary" filled.

    The icon stands before the words, or behind them. With a menu, pressing opens it below.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        key: str = "",
        symbol: str = "",
        parent: QWidget | None = None,
        kind: str = "plain",
        behind: bool = False,
    ) -> None:
        super().__init__(parent)
        self._theme, self._key, self._symbol, self._behind = theme, key, symbol, behind
        self.kind = kind
        self._menu: QMenu | None = None
        self.setText(text)
        self.setAccessibleName(f"{text}, {key}" if key else text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_menu(self, menu: QMenu) -> None:
        """What opens below the button when it is pressed."""
        self._menu = menu
        self.clicked.connect(lambda: menu.popup(self.mapToGlobal(self.rect().bottomLeft())))

    def say(self, text: str, symbol: str = "") -> None:
        """Show other words and another icon."""
        if (text, symbol) != (self.text(), self._symbol):
            self._symbol = symbol
            self.setText(text)
            self.setAccessibleName(f"{text}, {self._key}" if self._key else text)
            self.updateGeometry()
            self.update()

    @property
    def quiet(self) -> bool:
        """Whether it has no border."""
        return self.kind != "plain"

    @quiet.setter
    def quiet(self, quiet: bool) -> None:
        self.kind = "quiet" if quiet else "plain"
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        if not self.text():
            return QSize(24, 24)
        wide = 2 * self._pad + (SYMBOL if self._symbol else 0) + self._words().horizontalAdvance(self.text())
        return QSize(wide + (8 + self._key_wide() if self._key else 0), self._theme.scaled(30))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: object) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(OFF_OPACITY)
        plain, primary = self.kind == "plain", self.kind == "primary"
        live = self.isEnabled()
        face = "line" if self.isDown() else "window" if self.underMouse() and live else "surface"
        if plain or primary or face != "surface":
            painter.setPen(QPen(theme.color("control"), 1) if plain else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("near" if primary else face))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        ink = {"plain": "text", "quiet": "text2", "link": "near", "primary": "on_near"}[self.kind]
        x = self._pad
        if self._symbol:
            token = "text2" if ink == "text" else ink
            size = ICON if self.text() else ALONE
            pixmap = drawn(self._symbol, theme.color(token).name(), size, self.devicePixelRatioF())
            left = self.width() - self._pad - size if self._behind else x
            left = left if self.text() else (self.width() - size) // 2
            painter.drawPixmap(left, (self.height() - size) // 2, pixmap)
            x += 0 if self._behind else SYMBOL
        painter.setPen(theme.color(ink))
        painter.setFont(theme.font(13, 600 if primary else 500))
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), middle, self.text())
        if self._key:
            self._paint_key(painter)
        painter.end()

    def _paint_key(self, painter: QPainter) -> None:
        wide, high = self._key_wide(), self._theme.scaled(18)
        cap = QRectF(self.width() - self._pad - wide + 0.5, (self.height() - high) / 2 + 0.5, wide - 1, high - 1)
        painter.setPen(QPen(self._theme.color("line2"), 1))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(self._theme.color("text2"))
        painter.setFont(self._theme.font(11))
        painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), self._key)

    @property
    def _pad(self) -> int:
        return PAD if self.kind in {"plain", "primary"} else QUIET_PAD

    def _words(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(13, 600 if self.kind == "primary" else 500))

    def _key_wide(self) -> int:
        return QFontMetrics(self._theme.font(11)).horizontalAdvance(self._key) + 11
