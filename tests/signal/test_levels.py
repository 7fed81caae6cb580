"""Levels in dBFS and the tracked floor of the room."""

import numpy as np
import pytest

from assistant.signal.levels import SILENCE_DBFS, NoiseFloor, dbfs

FRAME = 512
SECOND = 31


def noise(level_dbfs: float, frames: int, seed: int = 0) -> list[float]:
    sound = np.random.default_rng(seed).standard_normal((frames, FRAME)).astype(np.float32) * 10 ** (level_dbfs / 20)
    return [dbfs(frame) for frame in sound]


def heard(floor: NoiseFloor, levels: list[float]) -> float:
    for level in levels:
        floor.update(level)
    return floor.level_dbfs


def test_a_full_scale_sine_reads_minus_three() -> None:
    assert dbfs(np.sin(2 * np.pi * np.arange(FRAME) / 32).astype(np.float32)) == pytest.approx(-3.01, abs=0.01)


def test_digital_silence_is_a_number() -> None:
    assert dbfs(np.zeros(FRAME, np.float32)) == SILENCE_DBFS


@pytest.mark.parametrize("level", [-80, -60, -40])
def test_the_floor_is_sound_within_a_second(level: float) -> None:
    assert heard(NoiseFloor(0.032), noise(level, SECOND)) == pytest.approx(level, abs=1.5)


def test_the_floor_is_always_finite() -> None:
    floor = NoiseFloor(0.032)
    assert floor.level_dbfs == NoiseFloor.FLOOR_DBFS
    assert heard(floor, [SILENCE_DBFS] * 100) == NoiseFloor.FLOOR_DBFS


def test_a_stream_that_starts_with_zeros_learns_the_room_as_fast() -> None:
    assert heard(NoiseFloor(0.032), [SILENCE_DBFS] * 50 + noise(-60, SECOND)) == pytest.approx(-60, abs=1.5)


def test_words_with_gaps_do_not_lift_the_floor() -> None:
    floor = NoiseFloor(0.032)
    heard(floor, noise(-65, 2 * SECOND))
    for word in range(10):
        heard(floor, noise(-25, 15, seed=word) + noise(-65, 5, seed=word))
    assert floor.level_dbfs < -60


def test_a_louder_room_is_accepted_slowly_and_a_quieter_one_at_once() -> None:
    floor = NoiseFloor(0.032)
    heard(floor, noise(-65, 2 * SECOND))
    assert heard(floor, noise(-45, 2 * SECOND)) < -53
    assert heard(floor, noise(-45, 4 * SECOND)) == pytest.approx(-45, abs=1.5)
    assert heard(floor, noise(-65, 10)) == pytest.approx(-65, abs=3)


def test_a_muted_microphone_does_not_drag_the_floor_down() -> None:
    floor = NoiseFloor(0.032)
    before = heard(floor, noise(-50, 3 * SECOND))
    assert heard(floor, [SILENCE_DBFS] * 200) == before
