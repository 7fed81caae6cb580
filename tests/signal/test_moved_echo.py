"""By how much an echo is later than was expected is found among whatever else is heard, or it is not told at all."""

import numpy as np
import numpy.typing as npt
import pytest

from assistant.signal.moved_echo import found_move, moved
from tests.coloured_noise import coloured

Floats = npt.NDArray[np.float32]
LENGTH = 7296
BEGUN = LENGTH - 1792


def sound(seed: int, dbfs: float = -24.0) -> Floats:
    return coloured(seed, LENGTH, dbfs)


@pytest.mark.parametrize("late", [-600, -139, -9, 9, 139, 2400])
def test_a_later_or_sooner_echo_is_found_to_the_sample(late: int) -> None:
    echo = sound(1)
    assert found_move(np.roll(echo, late) + sound(2, dbfs=-40), echo, BEGUN) == late


def test_a_user_softer_than_the_echo_hides_nothing() -> None:
    echo = sound(1)
    assert found_move(np.roll(echo, 139) + sound(2, dbfs=-32), echo, BEGUN) == 139


@pytest.mark.parametrize(
    "near",
    [
        pytest.param(sound(1) + sound(2), id="it is where it was, and a user speaks"),
        pytest.param(np.roll(sound(1), 139) + sound(2, dbfs=-16), id="a user is far louder"),
        pytest.param(sound(2), id="another sound"),
        pytest.param(np.zeros(LENGTH, np.float32), id="silence"),
        pytest.param(0.1 * np.roll(sound(1), 139), id="nearly all of it is missing"),
        pytest.param(np.where(np.arange(LENGTH) < LENGTH - 256, 0, np.roll(sound(1), 139)), id="only its beginning"),
    ],
)
def test_whatever_else_is_heard_moves_nothing(near: Floats) -> None:
    assert found_move(near, sound(1), BEGUN) is None


@pytest.mark.parametrize("by", [-300, 0, 300])
def test_a_moved_path_answers_so_much_later(by: int) -> None:
    taps = np.zeros((2, 1024), np.float32)
    taps[:, 400] = 1, 0.5
    after = moved(taps, by)
    assert after[:, 400 + by].tolist() == [1, 0.5]
    assert np.count_nonzero(after) == 2


def test_what_leaves_the_path_is_cut_off() -> None:
    taps = np.ones((1, 1024), np.float32)
    assert moved(taps, 1000).sum() == moved(taps, -1000).sum() == 24
