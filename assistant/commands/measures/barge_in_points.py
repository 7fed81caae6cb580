"""Where a system stands on the fronts: how soon it yields, and what that costs, on headphones and on loudspeakers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.lab.score.interval import Interval
from assistant.lab.score.sets import SetScore
from assistant.settings.paths import resource
from assistant.settings.sensitivity import shipped

DEFAULT_POSITION = 50


@dataclass(frozen=True, slots=True)
class Point:
    """cost: false stops an hour, or per cent of the interruptions that were lost. low, high: of the cost, 95 %.

    stop_p50_ms, stop_p95_ms: from the onset to the stop.
    """

    name: str
    cost: float
    stop_p50_ms: float
    stop_p95_ms: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """ours: as measured now, None where its set was not; line: the slider's positions; others: other systems."""

    ours: Point | None
    line: tuple[Point, ...]
    others: tuple[Point, ...]


def fronts(scores: Sequence[SetScore]) -> tuple[Front, Front]:
    """On headphones and on loudspeakers. Raises MissingResource, and ValueError for a broken resource."""
    prices = [(f"{row.position:g}", row.price) for row in shipped()]
    headphones = tuple(
        Point(name, price.false_stops_per_hour, price.stop_p50_ms, price.stop_p95_ms)
        for name, price in prices
        if price is not None
    )
    loudspeakers = tuple(
        Point(name, 100 - on.hit_percent, on.stop_p50_ms, on.stop_p95_ms)
        for name, price in prices
        if price is not None and (on := price.on_speakers) is not None
    )
    told: list[dict[str, Any]] = tomllib.loads(resource("barge-in-others.toml").read_text(encoding="utf-8"))["system"]
    return (
        Front(_on_headphones(scores), headphones, tuple(_other(each, "headphones") for each in told)),
        Front(_on_loudspeakers(scores), loudspeakers, tuple(_other(each, "loudspeakers") for each in told)),
    )


def _other(told: Mapping[str, Any], where: str) -> Point:
    on = told[where]
    cost = on["false_stops_per_hour"] if where == "headphones" else 100 - on["hit_percent"]
    return Point(f"{told['name']} {told['version']}".rstrip(), cost, on["stop_p50_ms"], on["stop_p95_ms"])


def _on_headphones(scores: Sequence[SetScore]) -> Point | None:
    of = _figures(scores)
    stops, noise = of.get(("interrupt", "all")), of.get(("noise", "noises"))
    return _ours(stops, noise["false_stops"]) if stops and noise else None


def _on_loudspeakers(scores: Sequence[SetScore]) -> Point | None:
    stops = _figures(scores).get(("echo", "all"))
    if not stops:
        return None
    hit = stops["hit"]
    lost, least, most = (None if part is None else 100 - part for part in (hit.value, hit.high, hit.low))
    return _ours(stops, Interval(lost, least, most, "%"))


def _figures(scores: Sequence[SetScore]) -> dict[tuple[str, str], Mapping[str, Interval]]:
    return {(each.set, group.name): group.figures for each in scores for group in each.groups}


def _ours(stops: Mapping[str, Interval], cost: Interval) -> Point | None:
    p50, p95 = stops["stop_p50"].value, stops["stop_p95"].value
    if p50 is None or p95 is None or cost.value is None:
        return None
    return Point("Interject", cost.value, p50, p95, cost.low, cost.high)
