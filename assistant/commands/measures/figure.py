"""A measured figure with its aim beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True)
class Aim:
    """What the figure should be: at most, or at least, so much."""

    bound: Literal["≤", "≥"]
    limit: float

    def is_met(self, value: float) -> bool:
        return value <= self.limit if self.bound == "≤" else value >= self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """value: the median of `repeats` measurements that lay from `least` to `most`, in `unit`."""

    part: str
    name: str
    value: float
    unit: str
    aim: Aim | None = None
    repeats: int = 1
    least: float = 0.0
    most: float = 0.0

    @property
    def is_met(self) -> bool | None:
        """None where there is no aim."""
        return None if self.aim is None else self.aim.is_met(self.value)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Lines of text below the table, such as a histogram."""

    part: str
    lines: tuple[str, ...]


Measured = Figure | Drawn


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured. seconds: of live sound. devices: the real ones, not the simulated room."""

    repeats: int
    audio_s: float
    seconds: float
    starts: int
    devices: bool = False


QUICK = Effort(repeats=3, audio_s=8.0, seconds=8.0, starts=1)
FULL = Effort(repeats=7, audio_s=30.0, seconds=60.0, starts=5)

Measure = Callable[[Effort], Iterable[Measured]]


class NotMeasured(RuntimeError):
    """A part that cannot be measured here. The text says why."""


def of_repeats(part: str, name: str, values: Iterable[float], unit: str, aim: Aim | None = None) -> Figure:
    """The figure of several measurements of the same."""
    all_values = list(values)
    return Figure(part, name, median(all_values), unit, aim, len(all_values), min(all_values), max(all_values))
