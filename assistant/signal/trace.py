"""The last half minute in drawable form: peaks of both sides and the facts of every frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

BIN = 40
"""Samples a peak bin at 16 kHz: 2.5 ms, finer than a pixel at every zoom of the panel."""
FRAME = 256
RATE = 16_000
NEAR, FAR = range(2)
FIELDS = ("p_speech", "near_dbfs", "noise_dbfs", "echo_dbfs", "far_dbfs", "gain", "state", "since_rise", "usual_dbfs")
"""Of each frame. gain: linear. state: a number that the writer chose. since_rise: samples from where the sound last
rose out of the floor to the frame's end. usual_dbfs: how loud the person usually speaks."""


@dataclass(frozen=True, slots=True)
class PeakSlice:
    """Peaks from `start` on: low and high are (n,) float32 in ±1.0, one pair every BIN samples."""

    start: int
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class FrameSlice:
    """Frames from number `first` on: values is (n, len(FIELDS)) float32, columns in the order of FIELDS."""

    first: int
    values: Floats

    def column(self, field: str) -> Floats:
        return self.values[:, FIELDS.index(field)]


class Trace:
    """Owned by the turn thread, which writes; the window reads copies at any time.

    A reader may see the newest bin half old, never a torn array: rings are preallocated and counters bump last.
    """

    def __init__(self, seconds: float = 40.0) -> None:
        bins = int(seconds * RATE) // BIN
        self._lowest, self._highest = np.zeros((2, 2, bins), np.float32)
        self._frames = np.zeros((int(seconds * RATE) // FRAME, len(FIELDS)), np.float32)
        self._bins_written = 0
        self._frames_written = 0
        self._rest = np.zeros((2, 0), np.float32)

    @property
    def samples(self) -> int:
        """How many 16 kHz samples the peaks cover since the stream began."""
        return self._bins_written * BIN

    @property
    def frames(self) -> int:
        return self._frames_written

    def add_sound(self, near: Floats, far: Floats) -> None:
        """near, far: (n,) float32 at 16 kHz, any n, both the same."""
        joined = np.concatenate([self._rest, np.stack([near, far])], axis=1)
        bins = joined.shape[1] // BIN
        self._rest = joined[:, bins * BIN :]
        if not bins:
            return
        cut = joined[:, : bins * BIN].reshape(2, bins, BIN)
        where = (self._bins_written + np.arange(bins)) % self._lowest.shape[1]
        self._lowest[:, where], self._highest[:, where] = cut.min(2), cut.max(2)
        self._bins_written += bins

    def add_frame(self, values: tuple[float, ...]) -> None:
        """values: one number for each of FIELDS."""
        self._frames[self._frames_written % len(self._frames)] = values
        self._frames_written += 1

    def near_peaks(self, start: int, end: int) -> PeakSlice:
        """Peaks of samples `start` to `end`, cut to what is still kept."""
        return self._peaks(NEAR, start, end)

    def far_peaks(self, start: int, end: int) -> PeakSlice:
        return self._peaks(FAR, start, end)

    def frame_slice(self, start: int, end: int) -> FrameSlice:
        """The frames that lie in samples `start` to `end`, cut to what is still kept."""
        written, kept = self._frames_written, len(self._frames)
        first = max(start // FRAME, written - kept, 0)
        last = min(-(-end // FRAME), written)
        return FrameSlice(first, self._frames[np.arange(first, max(first, last)) % kept])

    def _peaks(self, side: int, start: int, end: int) -> PeakSlice:
        written, kept = self._bins_written, self._lowest.shape[1]
        first = max(start // BIN, written - kept, 0)
        last = max(first, min(-(-end // BIN), written))
        where = np.arange(first, last) % kept
        return PeakSlice(first * BIN, self._lowest[side, where], self._highest[side, where])
