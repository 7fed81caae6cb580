"""Where the labels beside the marks stand: beside, flipped at an edge, dropped rather than one over another."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

M = TypeVar("M", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Label(Generic[M]):
    """A label that wants a place. x: of its mark. before: to the left of the mark. rank: the lowest is placed first."""

    mark: M
    x: int
    width: int
    before: bool
    rank: int


@dataclass(frozen=True, slots=True)
class Placed(Generic[M]):
    """left: where the label begins, from the plot's left edge."""

    mark: M
    left: int


def place(labels: Sequence[Label[M]], glyphs: Sequence[int], reach: int, right: int) -> list[Placed[M]]:
    """Labels that found room, all in the same pixels.

    glyphs: where marks stand in the row. reach: from a mark's middle to its label. right: where the row ends; the row
    goes on over the gutter, where nothing else is written, so that the newest stop has room for its label. Lower ranks
    come first, in one rank the newest. Only a label of rank 0 may cover another mark's glyph.
    """
    taken: list[tuple[int, int]] = []
    placed = []
    for label in sorted(labels, key=lambda one: (one.rank, -one.x)):
        sides = (label.x - reach - label.width, label.x + reach)
        wanted = sides if label.before else sides[::-1]
        left = next((side for side in wanted if side >= 0 and side + label.width <= right), None)
        if left is None:
            continue
        end = left + label.width
        overlaps = any(left < other_end and start < end for start, other_end in taken)
        covers = any(left - reach // 2 < x < end + reach // 2 for x in glyphs if x != label.x)
        if overlaps or (covers and label.rank > 0):
            continue
        taken.append((left, end))
        placed.append(Placed(label.mark, left))
    return placed
