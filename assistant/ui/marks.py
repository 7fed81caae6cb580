"""The small marks that mean the same on the trace, before a slider and in the conversation."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from assistant.ui.style import Theme

MARK_TOKENS = {
    "duck": "duck",
    "stop": "stop",
    "restore": "far",
    "threshold": "vad",
    "gap": "vad",
    "you": "near",
    "interject": "far",
    "turn_end": "near",
    "resume": "far",
}
"""Mark → the token of its colour."""


def paint_mark(painter: QPainter, theme: Theme, mark: str, box: QRectF, colour: QColor | None = None) -> None:
    """Draw `mark` into a square box of about 10 px, in its own colour unless another is given."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 10, box.height() / 10)
    ink = colour or theme.color(MARK_TOKENS[mark])
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.setBrush(ink)
    _DRAW[mark](painter)
    painter.restore()


def _filled(painter: QPainter, *corners: tuple[float, float]) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))


def _lines(painter: QPainter, *ends: tuple[float, float, float, float]) -> None:
    for x1, y1, x2, y2 in ends:
        painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))


def _wave(painter: QPainter) -> None:
    _lines(painter, (1, 3.6, 1, 6.4), (3.4, 1.8, 3.4, 8.2), (6, 0.6, 6, 9.4), (8.8, 3, 8.8, 7))


def _resume(painter: QPainter) -> None:
    _lines(painter, (1.2, 0.8, 1.2, 9.2))
    _filled(painter, (9.6, 0.8), (9.6, 9.2), (3, 5))


_DRAW: dict[str, Callable[[QPainter], None]] = {
    "duck": lambda p: _filled(p, (0, 1.6), (10, 1.6), (5, 8.4)),
    "stop": lambda p: _filled(p, (1, 1), (9, 1), (9, 9), (1, 9)),
    "restore": lambda p: _filled(p, (0, 8.4), (10, 8.4), (5, 1.6)),
    "threshold": lambda p: _lines(p, (0, 2.6, 10, 2.6), (0, 7, 2.6, 7), (3.7, 7, 6.3, 7), (7.4, 7, 10, 7)),
    "gap": lambda p: _lines(p, (0.8, 9, 0.8, 1.8), (0, 1.8, 3.2, 1.8), (6.8, 1.8, 10, 1.8), (9.2, 1.8, 9.2, 9)),
    "you": _wave,
    "interject": _wave,
    "turn_end": lambda p: _lines(p, (0, 5, 5.4, 5), (8.6, 0.6, 8.6, 9.4)),
    "resume": _resume,
}


class Mark(QWidget):
    """A mark as a widget of 10 × 10 with nothing else."""

    def __init__(self, theme: Theme, mark: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._mark = theme, mark
        self.setFixedSize(10, 10)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.55)
        paint_mark(painter, self._theme, self._mark, QRectF(0, 0, 10, 10))
        painter.end()
