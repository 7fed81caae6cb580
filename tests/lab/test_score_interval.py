"""Confidence intervals: they hold the figure, are the same every time, and never claim certainty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.lab.score.interval import Interval, percent, percentile, rate

FEW = settings(max_examples=20, deadline=None)


def within(figure: Interval) -> bool:
    assert figure.value is not None and figure.low is not None and figure.high is not None
    return figure.low <= figure.value <= figure.high


@FEW
@given(st.lists(st.booleans(), min_size=2, max_size=40))
def test_a_share_lies_in_its_interval_and_that_within_0_to_100(happened: list[bool]) -> None:
    told = percent(happened)
    assert told.value == pytest.approx(100 * np.mean(happened))
    assert within(told)
    assert told.low is not None and told.high is not None
    assert 0 <= told.low < told.high <= 100


@FEW
@given(st.lists(st.floats(0.01, 2.0) | st.none(), min_size=2, max_size=40))
def test_a_percentile_is_of_the_trials_that_have_a_value(delays_s: list[float | None]) -> None:
    told = percentile(delays_s, 95)
    there = [1000 * each for each in delays_s if each is not None]
    if not there:
        assert told == Interval(None, None, None, "ms")
        return
    assert told.value == pytest.approx(np.percentile(there, 95))
    assert within(told)


def test_the_interval_is_the_one_that_other_samples_would_give() -> None:
    rng = np.random.default_rng(5)
    medians = [np.median(rng.exponential(100, 200)) for _ in range(2000)]
    told = percentile(list(rng.exponential(0.1, 200)), 50)
    assert told.low is not None and told.high is not None
    spread = np.subtract(*np.percentile(medians, [97.5, 2.5]))
    assert told.high - told.low == pytest.approx(spread, rel=0.35)


def test_the_same_trials_give_the_same_interval() -> None:
    assert percent([True, False, True]) == percent([True, False, True])
    assert rate([1, 0, 2], [60, 60, 60], 3600, "/h") == rate([1, 0, 2], [60, 60, 60], 3600, "/h")


def test_a_rate_is_of_all_the_time_together() -> None:
    told = rate([1, 0, 0, 1], [60, 600, 60, 600], 3600, "/h")
    assert told.value == pytest.approx(2 * 3600 / 1320)
    assert within(told)


def test_a_hundred_trials_without_an_exception_exclude_three_per_cent() -> None:
    told = percent([True] * 100)
    assert (told.value, told.high) == (100, 100)
    assert told.low == pytest.approx(97, abs=0.1)


def test_an_hour_without_an_event_excludes_three_an_hour() -> None:
    assert rate([0, 0], [1800, 1800], 3600, "/h") == Interval(0, 0, pytest.approx(3.0, abs=0.01), "/h")


def test_of_seconds_that_never_came_nothing_is_known_above() -> None:
    assert rate([0.0], [3600], 3600, "s/h").high is None


def test_a_single_file_has_no_interval() -> None:
    assert rate([3], [3600], 3600, "/h") == Interval(3.0, None, None, "/h")


@pytest.mark.parametrize("nothing", [percent([]), percentile([], 50), rate([], [], 3600, "/h")])
def test_without_trials_there_is_no_figure(nothing: Interval) -> None:
    assert (nothing.value, nothing.low, nothing.high) == (None, None, None)
