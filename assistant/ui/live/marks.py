"""The marks of an interruption on the trace: which there are, what is written beside them, how they are painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from assistant.signal.trace import RATE
from assistant.turns.reasons import seconds
from assistant.ui.live.ink import Ink
from assistant.ui.live.labels import Label, place
from assistant.ui.live.layout import Layout
from assistant.ui.live.view import View
from assistant.workers.episode import Episode

Kind = Literal["onset", "duck", "stop", "restore"]

TOKENS: dict[Kind, str] = {"onset": "near", "duck": "duck", "stop": "stop", "restore": "far"}
LINES: dict[Kind, float] = {"onset": 1.0, "duck": 1.25, "stop": 2.0, "restore": 1.25}
"""Thickness in logical pixels."""
RANK: dict[Kind, int] = {"stop": 0, "duck": 1, "restore": 2, "onset": 3}
"""Whose label is placed first."""
KIND_OF_SETTING: dict[str, Kind] = {
    "barge_in.duck_frames": "duck",
    "barge_in.duck_db": "duck",
    "barge_in.confirm_ms": "stop",
    "barge_in.gap_ms": "stop",
    "barge_in.restore_ms": "restore",
    "barge_in.after_false_stop": "restore",
    "endpointing.preroll_ms": "onset",
}
"""Which mark a setting moves. The thresholds and the gate are lines of their own."""
GLYPH = 10
DOT = 2
DOT_GAP = 3
"""Of the onset's dotted line, in logical pixels."""


@dataclass(frozen=True, slots=True)
class Mark:
    """at: 16 kHz sample. text: what is written beside it, "" for nothing. episode: its number."""

    kind: Kind
    at: int
    text: str
    episode: int


@dataclass(frozen=True, slots=True)
class Guess:
    """Where other settings would have decided. certain: False after the first difference, when all else is a guess."""

    at: int
    stops: bool
    certain: bool


def marks_of(episode: Episode) -> tuple[Mark, ...]:
    """All marks of one interruption in the order of time."""
    number = episode.number
    marks = []
    if episode.outcome != "by_hand":
        words = {"near_miss": "near miss", "own_voice": "own voice", "too_quiet": "too quiet"}
        marks.append(Mark("onset", episode.onset, words.get(episode.outcome, ""), number))
    if episode.duck_at is not None:
        to_duck = episode.onset_to_duck_ms
        told = "ducked" if to_duck is None or episode.outcome == "restored" else f"ducked {to_duck:.0f} ms"
        marks.append(Mark("duck", episode.duck_at, told, number))
    if episode.outcome in ("stopped", "false_stop", "by_hand"):
        at = episode.decided_at if episode.silent_at is None else episode.silent_at
        to_stop = episode.onset_to_stop_ms
        by_hand = episode.outcome == "by_hand" or to_stop is None
        marks.append(Mark("stop", at, "stopped" if by_hand else f"stopped {to_stop:.0f} ms", number))
    elif episode.outcome == "restored":
        since = episode.onset if episode.duck_at is None else episode.duck_at
        after = seconds((episode.decided_at - since) * 1000 / RATE)
        marks.append(Mark("restore", episode.decided_at, f"restored after {after}", number))
    return tuple(marks)


def paint_marks(
    painter: QPainter, ink: Ink, layout: Layout, view: View, marks: Sequence[Mark], heavy: Kind | None
) -> None:
    """Lines, glyphs and labels of all marks in view. heavy: the kind to stand out; all others stand back."""
    seen = [mark for mark in marks if -1 <= view.x(mark.at) <= view.columns]
    for mark in seen:
        painter.setOpacity(0.5 if heavy not in (None, mark.kind) else 1)
        _line(painter, ink, layout, layout.left + round(view.x(mark.at)), mark.kind, mark.kind == heavy)
    row, gap = layout.mark_row, layout.px(3)
    middle = row.center().y()
    pictures = {mark: _label(ink, mark) for mark in seen if mark.text}
    for label in place(
        [
            Label(mark, round(view.x(mark.at)), pictures[mark].width(), mark.kind == "duck", RANK[mark.kind])
            for mark in pictures
        ],
        glyphs=[round(view.x(mark.at)) for mark in seen if mark.kind != "onset"],
        reach=layout.px(GLYPH) // 2 + gap,
        right=layout.width - layout.left,
    ):
        mark, picture = label.mark, pictures[label.mark]
        painter.setOpacity(0.5 if heavy not in (None, mark.kind) else 1)
        painter.drawPixmap(layout.left + label.left, middle - picture.height() // 2, picture)
    painter.setOpacity(1)


def paint_guesses(painter: QPainter, ink: Ink, layout: Layout, view: View, guesses: Sequence[Guess]) -> None:
    """Hollow squares at the foot of dashed lines; a triangle where it would have carried on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = layout.px(9)
    for guess in guesses:
        x = view.x(guess.at)
        if not 0 <= x <= view.columns:
            continue
        painter.setOpacity(1 if guess.certain else 0.5)
        left, bottom = layout.left + round(x) + 0.5, layout.probability.bottom() - side - layout.px(2)
        pen = QPen(ink.colour("text"), max(1, round(ink.dpr)))
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(left, layout.mark_row.center().y()), QPointF(left, bottom))
        pen.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(ink.colour("surface"))
        half = side / 2
        if guess.stops:
            painter.drawRect(QRect(round(left - half), bottom, side, side))
        else:
            painter.drawPolygon(
                [QPointF(left - half, bottom + side), QPointF(left + half, bottom + side), QPointF(left, bottom)]
            )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setOpacity(1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _label(ink: Ink, mark: Mark) -> QPixmap:
    return ink.text(mark.text, 12, 600, "text2" if mark.kind == "onset" else TOKENS[mark.kind])


def _line(painter: QPainter, ink: Ink, layout: Layout, x: int, kind: Kind, heavy: bool) -> None:
    thick = max(1, int(LINES[kind] * ink.dpr)) + (max(1, round(ink.dpr)) if heavy else 0)
    colour = ink.colour(TOKENS[kind])
    bottom = layout.probability.bottom() + 1
    if kind == "onset":
        dot = layout.px(DOT)
        for y in range(layout.mic.top(), bottom, dot + layout.px(DOT_GAP)):
            painter.fillRect(x, y, thick, dot, colour)
        return
    top = layout.mark_row.center().y()
    painter.fillRect(x - thick // 2, top, thick, bottom - top, colour)
    glyph = ink.mark(kind, GLYPH)
    painter.drawPixmap(x - glyph.width() // 2, top - glyph.height() // 2, glyph)
