"""Text and colours of the live panel, prepared once: laying out a text costs more than painting it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPixmap

from assistant.ui.marks import paint_mark
from assistant.ui.style import Theme

TEXTS_KEPT = 400


class Ink:
    """For one theme and one screen scale. Pixmaps count device pixels, as the painter of the scope does."""

    def __init__(self, theme: Theme, dpr: float) -> None:
        self._theme, self.dpr = theme, dpr
        self._texts: dict[tuple[str, float, int, str], QPixmap] = {}
        self._colours: dict[tuple[str, float], QColor] = {}
        self._marks: dict[tuple[str, int], QPixmap] = {}
        self._tiles: dict[str, QBrush] = {}

    @property
    def thin(self) -> int:
        """A line of one logical pixel in whole device pixels."""
        return max(1, int(self.dpr))

    def colour(self, token: str, opacity: float = 1.0) -> QColor:
        key = token, opacity
        if key not in self._colours:
            self._colours[key] = self._theme.color(token, opacity)
        return self._colours[key]

    def text(self, words: str, px: float, weight: int, token: str) -> QPixmap:
        """The words as a picture just as large as they are."""
        key = words, px, weight, token
        made = self._texts.get(key)
        if made is None:
            if len(self._texts) >= TEXTS_KEPT:
                self._texts.clear()
            made = self._texts[key] = self._written(words, px, weight, token)
        return made

    def mark(self, name: str, size: int) -> QPixmap:
        """One of the small marks, `size` logical pixels square at the usual text size."""
        key = name, size
        if key not in self._marks:
            side = round(size * self.dpr * self._theme.text_scale)
            picture = QPixmap(side, side)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            paint_mark(painter, self._theme, name, QRectF(picture.rect()))
            painter.end()
            self._marks[key] = picture
        return self._marks[key]

    def hatch(self, line: str) -> QBrush:
        """45° lines in a token's colour, for a stretch that is already filled."""
        return self._tile("hatch " + line, 8, lambda p, s: self._stripes(p, s, line))

    def dots(self, token: str) -> QBrush:
        """A grid of faint dots in a token's colour."""
        return self._tile("dots " + token, 6, lambda p, s: self._dot(p, s, token))

    def _written(self, words: str, px: float, weight: int, token: str) -> QPixmap:
        font = self._theme.font(px, weight)
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(words) + 1, metrics.height()
        made = QPixmap(max(1, round(width * self.dpr)), max(1, round(height * self.dpr)))
        made.setDevicePixelRatio(self.dpr)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setFont(font)
        painter.setPen(self.colour(token))
        painter.drawText(QPointF(0, metrics.ascent()), words)
        painter.end()
        made.setDevicePixelRatio(1)
        return made

    def _tile(self, name: str, size: int, draw: Callable[[QPainter, int], None]) -> QBrush:
        if name not in self._tiles:
            side = max(4, round(size * self.dpr))
            picture = QPixmap(side, side)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw(painter, side)
            painter.end()
            self._tiles[name] = QBrush(picture)
        return self._tiles[name]

    def _stripes(self, painter: QPainter, side: int, token: str) -> None:
        painter.setPen(QPen(self.colour(token), 1.6 * self.dpr))
        for shift in (-side, 0, side):
            painter.drawLine(QPointF(shift - 1, side + 1), QPointF(shift + side + 1, -1))

    def _dot(self, painter: QPainter, side: int, token: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour(token, 0.35))
        painter.drawEllipse(QPointF(side / 2, side / 2), 0.8 * self.dpr, 0.8 * self.dpr)
