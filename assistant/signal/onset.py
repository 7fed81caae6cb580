"""Where the sound that is going on began."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

HOP = 128
"""8 ms at 16 kHz."""


class OnsetFinder:
    """Keeps the levels of the last hops and walks back from now to where they rose. Owned by the turn thread."""

    LOOK_BACK_HOPS = 37
    """296 ms: a sound that has gone on for longer has no onset that a decision could still be measured from."""
    RISE_DB = 9.0
    """Over the floor. Short hops of steady noise stay within ±5 dB of their mean."""
    GAP_HOPS = 6
    """48 ms: the closure of a plosive, and the dip between two syllables, are inside a sound."""

    def __init__(self) -> None:
        self._power = np.zeros(self.LOOK_BACK_HOPS, np.float32)

    def reset(self) -> None:
        self._power[:] = 0

    def update(self, frame: Floats, end_sample: int, floor_dbfs: float) -> int:
        """The sample at which the level last rose out of the floor; the frame's own start where nothing stands out.

        frame: (n · HOP,) float32, 16 kHz, ending at `end_sample`. At most LOOK_BACK_HOPS back.
        """
        hops = frame.reshape(-1, HOP)
        self._power[: -len(hops)] = self._power[len(hops) :]
        self._power[-len(hops) :] = np.square(hops).sum(1) / HOP
        loud = np.flatnonzero(self._power > 10 ** ((floor_dbfs + self.RISE_DB) / 10))
        newest = self.LOOK_BACK_HOPS - 1
        if not len(loud) or newest - loud[-1] > self.GAP_HOPS:
            return end_sample - len(frame)
        breaks = np.flatnonzero(np.diff(loud) > self.GAP_HOPS + 1)
        first = int(loud[breaks[-1] + 1] if len(breaks) else loud[0])
        return max(0, end_sample - (self.LOOK_BACK_HOPS - first) * HOP)
