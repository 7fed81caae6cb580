"""The master slider: one number that moves the decision's settings along a small table."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.settings.accept import converted
from assistant.settings.access import KNOBS, change, known, value
from assistant.settings.knob import Knob
from assistant.settings.paths import resource
from assistant.settings.sections import Settings

MASTER = "barge_in.sensitivity"
MEASURES = ("stop_p50_ms", "stop_p95_ms", "false_stops_per_hour")
ON_SPEAKERS = (
    "speakers_stop_p50_ms",
    "speakers_stop_p95_ms",
    "speakers_hit_percent",
    "speakers_self_stops_per_minute",
)


@dataclass(frozen=True, slots=True)
class OnSpeakers:
    """The price on loudspeakers. hit_percent: of the interruptions that stopped it in time."""

    stop_p50_ms: float
    stop_p95_ms: float
    hit_percent: float
    self_stops_per_minute: float


@dataclass(frozen=True, slots=True)
class Price:
    """What a sensitivity costs. The stop figures are onset→stop. measured: False where it lies between two rows.

    on_speakers: None where it was measured on headphones only.
    """

    stop_p50_ms: float
    stop_p95_ms: float
    false_stops_per_hour: float
    measured: bool
    on_speakers: OnSpeakers | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. values: key → value for every setting that the table moves."""

    position: float
    values: dict[str, float]
    price: Price | None


def along(sensitivity: float, rows: tuple[Row, ...] | None = None) -> dict[str, Any]:
    """The settings that belong to a sensitivity (0..100): key → value, on each setting's steps."""
    below, above, share = _between(rows or shipped(), sensitivity)
    return {key: _stepped(KNOBS[key], low + (above.values[key] - low) * share) for key, low in below.values.items()}


def moved(settings: Settings, sensitivity: int) -> Settings:
    """`settings` with the master at `sensitivity` and everything it moves."""
    return change(settings, along(sensitivity) | {MASTER: sensitivity})


def price(settings: Settings, rows: tuple[Row, ...] | None = None) -> Price | None:
    """What the present settings cost. None where nobody measured, or a setting was moved off the table by hand."""
    rows = rows or shipped()
    if settings.vad.detector != "learned":  # the table was measured with it
        return None
    sensitivity = settings.barge_in.sensitivity
    if any(value(settings, key) != on_table for key, on_table in along(sensitivity, rows).items()):
        return None
    below, above, share = _between(rows, sensitivity)
    if share == 0:
        return below.price
    if below.price is None or above.price is None:
        return None
    low, high = below.price, above.price
    on_speakers = None
    if low.on_speakers is not None and high.on_speakers is not None:
        on_speakers = OnSpeakers(*_mixed(astuple(low.on_speakers), astuple(high.on_speakers), share))
    stop_p50_ms, stop_p95_ms, false_stops = _mixed(_figures(low), _figures(high), share)
    return Price(stop_p50_ms, stop_p95_ms, false_stops, measured=False, on_speakers=on_speakers)


@cache
def shipped() -> tuple[Row, ...]:
    """The table that comes with Interject. Raises MissingResource, ValueError for a table that cannot be right."""
    return read_rows(resource("sensitivity.toml"))


def read_rows(path: Path) -> tuple[Row, ...]:
    """Raises ValueError, naming the file, for unknown or out-of-range settings and for a table without both ends."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))["row"]
    flat = [dict(_flat(row)) for row in raw]
    keys = {key for row in flat for key in row if "." in key}
    rows = tuple(sorted((_row(row, keys) for row in flat), key=lambda row: row.position))
    if [rows[0].position, rows[-1].position] != [0, 100]:
        raise ValueError(f"{path.name}: the rows must reach from position 0 to 100")
    return rows


def _row(raw: Mapping[str, Any], keys: Iterable[str]) -> Row:
    values = {key: converted(key, raw.get(key, known(key).default)) for key in sorted(keys)}
    costs, on_speakers = _all_or_none(raw, MEASURES), _all_or_none(raw, ON_SPEAKERS)
    if costs is None:
        return Row(raw["position"], values, None)
    there = OnSpeakers(*on_speakers) if on_speakers is not None else None
    return Row(raw["position"], values, Price(costs[0], costs[1], costs[2], measured=True, on_speakers=there))


def _all_or_none(raw: Mapping[str, Any], names: Iterable[str]) -> list[float] | None:
    given = [raw.get(name) for name in names]
    if all(each is None for each in given):
        return None
    if any(each is None for each in given):
        raise ValueError(f"sensitivity.toml, position {raw['position']}: give all of {', '.join(names)} or none")
    return [float(each) for each in given if each is not None]


def _figures(cost: Price) -> tuple[float, float, float]:
    return cost.stop_p50_ms, cost.stop_p95_ms, cost.false_stops_per_hour


def _mixed(low: Iterable[float], high: Iterable[float], share: float) -> Iterable[float]:
    return (below + (above - below) * share for below, above in zip(low, high, strict=True))


def _flat(row: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, inside in row.items():
        if isinstance(inside, dict):
            yield from ((f"{name}.{key}", given) for key, given in inside.items())
        else:
            yield name, inside


def _between(rows: tuple[Row, ...], sensitivity: float) -> tuple[Row, Row, float]:
    for below, above in pairwise(rows):
        if below.position <= sensitivity < above.position:
            return below, above, (sensitivity - below.position) / (above.position - below.position)
    return rows[-1], rows[-1], 0.0


def _stepped(knob: Knob, exact: float) -> float | int:
    step, origin = knob.step or 1, knob.ge or 0
    on_step = origin + math.floor((exact - origin) / step + 0.5 + 1e-9) * step
    return knob.kind(round(on_step, 6))  # type: ignore[no-any-return]
