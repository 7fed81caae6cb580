"""The score of each set of scenarios: how many interruptions stopped it, how soon, and what stopped it by mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.lab.score.interval import Interval, percent, percentile, rate
from assistant.lab.score.outcome import Decided, outcome
from assistant.lab.score.truth import SETS

WARM_S = 3.0
"""In the set echo the canceller starts cold in every file: what happens before is told apart and decides no trial."""
HOUR_S, MINUTE_S = 3600.0, 60.0
WORDS = {"short_word": "words", "backchannel_like": "backchannels"}
BEDS = ("clean", "20", "10", "5")

Figures = Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Group:
    """Some scenarios of a set. trials: those with somebody speaking; minutes: of all of them."""

    name: str
    trials: int
    minutes: float
    figures: Figures


@dataclass(frozen=True, slots=True)
class SetScore:
    """The first group is the whole set, where the set has one figure for the whole."""

    set: str
    groups: tuple[Group, ...]

    def group(self, name: str) -> Group:
        """Raises KeyError."""
        return {group.name: group for group in self.groups}[name]


def score(all_decided: Sequence[Decided]) -> tuple[SetScore, ...]:
    """Of every set that is there, in the order of SETS."""
    scores = []
    for name in SETS:
        of_set = [each for each in all_decided if each.truth.set == name]
        if of_set:
            scores.append(SetScore(name, tuple(_GROUPS[name](of_set))))
    return tuple(scores)


def processor_ms(all_decided: Sequence[Decided]) -> Mapping[str, Interval]:
    """CPU ms per second of audio, on headphones and on loudspeakers."""
    parts = {"headphones": [each for each in all_decided if not each.has_far]}
    parts["loudspeakers"] = [each for each in all_decided if each.has_far]
    return {
        name: rate([each.cpu_s for each in some], [each.truth.seconds for each in some], 1000, "ms/s")
        for name, some in parts.items()
        if some
    }


def _interruptions(some: Sequence[Decided], from_s: float = 0.0) -> dict[str, Interval]:
    outcomes = [outcome(each, from_s) for each in some]
    stops = [each.stop_s for each in outcomes]
    reactions = [each.reaction_s for each in outcomes]
    return {
        "hit": percent([each.kind == "hit" for each in outcomes]),
        "premature": percent([each.kind == "premature" for each in outcomes]),
        "miss": percent([each.kind == "miss" for each in outcomes]),
        "reacted": percent([each is not None for each in reactions]),
        "reaction_p50": percentile(reactions, 50),
        "reaction_p95": percentile(reactions, 95),
        "stop_p50": percentile(stops, 50),
        "stop_p90": percentile(stops, 90),
        "stop_p95": percentile(stops, 95),
        "ducked_early": percent([each.ducked_early for each in outcomes]),
    }


def _disturbances(some: Sequence[Decided]) -> dict[str, Interval]:
    """An hour."""
    seconds = [each.truth.seconds for each in some]
    ducks = [each.ducks() for each in some]
    return {
        "false_stops": rate([len(each.stops()) for each in some], seconds, HOUR_S, "/h"),
        "ducks": rate([len(each) for each in ducks], seconds, HOUR_S, "/h"),
        "ducked_s": rate([sum(one.end_s - one.start_s for one in each) for each in ducks], seconds, HOUR_S, "s/h"),
    }


def _self_stops(some: Sequence[Decided]) -> dict[str, Interval]:
    """A minute in which nobody speaks, in the first seconds and after."""
    first = [min(WARM_S, each.truth.seconds) for each in some]
    after = [max(0.0, each.truth.seconds - WARM_S) for each in some]
    stops = [each.stops() for each in some]
    ducks = [[duck.start_s for duck in each.ducks()] for each in some]

    def a_minute(times_s: Sequence[Sequence[float]], cold: bool) -> Interval:
        counts = [sum((at_s < WARM_S) == cold for at_s in each) for each in times_s]
        return rate(counts, first if cold else after, MINUTE_S, "/min")

    return {
        "self_stops_first": a_minute(stops, cold=True),
        "self_stops_after": a_minute(stops, cold=False),
        "self_ducks_after": a_minute(ducks, cold=False),
    }


def _group(name: str, some: Sequence[Decided], trials: int, figures: Figures) -> Group:
    return Group(name, trials, sum(each.truth.seconds for each in some) / MINUTE_S, figures)


def _interrupt(some: Sequence[Decided]) -> list[Group]:
    groups = [_group("all", some, len(some), _interruptions(some))]
    for bed in BEDS:
        if part := [each for each in some if each.truth.snr == bed]:
            groups.append(_group(bed if bed == "clean" else f"{bed} dB", part, len(part), _interruptions(part)))
    return groups


def _noise(some: Sequence[Decided]) -> list[Group]:
    groups = []
    for name, speechlike in (("noises", False), ("babble and radio", True)):
        if part := [each for each in some if each.truth.is_speechlike is speechlike]:
            groups.append(_group(name, part, 0, _disturbances(part)))
    for kind in sorted({each.truth.kind for each in some}):
        part = [each for each in some if each.truth.kind == kind]
        groups.append(_group(kind, part, 0, _disturbances(part)))
    return groups


def _short(some: Sequence[Decided]) -> list[Group]:
    groups = []
    for kind in sorted({each.truth.kind for each in some}, key=lambda kind: (kind != "short_word", kind)):
        part = [each for each in some if each.truth.kind == kind]
        groups.append(_group(WORDS.get(kind, kind), part, len(part), _interruptions(part)))
    return groups


def _echo(some: Sequence[Decided], from_s: float = WARM_S) -> list[Group]:
    groups = [_echo_group("all", some, from_s)]
    for ser_db in sorted({each.truth.ser_db for each in some if each.truth.ser_db is not None}):
        part = [each for each in some if each.truth.ser_db == ser_db]
        groups.append(_echo_group(f"{ser_db:+.0f} dB".replace("+0", "0"), part, from_s))
    return groups


def _echo_hard(some: Sequence[Decided]) -> list[Group]:
    return _echo(some, from_s=0.0)


def _echo_group(name: str, some: Sequence[Decided], from_s: float) -> Group:
    near = [each for each in some if each.truth.has_near]
    alone = [each for each in some if not each.truth.has_near]
    return _group(name, some, len(near), {**_interruptions(near, from_s), **_self_stops(alone)})


def _echo_noise(some: Sequence[Decided]) -> list[Group]:
    return [_group("all", some, 0, _disturbances(some))]


def _echo_real(some: Sequence[Decided]) -> list[Group]:
    """Recorded pairs: only some tell when the user spoke."""
    known = [each for each in some if each.truth.onset_s is not None]
    alone = [each for each in some if not each.truth.has_near]
    unknown = [each for each in some if each.truth.has_near and each.truth.onset_s is None]
    groups = []
    if known:
        groups.append(_group("onset known", known, len(known), _interruptions(known)))
    if alone:
        groups.append(_group("loudspeaker alone", alone, 0, _self_stops(alone)))
    if unknown:
        stopped = {"stopped": percent([bool(each.stops()) for each in unknown])}
        groups.append(_group("onset unknown", unknown, len(unknown), stopped))
    return groups


_GROUPS: Mapping[str, Callable[[Sequence[Decided]], list[Group]]] = {
    "interrupt": _interrupt,
    "noise": _noise,
    "short": _short,
    "echo": _echo,
    "echo_hard": _echo_hard,
    "echo_noise": _echo_noise,
    "echo_real": _echo_real,
}
