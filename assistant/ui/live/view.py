"""Which sound stands on which column: a column is a fixed number of samples, counted from the stream's start."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from assistant.signal.trace import FRAME, RATE


@dataclass(frozen=True, slots=True)
class View:
    """columns: width of the plot in device pixels. per_column: 16 kHz samples. head: the column right of the last one.

    Column k holds samples k × per_column up to (k + 1) × per_column, whatever is shown and whenever it is drawn.
    """

    columns: int
    per_column: int
    head: int

    @classmethod
    def of(cls, columns: int, seconds: float, samples: int, frames: int) -> View:
        """The newest sound at the right edge: only columns of which every sample and its frame are known.

        Rounded up, so that the whole of `seconds` is always inside the plot.
        """
        per_column = max(1, ceil(seconds * RATE / max(1, columns)))
        return cls(columns, per_column, min(samples, frames * FRAME) // per_column)

    @property
    def tail(self) -> int:
        """The first column in the plot; negative while the stream is younger than the plot is wide."""
        return self.head - self.columns

    @property
    def start(self) -> int:
        return self.tail * self.per_column

    @property
    def end(self) -> int:
        return self.head * self.per_column

    def x(self, sample: float) -> float:
        """Device pixels from the plot's left edge; outside of 0 to `columns` where the sample is not shown."""
        return sample / self.per_column - self.tail

    def sample(self, x: float) -> int:
        """The sample at device pixel `x` from the plot's left edge."""
        return round((x + self.tail) * self.per_column)

    def moved(self, columns: int) -> View:
        """The same zoom, `columns` later."""
        return replace(self, head=self.head + columns)

    def zoomed(self, seconds: float, x: float) -> View:
        """Another zoom, with the sample under device pixel `x` kept where it is."""
        pinned = self.sample(x)
        per_column = max(1, ceil(seconds * RATE / max(1, self.columns)))
        return View(self.columns, per_column, round(pinned / per_column - x) + self.columns)
