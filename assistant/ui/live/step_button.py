"""A small button that is nothing but an icon."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QWidget

from assistant.ui.icons import drawn
from assistant.ui.style import Theme

SIDE = 24
ICON = 16


class StepButton(QAbstractButton):
    """Painted, 24 × 24. `name` is its tooltip and what a screen reader says."""

    def __init__(self, theme: Theme, symbol: str, name: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._symbol = theme, symbol
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({key})")

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("line" if self.isDown() else "window"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        if not self.isEnabled():
            painter.setOpacity(0.4)
        inset = (SIDE - ICON) // 2
        tint = self._theme.tokens.text2
        painter.drawPixmap(inset, inset, drawn(self._symbol, tint, ICON, self.devicePixelRatioF()))
        painter.end()
