"""The five figures of the room check, side by side, each with its verdict."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QSizePolicy

from assistant.lab.room_check import Verdict
from assistant.ui.icons import drawn
from assistant.ui.style import Theme

LOOKS = {
    "good": ("far", "circle-check"),
    "fair": ("duck", "triangle-alert"),
    "bad": ("stop", "triangle-alert"),
    "none": ("text3", ""),
}
SIDE, INSET = 18, 15


class RoomFigureRow(QFrame):
    """Painted: one card, five columns as wide as their words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self.verdicts: tuple[Verdict, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What was measured")
        theme.changed.connect(self.updateGeometry)

    def show_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Show these figures."""
        self.verdicts = tuple(verdicts)
        said = (f"{v.name} {v.value} {v.unit}: {v.words}" for v in self.verdicts)
        self.setAccessibleDescription(". ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(760, self._theme.scaled(100))

    def minimumSizeHint(self) -> QSize:
        return QSize(560, self._theme.scaled(100))

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        painter = QPainter(self)
        left = float(SIDE)
        for at, (verdict, wide) in enumerate(zip(self.verdicts, self._widths(), strict=True)):
            if at:
                painter.fillRect(round(left) - INSET, 14, 1, self.height() - 28, self._theme.color("line"))
            self._figure(painter, verdict, left, wide - INSET)
            left += wide
        painter.end()

    def _widths(self) -> list[float]:
        """What each needs, and a fair part of the rest."""
        needed = [self._needed(verdict) + 2 * INSET for verdict in self.verdicts]
        room = self.width() - SIDE - INSET / 2
        over = (room - sum(needed)) / max(1, len(needed))
        return [wide + over for wide in needed]

    def _needed(self, verdict: Verdict) -> float:
        words = QFontMetrics(self._theme.font(12, 600)).horizontalAdvance(verdict.words) + 19
        return max(words, QFontMetrics(self._theme.font(12)).horizontalAdvance(verdict.name))

    def _figure(self, painter: QPainter, verdict: Verdict, left: float, wide: float) -> None:
        theme = self._theme
        x, across = round(left), round(wide)
        lines = [theme.scaled(y) for y in (14, 33, 66)]
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font(12))
        painter.setPen(theme.color("text2"))
        painter.drawText(x, lines[0], across, theme.scaled(18), middle, verdict.name)
        value = verdict.value or "–"
        painter.setFont(theme.font(22, 600))
        painter.setPen(theme.color("text"))
        painter.drawText(x, lines[1], across, theme.scaled(30), middle, value)
        if verdict.value:
            beside = QFontMetrics(painter.font()).horizontalAdvance(value) + 4
            painter.setFont(theme.font(12))
            painter.setPen(theme.color("text3"))
            painter.drawText(x + beside, lines[1] + 4, across, theme.scaled(28), middle, verdict.unit)
        token, symbol = LOOKS[verdict.rating]
        if symbol:
            pixmap = drawn(symbol, theme.color(token).name(), 14, self.devicePixelRatioF())
            painter.drawPixmap(x, lines[2] + (theme.scaled(20) - 14) // 2, pixmap)
        painter.setFont(theme.font(12, 600))
        painter.setPen(theme.color(token))
        indent = 19 if symbol else 0
        words = QFontMetrics(painter.font()).elidedText(verdict.words, Qt.TextElideMode.ElideRight, across - indent)
        painter.drawText(x + indent, lines[2], across - indent, theme.scaled(20), middle, words)
