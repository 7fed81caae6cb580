"""A quantile of the recent past."""

from __future__ import annotations

import numpy as np


class Quantile:
    """A quantile of the last `size` values, of which the first `prior_count` are what is believed beforehand."""

    def __init__(self, size: int, share: float, prior: float = 0.0, prior_count: int = 0) -> None:
        self._values = np.full(size, prior)
        self._share = share
        self._next = prior_count % size
        self._filled = prior_count
        self.observed = 0
        self.value = prior

    def add(self, value: float) -> None:
        """Take in one value; `value` is the quantile from now on."""
        self._values[self._next] = value
        self._next = (self._next + 1) % len(self._values)
        self._filled = min(self._filled + 1, len(self._values))
        self.observed += 1
        self.value = self.at(self._share)

    def at(self, share: float) -> float:
        """The value that this share of the kept ones lies below; the prior where nothing is kept."""
        if not self._filled:
            return self.value
        rank = min(int(share * self._filled), self._filled - 1)
        return float(np.partition(self._values[: self._filled], rank)[rank])
