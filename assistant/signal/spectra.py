"""A frame in the frequency domain, reckoned once for all who look at it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.signal.bands import mel_weights

Floats = npt.NDArray[np.float32]
Spectrum = npt.NDArray[np.complex64]

WINDOW = 512
BINS = WINDOW // 2 + 1
NEAR, FAR, RESIDUAL, ECHO = range(4)
"""The rows: microphone, loudspeaker, what the canceller left, and the echo that it took out."""
ROWS = 4
_SLOPE = 64
"""Samples at either end of a window over which it rises and falls."""


class Spectra(NamedTuple):
    """Of one window, a row each.

    bins: (ROWS, BINS) complex64. powers: (ROWS, BINS) float32, their squares. bands: (ROWS, BANDS) float32, mean square
    re full scale.
    """

    bins: Spectrum
    powers: Floats
    bands: Floats


class SpectrumAnalyser:
    """Takes windows of WINDOW samples apart. Holds no stream."""

    def __init__(self) -> None:
        taper = np.ones(WINDOW, np.float32)
        ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(_SLOPE) + 0.5) / _SLOPE)).astype(np.float32)
        taper[:_SLOPE], taper[-_SLOPE:] = ramp, ramp[::-1]
        self._taper = taper / np.sqrt(np.mean(np.square(taper)))
        self._weights = band_weights()

    def __call__(self, windows: Floats) -> Spectra:
        """windows: (ROWS, WINDOW) float32, mono 16 kHz."""
        bins = np.fft.rfft(windows * self._taper).astype(np.complex64, copy=False)
        powers = np.square(bins.real) + np.square(bins.imag)
        return Spectra(bins, powers, powers @ self._weights)


def band_weights() -> Floats:
    """(BINS, BANDS): from the squares of a window's spectrum to mean square re full scale (Parseval, one-sided)."""
    return mel_weights(WINDOW) / np.float32(WINDOW**2 / 2)
