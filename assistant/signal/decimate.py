"""Decimation from 48 to 16 kHz without bursts: every three samples in are one sample out, at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

FACTOR = 3
TAPS = 97
DELAY_MS = ((TAPS - 1) // 2 - (FACTOR - 1)) / 48
"""Linear phase: output n stands for the moment of input 3n - 46. (The last two of its three samples count already.)"""
CUTOFF_HZ = 8_000
KAISER_BETA = 5.65
"""60 dB of stopband (Kaiser 1974). With 97 taps the transition is 1.8 kHz wide: flat within .02 dB up to 7 kHz,
at least 55 dB down from 9 kHz on. What lies between 8 and 9 kHz folds back to 7-8 kHz, above what carries speech."""


class Decimator:
    """Streaming polyphase FIR. Owned by the turn thread.

    The output is the same, bit for bit, however the input is cut into blocks.
    """

    def __init__(self) -> None:
        self._branches = np.ascontiguousarray(_taps().reshape(-1, FACTOR).T)
        self._past = np.zeros(self._branches.size - FACTOR, np.float32)

    def process(self, block: Floats) -> Floats:
        """block: (3n,) float32, mono 48 kHz. Returns (n,) float32 at 16 kHz, any n.

        Raises ValueError for a length that is not a multiple of 3.
        """
        if len(block) % FACTOR:
            raise ValueError(f"a block of {len(block)} samples cannot be decimated by {FACTOR}: cut it to a multiple")
        joined = np.concatenate([self._past, block])
        self._past = joined[len(block) :].copy()
        if not len(block):
            return np.zeros(0, np.float32)
        out = np.correlate(joined[0::FACTOR], self._branches[0], "valid")
        for phase in range(1, FACTOR):
            out += np.correlate(joined[phase::FACTOR], self._branches[phase], "valid")
        return out

    def reset(self) -> None:
        """Forget the past: the next block starts out of silence."""
        self._past = np.zeros_like(self._past)


def _taps() -> Floats:
    """Windowed sinc of unit gain, padded in front to a multiple of FACTOR. (99,) float32."""
    time = np.arange(TAPS) - (TAPS - 1) / 2
    taps = np.sinc(time * 2 * CUTOFF_HZ / (FACTOR * 16_000)) * np.kaiser(TAPS, KAISER_BETA)
    return np.pad(taps / taps.sum(), (-TAPS % FACTOR, 0)).astype(np.float32)
