"""The bar at the bottom: what the sound, the processor and the parts of the program do."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.style import Theme

GAP = 16


@dataclass(frozen=True, slots=True)
class Prepared:
    """Replies made ahead on a short silence: how many of them were heard, and how many thrown away."""

    used: int = 0
    wasted: int = 0

    def __str__(self) -> str:
        return f"{self.used + self.wasted}, used {self.used}, wasted {self.wasted}"


@dataclass(frozen=True, slots=True)
class StatusFigures:
    """audio: "48 kHz, 10 ms". None where it was not measured yet. late_p95_ms: lateness of the audio callback.

    ears, voice, partner: what hears, speaks and answers, "" for none. prepared: None before the first reply was.
    """

    audio: str = ""
    in_ms: float | None = None
    out_ms: float | None = None
    late_p95_ms: float | None = None
    xruns: int | None = None
    cpu_percent: float | None = None
    voice: str = ""
    partner: str = ""
    memory_mb: float | None = None
    ears: str = ""
    prepared: Prepared | None = None


LEFT = (
    ("audio", "Audio", "{}"),
    ("in_ms", "In", "{:.0f} ms"),
    ("out_ms", "Out", "{:.0f} ms"),
    ("late_p95_ms", "Callback late p95", "{:.1f} ms"),
    ("xruns", "Xruns", "{}"),
    ("cpu_percent", "CPU", "{:.0f} %"),
)
RIGHT = (
    ("prepared", "Prepared", "{}"),
    ("ears", "Ears", "{}"),
    ("partner", "Mind", "{}"),
    ("voice", "Voice", "{}"),
    ("memory_mb", "Memory", "{:.0f} MB"),
)
ROOM = (220, 180, 150, 130, 115, 100, 90, 80)
"""Widths that a name is cut to, in logical pixels, one after the other until all fits."""
WHOLE = ("Prepared", "Memory")
"""These are figures, no names."""
GO_FIRST = (("Prepared",), ("Ears", "Voice"), ("Mind",), ("Memory",))
"""What is left out, in this order, where even the narrowest names do not fit."""


class StatusBar(QWidget):
    """Painted in one go, because all of it changes once a second."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._figures = StatusFigures()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Status")
        self.use(ROOMY)

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self.setFixedHeight(self._theme.scaled(metrics.status_bar))

    def show_figures(self, figures: StatusFigures) -> None:
        """Show new figures; nothing is painted where they are the same."""
        if figures != self._figures:
            self._figures = figures
            said = (f"{name} {value}" for name, value in (*self.said(LEFT), *self.said(RIGHT)))
            words = ", ".join(said)
            self.setAccessibleDescription(words)
            self.setToolTip(f"<p>{words}</p>")
            self.update()

    def said(self, parts: tuple[tuple[str, str, str], ...]) -> list[tuple[str, str]]:
        """Name and value of every figure that is known."""
        known = {f.name: getattr(self._figures, f.name) for f in fields(self._figures)}
        return [(name, form.format(known[key])) for key, name, form in parts if known[key] not in (None, "")]

    def sizeHint(self) -> QSize:
        return QSize(1024, self.height())

    def paintEvent(self, event: object) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
        x = 16.0
        for part in self.said(LEFT):
            x = self._draw(painter, x, *part) + GAP
        right = self._fitting(self.said(RIGHT), self.width() - 16 - x)
        at = self.width() - 16 - self._all_wide(right)
        for part in right:
            at = self._draw(painter, at, *part) + GAP
        painter.end()

    def _fitting(self, parts: list[tuple[str, str]], room: float) -> list[tuple[str, str]]:
        """What the program is made of matters less than the sound: names are cut, and then left out, to fit."""
        bold = QFontMetricsF(self._theme.font(12, 500))
        for most in ROOM:
            cut = [
                (name, value if name in WHOLE else bold.elidedText(value, Qt.TextElideMode.ElideRight, most))
                for name, value in parts
            ]
            if self._all_wide(cut) <= room:
                return cut
        for names in GO_FIRST:
            cut = [part for part in cut if part[0] not in names]
            if self._all_wide(cut) <= room:
                return cut
        return []

    def _all_wide(self, parts: list[tuple[str, str]]) -> float:
        return sum(self._wide(*part) + GAP for part in parts) - GAP if parts else 0.0

    def _draw(self, painter: QPainter, x: float, name: str, value: str) -> float:
        for text, weight, token in ((name + " ", 400, "text3"), (value, 500, "text2")):
            font = self._theme.font(12, weight)
            painter.setFont(font)
            painter.setPen(self._theme.color(token))
            wide = QFontMetricsF(font).horizontalAdvance(text)
            place = QRectF(x, 1, wide + 2, self.height() - 1)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
            x += wide
        return x

    def _wide(self, name: str, value: str) -> float:
        normal, bold = (QFontMetricsF(self._theme.font(12, weight)) for weight in (400, 500))
        return normal.horizontalAdvance(name + " ") + bold.horizontalAdvance(value)
