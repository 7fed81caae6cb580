"""The ring addressed by sample number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.signal.history import History


def counted(history: History, blocks: list[int]) -> None:
    for n in blocks:
        history.append(np.arange(history.end, history.end + n, dtype=np.float32))


@given(st.lists(st.integers(0, 100), max_size=30), st.integers(0, 2000), st.integers(0, 300))
def test_every_sample_is_found_where_it_was_put(blocks: list[int], start: int, length: int) -> None:
    history = History(100)
    counted(history, blocks)
    end = min(start + length, history.end)
    expected = np.arange(max(start, history.start), end, dtype=np.float32)
    np.testing.assert_array_equal(history.between(start, end), expected)


def test_what_is_gone_is_missing_at_the_front() -> None:
    history = History(100)
    counted(history, [80, 80])
    assert history.start == 60
    np.testing.assert_array_equal(history.between(0, 70), np.arange(60, 70))


def test_before_the_beginning_there_is_nothing() -> None:
    history = History(100)
    counted(history, [50])
    assert len(history.between(-400, 10)) == 10


def test_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="not been heard"):
        History(100).between(0, 1)


def test_a_copy_stays_as_it_was() -> None:
    history = History(100)
    counted(history, [100])
    kept = history.between(0, 100)
    counted(history, [100])
    assert kept[0] == 0 and not kept.flags.writeable
