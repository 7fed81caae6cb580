"""When each step on the way to a reply was reached, noted by the thread that reached it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

Step = Literal["asked", "heard", "token", "phrase", "sound"]
"""asked: the work began. heard: the words are known. token: the model began to answer. phrase: the first clause is
known. sound: its first sound is made."""
_REMEMBERED = 64
"""Generations; a conversation asks about the present one."""


class Stopwatch:
    """Any thread may note and read: setting a dictionary's item is atomic under the GIL."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        """clock: seconds."""
        self._clock = clock
        self._times: dict[int, dict[Step, float]] = {}

    def note(self, generation: int, step: Step) -> None:
        """The step is reached now; the first note of a step counts."""
        self._times.setdefault(generation, {}).setdefault(step, self._clock())
        self._times.pop(generation - _REMEMBERED, None)

    def at(self, generation: int, step: Step) -> float | None:
        """Seconds on the clock; None for a step that was not reached, or is long forgotten."""
        return self._times.get(generation, {}).get(step)
