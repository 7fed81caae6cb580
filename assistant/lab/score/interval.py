"""A figure with its 95 % confidence interval: the percentile bootstrap over trials, or over files for counts.

Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 13.3. Where every trial agrees there is nothing
to draw from, and the bootstrap would claim certainty: then the interval reaches to what n trials without an exception,
or so many hours without an event, can exclude (for small rates the "rule of three", 3/n).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

REPLICATES = 2000
SEED = 1
LOW, HIGH = 2.5, 97.5
_UNEXCLUDED = 0.05
"""Of certainty where nothing happened: one-sided, since the other side is the end of the scale."""


@dataclass(frozen=True, slots=True)
class Interval:
    """value, and where it lies with 95 % confidence; None where there was nothing to reckon it from."""

    value: float | None
    low: float | None
    high: float | None
    unit: str


def percent(happened: Sequence[bool]) -> Interval:
    """Share of the trials in which it happened, in %."""
    flags = np.asarray(happened, np.float64)
    if not len(flags):
        return Interval(None, None, None, "%")
    value = 100 * float(flags.mean())
    if value in (0.0, 100.0):
        unsure = 100 * (1 - _UNEXCLUDED ** (1 / len(flags)))
        return Interval(value, max(0.0, value - unsure), min(100.0, value + unsure), "%")
    return _bootstrapped(value, lambda drawn: 100 * flags[drawn].mean(axis=1), len(flags), "%")


def percentile(values_s: Sequence[float | None], q: float) -> Interval:
    """The q-th percentile in ms, linear between neighbours, of the trials that have a value; all of them are drawn."""
    values = 1000 * np.array([np.nan if value is None else value for value in values_s], np.float64)
    if np.isnan(values).all():
        return Interval(None, None, None, "ms")
    value = float(_percentiles(values[None], q)[0])
    return _bootstrapped(value, lambda drawn: _percentiles(values[drawn], q), len(values), "ms")


def rate(amounts: Sequence[float], seconds: Sequence[float], per_s: float, unit: str) -> Interval:
    """Events, or seconds of something, per `per_s` seconds of audio, in files that last `seconds`.

    amounts: of each file. unit: begins with "s" for seconds of something.
    """
    events, lasted = np.asarray(amounts, np.float64), np.asarray(seconds, np.float64)
    if lasted.sum() <= 0:
        return Interval(None, None, None, unit)
    value = float(per_s * events.sum() / lasted.sum())
    if not events.any():
        if unit.startswith("s"):  # seconds of something come in lumps of unknown size
            return Interval(0.0, 0.0, None, unit)
        return Interval(0.0, 0.0, float(-math.log(_UNEXCLUDED) * per_s / lasted.sum()), unit)

    def drawn_again(drawn: npt.NDArray[np.int64]) -> Doubles:
        rates: Doubles = per_s * events[drawn].sum(axis=1) / np.maximum(lasted[drawn].sum(axis=1), 1e-9)
        return rates

    return _bootstrapped(value, drawn_again, len(events), unit)


def _bootstrapped(value: float, again: Callable[[npt.NDArray[np.int64]], Doubles], n: int, unit: str) -> Interval:
    if n < 2:
        return Interval(value, None, None, unit)
    drawn = np.random.default_rng(SEED).integers(0, n, (REPLICATES, n))
    low, high = np.nanpercentile(again(drawn), [LOW, HIGH])
    return Interval(value, float(min(low, value)), float(max(high, value)), unit)


def _percentiles(rows: Doubles, q: float) -> Doubles:
    """(rows, n), NaN where there is no value. NaN for a row without any."""
    ordered = np.sort(rows, axis=1)  # NaNs go last
    last = np.count_nonzero(~np.isnan(ordered), axis=1) - 1
    at = np.maximum(last, 0) * q / 100
    below = np.floor(at).astype(np.int64)
    row = np.arange(len(ordered))
    low, high = ordered[row, below], ordered[row, np.minimum(below + 1, np.maximum(last, 0))]
    return np.asarray(low + (high - low) * (at - below), np.float64)
