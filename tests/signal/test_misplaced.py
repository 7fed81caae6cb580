"""An echo that arrives at another moment than was estimated is told from a user who speaks through it."""

import numpy as np
import numpy.typing as npt
import pytest

from assistant.signal.misplaced import MisplacedEcho
from tests.coloured_noise import coloured

Floats = npt.NDArray[np.float32]
FRAME = 256


def sound(seed: int, frames: int = 60, dbfs: float = -24.0) -> Floats:
    return coloured(seed, frames * FRAME, dbfs)


def told(near: Floats, echo: Floats) -> list[bool]:
    misplaced = MisplacedEcho()
    blocks = zip(near.reshape(-1, FRAME), echo.reshape(-1, FRAME), strict=True)
    return [misplaced.update(*block) for block in blocks]


@pytest.mark.parametrize("late", [-139, -38, 38, 139, 2400])
def test_an_estimate_beside_the_echo_is_told_in_two_frames(late: int) -> None:
    echo = sound(1)
    said = told(np.roll(echo, late), echo)
    assert any(said[:2])
    assert np.mean(said[2:]) > 0.95


def test_an_estimate_that_fits_is_never_in_doubt() -> None:
    echo = sound(1)
    assert not any(told(echo + sound(2, dbfs=-40), 0.9 * echo))


@pytest.mark.parametrize("user_dbfs", [-34.0, -24.0, -14.0])
def test_nor_is_it_when_a_user_speaks_through_it(user_dbfs: float) -> None:
    echo = sound(1)
    assert np.mean(told(echo + sound(3, dbfs=user_dbfs), echo)) < 0.05


def test_a_user_much_louder_than_the_estimate_is_no_echo_wherever_that_stands() -> None:
    echo = sound(1)
    assert not any(told(np.roll(echo, 139) + sound(3, dbfs=-14), echo))


def test_an_estimate_too_soft_to_matter_and_silence_say_nothing() -> None:
    echo = sound(1, dbfs=-70)
    assert not any(told(np.roll(echo, 139), echo))
    assert not any(told(np.zeros_like(echo), np.zeros_like(echo)))


def test_the_doubt_ends_soon_after_the_estimate_fits_again() -> None:
    echo = sound(1)
    near = np.concatenate([np.roll(echo, 139)[: 30 * FRAME], echo[30 * FRAME :]])
    assert not any(told(near, echo)[32:])


@pytest.mark.parametrize("user_dbfs", [None, -24.0])
def test_where_a_jump_is_announced_one_frame_is_enough(user_dbfs: float | None) -> None:
    echo = sound(1)
    user = sound(3, dbfs=user_dbfs) if user_dbfs is not None else np.zeros_like(echo)
    told_at_once, told_later = [], []
    for start in range(0, 50 * FRAME, FRAME):
        near, estimate = (np.roll(echo, 139) + user)[start : start + FRAME], echo[start : start + FRAME]
        told_at_once.append(MisplacedEcho().update(near, estimate, is_announced=True))
        told_later.append(MisplacedEcho().update(near, estimate))
    assert np.mean(told_at_once) > 0.7
    assert np.mean(told_later) < np.mean(told_at_once) - 0.1


def test_and_an_estimate_that_fits_is_not_in_doubt_there_either() -> None:
    echo, misplaced = sound(1), MisplacedEcho()
    near = echo + sound(2, dbfs=-40)
    starts = range(0, len(echo), FRAME)
    assert not any(misplaced.update(near[at : at + FRAME], echo[at : at + FRAME], True) for at in starts)


def test_a_reset_forgets_the_doubt() -> None:
    echo, misplaced = sound(1), MisplacedEcho()
    for at in range(0, 10 * FRAME, FRAME):
        misplaced.update(np.roll(echo, 139)[at : at + FRAME], echo[at : at + FRAME])
    misplaced.reset()
    assert not misplaced.update(echo[:FRAME], echo[:FRAME])
