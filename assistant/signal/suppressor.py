"""Turns down what is likely echo, so that a voice detector hears the user more than what the canceller left.

A spectral gain as a short FIR filter in the time domain: H. W. Löllmann and P. Vary, "Uniform and warped low delay
filter-banks for speech enhancement", Speech Communication 49 (2007). It costs HALF_TAPS samples of delay and needs no
overlapping synthesis. The gain is that of power spectral subtraction with over-subtraction and a floor (M. Berouti,
R. Schwartz and J. Makhoul, ICASSP 1979).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

OVER = np.float32(5.0)
"""How many times the echo's expected power is taken off. The expectation is a low quantile, and for a detector a
damaged voice is better than an echo: at 2 it learns less."""
FLOOR = np.float32(1e-3)
"""-30 dB, in power."""
HALF_TAPS = 32
"""2 ms of delay; the gain's resolution is 250 Hz."""
TINY = np.float32(1e-12)


def power_gains(heard: Floats, echo: Floats) -> Floats:
    """heard, echo: (bins,) power of what is heard and of the echo expected in it, one unit. Returns FLOOR … 1."""
    gains = np.maximum(1 - OVER * echo / (smooth(heard) + TINY), FLOOR)
    return smooth(gains)


def smooth(spectrum: Floats) -> Floats:
    """Each bin with its neighbours, as through a Hann window; the two ends stay."""
    out = spectrum.copy()
    out[1:-1] *= 0.5
    out[1:-1] += np.float32(0.25) * (spectrum[:-2] + spectrum[2:])
    return out


class Suppressor:
    """Filters windows that overlap by half, as the front end gives them. Owned by the turn thread."""

    def __init__(self) -> None:
        self._taper = np.hanning(2 * HALF_TAPS + 3)[1:-1].astype(np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget the stream so far."""
        self._past = np.zeros(2 * HALF_TAPS, np.float32)

    def apply(self, window: Floats, gains: Floats | None) -> Floats:
        """window: (n,) float32, mono, its first half the last one's second. gains: (n // 2 + 1,) in power.

        Returns (n,) float32, HALF_TAPS samples late; without gains the window itself.
        """
        half = len(window) // 2
        past, self._past = self._past, window[half - 2 * HALF_TAPS : half]
        if gains is None:
            return window
        response = np.fft.irfft(np.sqrt(gains))
        taps = np.concatenate([response[-HALF_TAPS:], response[: HALF_TAPS + 1]]) * self._taper
        return np.asarray(np.convolve(np.concatenate([past, window]), taps, "valid"), np.float32)
