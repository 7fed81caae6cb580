"""What each point costs on headphones: how late it yields, and how often to nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from assistant.lab.score.judged import Heads
from assistant.lab.score.outcome import decided, outcome
from assistant.lab.score.spread import spread
from assistant.lab.score.truth import Trial
from assistant.lab.sweep.open_loop import Frames, decide, frames_of, more_easily_convinced
from assistant.lab.sweep.points import Point
from assistant.settings.sections import Settings

LATEST_MS = 1000.0
"""What a missed or a premature stop counts as, and the most that a late one does: so nothing gets quick by missing."""
MORE_EASILY = (0.0, 1.0, 2.0)
"""A few hours of noise hold few false stops or none, which cannot tell two sure settings apart. So they are counted
again with the detector's log-odds raised by so much: it stands for the noises that were never recorded."""
DUCKS_A_STOP = 20.0
"""How many ducks disturb as much as one false stop."""
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Tried:
    """delay_ms: to the first reaction and to the stop, added, the mean of all interruptions. risk: false stops an hour
    of all noises, the mean over MORE_EASILY, and a part of the ducks. The others are what a person is told:
    false_stops_per_hour of noises without voices, stop_p50_ms and stop_p95_ms of the hits.
    """

    point: Point
    delay_ms: float
    risk: float
    hit_percent: float
    stop_p50_ms: float
    stop_p95_ms: float
    false_stops_per_hour: float
    ducks_per_hour: float


@dataclass(frozen=True, slots=True)
class _Spoken:
    stop_s: float | None
    reaction_s: float | None


@dataclass(frozen=True, slots=True)
class _Noise:
    stops: tuple[int, ...]
    """For each of MORE_EASILY."""
    ducks: int


_Seen = tuple[_Spoken | _Noise, ...]
"""Of one trial at each point."""


def try_points(
    trials: Sequence[Trial],
    points: Sequence[Point],
    heads: Heads,
    jobs: int = 1,
    tell: Callable[[int], None] = lambda _: None,
) -> list[Tried]:
    """trials: of the sets interrupt and noise, both. tell: how many trials are done. Raises ValueError, BadSound."""
    spoken = [trial.truth.onset_s is not None for trial in trials]
    if not any(spoken) or all(spoken):
        raise ValueError("The sweep needs the sets interrupt and noise, both.")
    seen: list[_Seen] = []
    for each in spread(partial(_see, points=points, heads=heads), trials, jobs):
        seen.append(each)
        tell(len(seen))
    return [_summed(point, trials, [each[at] for each in seen]) for at, point in enumerate(points)]


def _see(trial: Trial, points: Sequence[Point], heads: Heads) -> _Seen:
    settings = Settings()
    frames = frames_of(trial.scenario, settings, heads.detector(trial, settings))
    if trial.truth.onset_s is not None:
        return tuple(_spoken(trial, frames, point.settings()) for point in points)
    easier = [more_easily_convinced(frames, by) if by else frames for by in MORE_EASILY]
    return tuple(_noise(trial, easier, point.settings()) for point in points)


def _spoken(trial: Trial, frames: Frames, settings: Settings) -> _Spoken:
    told = outcome(decided(trial.truth, decide(trial.scenario, frames, settings).events()))
    return _Spoken(told.stop_s, None if told.kind == "premature" else told.reaction_s)


def _noise(trial: Trial, easier: Sequence[Frames], settings: Settings) -> _Noise:
    all_told = [decided(trial.truth, decide(trial.scenario, frames, settings).events()) for frames in easier]
    return _Noise(tuple(len(told.stops()) for told in all_told), len(all_told[0].ducks()))


def _summed(point: Point, trials: Sequence[Trial], seen: Sequence[_Spoken | _Noise]) -> Tried:
    spoken = [each for each in seen if isinstance(each, _Spoken)]
    noise = [(trial.truth, each) for trial, each in zip(trials, seen, strict=True) if isinstance(each, _Noise)]
    stops_ms = [1000 * each.stop_s for each in spoken if each.stop_s is not None]
    hours = sum(truth.seconds for truth, _ in noise) / HOUR_S
    alone = [(truth, each) for truth, each in noise if not truth.is_speechlike] or noise
    alone_hours = sum(truth.seconds for truth, _ in alone) / HOUR_S
    stops_an_hour = float(np.mean([sum(each.stops) / len(MORE_EASILY) for _, each in noise])) * len(noise) / hours
    ducks_an_hour = sum(each.ducks for _, each in alone) / alone_hours
    p50, p95 = np.percentile(stops_ms, [50, 95]) if stops_ms else (LATEST_MS, LATEST_MS)
    return Tried(
        point=point,
        delay_ms=_mean_ms(each.stop_s for each in spoken) + _mean_ms(each.reaction_s for each in spoken),
        risk=stops_an_hour + ducks_an_hour / DUCKS_A_STOP,
        hit_percent=100 * len(stops_ms) / len(spoken),
        stop_p50_ms=float(p50),
        stop_p95_ms=float(p95),
        false_stops_per_hour=sum(each.stops[0] for _, each in alone) / alone_hours,
        ducks_per_hour=ducks_an_hour,
    )


def _mean_ms(delays_s: Iterator[float | None]) -> float:
    return float(np.mean([LATEST_MS if each is None else min(LATEST_MS, 1000 * each) for each in delays_s]))
