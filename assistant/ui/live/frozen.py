"""A picture of the trace that stands still while the trace itself goes on."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from assistant.signal.trace import BIN, FRAME, FrameSlice, PeakSlice, Trace


class Recorded(Protocol):
    """What the live panel reads of a trace, whether it runs or stands."""

    @property
    def samples(self) -> int: ...
    @property
    def frames(self) -> int: ...
    def near_peaks(self, start: int, end: int) -> PeakSlice: ...
    def far_peaks(self, start: int, end: int) -> PeakSlice: ...
    def frame_slice(self, start: int, end: int) -> FrameSlice: ...


class FrozenTrace:
    """A copy of all that a trace keeps at this moment, or of samples `start` to `end`. About 0.3 MB for 40 s."""

    def __init__(self, trace: Recorded, start: int = 0, end: int | None = None) -> None:
        end = trace.samples if end is None else min(end, trace.samples)
        self._near = trace.near_peaks(start, end)
        self._far = trace.far_peaks(start, end)
        self._frame_slice = trace.frame_slice(start, end)

    @property
    def start(self) -> int:
        """The first sample that is kept."""
        return self._near.start

    @property
    def samples(self) -> int:
        return self._near.start + len(self._near.low) * BIN

    @property
    def frames(self) -> int:
        return self._frame_slice.first + len(self._frame_slice.values)

    def near_peaks(self, start: int, end: int) -> PeakSlice:
        return _cut(self._near, start, end)

    def far_peaks(self, start: int, end: int) -> PeakSlice:
        return _cut(self._far, start, end)

    def frame_slice(self, start: int, end: int) -> FrameSlice:
        kept = self._frame_slice
        first = min(max(start // FRAME - kept.first, 0), len(kept.values))
        last = max(first, -(-end // FRAME) - kept.first)
        return FrameSlice(kept.first + first, kept.values[first:last])


def silent_trace() -> Trace:
    """A trace of nothing, for a panel that has not been given sound yet."""
    return Trace(seconds=1.0)


def no_peaks() -> PeakSlice:
    """Nothing, as peaks."""
    return PeakSlice(0, np.zeros(0, np.float32), np.zeros(0, np.float32))


def _cut(kept: PeakSlice, start: int, end: int) -> PeakSlice:
    first = min(max((start - kept.start) // BIN, 0), len(kept.low))
    last = max(first, -(-(end - kept.start) // BIN))
    return PeakSlice(kept.start + first * BIN, kept.low[first:last], kept.high[first:last])
