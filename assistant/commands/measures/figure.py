"""A measured figure with its aim beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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
    """Lines of text below the table, such as a histogram. figures: what they show, for the file."""

    part: str
    lines: tuple[str, ...]
    figures: tuple[Figure, ...] = ()


Measured = Figure | Drawn


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured. seconds: of live sound. devices: the real ones, not the simulated room.

    questions: asked in each mode of preparation. stops: interruptions while models compute. knobs: settings that were
    given for this run and the models that are chosen, for the parts that run with them.
    """

    repeats: int
    audio_s: float
    seconds: float
    starts: int
    questions: int
    stops: int
    devices: bool = False
    knobs: Mapping[str, str] = field(default_factory=dict)


QUICK = Effort(repeats=3, audio_s=8.0, seconds=8.0, starts=1, questions=3, stops=6)
FULL = Effort(repeats=7, audio_s=30.0, seconds=60.0, starts=5, questions=12, stops=20)

Measure = Callable[[Effort], Iterable[Measured]]


class NotMeasured(RuntimeError):
    """A part that cannot be measured here. The text says why."""


def of_repeats(part: str, name: str, values: Iterable[float], unit: str, aim: Aim | None = None) -> Figure:
    """The figure of several measurements of the same."""
    all_values = list(values)
    return Figure(part, name, median(all_values), unit, aim, len(all_values), min(all_values), max(all_values))
