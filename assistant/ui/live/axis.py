"""The time axis: where its lines stand and what is written at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from assistant.signal.trace import RATE
from assistant.ui.live.view import View

LEAST_GAP = 56
"""Logical pixels between two labels."""
STEPS_S = (1, 2, 5, 10, 30)


@dataclass(frozen=True, slots=True)
class Tick:
    """x: device pixels from the plot's left edge. text: "" for a line without a label."""

    x: int
    text: str


def live_ticks(view: View, unit: float) -> list[Tick]:
    """A line every second before now, a label where there is room. unit: device pixels in a logical one."""
    second = RATE / view.per_column
    step = _step(second, unit)
    ticks = [Tick(view.columns, "now")]
    for back in range(1, int(view.columns / second + 1e-9) + 1):
        ticks.append(Tick(round(view.columns - back * second), f"−{back} s" if back % step == 0 else ""))
    return ticks


def clock_ticks(view: View, unit: float, at: datetime, sample: int) -> list[Tick]:
    """A line at every full second of the clock. The clock stood at `at` when `sample` was heard."""
    step = _step(RATE / view.per_column, unit)
    return [
        Tick(round(view.x(place)), clock.strftime("%H:%M:%S") if clock.second % step == 0 else "")
        for clock, place in _full_seconds(view, at, sample)
    ]


def _full_seconds(view: View, at: datetime, sample: int) -> Iterator[tuple[datetime, float]]:
    full = at.replace(microsecond=0)
    of_full = sample - (at - full).total_seconds() * RATE
    first = ceil((view.start - of_full) / RATE)
    last = int((view.end - of_full) // RATE)
    for seconds in range(first, last + 1):
        yield full + timedelta(seconds=seconds), of_full + seconds * RATE


def _step(second: float, unit: float) -> int:
    return next((step for step in STEPS_S if step * second >= LEAST_GAP * unit), STEPS_S[-1])
