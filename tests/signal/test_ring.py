"""The ring of near and far blocks."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.signal.ring import BlockRing


def numbered(ring: BlockRing, count: int) -> None:
    """Writes `count` blocks: near block i holds i, far block i holds -i."""
    for _ in range(count):
        i = ring.written
        ring.write(np.full(ring.block, i, np.float32), np.full(ring.block, -i, np.float32))


def test_what_was_written_is_read_in_order_and_side_by_side() -> None:
    ring = BlockRing(1.0)
    numbered(ring, 5)
    blocks = ring.read(2)
    assert (blocks.first, blocks.lost, blocks.next) == (2, 0, 5)
    np.testing.assert_array_equal(blocks.near[:, 0], [2, 3, 4])
    np.testing.assert_array_equal(blocks.far, -blocks.near)


def test_which_block_came_after_a_loss_is_kept_until_it_is_written_over() -> None:
    ring = BlockRing(0.1, block=480)
    silent = np.zeros(480, np.float32)
    for number in range(12):
        ring.write(silent, silent, after_loss=number in (1, 10))
    assert ring.read(0, limit=1).first == 3
    np.testing.assert_array_equal(np.flatnonzero(ring.read(3).after_loss) + 3, [10])


def test_a_block_that_is_not_there_yet_is_not_lost() -> None:
    ring = BlockRing(1.0)
    numbered(ring, 3)
    blocks = ring.read(3)
    assert (blocks.first, blocks.lost, len(blocks.near)) == (3, 0, 0)


def test_a_late_reader_is_told_how_many_blocks_it_missed() -> None:
    ring = BlockRing(0.1, block=480)
    numbered(ring, 25)
    blocks = ring.read(4)
    assert ring.blocks == 10
    # Nine of ten: the tenth slot belongs to the writer.
    assert (blocks.first, blocks.lost) == (16, 12)
    np.testing.assert_array_equal(blocks.near[:, -1], np.arange(16, 25))


def test_a_limit_takes_the_oldest_first() -> None:
    ring = BlockRing(1.0)
    numbered(ring, 8)
    blocks = ring.read(1, limit=3)
    np.testing.assert_array_equal(blocks.near[:, 0], [1, 2, 3])
    assert blocks.next == 4


def test_what_was_read_does_not_change_when_the_ring_goes_round() -> None:
    ring = BlockRing(0.05)
    numbered(ring, 3)
    blocks = ring.read(0)
    numbered(ring, 20)
    np.testing.assert_array_equal(blocks.near[:, 0], [0, 1, 2])


@pytest.mark.parametrize(("seconds", "block"), [(0.0, 480), (0.01, 480), (1.0, 0)])
def test_a_ring_too_small_is_refused(seconds: float, block: int) -> None:
    with pytest.raises(ValueError, match="two blocks"):
        BlockRing(seconds, block)


def test_a_negative_block_is_refused() -> None:
    with pytest.raises(ValueError, match="counted from 0"):
        BlockRing(1.0).read(-1)


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(1, 7)), max_size=30))
def test_every_block_is_either_read_once_or_counted_as_lost(steps: list[tuple[int, int]]) -> None:
    ring = BlockRing(0.1, block=480)
    at, seen, lost = 0, [], 0
    for write, limit in steps:
        numbered(ring, write)
        blocks = ring.read(at, limit)
        seen += [int(b) for b in blocks.near[:, 0]]
        lost += blocks.lost
        at = blocks.next
    assert seen == sorted(set(seen))
    assert len(seen) + lost == at


def test_a_reader_racing_the_writer_never_gets_a_torn_block() -> None:
    ring = BlockRing(0.1)
    done = threading.Event()

    def write() -> None:
        numbered(ring, 20_000)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    at = 0
    while not done.is_set():
        blocks = ring.read(at)
        expected = np.arange(blocks.first, blocks.next, dtype=np.float32)[:, None]
        assert np.all(blocks.near == expected)
        assert np.all(blocks.far == -expected)
        at = blocks.next
    writer.join()
