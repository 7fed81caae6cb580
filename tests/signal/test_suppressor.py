"""What is likely echo is turned down; all else passes, a little later."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from assistant.signal.suppressor import FLOOR, HALF_TAPS, OVER, Suppressor, power_gains, smooth

Floats = npt.NDArray[np.float32]
RATE = 16_000
WINDOW = 512
HALF = WINDOW // 2
BINS = WINDOW // 2 + 1


def tone(hz: float, samples: int = 20 * HALF) -> Floats:
    return np.sin(2 * np.pi * hz * np.arange(samples) / RATE).astype(np.float32)


def windows(sound: Floats) -> list[Floats]:
    return [sound[at : at + WINDOW] for at in range(0, len(sound) - WINDOW + 1, HALF)]


def filtered(sound: Floats, gains: Floats | None) -> list[Floats]:
    suppressor = Suppressor()
    return [suppressor.apply(window, gains) for window in windows(sound)]


def level_db(sound: Floats) -> float:
    return 10 * float(np.log10(np.mean(np.square(sound))))


def test_where_no_echo_is_expected_all_passes() -> None:
    heard = np.abs(np.random.default_rng(1).standard_normal(BINS)).astype(np.float32)
    assert power_gains(heard, np.zeros(BINS, np.float32)) == pytest.approx(1)


def test_what_is_no_louder_than_the_expected_echo_is_turned_down_to_the_floor() -> None:
    heard = np.ones(BINS, np.float32)
    assert power_gains(heard, heard) == pytest.approx(FLOOR)
    assert power_gains(heard, heard / OVER / 2) == pytest.approx(0.5)


def test_sound_passes_unchanged_but_for_the_delay() -> None:
    sound = np.random.default_rng(1).standard_normal(10 * HALF).astype(np.float32)
    for at, out in enumerate(filtered(sound, np.ones(BINS, np.float32))[1:], 1):
        start = at * HALF - HALF_TAPS
        assert out == pytest.approx(sound[start : start + WINDOW], abs=1e-5)


def test_the_echo_s_part_of_the_spectrum_goes_and_the_user_s_stays() -> None:
    hz = np.fft.rfftfreq(WINDOW, 1 / RATE)
    gains = np.where(hz < 1500, FLOOR, 1).astype(np.float32)
    echo, user = filtered(tone(600), gains)[5], filtered(tone(3000), gains)[5]
    assert level_db(echo) < level_db(tone(600)) - 25
    assert level_db(user) == pytest.approx(level_db(tone(3000)), abs=0.2)


def test_windows_that_overlap_agree_on_what_they_share() -> None:
    gains = smooth(np.linspace(1, FLOOR, BINS).astype(np.float32))
    out = filtered(np.random.default_rng(2).standard_normal(10 * HALF).astype(np.float32), gains)
    for before, after in pairwise(out[1:]):
        assert after[:HALF] == pytest.approx(before[HALF:], abs=1e-5)


def test_without_gains_the_window_is_left_alone_and_still_remembered() -> None:
    sound = np.random.default_rng(3).standard_normal(4 * HALF).astype(np.float32)
    suppressor = Suppressor()
    first, second, third = windows(sound)
    suppressor.apply(first, None)
    assert suppressor.apply(second, None) is second
    assert suppressor.apply(third, np.ones(BINS, np.float32)) == pytest.approx(sound[2 * HALF - 32 : -32], abs=1e-5)
    suppressor.reset()
    assert not suppressor.apply(third, np.ones(BINS, np.float32))[:HALF_TAPS].any()
