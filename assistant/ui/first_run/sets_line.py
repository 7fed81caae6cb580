"""What the room check will set: names and values on a card."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QSizePolicy

from assistant.ui.style import Theme

HEAD = "What this sets"
PAD, BETWEEN = 18, 24
LINE = int(Qt.AlignmentFlag.AlignVCenter)


class SetsLine(QFrame):
    """Painted in one go: "Preset Speakers   Ignore sound below −50 dBFS"."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self.parts: tuple[tuple[str, str], ...] = ()
        self.below = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(HEAD)
        theme.changed.connect(self.updateGeometry)

    def show_parts(self, parts: Sequence[tuple[str, str]], below: str = "") -> None:
        """parts: label and value. below: a sentence on what is to be expected."""
        self.parts, self.below = tuple(parts), below
        self.setAccessibleDescription(", ".join(f"{label} {value}" for label, value in self.parts) + f". {below}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(760, self._theme.scaled(98 if self.below else 72))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        theme, painter = self._theme, QPainter(self)
        high = theme.scaled(20)
        self._write(painter, PAD, theme.scaled(14), high, HEAD, 600, "text")
        x = PAD
        for label, value in self.parts:
            x = self._write(painter, x, theme.scaled(39), high, label + " ", 400, "text2")
            x = self._write(painter, x, theme.scaled(39), high, value, 600, "text") + BETWEEN
        if self.below:
            self._write(painter, PAD, theme.scaled(64), high, self.below, 400, "text2")
        painter.end()

    def _write(self, painter: QPainter, x: int, y: int, high: int, words: str, weight: int, token: str) -> int:
        font = self._theme.font(13, weight)
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        painter.drawText(x, y, max(1, self.width() - x - PAD), high, LINE, words)
        return x + QFontMetrics(font).horizontalAdvance(words)
