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
class StatusFigures:
    """audio: "48 kHz, 10 ms". None where it was not measured yet. late_p95_ms: lateness of the audio callback."""

    audio: str = ""
    in_ms: float | None = None
    out_ms: float | None = None
    late_p95_ms: float | None = None
    xruns: int | None = None
    cpu_percent: float | None = None
    voice: str = ""
    partner: str = ""
    memory_mb: float | None = None


LEFT = (
    ("audio", "Audio", "{}"),
    ("in_ms", "In", "{:.0f} ms"),
    ("out_ms", "Out", "{:.0f} ms"),
    ("late_p95_ms", "Callback late p95", "{:.1f} ms"),
    ("xruns", "Xruns", "{}"),
    ("cpu_percent", "CPU", "{:.0f} %"),
)
RIGHT = (("voice", "Voice", "{}"), ("partner", "Partner", "{}"), ("memory_mb", "Memory", "{:.0f} MB"))


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
            self.setAccessibleDescription(", ".join(said))
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
        right = self.said(RIGHT)
        right_wide = sum(self._wide(*part) + GAP for part in right) - GAP if right else 0.0
        x = 16.0
        for part in self.said(LEFT):
            x = self._draw(painter, x, *part) + GAP
        at = self.width() - 16 - right_wide
        if at >= x + GAP:  # what the program is made of matters less than the sound: it goes when there is no room
            for part in right:
                at = self._draw(painter, at, *part) + GAP
        painter.end()

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
