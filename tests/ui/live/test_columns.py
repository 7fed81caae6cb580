"""Peaks and frames come to the same columns however they are asked for."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.signal.trace import FIELDS, Trace
from assistant.ui.live.columns import frames_by_column, peaks_by_column, runs


def filled(seconds: float = 2.0) -> Trace:
    trace, rng = Trace(), np.random.default_rng(1)
    for number in range(int(seconds * 16_000) // 256):
        near, far = rng.uniform(-1, 1, (2, 256)).astype(np.float32)
        trace.add_sound(near, far)
        trace.add_frame((number / 100, *[0.0] * (len(FIELDS) - 1)))
    return trace


TRACE = filled()


@settings(max_examples=40)
@given(st.integers(13, 600), st.data())
def test_a_column_is_the_same_whether_it_comes_alone_or_with_others(per_column: int, data: st.DataObject) -> None:
    last = TRACE.samples // per_column
    column = data.draw(st.integers(0, last - 1))
    all_at_once = peaks_by_column(TRACE.near_peaks(0, TRACE.samples), 0, last, per_column)
    begin, end = column * per_column, (column + 1) * per_column
    alone = peaks_by_column(TRACE.near_peaks(begin, end), column, column + 1, per_column)
    assert (alone[0][0], alone[1][0]) == (all_at_once[0][column], all_at_once[1][column])


def test_a_column_holds_the_lowest_and_highest_of_its_bins() -> None:
    peaks = TRACE.near_peaks(0, TRACE.samples)
    low, high = peaks_by_column(peaks, 3, 5, 400)
    assert low[0] == peaks.low[30:40].min()
    assert high[1] == peaks.high[40:50].max()


def test_what_is_not_kept_is_silence_and_no_frame() -> None:
    low, high = peaks_by_column(TRACE.near_peaks(-9000, 400), -20, 1, 400)
    assert not low[:20].any()
    assert not high[:20].any()
    assert high[20] > 0
    p = frames_by_column(TRACE.frame_slice(TRACE.samples - 512, TRACE.samples + 5120), "p_speech", 123, 153, 256)
    assert np.isnan(p[5:]).all()
    assert not np.isnan(p[:2]).any()


def test_a_column_shows_the_frame_it_begins_in() -> None:
    p = frames_by_column(TRACE.frame_slice(0, TRACE.samples), "p_speech", 0, 10, 128)
    assert np.allclose(p, np.repeat(np.arange(5), 2) / 100)


def test_runs_of_equal_states() -> None:
    states = np.array([4, 4, 5, np.nan, np.nan, 4], np.float32)
    assert runs(states) == [(4, 0, 2), (5, 2, 3), (-1, 3, 5), (4, 5, 6)]
    assert runs(np.zeros(0, np.float32)) == []
