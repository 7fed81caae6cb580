"""Where the sound began: the start of onset→stop."""

import numpy as np
import pytest

from assistant.signal.onset import HOP, OnsetFinder

FRAME = 512
MS = 16


def rise_after(sound: np.ndarray, floor_dbfs: float = -65) -> int:
    finder = OnsetFinder()
    rise = 0
    for end in range(FRAME, len(sound) + 1, FRAME):
        rise = finder.update(sound[end - FRAME : end], end, floor_dbfs)
    return rise


def room(seconds: float = 2.048, floor_dbfs: float = -65) -> np.ndarray:
    noise = np.random.default_rng(3).standard_normal(int(16_000 * seconds)) * 10 ** (floor_dbfs / 20)
    return noise.astype(np.float32)


def voice(n: int, level_dbfs: float = -25) -> np.ndarray:
    time = np.arange(n) / 16_000
    tone = np.sin(2 * np.pi * 140 * time) * (0.6 + 0.4 * np.sin(40 * time))
    return (10 ** (level_dbfs / 20) * 1.4 * tone).astype(np.float32)


@pytest.mark.parametrize("onset", [30_000, 30_100, 31_333, 32_200])
def test_the_onset_is_found_within_twenty_milliseconds(onset: int) -> None:
    sound = room()
    sound[onset:] += voice(len(sound) - onset)
    assert abs(rise_after(sound) - onset) <= 20 * MS


def test_the_closure_of_a_plosive_is_no_new_onset() -> None:
    sound = room()
    onset = len(sound) - 250 * MS
    sound[onset:] += voice(250 * MS)
    sound[onset + 80 * MS : onset + 120 * MS] = room()[: 40 * MS]
    assert abs(rise_after(sound) - onset) <= 20 * MS


def test_an_earlier_word_is_not_this_one() -> None:
    sound = room()
    onset = len(sound) - 64 * MS
    sound[onset - 200 * MS : onset - 100 * MS] += voice(100 * MS)
    sound[onset:] += voice(64 * MS)
    assert abs(rise_after(sound) - onset) <= 20 * MS


def test_it_looks_back_three_hundred_milliseconds_at_most() -> None:
    sound = room() + voice(len(room()))
    assert len(sound) - rise_after(sound) == OnsetFinder.LOOK_BACK_HOPS * HOP <= 300 * MS


def test_where_nothing_stands_out_it_is_the_frame_itself() -> None:
    assert rise_after(room()) == len(room()) - FRAME
    assert rise_after(np.zeros(FRAME * 8, np.float32)) == FRAME * 7
