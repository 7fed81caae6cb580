"""The card's figures: this interruption in large, and the last ones as dots with their middle and their tail."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.turns.reasons import seconds
from assistant.ui.live.card_words import away_ms, percentile
from assistant.ui.style import Theme
from assistant.workers.episode import Episode

AXIS_MS = (400, 800, 1600)
"""The shortest of these that holds the tail."""
DOT = 5
LEVELS = 3
GAP = 9
"""Between the two large figures."""


class Figures(QWidget):
    """Painted at events only. Owned by the GUI thread."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._episode: Episode | None = None
        self._stops: Sequence[float] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("How fast it stopped")

    def show_figures(self, episode: Episode, stops_ms: Sequence[float]) -> None:
        """stops_ms: onset → stop of the last stops, the newest last."""
        self._episode, self._stops = episode, stops_ms
        said = " ".join(f"{caption}: {value} {unit}." for value, unit, caption, _ in self._large())
        self.setAccessibleDescription(f"{said} {self._last()}".strip())
        detect = episode.detect_to_stop_ms
        self.setToolTip(
            "<p>Onset → stop: from your first sound to silence.</p>"
            + (f"<p>Detect → stop: {detect:.0f} ms from the decision to silence.</p>" if detect is not None else "")
            + "<p>Counted in samples, plus the latency that PortAudio reports.</p>"
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(164, 106)

    def paintEvent(self, event: object) -> None:
        if self._episode is None:
            return
        painter = QPainter(self)
        left = 0.0
        for value, unit, caption, token in self._large():
            left += self._paint_large(painter, left, value, unit, caption, token)
        self._paint_dots(painter)
        painter.end()

    def _large(self) -> list[tuple[str, str, str, str]]:
        """Value, unit, caption and token of what stands large."""
        episode = self._episode
        assert episode is not None
        found = []
        if episode.onset_to_stop_ms is not None:
            found.append((f"{episode.onset_to_stop_ms:.0f}", "ms", "onset → stop", "stop"))
        away = away_ms(episode)
        if away is not None:
            value, unit = seconds(away).split(" ")
            found.append((value, unit, "ducked for", "far"))
        if episode.onset_to_duck_ms is not None:
            found.append((f"{episode.onset_to_duck_ms:.0f}", "ms", "onset → duck", "duck"))
        if not found and episode.lasted_ms:
            value, unit = seconds(episode.lasted_ms).split(" ")
            found.append((value, unit, "it lasted", "text2"))
        return found

    def _last(self) -> str:
        if not self._stops:
            return "No stop yet."
        middle, tail = percentile(self._stops, 50), percentile(self._stops, 95)
        return f"Last {len(self._stops)}: p50 {middle:.0f}, p95 {tail:.0f} milliseconds."

    def _paint_large(
        self, painter: QPainter, left: float, value: str, unit: str, caption: str, token: str
    ) -> float:
        theme, top = self._theme, 0
        painter.setPen(theme.color(token))
        large = QFontMetricsF(theme.font(22, 600))
        painter.setFont(theme.font(22, 600))
        painter.drawText(QPointF(left, top + large.ascent() - 2), value)
        after = left + large.horizontalAdvance(value) + 2
        painter.setFont(theme.font(12, 600))
        painter.drawText(QPointF(after, top + large.ascent() - 2), unit)
        end = after + QFontMetricsF(theme.font(12, 600)).horizontalAdvance(unit)
        small = QFontMetricsF(theme.font(11, 400))
        painter.setPen(theme.color("text2"))
        painter.setFont(theme.font(11, 400))
        painter.drawText(QPointF(left, top + large.ascent() + small.ascent() + 3), caption)
        return max(end, left + small.horizontalAdvance(caption)) - left + theme.scaled(GAP)

    def _paint_dots(self, painter: QPainter) -> None:
        theme = self._theme
        foot = self.height() - theme.scaled(16)
        words = QRectF(0, foot, self.width(), theme.scaled(16))
        painter.setFont(theme.font(12))
        painter.setPen(theme.color("text2"))
        if not self._stops:
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, "No stop yet")
            return
        middle, tail = percentile(self._stops, 50), percentile(self._stops, 95)
        self._paint_words(painter, words, middle, tail)
        longest = next((end for end in AXIS_MS if end >= tail), AXIS_MS[-1])
        line = foot - theme.scaled(14)
        painter.fillRect(QRectF(0, line, self.width(), 1), theme.color("line2"))
        painter.setFont(theme.font(11))
        painter.setPen(theme.color("text3"))
        below = QRectF(0, line + 1, self.width(), theme.scaled(14))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, f"{longest // 2}")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{longest} ms")

        def x(ms: float) -> float:
            return min(ms, longest) / longest * (self.width() - DOT) + DOT / 2

        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, level in _stacked([x(ms) for ms in self._stops]):
            newest = place == x(self._stops[-1])
            painter.setBrush(theme.color("stop", 0.9 if newest else 0.45))
            painter.drawEllipse(QPointF(place, line - DOT / 2 - 1 - level * DOT), DOT / 2, DOT / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        high = LEVELS * DOT + 4
        painter.fillRect(QRectF(round(x(middle)) - 1, line - high, 2, high), theme.color("text"))
        pen = QPen(theme.color("text"), 1.5)
        pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(round(x(tail)), line - high), QPointF(round(x(tail)), line))

    def _paint_words(self, painter: QPainter, where: QRectF, middle: float, tail: float) -> None:
        runs = ((f"Last {len(self._stops)}: p50 ", 400), (f"{middle:.0f}", 600), (", p95 ", 400), (f"{tail:.0f}", 600))

        def wide(px: float) -> float:
            return sum(QFontMetricsF(self._theme.font(px, weight)).horizontalAdvance(words) for words, weight in runs)

        px = 12 if wide(12) <= where.width() else 11
        left = where.left()
        for words, weight in runs:
            font = self._theme.font(px, weight)
            painter.setFont(font)
            painter.setPen(self._theme.color("text" if weight == 600 else "text2"))
            painter.drawText(QRectF(left, where.top(), where.width(), where.height()), words)
            left += QFontMetricsF(font).horizontalAdvance(words)


def _stacked(places: list[float]) -> list[tuple[float, int]]:
    """Each dot with its level above the line: the lowest where it covers none, the highest where all are taken."""
    taken: list[tuple[float, int]] = []
    for place in places:
        near = {level for other, level in taken if abs(other - place) < DOT - 1}
        taken.append((place, next((level for level in range(LEVELS) if level not in near), LEVELS - 1)))
    return taken
