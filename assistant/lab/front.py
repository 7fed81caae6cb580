"""The front of a trade-off: the points that no other point beats in everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Point = TypeVar("Point")


def non_dominated(points: Sequence[Point], costs: Callable[[Point], Sequence[float]]) -> list[Point]:
    """What is left when every point goes that another one beats: no dearer in any cost, and cheaper in one.

    costs: of a point, less is better, as many for each. Of equals the first stays. Ordered by cost.
    """
    priced = sorted(((tuple(costs(point)), at) for at, point in enumerate(points)))
    kept: list[tuple[tuple[float, ...], int]] = []
    for cost, at in priced:  # a point can only be beaten by one that is before it in this order
        if not any(all(mine <= its for mine, its in zip(other, cost, strict=True)) for other, _ in kept):
            kept.append((cost, at))
    return [points[at] for _, at in kept]
