"""What the learned detector looks at beside Silero: the bands of microphone, loudspeaker and echo."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assistant.signal.bands import BANDS, mel_weights
from assistant.signal.spectra import BINS, ECHO, FAR, NEAR, RESIDUAL, ROWS, WINDOW, Spectra, band_weights
from assistant.signal.suppressor import power_gains, smooth

Floats = npt.NDArray[np.float32]

VIEWS = 11
"""Residual e; e re the echo's estimate y; e re the residual echo expected R; microphone m re e; the canceller's own
uncertainty S re e; loudspeaker x; m and e re what x alone would let expect, T; what a suppressor leaves of e, re e; e
re the echo that it expects, the larger of R and S bin by bin; the coherence of e and y within a band."""
SIZE = VIEWS * BANDS

_S, _T, _TAIL_OF_Y, _LEFT, _R = range(ROWS, ROWS + 5)
_POWERS = ROWS + 5
_UNCERTAINTY, _REAL, _IMAGINARY = range(3)
_TINY = np.float32(1e-10)
_LEAST_COHERENCE = 0.01
_PATH_WINDOWS = 12
"""384 ms: device delay and room."""
_PATH_RATE = 0.06
_TAIL = 0.5
"""Decay of a room's echo in a window: 3 dB in 32 ms, a reverberation time of .64 s."""
_LEAK_RISE_DB = 0.15
_LEAK_FALL_DB = 0.6
_SETTLING_WINDOWS = 30


class EchoView:
    """Log powers in BANDS mel bands, and how they compare with the echo's. Owned by the turn thread.

    Where no loudspeaker plays, all comparisons rest at their upper end.
    """

    def __init__(self) -> None:
        self._weights = band_weights()
        self._to_bins = _to_bins(mel_weights(WINDOW))
        self._bins = np.zeros((3, BINS), np.float32)
        self._shares = np.zeros((2, BINS), np.float32)
        self._powers = np.zeros((_POWERS, BANDS), np.float32)
        self._out = np.zeros((VIEWS, BANDS), np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget the room."""
        self._past = np.zeros((_PATH_WINDOWS, BANDS), np.float32)
        self._path = np.full((_PATH_WINDOWS, BANDS), 0.1 / _PATH_WINDOWS, np.float32)
        self._echo_tail = np.zeros(BANDS, np.float32)
        self._echo_tail_bins = np.zeros(BINS, np.float32)
        self._leak_db = np.zeros(BANDS, np.float32)
        self._played_windows = 0
        self.gains = np.ones(BINS, np.float32)

    def update(self, spectra: Spectra, uncertainty: Floats) -> Floats:
        """spectra: of windows that follow each other. uncertainty: (BINS,) float32, power that the canceller expects
        to have left, by bin of its own spectra.

        Returns (SIZE,) float32, about -3 … 3, view by view. Afterwards `gains` are those of a suppressor of what is
        left of the echo, (BINS,) float32 in power.
        """
        bins, powers, out = self._bins, self._powers, self._out
        bins[_UNCERTAINTY] = uncertainty
        together = spectra.bins[RESIDUAL] * spectra.bins[ECHO].conj()
        bins[_REAL], bins[_IMAGINARY] = together.real, together.imag
        in_bands = bins @ self._weights
        powers[:ROWS] = spectra.bands
        powers[_S] = in_bands[_UNCERTAINTY]
        powers[:_T] += _TINY
        np.maximum(powers[ECHO], _TAIL * self._echo_tail, out=self._echo_tail)
        powers[_TAIL_OF_Y] = self._echo_tail + _TINY
        powers[_T] = self._expect(powers[NEAR], powers[FAR]) + _TINY
        e_db = 10 * np.log10(powers[RESIDUAL])
        left_db = self._left(e_db, 10 * np.log10(powers[_TAIL_OF_Y]))
        np.add(self._suppressed(spectra.powers, uncertainty) @ self._weights, _TINY, out=powers[_LEFT:])
        decibels = 10 * np.log10(powers)
        np.subtract(e_db, decibels[ECHO], out=out[1])
        np.subtract(e_db, left_db, out=out[2])
        np.subtract(decibels[NEAR], e_db, out=out[3])
        np.subtract(decibels[_S], e_db, out=out[4])
        np.subtract(decibels[NEAR], decibels[_T], out=out[6])
        np.subtract(e_db, decibels[_T], out=out[7])
        np.subtract(decibels[_LEFT], e_db, out=out[8])
        np.subtract(e_db, decibels[_R], out=out[9])
        both = spectra.bands[RESIDUAL] * spectra.bands[ECHO]
        coherence = np.square(in_bands[_REAL:]).sum(0) / (both + _TINY**2)
        out[10] = 10 * np.log10(coherence + _LEAST_COHERENCE)
        out /= 10
        np.maximum(np.minimum(out, 3), -3, out=out)
        np.divide(e_db + 60, 20, out=out[0])
        np.divide(decibels[FAR] + 60, 20, out=out[5])
        return out.ravel().copy()

    def _suppressed(self, powers: Floats, uncertainty: Floats) -> Floats:
        """Sets `gains`. Returns (2, BINS): what they leave of the residual, and the echo that they expect in it."""
        shares = self._shares
        np.maximum(powers[ECHO], _TAIL * self._echo_tail_bins + _TINY, out=self._echo_tail_bins)
        leak = self._to_bins @ (10 ** (self._leak_db / 10))
        np.maximum(smooth(self._echo_tail_bins) * leak, uncertainty, out=shares[1])
        self.gains = power_gains(powers[RESIDUAL], shares[1])
        np.multiply(self.gains, powers[RESIDUAL], out=shares[0])
        return shares

    def _expect(self, m: Floats, x: Floats) -> Floats:
        """Power of the microphone predicted from the loudspeaker's past, band by band: normalised LMS on powers.

        The error is cut where the microphone is far above the prediction, so that a user moves the path little.
        """
        self._past[1:] = self._past[:-1]
        self._past[0] = x
        predicted: Floats = (self._path * self._past).sum(0)
        energy = np.square(self._past).sum(0)
        error = np.minimum(m - predicted, 2 * predicted + 1e-9)
        self._path += _PATH_RATE * error * self._past / (energy + 1e-12)
        np.maximum(self._path, 0, out=self._path)
        return predicted

    def _left(self, e_db: Floats, tail_db: Floats) -> Floats:
        """Residual echo to be expected in dB: the echo's estimate with a room's tail, less what is usually taken out.

        That share is tracked as a low quantile of residual over estimate, quicker while it is new.
        """
        left_db: Floats = tail_db + self._leak_db
        playing = tail_db > -75
        if playing.any():
            self._played_windows += 1
            speed = max(1.0, 6 * (1 - self._played_windows / _SETTLING_WINDOWS))
            step = np.where(e_db > left_db, np.float32(_LEAK_RISE_DB * speed), np.float32(-_LEAK_FALL_DB * speed))
            self._leak_db += step * playing
            np.maximum(np.minimum(self._leak_db, 10), -40, out=self._leak_db)
        return left_db


def _to_bins(triangles: Floats) -> Floats:
    """(BINS, BANDS): a bin's mean over its bands; outside all bands, the nearest one's."""
    covered = np.flatnonzero(triangles.any(1))
    nearest = covered[np.abs(np.arange(BINS)[:, None] - covered).argmin(1)]
    shares = triangles[nearest]
    return np.asarray(shares / shares.sum(1, keepdims=True), np.float32)
