"""How the sound does: what is always measured, and one snapshot of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["none", "opening", "running", "reopening", "lost"]
"""none: no device is wanted. opening: the first try. running: blocks arrive. reopening: they stopped, and it tries
again. lost: the device does not open; it is tried again once a second."""


class Histogram:
    """Counts of durations in fixed bins, so that measuring costs the audio callback one addition.

    Written by one thread, read by any.
    """

    def __init__(self, bin_ms: float = 0.1, bins: int = 600) -> None:
        self.bin_ms = bin_ms
        self.largest_ms = 0.0
        self._per_bin = 1.0 / bin_ms
        self._last = bins - 1
        self._counts = [0] * bins

    def note(self, ms: float) -> None:
        """Counts one duration. Longer ones than the bins reach fall into the last bin and show in `largest_ms`."""
        self._counts[min(int(ms * self._per_bin), self._last)] += 1
        self.largest_ms = max(self.largest_ms, ms)

    def clear(self) -> None:
        """Forgets everything."""
        self._counts = [0] * (self._last + 1)
        self.largest_ms = 0.0

    def counts(self) -> tuple[int, ...]:
        """How many durations fell into each bin; bin i holds [i, i + 1) * `bin_ms`."""
        return tuple(self._counts)

    def percentile_ms(self, percent: float) -> float:
        """The upper edge of the bin in which this percentile lies, at most `largest_ms`; 0 if nothing was counted."""
        counts = self.counts()
        wanted = sum(counts) * percent / 100
        seen = 0
        for i, count in enumerate(counts):
            seen += count
            if count and seen >= wanted:
                return self.largest_ms if i == self._last else min((i + 1) * self.bin_ms, self.largest_ms)
        return 0.0


class Lateness:
    """How late each block came, against a clock that follows the device's own.

    A block is due one block length after the last one was. One that comes early moves the clock forward; a late one
    moves it back by 1/128 of its lateness (.6 s at 5 ms blocks), which follows crystals that disagree, not jitter.
    The first blocks of a stream are not counted: they come in a burst that fills the device's buffer.
    """

    _BURST = 20

    def __init__(self) -> None:
        self.histogram = Histogram()
        self._due_ns = 0
        self._burst = self._BURST

    def restart(self) -> None:
        """Forgets the schedule, not the counts: the next block comes from a stream that was opened anew."""
        self._burst = self._BURST

    def note(self, now_ns: int, block_ns: int) -> None:
        """Counts a block that came at `now_ns` and lasts `block_ns`."""
        if self._burst:
            self._burst -= 1
            self._due_ns = now_ns + block_ns
            return
        late_ns = now_ns - self._due_ns
        if late_ns < 0:
            late_ns, self._due_ns = 0, now_ns
        self.histogram.note(late_ns * 1e-6)
        self._due_ns += block_ns + (late_ns >> 7)


@dataclass(frozen=True, slots=True)
class SoundHealth:
    """One moment of the sound devices, for notices, the panel and `doctor`."""

    state: State
    message: str
    """What is the matter, in a sentence; empty while all is well."""
    remedy: str
    """What to do about it; may be empty."""
    input_name: str
    output_name: str
    block_ms: float
    blocks: int
    """Blocks of the ring since the start, over all devices."""
    openings: int
    """How many times a stream was opened. When it grows, sound was lost between two blocks."""
    xruns_in: int
    xruns_out: int
    lateness_p50_ms: float
    lateness_p95_ms: float
    lateness_max_ms: float
    busy_p95_ms: float
    """Time that the callback itself took."""
    input_latency_ms: float
    output_latency_ms: float
