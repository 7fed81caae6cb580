"""The picture of the fronts: how soon it yields against what that costs, beside the others, in the app's colours."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QImage, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtSvg import QSvgGenerator

from assistant.commands.measures.barge_in_points import DEFAULT_POSITION, Front, Point, fronts
from assistant.lab.score.sets import SetScore
from assistant.ui.tokens import LIGHT, Tokens
from assistant.ui.type import inter, load_fonts

SIZE = QSize(1000, 468)
PNG_SCALE = 2
CSS_DPI = 96
"""An SVG from Qt tells its size in millimetres: so a browser makes the same number of pixels of it again."""
MARGIN, GAP, RADIUS, PAD = 14.0, 10.0, 8.0, 14.0
LEAST_MS, MOST_MS = 50.0, 2400.0
GRID_MS = (50, 100, 200, 400, 800, 1600)
"""A logarithmic axis: each line is twice as late as the one below it."""
COST_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
_STEPS = 6
_INSET = 16.0
"""From the plot's left edge to cost 0, so that a mark there stands free."""
_UPWARD = "onset → stop, ms"


def paint_front(scores: Sequence[SetScore], file: Path, tokens: Tokens = LIGHT) -> None:
    """Into an .svg or a .png file. Raises MissingResource, FontRefused, and OSError where it cannot be written."""
    there = QGuiApplication.instance() or QGuiApplication(["interject", "-platform", "offscreen"])
    load_fonts()
    headphones, loudspeakers = fronts(scores)
    if file.suffix.lower() == ".svg":
        svg = QSvgGenerator()
        svg.setFileName(str(file))
        svg.setResolution(CSS_DPI)
        svg.setSize(SIZE)
        svg.setViewBox(QRectF(0, 0, SIZE.width(), SIZE.height()))
        svg.setTitle("How soon Interject yields, and what that costs")
        svg.setDescription("Stop delay against false stops on headphones, and against lost interruptions on speakers.")
        painter = QPainter()
        if not painter.begin(svg):
            raise OSError(f"{file} cannot be written.")
        _Picture(painter, tokens).paint(headphones, loudspeakers)
        painter.end()
    else:
        image = QImage(SIZE * PNG_SCALE, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.scale(PNG_SCALE, PNG_SCALE)
        _Picture(painter, tokens).paint(headphones, loudspeakers)
        painter.end()
        if not image.save(str(file)):
            raise OSError(f"{file} cannot be written.")
    del there  # Qt wants it to live until the last letter is drawn


@dataclass(frozen=True, slots=True)
class _Panel:
    title: str
    below: str
    cost: str
    """The horizontal axis in words."""
    told: Callable[[float], str]
    """A point's cost in words."""


_HEADPHONES = _Panel(
    "On headphones",
    "voices over beds of noise, and noises alone",
    "false stops an hour of noises",
    lambda cost: f"{_short(cost)} an hour",
)
_LOUDSPEAKERS = _Panel(
    "On loudspeakers",
    "voices over its own echo; the others behind AEC3",
    "interruptions lost: too early, too late or never, %",
    lambda cost: f"{_short(cost)} % lost",
)


class _Picture:
    def __init__(self, painter: QPainter, tokens: Tokens) -> None:
        self._painter, self._tokens = painter, tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint(self, headphones: Front, loudspeakers: Front) -> None:
        self._painter.fillRect(QRectF(0, 0, SIZE.width(), SIZE.height()), QColor(self._tokens.window))
        wide = (SIZE.width() - 2 * MARGIN - GAP) / 2
        high = SIZE.height() - 2 * MARGIN - 22
        self._card(QRectF(MARGIN, MARGIN, wide, high), _HEADPHONES, headphones)
        self._card(QRectF(MARGIN + wide + GAP, MARGIN, wide, high), _LOUDSPEAKERS, loudspeakers)
        self._key(SIZE.height() - MARGIN - 3)

    def _card(self, box: QRectF, panel: _Panel, front: Front) -> None:
        self._painter.setPen(QPen(QColor(self._tokens.line), 1))
        self._painter.setBrush(QColor(self._tokens.surface))
        self._painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        left, top = box.left() + PAD, box.top() + 24
        self._text(left, top, panel.title, 13, 600, "text")
        self._text(left + self._wide(panel.title, 13, 600) + 10, top, panel.below, 12, 400, "text2")
        _Plot(self._painter, self._tokens, box.adjusted(PAD + 34, 42, -PAD, -PAD - 32), panel, front).paint()

    def _key(self, baseline: float) -> None:
        self._text(MARGIN + 2, baseline, KEY, 11, 400, "text3")

    def _text(self, left: float, baseline: float, text: str, px: int, weight: int, token: str) -> None:
        _letters(self._painter, QPointF(left, baseline), text, px, weight, QColor(getattr(self._tokens, token)))

    def _wide(self, text: str, px: int, weight: int) -> float:
        return QFontMetricsF(inter(px, weight)).horizontalAdvance(text)


KEY = (
    "Mark: median. Line up: to the 95th percentile. Line across: 95 % confidence. Numbers on the line: positions of "
    "the slider “Sensitivity”. Others: their own code at its defaults."
)


class _Plot:
    """One front. It is drawn from the back to the front; labels go where nothing else is."""

    def __init__(self, painter: QPainter, tokens: Tokens, box: QRectF, panel: _Panel, front: Front) -> None:
        self._painter, self._tokens, self._box, self._panel, self._front = painter, tokens, box, panel, front
        everything = [*front.others, *front.line, *([front.ours] if front.ours else [])]
        most = max((point.cost for point in everything), default=1.0)
        self._step = next((step for step in COST_STEPS if most * 1.3 <= step * _STEPS), COST_STEPS[-1])
        self._most = self._step * max(1, math.ceil(most * 1.3 / self._step))
        self._taken: list[QRectF] = []

    def paint(self) -> None:
        self._ground()
        marked = [*self._front.others, *([self._front.ours] if self._front.ours else [])]
        for point in (*marked, *self._front.line):
            self._taken.append(QRectF(self._at(point) - QPointF(7, 7), self._at(point) + QPointF(7, 7)))
        for point in marked:
            self._taken.append(QRectF(self._at(point, late=True) - QPointF(4, 2), self._at(point) + QPointF(4, 0)))
        self._line()
        for draw, point in zip((_circle, _square, _triangle) * len(marked), self._front.others, strict=False):
            self._mark(point, QColor(self._tokens.text2), draw, 4.5)
        if self._front.ours is not None:
            self._across(self._front.ours)
            self._mark(self._front.ours, QColor(self._tokens.far), _circle, 6.5)
        for point in reversed(marked):  # ours first: it has the first choice of a place
            self._label(point, "far" if point is self._front.ours else "text")
        self._positions()

    def _ground(self) -> None:
        box, painter = self._box, self._painter
        painter.fillRect(box, QColor(self._tokens.sunken))
        for grid_ms in GRID_MS:
            self._rule(QPointF(box.left(), self._y(grid_ms)), QPointF(box.right(), self._y(grid_ms)))
            self._write(QPointF(box.left() - 8, self._y(grid_ms) + 4), f"{grid_ms}", "text3", align=1.0)
        for step in range(round(self._most / self._step) + 1):
            x = self._x(step * self._step)
            self._rule(QPointF(x, box.top()), QPointF(x, box.bottom()))
            self._write(QPointF(x, box.bottom() + 16), _short(step * self._step), "text3", align=0.5)
        upward = QRectF(box.left(), box.top(), 6 + self._wide(_UPWARD, 11, 400) + 8, 22)
        painter.fillRect(upward, QColor(self._tokens.sunken))
        self._taken.append(upward)
        self._write(QPointF(box.left() + 6, box.top() + 15), _UPWARD, "text2")
        self._write(QPointF(box.right(), box.bottom() + 32), self._panel.cost, "text2", align=1.0)
        self._write(QPointF(box.left(), box.bottom() + 32), "↙ sooner and surer", "text3")

    def _line(self) -> None:
        """Our own front, from position to position of the slider."""
        points = [self._at(point) for point in self._front.line]
        self._painter.setPen(QPen(QColor(self._tokens.far), 1.5))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPolyline(QPolygonF(points))
        for before, after in pairwise(points):
            self._taken.append(QRectF(before, after).normalized().adjusted(-2, -2, 2, 2))
        self._painter.setBrush(QColor(self._tokens.surface))
        for point in points:
            self._painter.drawEllipse(point, 3, 3)

    def _positions(self) -> None:
        for point in self._front.line:
            if self._front.ours is None or float(point.name) != DEFAULT_POSITION:
                at = self._at(point)
                self._place(at, [(point.name, 11, 400, "text3")], gap=7)

    def _mark(self, point: Point, ink: QColor, draw: Callable[[QPainter, QPointF, float], None], radius: float) -> None:
        """Median and, above it, the 95th percentile."""
        at, late = self._at(point), self._at(point, late=True)
        self._painter.setPen(QPen(ink, 1.5))
        self._painter.drawLine(at, late)
        self._painter.drawLine(late - QPointF(4, 0), late + QPointF(4, 0))
        self._painter.setPen(QPen(QColor(self._tokens.surface), 1.5))
        self._painter.setBrush(ink)
        draw(self._painter, at, radius)

    def _across(self, ours: Point) -> None:
        if ours.low is None or ours.high is None:
            return
        low, high = (QPointF(self._x(cost), self._y(ours.stop_p50_ms)) for cost in (ours.low, ours.high))
        self._painter.setPen(QPen(QColor(self._tokens.far), 1.5))
        self._painter.drawLine(low, high)
        self._painter.drawLine(high - QPointF(0, 4), high + QPointF(0, 4))
        self._taken.append(QRectF(low - QPointF(0, 5), high + QPointF(2, 5)))

    def _label(self, point: Point, token: str) -> None:
        told = f"{point.stop_p50_ms:.0f} ms, {self._panel.told(point.cost)}"
        self._place(self._at(point), [(point.name, 12, 600, token), (told, 11, 400, "text2")], gap=11)

    def _place(self, at: QPointF, lines: Sequence[tuple[str, int, int, str]], gap: float) -> None:
        """Beside a point where it covers nothing; nowhere if there is no such place."""
        wide = max(self._wide(text, px, weight) for text, px, weight, _ in lines)
        high = 15.0 * len(lines) - 2
        near = (
            QPointF(at.x() + gap, at.y() - high / 2),
            QPointF(at.x() + gap, at.y() + 6),
            QPointF(at.x() - gap - wide, at.y() - high / 2),
            QPointF(at.x() + gap, at.y() - high - 6),
            QPointF(at.x() - wide / 2, at.y() + gap - 2),
            QPointF(at.x() - gap - wide, at.y() + 4),
            QPointF(at.x() - gap - wide, at.y() - high - 6),
            QPointF(at.x() + 2 * gap, at.y() + gap),
        )
        allowed = self._box.adjusted(0, 0, 8, 0)
        for corner in near:
            place = QRectF(corner.x(), corner.y(), wide, high)
            if allowed.contains(place) and not any(place.intersects(other) for other in self._taken):
                self._taken.append(place)
                for row, (text, px, weight, token) in enumerate(lines):
                    ink = QColor(getattr(self._tokens, token))
                    _letters(self._painter, QPointF(place.left(), place.top() + 12 + 15 * row), text, px, weight, ink)
                return

    def _rule(self, one: QPointF, other: QPointF) -> None:
        self._painter.setPen(QPen(QColor(self._tokens.line), 1))
        self._painter.drawLine(one, other)

    def _write(self, at: QPointF, text: str, token: str, align: float = 0.0) -> None:
        """align: which part of the text's width lies left of `at`."""
        left = at.x() - align * self._wide(text, 11, 400)
        _letters(self._painter, QPointF(left, at.y()), text, 11, 400, QColor(getattr(self._tokens, token)))

    def _wide(self, text: str, px: int, weight: int) -> float:
        return QFontMetricsF(inter(px, weight)).horizontalAdvance(text)

    def _at(self, point: Point, *, late: bool = False) -> QPointF:
        return QPointF(self._x(point.cost), self._y(point.stop_p95_ms if late else point.stop_p50_ms))

    def _x(self, cost: float) -> float:
        return self._box.left() + _INSET + (self._box.width() - _INSET) * min(cost, self._most) / self._most

    def _y(self, stop_ms: float) -> float:
        share = math.log(min(max(stop_ms, LEAST_MS), MOST_MS) / LEAST_MS) / math.log(MOST_MS / LEAST_MS)
        return self._box.bottom() - self._box.height() * share


def _letters(painter: QPainter, at: QPointF, text: str, px: int, weight: int, ink: QColor) -> None:
    """As outlines, so that an SVG looks the same where Inter is not installed. at: left end of the baseline."""
    path = QPainterPath()
    path.addText(at, inter(px, weight, whole_pixels=False), text)
    painter.fillPath(path, ink)


def _circle(painter: QPainter, at: QPointF, radius: float) -> None:
    painter.drawEllipse(at, radius, radius)


def _square(painter: QPainter, at: QPointF, radius: float) -> None:
    painter.drawRect(QRectF(at - QPointF(radius, radius), at + QPointF(radius, radius)))


def _triangle(painter: QPainter, at: QPointF, radius: float) -> None:
    corners = (QPointF(0, -radius * 1.2), QPointF(radius * 1.15, radius * 0.9), QPointF(-radius * 1.15, radius * 0.9))
    painter.drawPolygon(QPolygonF([at + corner for corner in corners]))


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
