"""A small level meter: rises at once, falls slowly, holds its peak, and is hatched when no sound arrives."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter
from PySide6.QtWidgets import QWidget

from assistant.ui.style import Theme

QUIETEST_DBFS = -80.0
CLIPPING_DBFS = -3.0
FALL_DB_PER_S = 23.5
"""OBS's fast profile."""
PEAK_HOLD_S = 1.0
NO_SOUND_AFTER_S = 0.5


class LevelMeter(QWidget):
    """Of the microphone, 34 × 6 px in the top bar. Shows at most what it was told last; fade() once a frame."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown = self._peak = QUIETEST_DBFS
        self._peak_at = self._told_at = self._faded_at = 0.0
        self.setFixedSize(34, 8)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def tell(self, level_dbfs: float, peak_dbfs: float) -> None:
        """The newest level and the highest sample since the last call."""
        now = monotonic()
        self._told_at = now
        self._shown = max(self._shown, level_dbfs)
        if peak_dbfs >= self._peak or now - self._peak_at > PEAK_HOLD_S:
            self._peak, self._peak_at = peak_dbfs, now

    def fade(self) -> None:
        """Let the bar fall by the time that went by, and paint."""
        now = monotonic()
        self._shown = max(QUIETEST_DBFS, self._shown - FALL_DB_PER_S * min(0.2, now - self._faded_at))
        self._faded_at = now
        self.update()

    @property
    def is_silent(self) -> bool:
        """Whether no sound arrives at all."""
        return monotonic() - self._told_at > NO_SOUND_AFTER_S

    def sizeHint(self) -> QSize:
        return QSize(34, 8)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        box = QRectF(0, 1, self.width(), 6)
        painter.fillRect(box, self._theme.color("groove"))
        if self.is_silent:
            painter.fillRect(box, QBrush(self._theme.color("text3"), Qt.BrushStyle.BDiagPattern))
        else:
            token = "stop" if self._peak > CLIPPING_DBFS else "near"
            painter.fillRect(QRectF(0, 1, self._x(self._shown), 6), self._theme.color(token))
            painter.fillRect(QRectF(self._x(self._peak) - 1, 0, 1.5, 8), self._theme.color("text"))
        painter.end()

    def _x(self, dbfs: float) -> float:
        return self.width() * max(0.0, min(1.0, 1 - dbfs / QUIETEST_DBFS))
