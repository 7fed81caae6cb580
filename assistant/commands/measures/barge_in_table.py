"""The scores of all sets as text for a terminal, 100 columns wide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.commands.measures.barge_in_aims import Reached
from assistant.lab.score.interval import Interval
from assistant.lab.score.sets import Group, SetScore

TITLES: Mapping[str, str] = {
    "interrupt": "Headphones, by bed",
    "short": "Short words on headphones",
    "noise": "Headphones",
    "echo": "Loudspeakers, by speech to echo",
    "echo_hard": "Hard loudspeakers: cold, drifting, moved, clipping",
    "echo_noise": "Noises over the loudspeaker's echo",
    "echo_real": "Recorded pairs",
}
_LABEL, _COUNT, _CELL = 20, 8, 10


@dataclass(frozen=True, slots=True)
class _Part:
    """A table: over, the words above the groups of columns; columns: figure → heading."""

    title: str
    counted: str
    over: str
    columns: Mapping[str, str]


_SPEAKS = _Part(
    "Somebody speaks",
    "trials",
    f"{'':<30}{'first reaction, ms':>20}{'stop, ms':>20}",
    {
        "hit": "hit %",
        "premature": "early %",
        "miss": "miss %",
        "reaction_p50": "p50",
        "reaction_p95": "p95",
        "stop_p50": "p50",
        "stop_p95": "p95",
    },
)
_NOBODY = _Part(
    "Nobody speaks",
    "minutes",
    f"{'an hour':>30}",
    {"false_stops": "stops", "ducks": "ducks", "ducked_s": "ducked s"},
)
_OWN_VOICE = _Part(
    "Nobody but itself",
    "minutes",
    f"{'self-stops a minute':>20}{'ducks':>10}",
    {"self_stops_first": "first 3 s", "self_stops_after": "after", "self_ducks_after": "after"},
)


def table(scores: Sequence[SetScore], processor: Mapping[str, Interval]) -> list[str]:
    """Every figure with its interval under it; per kind of noise, in one line each."""
    lines = ["Values, and below each its 95 % confidence interval. Delays: audio from the voice's onset."]
    for part in (_SPEAKS, _NOBODY, _OWN_VOICE):
        lines += _part(part, scores)
    for each in scores:
        if each.set == "noise":
            lines += _kinds([group for group in each.groups if group.name not in ("noises", "babble and radio")])
        for group in each.groups:
            if stopped := group.figures.get("stopped"):
                told = f"{group.trials} recorded pairs with a user at an unknown time: stopped in"
                lines += ["", f"{told} {words(stopped)} % ({spread(stopped)})"]
    cost = ", ".join(f"{name} {words(cost)} ({spread(cost)})" for name, cost in processor.items())
    return [*lines, "", f"Processor, ms a second of audio (wanted: 20 at most): {cost}"]


def aims(all_reached: Iterable[Reached], mark_of: Mapping[str, str]) -> list[str]:
    """One line an aim, and how many were met."""
    judged = [each for each in all_reached if each.is_met is not None]
    if not judged:
        return []
    lines = []
    for each in judged:
        wanted = each.wanted
        unit = f" {each.figure.unit}"
        aim = f"{wanted.aim.bound} {wanted.aim.limit:g}{unit}"
        mark = mark_of["ok" if each.is_met else "problem"]
        lines.append(f"{mark} {wanted.set:<12}{wanted.words:<32}{words(each.figure) + unit:>12}   aim {aim}")
    met = sum(bool(each.is_met) for each in judged)
    return [f"Aims of the shipped default: {met} of {len(judged)} met", *lines]


def words(figure: Interval) -> str:
    """The value alone, with the digits that count; a dash where there is none."""
    return _digits(figure.value, figure.unit, exact=True)


def spread(figure: Interval) -> str:
    """The interval alone; nothing where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{_digits(figure.low, figure.unit)}…{_digits(figure.high, figure.unit)}"


def _part(part: _Part, scores: Sequence[SetScore]) -> list[str]:
    first = next(iter(part.columns))
    lines: list[str] = []
    for each in scores:
        groups = [group for group in each.groups if first in group.figures and _belongs(each.set, group)]
        if groups:
            lines += [TITLES[each.set], *(line for group in groups for line in _rows(part, group))]
    if not lines:
        return []
    headings = "".join(f"{heading:>{_CELL}}" for heading in part.columns.values())
    over = f"{'':<{_LABEL + _COUNT}}{part.over}"
    return ["", over, f"{part.title:<{_LABEL}}{part.counted:>{_COUNT}}{headings}", "─" * len(over), *lines]


def _belongs(of_set: str, group: Group) -> bool:
    """The kinds of noise have a table of their own."""
    return of_set != "noise" or group.name in ("noises", "babble and radio")


def _rows(part: _Part, group: Group) -> tuple[str, str]:
    figures = [group.figures[name] for name in part.columns]
    count = f"{group.trials}" if part is _SPEAKS else f"{group.minutes:.1f}"
    values = "".join(f"{words(figure):>{_CELL}}" for figure in figures)
    spreads = "".join(f"{spread(figure):>{_CELL}}" for figure in figures)
    return f"  {group.name:<{_LABEL - 2}}{count:>{_COUNT}}{values}", f"{'':<{_LABEL + _COUNT}}{spreads}".rstrip()


def _kinds(groups: Sequence[Group]) -> list[str]:
    headings = f"{'stops an hour':>24}{'ducks an hour':>24}{'ducked s':>12}"
    head = f"{'By kind of noise':<{_LABEL}}{'minutes':>{_COUNT}}{headings}"
    lines = ["", head, "─" * len(head)]
    for group in groups:
        stops, ducks = (f"{words(one):>8}  {spread(one):<14}" for one in _named(group, "false_stops", "ducks"))
        ducked = words(group.figures["ducked_s"])
        lines.append(f"  {group.name:<{_LABEL - 2}}{group.minutes:>{_COUNT}.1f}{stops}{ducks}{ducked:>12}")
    return lines


def _named(group: Group, *names: str) -> list[Interval]:
    return [group.figures[name] for name in names]


def _digits(value: float | None, unit: str, *, exact: bool = False) -> str:
    if value is None:
        return "–"
    if unit == "/min":
        decimals = 2 if exact or abs(value) < 1 else 1
    elif unit == "ms":
        decimals = 0
    else:
        decimals = 1 if abs(value) < 10 or (exact and unit == "%") else 0
    return f"{value:.{decimals}f}".removesuffix(".00").removesuffix(".0")
