"""What became of one scenario: stopped in time, too early, not at all, or for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.lab.score.truth import Truth

REFRACTORY_S = 2.0
"""A stop sooner than this after the one before is the same disturbance."""
EARLY_S = 0.02
"""Onsets are not known more exactly: a stop so little before one is still a hit."""
LATE_S = 0.7
"""After the end of the speech: a stop later than this came too late to be one."""


@dataclass(frozen=True, slots=True)
class Ducked:
    """Playback was turned down from start_s to end_s of the scenario's audio."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Decided:
    """A scenario and what was decided on it. events: (seconds of audio heard, name), in order."""

    truth: Truth
    events: tuple[tuple[float, str], ...]
    cpu_s: float = 0.0
    has_far: bool = False

    def stops(self) -> tuple[float, ...]:
        """Seconds at which playback was stopped, each disturbance once."""
        counted: list[float] = []
        for at_s, name in self.events:
            if name == "stop" and (not counted or at_s - counted[-1] >= REFRACTORY_S):
                counted.append(at_s)
        return tuple(counted)

    def ducks(self, from_s: float = 0.0) -> tuple[Ducked, ...]:
        """Every duck that begins at from_s or later; one that nothing ends lasts until the scenario does."""
        found = []
        began_s: float | None = None
        for at_s, name in self.events:
            if at_s < from_s:
                continue
            if name == "duck" and began_s is None:
                began_s = at_s
            elif name in ("stop", "resume") and began_s is not None:
                found.append(Ducked(began_s, at_s))
                began_s = None
        if began_s is not None:
            found.append(Ducked(began_s, self.truth.seconds))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a scenario in which somebody speaks.

    stop_s: from the onset to the first stop, of a hit. reaction_s: to the first duck or stop that is no longer early,
    what a person hears first; None where there was none in time. ducked_early: it ducked before anybody spoke.
    """

    kind: Literal["hit", "premature", "miss"]
    stop_s: float | None
    reaction_s: float | None
    ducked_early: bool


def decided(truth: Truth, events: Iterable[Mapping[str, Any]], cpu_s: float = 0.0, has_far: bool = False) -> Decided:
    """events: {"t": seconds, "event": name}, as `replay` writes them."""
    in_order = sorted(((float(each["t"]), str(each["event"])) for each in events), key=lambda each: each[0])
    return Decided(truth, tuple(in_order), cpu_s, has_far)


def outcome(of: Decided, from_s: float = 0.0) -> Outcome:
    """The first stop decides. from_s: what happened before does not count. Raises ValueError if nobody speaks."""
    onset_s, offset_s = of.truth.onset_s, of.truth.offset_s
    if onset_s is None or offset_s is None:
        raise ValueError(f"{of.truth.id}: nobody is known to speak in it")
    first_s, last_s = onset_s - EARLY_S, offset_s + LATE_S
    stops = [at_s for at_s, name in of.events if name == "stop" and at_s >= from_s]
    ducks = [duck.start_s for duck in of.ducks(from_s)]
    reactions = [at_s for at_s in (*stops, *ducks) if at_s >= first_s]
    reaction_s = min(reactions) - onset_s if reactions and min(reactions) <= last_s else None
    ducked_early = any(at_s < first_s for at_s in ducks)
    if stops and stops[0] < first_s:
        return Outcome("premature", None, reaction_s, ducked_early)
    if stops and stops[0] <= last_s:
        return Outcome("hit", stops[0] - onset_s, reaction_s, ducked_early)
    return Outcome("miss", None, reaction_s, ducked_early)
