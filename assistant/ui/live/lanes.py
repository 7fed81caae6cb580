"""The three lanes as pixels: columns of peaks and probabilities painted into an array by numpy masks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.signal.trace import BIN, Floats, PeakSlice
from assistant.turns.facts import SILENCE_DBFS
from assistant.ui.live.columns import frames_by_column, peaks_by_column
from assistant.ui.live.frozen import Recorded
from assistant.ui.live.layout import Layout
from assistant.ui.tokens import Tokens

Pixels = npt.NDArray[np.uint32]

EXPONENT = 0.62
"""Height of a peak is |x| to this power: a whisper is still seen and a shout still fits."""
CLIPPED = 0.999
SILENT = 0.001
UNPLAYED_OPACITY = 0.22
FILL_OPACITY = 0.14
SPEECH_OPACITY = 0.45


@dataclass(frozen=True, slots=True)
class Unplayed:
    """The rest of a phrase that was cut: what would have sounded from `start` (16 kHz sample) on."""

    start: int
    peaks: PeakSlice

    @property
    def end(self) -> int:
        return self.start + len(self.peaks.low) * BIN


@dataclass(frozen=True, slots=True)
class LaneInks:
    """Premultiplied ARGB of everything that the lanes paint."""

    near: int
    far: int
    clipped: int
    centre: int
    unplayed: int
    vad: int
    vad_soft: int
    fill: int
    speech: int

    @classmethod
    def of(cls, t: Tokens) -> LaneInks:
        return cls(
            near=ink(t.near),
            far=ink(t.far),
            clipped=ink(t.stop),
            centre=ink(t.line2),
            unplayed=ink(t.far, UNPLAYED_OPACITY),
            vad=ink(t.vad),
            vad_soft=ink(t.vad, 0.6),
            fill=ink(t.vad, FILL_OPACITY),
            speech=ink(t.vad, SPEECH_OPACITY),
        )


def ink(colour: str, opacity: float = 1.0) -> int:
    """ "#RRGGBB" as a premultiplied 32-bit ARGB number."""
    red, green, blue = (round(int(colour[i : i + 2], 16) * opacity) for i in (1, 3, 5))
    return round(255 * opacity) << 24 | red << 16 | green << 8 | blue


@dataclass(frozen=True, slots=True)
class Lanes:
    """Paints columns; keeps nothing.

    start: the probability from which a frame counts as speech; start_over_echo: the same while Interject's own voice
    may be in it.
    """

    layout: Layout
    inks: LaneInks
    start: float
    start_over_echo: float

    def paint(
        self, trace: Recorded, unplayed: Iterable[Unplayed], first: int, last: int, per_column: int
    ) -> Pixels:
        """Columns `first` up to, not including, `last`: (rows of layout.lanes, last - first) premultiplied ARGB."""
        out = np.zeros((self.layout.lanes.height(), last - first), np.uint32)
        begin, end = first * per_column, last * per_column
        near = peaks_by_column(trace.near_peaks(begin, end), first, last, per_column)
        far = peaks_by_column(trace.far_peaks(begin, end), first, last, per_column)
        self._wave(self._lane(out, self.layout.mic.y(), self.layout.mic.height()), *near, self.inks.near)
        playback = self._lane(out, self.layout.playback.y(), self.layout.playback.height())
        silent = (far[0] > -SILENT) & (far[1] < SILENT)
        self._wave(playback, *far, self.inks.far)
        for ghost in unplayed:
            if begin < ghost.end and ghost.start < end:
                self._ghost(playback, ghost, silent, first, per_column)
        # one column earlier, so that the step from it can be drawn
        frames = trace.frame_slice(begin - per_column, end)
        p = frames_by_column(frames, "p_speech", first - 1, last, per_column)
        echo_dbfs = frames_by_column(frames, "echo_dbfs", first, last, per_column)
        lane = self._lane(out, self.layout.probability.y(), self.layout.probability.height())
        self._probability(lane, p, echo_dbfs > SILENCE_DBFS)
        return out

    def _lane(self, out: Pixels, y: int, height: int) -> Pixels:
        top = y - self.layout.lanes.y()
        return out[top : top + height]

    def _wave(self, lane: Pixels, low: Floats, high: Floats, colour: int) -> None:
        top, bottom = _extent(lane, low, high)
        rows = np.arange(len(lane))[:, None]
        sounding = (rows >= top) & (rows <= bottom) & (bottom > top)
        clipped = (low <= -CLIPPED) | (high >= CLIPPED)
        lane[len(lane) // 2] = self.inks.centre
        np.copyto(lane, np.where(clipped, np.uint32(self.inks.clipped), np.uint32(colour)), where=sounding)

    def _ghost(
        self, lane: Pixels, ghost: Unplayed, silent: npt.NDArray[np.bool_], first: int, per_column: int
    ) -> None:
        last = first + len(silent)
        # the peaks' own count begins anywhere; on the lane it begins at `start`
        placed = PeakSlice(ghost.start, ghost.peaks.low, ghost.peaks.high)
        low, high = peaks_by_column(placed, first, last, per_column)
        top, bottom = _extent(lane, low, high)
        rows = np.arange(len(lane))[:, None]
        np.copyto(lane, np.uint32(self.inks.unplayed), where=(rows >= top) & (rows <= bottom) & (bottom > top) & silent)

    def _probability(self, lane: Pixels, p: Floats, over_echo: npt.NDArray[np.bool_]) -> None:
        """p: one more than columns, the first belongs to the column before."""
        layout, offset = self.layout, self.layout.probability.y()
        known = ~np.isnan(p)
        ends = layout.p_y(0.0) - offset, layout.p_y(1.0) - offset
        y = np.rint(ends[0] + np.where(known, p, 0) * (ends[1] - ends[0])).astype(np.int64)
        here, before = y[1:], np.where(known[:-1], y[:-1], y[1:])
        shown = known[1:]
        rows = np.arange(len(lane))[:, None]
        start_row = np.where(over_echo, layout.p_y(self.start_over_echo), layout.p_y(self.start)) - offset
        np.copyto(lane, np.uint32(self.inks.fill), where=(rows >= here) & shown)
        np.copyto(lane, np.uint32(self.inks.speech), where=(rows >= here) & (rows < start_row) & shown)
        if self.start_over_echo != self.start:  # the line across the lane is the threshold without an echo
            threshold = (rows >= start_row) & (rows < start_row + max(1, int(layout.dpr)))
            np.copyto(lane, np.uint32(self.inks.vad_soft), where=threshold & over_echo)
        # 1.5 logical pixels: whole rows, and one that is half covered where they do not come out even
        thick = 1.5 * layout.dpr
        top, bottom = np.minimum(here, before), np.maximum(here, before)
        np.copyto(lane, np.uint32(self.inks.vad), where=(rows >= top) & (rows < bottom + int(thick)) & shown)
        if thick > int(thick):
            np.copyto(lane, np.uint32(self.inks.vad_soft), where=(rows == bottom + int(thick)) & shown)


def _extent(lane: Pixels, low: Floats, high: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First and last row of each column's line."""
    centre, half = len(lane) // 2, len(lane) // 2
    return (
        np.rint(centre - _bent(high) * half).astype(np.int64),
        np.rint(centre - _bent(low) * half).astype(np.int64),
    )


def _bent(peak: Floats) -> Floats:
    bent: Floats = np.sign(peak) * np.minimum(np.abs(peak), 1) ** np.float32(EXPONENT)
    return bent
