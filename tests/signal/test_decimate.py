"""Decimation: what passes, what does not, and that blocks leave no seam."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.signal.decimate import DELAY_MS, Decimator


def tone(hz: float, seconds: float = 0.5) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(int(48_000 * seconds)) / 48_000).astype(np.float32)


def gain_db(hz: float) -> float:
    settled = Decimator().process(tone(hz))[100:]
    return float(10 * np.log10(np.mean(settled**2) / 0.5))


@pytest.mark.parametrize("hz", [50, 300, 1000, 4000, 6500, 7000])
def test_what_carries_speech_passes(hz: float) -> None:
    assert abs(gain_db(hz)) < 0.05


@pytest.mark.parametrize("hz", [9000, 10_000, 12_000, 15_900, 20_000, 23_000])
def test_what_would_fold_back_is_taken_out(hz: float) -> None:
    assert gain_db(hz) < -55


def test_one_block_of_the_stream_gives_its_third_at_once() -> None:
    decimator = Decimator()
    assert [len(decimator.process(np.zeros(480, np.float32))) for _ in range(3)] == [160, 160, 160]


def test_an_impulse_comes_out_within_a_millisecond() -> None:
    impulse = np.zeros(480, np.float32)
    impulse[242] = 1
    out = Decimator().process(impulse)
    assert DELAY_MS < 1
    assert int(np.argmax(out)) / 16 == pytest.approx(242 / 48 + DELAY_MS)
    np.testing.assert_allclose(out[96 - 10 : 96], out[96 + 10 : 96 : -1], atol=1e-7)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=12))
def test_the_output_does_not_depend_on_how_the_input_is_cut(thirds: list[int]) -> None:
    sound = np.random.default_rng(1).standard_normal(3 * sum(thirds)).astype(np.float32)
    cuts = np.cumsum([3 * n for n in thirds])[:-1]
    in_blocks = Decimator()
    pieces = [in_blocks.process(block) for block in np.split(sound, cuts)]
    np.testing.assert_array_equal(np.concatenate(pieces), Decimator().process(sound))


def test_after_a_reset_nothing_of_the_past_is_heard() -> None:
    decimator = Decimator()
    decimator.process(tone(1000))
    decimator.reset()
    assert not decimator.process(np.zeros(480, np.float32)).any()


def test_a_block_that_three_does_not_divide_is_refused_with_its_length() -> None:
    with pytest.raises(ValueError, match="440"):
        Decimator().process(np.zeros(440, np.float32))
