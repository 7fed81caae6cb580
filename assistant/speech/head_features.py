"""What the learned detector looks at beside Silero: the bands of microphone, loudspeaker and echo."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assistant.signal.bands import BANDS, mel_weights
from assistant.signal.spectra import BINS, ECHO, FAR, NEAR, RESIDUAL, ROWS, WINDOW, Spectra, band_weights
from assistant.signal.suppressor import power_gains, smooth

Floats = npt.NDArray[np.float32]

_S, _T, _TAIL_OF_Y, _LEFT, _R, _COHERENCE, _EXPECTED = range(ROWS, ROWS + 7)
_ALL = ROWS + 7
_COMPARED = (
    (RESIDUAL, None),
    (RESIDUAL, ECHO),
    (RESIDUAL, _EXPECTED),
    (NEAR, RESIDUAL),
    (_S, RESIDUAL),
    (FAR, None),
    (NEAR, _T),
    (RESIDUAL, _T),
    (_LEFT, RESIDUAL),
    (RESIDUAL, _R),
    (_COHERENCE, None),
)
"""The views in their order: one row of powers, and what it is compared with."""
VIEWS = len(_COMPARED)
"""Residual e; e re the echo's estimate y; e re the residual echo expected R; microphone m re e; the canceller's own
uncertainty S re e; loudspeaker x; m and e re what x alone would let expect, T; what a suppressor leaves of e, re e; e
re the echo that it expects, the larger of R and S bin by bin; the coherence of e and y within a band."""
SIZE = VIEWS * BANDS

_LEVELS = tuple(view for view, (row, other) in enumerate(_COMPARED) if other is None and row != _COHERENCE)
"""The views that are levels: half a bel counts one, from -60 dBFS on."""
_UNCERTAINTY, _REAL, _IMAGINARY = range(3)
_TINY = np.float32(1e-10)
_LEAST_COHERENCE = 0.01
_PATH_WINDOWS = 12
"""384 ms: device delay and room."""
_PATH_RATE = 0.06
_TAIL = 0.5
"""Decay of a room's echo in a window: 3 dB in 32 ms, a reverberation time of .64 s."""
_LEAK_RISE, _LEAK_FALL = 0.015, 0.06
"""Bels a window."""
_LEAST_LEAK, _MOST_LEAK = -4, 1
_PLAYING = -7.5
"""Bels re full scale: an echo that is softer teaches nothing."""
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
        self._powers = np.zeros((_EXPECTED, BANDS), np.float32)
        self._bels = np.zeros((_ALL, BANDS), np.float32)
        self._differences, self._offsets = _differences()
        self.reset()

    def reset(self) -> None:
        """Forget the room."""
        self._past = np.zeros((_PATH_WINDOWS, BANDS), np.float32)
        self._path = np.full((_PATH_WINDOWS, BANDS), 0.1 / _PATH_WINDOWS, np.float32)
        self._echo_tail = np.zeros(BANDS, np.float32)
        self._echo_tail_bins = np.zeros(BINS, np.float32)
        self._leak = np.zeros(BANDS, np.float32)
        self._played_windows = 0
        self.gains = np.ones(BINS, np.float32)

    def update(self, spectra: Spectra, uncertainty: Floats) -> Floats:
        """spectra: of windows that follow each other. uncertainty: (BINS,) float32, power that the canceller expects
        to have left, by bin of its own spectra.

        Returns (SIZE,) float32, about -3 … 3, view by view. Afterwards `gains` are those of a suppressor of what is
        left of the echo, (BINS,) float32 in power.
        """
        bins, powers, bels = self._bins, self._powers, self._bels
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
        np.log10(powers[:_LEFT], out=bels[:_LEFT])
        bels[_EXPECTED] = self._left(bels[RESIDUAL], bels[_TAIL_OF_Y])
        np.add(self._suppressed(spectra.powers, uncertainty) @ self._weights, _TINY, out=powers[_LEFT:_COHERENCE])
        both = spectra.bands[RESIDUAL] * spectra.bands[ECHO]
        powers[_COHERENCE] = np.square(in_bands[_REAL:]).sum(0) / (both + _TINY**2) + _LEAST_COHERENCE
        np.log10(powers[_LEFT:], out=bels[_LEFT:_EXPECTED])
        views = self._differences @ bels
        views += self._offsets
        np.maximum(np.minimum(views, 3, out=views), -3, out=views)
        return views.ravel()

    def _suppressed(self, powers: Floats, uncertainty: Floats) -> Floats:
        """Sets `gains`. Returns (2, BINS): what they leave of the residual, and the echo that they expect in it."""
        shares = self._shares
        np.maximum(powers[ECHO], _TAIL * self._echo_tail_bins + _TINY, out=self._echo_tail_bins)
        leak = self._to_bins @ 10**self._leak
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

    def _left(self, e: Floats, tail: Floats) -> Floats:
        """Residual echo to be expected: the echo's estimate with a room's tail, less what is usually taken out; bels.

        That share is tracked as a low quantile of residual over estimate, quicker while it is new.
        """
        left: Floats = tail + self._leak
        playing = tail > _PLAYING
        if playing.any():
            self._played_windows += 1
            speed = max(1.0, 6 * (1 - self._played_windows / _SETTLING_WINDOWS))
            step = np.where(e > left, np.float32(_LEAK_RISE * speed), np.float32(-_LEAK_FALL * speed))
            self._leak += step * playing
            np.maximum(np.minimum(self._leak, _MOST_LEAK), _LEAST_LEAK, out=self._leak)
        return left


def _differences() -> tuple[Floats, Floats]:
    """From the powers' logarithms to the views: (VIEWS, _ALL), and what is added to each view, (VIEWS, 1)."""
    differences, offsets = np.zeros((VIEWS, _ALL), np.float32), np.zeros((VIEWS, 1), np.float32)
    for view, (row, other) in enumerate(_COMPARED):
        differences[view, row] = 1
        if other is not None:
            differences[view, other] = -1
    for view in _LEVELS:
        differences[view] /= 2
        offsets[view] = 3
    return differences, offsets


def _to_bins(triangles: Floats) -> Floats:
    """(BINS, BANDS): a bin's mean over its bands; outside all bands, the nearest one's."""
    covered = np.flatnonzero(triangles.any(1))
    nearest = covered[np.abs(np.arange(BINS)[:, None] - covered).argmin(1)]
    shares = triangles[nearest]
    return np.asarray(shares / shares.sum(1, keepdims=True), np.float32)
