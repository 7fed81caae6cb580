"""The master slider: one number that moves the decision's settings along a small table."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Price:
    """What a sensitivity costs. The stop figures are onset→stop. measured: False where it lies between two rows."""

    stop_p50_ms: float
    stop_p95_ms: float
    false_stops_per_hour: float
    measured: bool


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
    return Price(
        low.stop_p50_ms + (high.stop_p50_ms - low.stop_p50_ms) * share,
        low.stop_p95_ms + (high.stop_p95_ms - low.stop_p95_ms) * share,
        low.false_stops_per_hour + (high.false_stops_per_hour - low.false_stops_per_hour) * share,
        measured=False,
    )


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
    costs = [raw.get(measure) for measure in MEASURES]
    if all(cost is None for cost in costs):
        return Row(raw["position"], values, None)
    if any(cost is None for cost in costs):
        raise ValueError(f"sensitivity.toml, position {raw['position']}: give all of {', '.join(MEASURES)} or none")
    return Row(raw["position"], values, Price(raw[MEASURES[0]], raw[MEASURES[1]], raw[MEASURES[2]], measured=True))


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
