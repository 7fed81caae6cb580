"""What became of an echo that is not where it was expected: it jumped, it is of another room, or nothing happened."""

import numpy as np
import numpy.typing as npt
import pytest

from assistant.signal.echo_canceller import BLOCK
from assistant.signal.path_watch import ANNOUNCED_BLOCKS, HELD_BLOCKS, SETTLING_BLOCKS, Noticed, PathWatch
from tests.coloured_noise import coloured

Floats = npt.NDArray[np.float32]
KNOWN = 80
"""Blocks until a path counts as known, and a few."""


def sound(seed: int, blocks: int, dbfs: float = -24.0) -> Floats:
    return coloured(seed, blocks * BLOCK, dbfs)


def noticed(near: Floats, echo: Floats, loss: int | None = None) -> list[Noticed]:
    """loss: before that block the device tells that it lost sound."""
    watch, told = PathWatch(), []
    for at, block in enumerate(zip(near.reshape(-1, BLOCK), echo.reshape(-1, BLOCK), strict=True)):
        if at == loss:
            watch.sound_lost()
        told.append(watch.update(*block))
    return told


def from_then_on(first: Floats, then: Floats, blocks: int) -> Floats:
    return np.concatenate([first[: blocks * BLOCK], then[blocks * BLOCK :]])


@pytest.mark.parametrize("late", [-139, 139, 2400])
def test_a_jump_is_told_once_with_its_length_and_never_as_another_room(late: int) -> None:
    echo = sound(1, KNOWN + 40)
    told = noticed(from_then_on(echo, np.roll(echo, late), KNOWN), from_then_on(echo, echo, KNOWN))[KNOWN:]
    moves = [(at, each.moved_by) for at, each in enumerate(told) if each.moved_by is not None]
    assert moves[0][1] == late
    assert moves[0][0] <= 12
    assert [each.has_just_begun for each in told[: moves[0][0]]].count(True) == 1
    assert not any(each.is_lost for each in told[: moves[0][0] + 1])


def test_after_a_move_it_stays_in_doubt_until_nobody_hears_what_was_before() -> None:
    echo = sound(1, KNOWN + 60)
    watch = PathWatch()
    doubts = []
    late = 0
    for at in range(0, len(echo), BLOCK):
        near = np.roll(echo, 139) if at >= KNOWN * BLOCK else echo
        noticed = watch.update(near[at : at + BLOCK], np.roll(echo, late)[at : at + BLOCK])
        late = noticed.moved_by or late
        doubts.append(noticed.is_misplaced)
        if noticed.moved_by:
            settled = len(doubts) + SETTLING_BLOCKS
    assert all(doubts[settled - SETTLING_BLOCKS - 1 : settled])
    assert not any(doubts[settled:])


def test_a_doubt_after_a_loss_that_the_device_told_lasts_though_a_frame_fits() -> None:
    echo = sound(1, KNOWN + 60)
    jumped = from_then_on(echo, np.roll(echo, 139), KNOWN + 5)
    near = from_then_on(jumped, echo, KNOWN + 8)
    doubts = [each.is_misplaced for each in noticed(near, echo, loss=KNOWN)]
    assert not any(doubts[: KNOWN + 5])
    assert all(doubts[KNOWN + 5 : KNOWN + 5 + HELD_BLOCKS])
    assert not any(doubts[KNOWN + ANNOUNCED_BLOCKS + HELD_BLOCKS :])


def test_a_path_that_was_lost_before_it_was_known_is_told_once_where_the_device_told_of_it() -> None:
    echo, young = sound(1, 60), 20
    near = from_then_on(echo, np.roll(sound(3, 60), 139), young)
    told = noticed(near, echo, loss=young)
    assert [at - young for at, each in enumerate(told) if each.is_lost] == [HELD_BLOCKS - 1]
    assert not any(each.is_lost for each in noticed(near, echo))


def test_a_loss_that_moves_no_echo_puts_nothing_in_doubt() -> None:
    echo = sound(1, KNOWN + 60)
    near = echo + sound(2, KNOWN + 60, dbfs=-40)
    assert not any(each.is_misplaced for each in noticed(near, echo, loss=KNOWN))


def test_an_echo_of_another_room_is_lost_and_not_moved() -> None:
    echo = sound(1, KNOWN + 40)
    told = noticed(from_then_on(echo, sound(3, KNOWN + 40), KNOWN), echo)[KNOWN:]
    assert [each.is_lost for each in told].count(True) == 1
    assert all(each.moved_by is None for each in told)


def test_before_a_path_is_known_nothing_can_have_moved() -> None:
    echo = sound(1, 40)
    assert all(each.moved_by is None and not each.is_lost for each in noticed(np.roll(echo, 139), echo))


def test_a_user_moves_nothing() -> None:
    echo, user = sound(1, KNOWN + 80), sound(2, KNOWN + 80, dbfs=-20)
    told = noticed(from_then_on(echo, echo + user, KNOWN), echo)
    assert all(each.moved_by is None and not each.is_lost for each in told)


@pytest.mark.parametrize("late", [-139, 139])
def test_a_jump_in_a_pause_is_found_in_what_is_heard_after_it(late: int) -> None:
    echo = sound(1, KNOWN + 20)
    near, silent = np.roll(echo, late), np.zeros(BLOCK, np.float32)
    watch = PathWatch()
    moves = []
    for at in range(0, len(echo), BLOCK):
        if at == KNOWN * BLOCK:
            for _ in range(30):
                watch.pause(silent)
        heard = near if at >= KNOWN * BLOCK else echo
        moves.append(watch.update(heard[at : at + BLOCK], echo[at : at + BLOCK]).moved_by)
    assert late in moves[KNOWN : KNOWN + 12]
    assert not any(moves[:KNOWN])
