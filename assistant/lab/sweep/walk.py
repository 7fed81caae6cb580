"""The master slider's walk: from the surest setting worth having over the default to the quickest."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.lab.front import non_dominated
from assistant.lab.sweep.tried import Tried

MIDDLE = 50
MOST_DELAY = 2.0
"""Times the default's delay: what is slower waits for more than sureness."""
MOST_LOST_PERCENT = 3.0
"""So many more interruptions may be lost than with the default: what loses more is deaf, not sure."""
MOST_FALSE_STOPS = 10.0
"""More an hour than with the default: what stops for more is no assistant."""


def walk(tried: Sequence[Tried], default: Tried) -> dict[int, Tried]:
    """Position → what belongs there, at 0, 25, 50, 75 and 100; at 50 the default.

    From position to position every value falls or stays, so that the slider never turns back, and each position is on
    the front of what lies between its neighbours. Where nothing is better than the default, it is repeated.
    """
    surer = [
        each
        for each in tried
        if each.point.asks_no_less_than(default.point)
        and default.delay_ms <= each.delay_ms <= MOST_DELAY * default.delay_ms
        and each.hit_percent >= default.hit_percent - MOST_LOST_PERCENT
    ]
    quicker = [
        each
        for each in tried
        if default.point.asks_no_less_than(each.point)
        and each.delay_ms <= default.delay_ms
        and each.false_stops_per_hour <= default.false_stops_per_hour + MOST_FALSE_STOPS
    ]
    surest = min(_front(surer, default), key=lambda each: (each.risk, each.delay_ms))
    quickest = min(_front(quicker, default), key=lambda each: (each.delay_ms, each.risk))
    return {
        0: surest,
        25: _between(surer, surest, default),
        MIDDLE: default,
        75: _between(quicker, default, quickest),
        100: quickest,
    }


def _front(half: Sequence[Tried], default: Tried) -> list[Tried]:
    return non_dominated([default, *half], lambda each: (each.delay_ms, each.risk))


def _between(half: Sequence[Tried], surer: Tried, quicker: Tried) -> Tried:
    """Of the front, what is in the middle of both delays, on a scale of ratios; else the slower of the two."""
    inside = [
        each
        for each in half
        if surer.point.asks_no_less_than(each.point)
        and each.point.asks_no_less_than(quicker.point)
        and each.point not in (surer.point, quicker.point)
    ]
    middle = math.sqrt(surer.delay_ms * quicker.delay_ms)
    front = non_dominated(inside, lambda each: (each.delay_ms, each.risk))
    return min(front, key=lambda each: abs(math.log(each.delay_ms / middle)), default=surer)
