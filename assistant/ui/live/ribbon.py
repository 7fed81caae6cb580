"""The state ribbon: who had the floor, as stretches of colour with their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter

from assistant.signal.trace import FRAME, RATE
from assistant.turns.states import LOWERED, State
from assistant.ui.live.columns import runs
from assistant.ui.live.frozen import Recorded
from assistant.ui.live.ink import Ink
from assistant.ui.live.view import View

STATES = tuple(State)
INKS: dict[State, tuple[str, str]] = {
    State.LISTENING: ("listening", "on_listening"),
    State.HEARING: ("near", "on_near"),
    State.HELD: ("near", "on_near"),
    State.THINKING: ("thinking", "on_thinking"),
    State.SPEAKING: ("far", "on_far"),
    State.DUCKED: ("duck_fill", "on_duck_fill"),
    State.STOPPED: ("stop", "on_stop"),
    State.WAITING: ("listening", "on_listening"),
    State.PROTECTED: ("far", "on_far"),
    State.GUARDED: ("duck_fill", "on_duck_fill"),
    State.PROMISED: ("duck_fill", "on_duck_fill"),
    State.OWED: ("far", "on_far"),
}
"""State → the tokens of its stretch and of the name on it."""
NAME_INSET = 8


@dataclass(frozen=True, slots=True)
class Stretch:
    """One state from `start` to `end`, 16 kHz samples."""

    state: State
    start: int
    end: int


def stretches(trace: Recorded, view: View) -> list[Stretch]:
    """What the trace tells of the states in view, oldest first; frames without a state are left out."""
    frames = trace.frame_slice(max(0, view.start), view.end)
    return [
        Stretch(STATES[state], (frames.first + first) * FRAME, min((frames.first + last) * FRAME, view.end))
        for state, first, last in runs(frames.column("state"))
        if 0 <= state < len(STATES)
    ]


def paint_ribbon(painter: QPainter, ink: Ink, where: QRect, found: Sequence[Stretch], view: View) -> None:
    """where: the ribbon in device pixels."""
    for stretch in found:
        left = where.left() + max(0, round(view.x(stretch.start)))
        right = where.left() + min(view.columns, round(view.x(stretch.end)))
        box = QRect(left, where.top(), right - left, where.height())
        if box.width() <= 0:
            continue
        fill, on_fill = INKS[stretch.state]
        painter.fillRect(box, ink.colour(fill))
        edge = round(view.x(stretch.start)) + where.left()
        if stretch.state in LOWERED:
            # the pattern belongs to the sound and moves with it
            painter.setBrushOrigin(QPoint(edge, where.top()))
            painter.fillRect(box, ink.hatch("duck"))
            _border(painter, ink, box)
        elif stretch.state is State.THINKING:
            painter.setBrushOrigin(QPoint(edge, where.top()))
            painter.fillRect(box, ink.dots(on_fill))
        if stretch.state not in LOWERED and edge > where.left():
            painter.fillRect(QRect(edge, where.top(), 1, where.height()), ink.colour("surface"))
        name = ink.text(stretch.state.value, 12, 600, on_fill)
        inset = round(NAME_INSET * ink.dpr)
        if name.width() + 2 * inset <= box.width():
            if stretch.state in LOWERED:  # letters over a hatch want a quiet ground
                ground = QRect(box.left() + inset - 3, box.top() + 3, name.width() + 6, box.height() - 6)
                painter.fillRect(ground, ink.colour(fill))
            painter.drawPixmap(box.left() + inset, box.top() + (box.height() - name.height()) // 2, name)


def told(found: Sequence[Stretch], sample: int) -> str:
    """State and length at a sample, for the tooltip; "" where there is none."""
    for stretch in found:
        if stretch.start <= sample < stretch.end:
            return f"{stretch.state.value}, {(stretch.end - stretch.start) / RATE:.1f} s"
    return ""


def _border(painter: QPainter, ink: Ink, box: QRect) -> None:
    colour, thick = ink.colour("duck"), max(1, int(ink.dpr))
    painter.fillRect(QRect(box.left(), box.top(), box.width(), thick), colour)
    painter.fillRect(QRect(box.left(), box.bottom() + 1 - thick, box.width(), thick), colour)
    painter.fillRect(QRect(box.left(), box.top(), thick, box.height()), colour)
    painter.fillRect(QRect(box.right() + 1 - thick, box.top(), thick, box.height()), colour)
