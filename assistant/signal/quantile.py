"""A quantile of the recent past."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque


class Quantile:
    """A quantile of the last `size` values, of which the first `prior_count` are what is believed beforehand."""

    def __init__(self, size: int, share: float, prior: float = 0.0, prior_count: int = 0) -> None:
        self._size = size
        self._share = share
        self._arrived = deque([prior] * min(prior_count, size))
        self._sorted = list(self._arrived)
        self.observed = 0
        self.value = prior

    def add(self, value: float) -> None:
        """Take in one value; `value` is the quantile from now on."""
        if len(self._arrived) == self._size:
            del self._sorted[bisect_left(self._sorted, self._arrived.popleft())]
        self._arrived.append(value)
        insort(self._sorted, value)
        self.observed += 1
        self.value = self.at(self._share)

    def at(self, share: float) -> float:
        """The value that this share of the kept ones lies below; the prior where nothing is kept."""
        if not self._sorted:
            return self.value
        return self._sorted[min(int(share * len(self._sorted)), len(self._sorted) - 1)]
