"""What the barge-in figures should be, for the shipped default on all sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.commands.measures.figure import Aim
from assistant.lab.score.interval import Interval
from assistant.lab.score.sets import SetScore


@dataclass(frozen=True, slots=True)
class Wanted:
    """An aim for one figure of one group of a set. words: the figure as a person calls it."""

    set: str
    group: str
    figure: str
    words: str
    aim: Aim


@dataclass(frozen=True, slots=True)
class Reached:
    """An aim and the figure it is for."""

    wanted: Wanted
    figure: Interval

    @property
    def is_met(self) -> bool | None:
        """None where there was nothing to measure."""
        return None if self.figure.value is None else self.wanted.aim.is_met(self.figure.value)


def reached(scores: Sequence[SetScore]) -> Iterator[Reached]:
    """Every aim whose set and group are there."""
    groups = {(each.set, group.name): group.figures for each in scores for group in each.groups}
    for wanted in AIMS:
        if figures := groups.get((wanted.set, wanted.group)):
            yield Reached(wanted, figures[wanted.figure])


def _most(of_set: str, group: str, figure: str, words: str, limit: float) -> Wanted:
    return Wanted(of_set, group, figure, words, Aim("≤", limit))


def _least(of_set: str, group: str, figure: str, words: str, limit: float) -> Wanted:
    return Wanted(of_set, group, figure, words, Aim("≥", limit))


AIMS = (
    _least("interrupt", "all", "hit", "hits", 98),
    _most("interrupt", "all", "premature", "premature", 0.3),
    _most("interrupt", "all", "reaction_p50", "first reaction p50", 55),
    _most("interrupt", "all", "reaction_p95", "first reaction p95", 160),
    _most("interrupt", "all", "stop_p50", "stop p50", 100),
    _most("interrupt", "all", "stop_p95", "stop p95", 250),
    _most("noise", "noises", "false_stops", "false stops", 0.7),
    _most("noise", "noises", "ducks", "ducks", 15),
    _most("noise", "noises", "ducked_s", "ducked", 4),
    _most("noise", "babble and radio", "false_stops", "false stops, babble and radio", 5),
    _least("short", "words", "reacted", "words reacted to", 95),
    _most("short", "words", "reaction_p50", "first reaction p50", 55),
    _least("short", "words", "hit", "words stopped", 92),
    _most("short", "words", "stop_p50", "stop p50", 120),
    _least("echo", "all", "hit", "hits", 99),
    _most("echo", "all", "stop_p50", "stop p50", 100),
    _most("echo", "all", "stop_p95", "stop p95", 250),
    _most("echo", "all", "self_stops_first", "self-stops, first 3 s", 0),
    _most("echo", "all", "self_stops_after", "self-stops, after", 0),
    _least("echo_hard", "all", "hit", "hits", 92),
    _most("echo_hard", "all", "premature", "premature", 2),
    _most("echo_hard", "all", "stop_p95", "stop p95", 500),
    _most("echo_hard", "all", "self_stops_first", "self-stops, first 3 s", 0.2),
    _most("echo_hard", "all", "self_stops_after", "self-stops, after", 0.2),
    _most("echo_noise", "all", "false_stops", "false stops", 20),
    _most("echo_noise", "all", "ducks", "ducks", 60),
)
