"""The last seconds of a signal, found again by sample number."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class History:
    """A ring addressed by the sample number since the stream began. Owned by the turn thread."""

    def __init__(self, samples: int) -> None:
        self._ring = np.zeros(samples, np.float32)
        self._end = 0

    @property
    def start(self) -> int:
        """The oldest sample that is still kept."""
        return max(0, self._end - len(self._ring))

    @property
    def end(self) -> int:
        """The sample after the newest one."""
        return self._end

    def append(self, block: Floats) -> None:
        """block: (n,) float32, n at most the ring's length."""
        at = self._end % len(self._ring)
        fits = min(len(block), len(self._ring) - at)
        self._ring[at : at + fits] = block[:fits]
        self._ring[: len(block) - fits] = block[fits:]
        self._end += len(block)

    def between(self, start: int, end: int) -> Floats:
        """A read-only copy of samples `start` to `end`, (at most end - start,) float32.

        What is no longer kept, or was before the stream began, is missing at the front: compare the length.
        Raises ValueError if `end` has not been heard yet.
        """
        if end > self._end:
            raise ValueError(f"sample {end} has not been heard yet: the stream is at {self._end}")
        start = max(start, self.start)
        at, stop = start % len(self._ring), start % len(self._ring) + max(0, end - start)
        wrapped = max(0, stop - len(self._ring))
        found = np.concatenate([self._ring[at : stop - wrapped], self._ring[:wrapped]])
        found.flags.writeable = False
        return found
