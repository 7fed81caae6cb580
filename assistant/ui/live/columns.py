"""Peaks and frames sorted into device columns, by numpy alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from assistant.signal.trace import BIN, FRAME, Floats, FrameSlice, PeakSlice


def peaks_by_column(peaks: PeakSlice, first: int, last: int, per_column: int) -> tuple[Floats, Floats]:
    """Lowest and highest value in each column from `first` up to, not including, `last`.

    Returns two (last - first,) float32; 0 where no peaks are kept. A column narrower than a bin repeats its bin.
    """
    columns = np.arange(first, last)
    bins = len(peaks.low)
    # counted from 0 at the first bin that is kept
    begin = columns * per_column // BIN - peaks.start // BIN
    end = -(-((columns + 1) * per_column) // BIN) - peaks.start // BIN
    known = (begin < bins) & (end > 0) & (columns >= 0)
    if not known.any():
        return np.zeros(len(columns), np.float32), np.zeros(len(columns), np.float32)
    # reduceat takes pairs: every other result belongs to the stretch between two columns and is left out. One value is
    # added behind, because the last end is an index too.
    pairs = np.empty(2 * len(columns), np.intp)
    pairs[::2] = np.minimum(np.maximum(begin, 0), bins - 1)
    pairs[1::2] = np.minimum(np.maximum(end, 1), bins)
    low = np.minimum.reduceat(np.append(peaks.low, np.float32(0)), pairs)[::2]
    high = np.maximum.reduceat(np.append(peaks.high, np.float32(0)), pairs)[::2]
    return np.where(known, low, np.float32(0)), np.where(known, high, np.float32(0))


def frames_by_column(frames: FrameSlice, field: str, first: int, last: int, per_column: int) -> Floats:
    """The value of `field` in the frame where each column begins: (last - first,) float32, NaN where none is kept."""
    values = frames.column(field)
    if not len(values):
        return np.full(last - first, np.nan, np.float32)
    which = np.arange(first, last) * per_column // FRAME - frames.first
    known = (which >= 0) & (which < len(values))
    return np.where(known, values[np.minimum(np.maximum(which, 0), len(values) - 1)], np.float32(np.nan))


def runs(values: npt.NDArray[np.float32]) -> list[tuple[int, int, int]]:
    """Stretches of equal whole numbers as (value, first index, index after the last); NaN counts as −1."""
    if not len(values):
        return []
    whole = np.nan_to_num(values, nan=-1.0).astype(np.int64)
    edges = [0, *(np.flatnonzero(np.diff(whole)) + 1).tolist(), len(whole)]
    return [(int(whole[a]), a, b) for a, b in pairwise(edges)]
