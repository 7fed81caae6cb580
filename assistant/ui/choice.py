"""A combo box, painted with the house's chevron."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QWidget

from assistant.ui.icons import drawn
from assistant.ui.style import Theme

PAD = 10
CHEVRON = 16


class Choice(QComboBox):
    """One of several words. `symbol` names an icon before the word; the wheel works with focus only."""

    def __init__(self, theme: Theme, symbol: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._symbol = theme, symbol
        self.right_inset = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMaxVisibleItems(14)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font(13))
        widest = max((metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=60)
        return QSize(self._text_left() + widest + CHEVRON + 2 * PAD + self.right_inset, self._theme.scaled(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._theme.scaled(24))

    def text_rect(self) -> QRect:
        """Where the word stands."""
        right = self.width() - PAD - CHEVRON - 4 - self.right_inset
        return QRect(QPoint(self._text_left(), 0), QPoint(right, self.height() - 1))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: object) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.55)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(QPen(self._theme.color("control"), 1))
        painter.setBrush(self._theme.color("window" if hovered and self.isEnabled() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        dpr = self.devicePixelRatioF()
        middle = (self.height() - CHEVRON) // 2
        if self._symbol:
            painter.drawPixmap(PAD, middle, drawn(self._symbol, self._theme.tokens.text2, 16, dpr))
        chevron = drawn("chevron-down", self._theme.tokens.text3, CHEVRON, dpr)
        painter.drawPixmap(self.width() - PAD - CHEVRON + 2, middle, chevron)
        painter.setFont(self._theme.font(13, 500 if self._symbol else 400))
        painter.setPen(self._theme.color("text"))
        place = self.text_rect()
        words = QFontMetrics(painter.font()).elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        painter.end()

    def _text_left(self) -> int:
        return PAD + 20 if self._symbol else PAD
