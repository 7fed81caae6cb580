"""Watches whether the echo still is where a canceller's filter expects it, and tells what became of it."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.signal.echo_canceller import BLOCK
from assistant.signal.lost_path import LostPath
from assistant.signal.misplaced import MisplacedEcho
from assistant.signal.moved_echo import LATEST, found_move

Floats = npt.NDArray[np.float32]

SOUGHT_BLOCKS = range(6, 17, 2)
"""So many blocks after the estimate stopped fitting it is sought where the echo is now: 96 ms hold enough of it to tell
one delay from another, and after a quarter of a second most of the path has been learnt anew."""
SETTLING_BLOCKS = 5
"""After the path was moved: so long a detector still hears and remembers what was left before."""
ANNOUNCED_BLOCKS = 24
"""After a device lost sound: so long the echo may take to come from where it was lost, 384 ms, as the filter is."""
HELD_BLOCKS = 12
"""A doubt that was announced lasts so long at least: a frame or two fit by chance. If it outlasts that, and the echo
was found nowhere else, the path is lost."""
SILENCE = np.zeros(BLOCK, np.float32)
REMEMBERED_BLOCKS = SOUGHT_BLOCKS[-1] + -(-LATEST // BLOCK)


class Noticed(NamedTuple):
    """Of one block.

    is_misplaced: what the filter left may be the echo in another place than it was expected. has_just_begun: until the
    block before it was not. moved_by: from now on the path is the one from before that, so many samples later.
    is_lost: the path is another one, and has to be learnt anew.
    """

    is_misplaced: bool
    has_just_begun: bool
    moved_by: int | None
    is_lost: bool


class PathWatch:
    """Owned by the turn thread."""

    def __init__(self) -> None:
        self._lost_path = LostPath()
        self._misplaced = MisplacedEcho()
        self._recent: deque[tuple[Floats, Floats]] = deque(maxlen=REMEMBERED_BLOCKS)
        self.reset()

    def reset(self) -> None:
        """Nothing has been heard yet."""
        self._lost_path.reset()
        self._misplaced.reset()
        self._recent.clear()
        self._doubted_blocks = self._settling_blocks = self._announced_blocks = self._held_blocks = 0

    def sound_lost(self) -> None:
        """The device has just lost some of the sound: soon the echo may come later or sooner than it did."""
        self._announced_blocks = ANNOUNCED_BLOCKS

    def pause(self, near: Floats) -> None:
        """near: (BLOCK,), the microphone while nothing is played. No echo is expected, and a doubt is of the past."""
        self._recent.append((near, SILENCE))
        self._misplaced.reset()
        self._doubted_blocks = self._settling_blocks = self._held_blocks = 0
        self._announced_blocks = max(0, self._announced_blocks - 1)

    def update(self, near: Floats, echo: Floats) -> Noticed:
        """near, echo: (BLOCK,), the microphone and the filter's estimate. Both are kept and must not be changed."""
        left = near - echo
        self._recent.append((near, echo))
        was_known = self._lost_path.is_known
        is_lost = self._lost_path.update(float(np.dot(near, near)), float(np.dot(left, left)))
        is_doubted = self._misplaced.update(near, echo, self._announced_blocks > 0)
        if is_doubted and self._announced_blocks:
            self._announced_blocks, self._held_blocks = 0, HELD_BLOCKS
        self._announced_blocks = max(0, self._announced_blocks - 1)
        self._doubted_blocks = self._doubted_blocks + 1 if is_doubted else 0
        has_just_begun = self._doubted_blocks == 1
        is_misplaced = is_doubted or self._held_blocks > 0 or self._settling_blocks > 0
        self._settling_blocks = max(0, self._settling_blocks - 1)
        if is_doubted and was_known and (is_lost or self._doubted_blocks in SOUGHT_BLOCKS):
            moved_by = self._found_move()
            if moved_by is not None:
                self._lost_path.forgive()
                self._misplaced.reset()
                self._settling_blocks = max(self._held_blocks, SETTLING_BLOCKS)
                self._doubted_blocks = self._held_blocks = 0
                return Noticed(True, False, moved_by, False)
        if is_doubted and self._held_blocks == 1:
            self._lost_path.begin()
            is_lost = True
        self._held_blocks = max(0, self._held_blocks - 1)
        return Noticed(is_misplaced, has_just_begun, None, is_lost)

    def _found_move(self) -> int | None:
        near, echo = (np.concatenate(blocks) for blocks in zip(*self._recent, strict=True))
        doubted = min(self._doubted_blocks + 1, SOUGHT_BLOCKS[-1], len(self._recent))  # it takes a block to doubt
        return found_move(near, echo, len(near) - doubted * BLOCK)
