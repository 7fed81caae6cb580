"""The ring between the audio callback and its readers: near and far blocks side by side, one writer, no lock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BLOCK = 240
"""Samples in a block: 5 ms at 48 kHz. Longer device blocks are written as several of these."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """Consecutive blocks copied out of a ring."""

    first: int
    """Number of the first block here, counted from the start of the stream. Its first sample is `first * BLOCK`."""
    lost: int
    """Blocks between the one asked for and `first`: the reader was so late that they had been written over."""
    near: np.ndarray
    """(k, BLOCK) float32: what the microphone heard."""
    far: np.ndarray
    """(k, BLOCK) float32: what was handed to the loudspeaker in the same callback."""
    after_loss: np.ndarray
    """(k,) bool: whether the device told, with this block, that it had lost sound of either side."""

    @property
    def next(self) -> int:
        """The block to ask for next."""
        return self.first + len(self.near)


class BlockRing:
    """The last `seconds` of near and far sound. Near block i and far block i are of the same callback, for ever.

    Written by the audio callback only; read by any thread. There is no lock: the writer bumps `written` after the copy,
    and a reader looks at `written` again after its own copy and throws away what was overwritten meanwhile.
    """

    def __init__(self, seconds: float, block: int = BLOCK, rate: int = 48_000) -> None:
        if block < 1 or seconds * rate < 2 * block:
            raise ValueError(f"a ring holds at least two blocks; {seconds:g} s of {block} samples at {rate} Hz do not")
        self.block = block
        self.blocks = int(np.ceil(seconds * rate / block))
        self.written = 0
        # Planar, so that a block of either side is contiguous.
        self._slots = np.zeros((self.blocks, 2, block), np.float32)
        self._after_loss = np.zeros(self.blocks, bool)

    def write(self, near: np.ndarray, far: np.ndarray, after_loss: bool = False) -> None:
        """Takes one block of each, (block,) float32. after_loss: the device lost sound before it.

        Called by the audio callback.
        """
        at = self.written % self.blocks
        slot = self._slots[at]
        slot[0] = near
        slot[1] = far
        self._after_loss[at] = after_loss
        self.written += 1

    def read(self, from_block: int, limit: int | None = None) -> Blocks:
        """Copies the blocks from number `from_block` on, at most `limit` of them; none if it is not written yet.

        Raises ValueError for a negative number.
        """
        if from_block < 0:
            raise ValueError(f"blocks are counted from 0, not {from_block}")
        end = self.written
        first = max(from_block, self._oldest(end))
        if limit is not None:
            end = min(end, first + limit)
        if first >= end:
            empty = np.empty((0, self.block), np.float32)
            return Blocks(from_block, 0, empty, empty, np.empty(0, bool))
        slots = np.arange(first, end) % self.blocks
        copied, after_loss = self._slots[slots], self._after_loss[slots]
        spoiled = min(max(self._oldest(self.written) - first, 0), end - first)
        copied, after_loss = copied[spoiled:], after_loss[spoiled:]
        first += spoiled
        return Blocks(first, first - from_block, copied[:, 0], copied[:, 1], after_loss)

    def _oldest(self, written: int) -> int:
        # The slot after the newest is the one that the writer may be filling at this moment.
        return max(written - self.blocks + 1, 0)
