"""How much of Interject's own voice may still be in a frame, so that it does not take itself for the user."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.signal.bands import BANDS
from assistant.signal.levels import SILENCE_DBFS, power_dbfs
from assistant.signal.quantile import Quantile

Floats = npt.NDArray[np.float32]

FRAME_S = 0.016


class Sounding(NamedTuple):
    """One sound in a frame. power: mean square re full scale. bands: (BANDS,) the same in bands."""

    power: float
    bands: Floats


class ResidualEcho:
    """Expects a frame's residual from what the canceller took out and what the loudspeaker played.

    The echo itself is expected from the canceller's estimate and, far below it, from the loudspeaker's recent level
    times the tracked coupling of loudspeaker and microphone. While the filter is cold its estimate is next to nothing
    and the coupling speaks alone; once it has learnt the room its estimate drowns the coupling. The residual's level
    over that expectation is tracked as a quantile of the last second or two: a user who speaks for as long as a
    decision takes hardly moves it, a filter that converges or loses its path does.

    Besides, a residual whose bands rise and fall with the expected echo's is echo, however loud, such as when the path
    changed: the regression of one on the other over a quarter of a second raises the expectation in the same frame
    (leakage by regression: J.-M. Valin, "On adjusting the learning rate in frequency domain echo cancellation with
    double-talk", IEEE Trans. ASLP 15, 2007). Owned by the turn thread.
    """

    COUPLING_PRIOR_DB = 10.0
    """Louder than loudspeakers on a desk are heard: better deaf for a second than stopped by one's own first word."""
    COUPLING_FRAMES = 250
    UNLEARNT_DB = -15.0
    """How far below the canceller's estimate the coupling's is mixed in: less than a filter leaves that works."""
    LEAKAGE_FRAMES = 100
    LEAKAGE_QUANTILE = 0.65
    PRIOR_FRAMES = 16
    HOLD_FRAMES = 14
    """224 ms: devices deliver the echo up to so late."""
    TAIL = 0.63
    """Decay of a room's echo in a frame: 2 dB in 16 ms, a reverberation time of half a second."""
    ACTIVE_DBFS = -50.0
    LIKENESS_S = 0.25
    LIKE = 0.3

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the room: expect echo again until there is evidence against it."""
        self._far_powers = np.zeros(self.HOLD_FRAMES)
        self._far_tail = 0.0
        self._echo_tail = 0.0
        self._echo_bands = np.zeros(BANDS, np.float32)
        self._coupling_db = Quantile(self.COUPLING_FRAMES, 0.5, self.COUPLING_PRIOR_DB, self.PRIOR_FRAMES)
        self._leakage_db = Quantile(self.LEAKAGE_FRAMES, self.LEAKAGE_QUANTILE, -self.UNLEARNT_DB, self.PRIOR_FRAMES)
        self._likeness = Likeness(self.LIKENESS_S)

    def update(self, near: Sounding, far: Sounding, residual: Sounding, echo: Sounding) -> float:
        """Of one frame: microphone, loudspeaker, what the decision listens to, the echo's estimate.

        Returns the expected level of echo in `residual` in dBFS; SILENCE_DBFS while nothing was played.
        """
        self._far_powers[1:] = self._far_powers[:-1]
        self._far_powers[0] = far.power
        self._far_tail = max(float(self._far_powers.max()), self.TAIL * self._far_tail)
        self._echo_tail = max(echo.power, self.TAIL * self._echo_tail)
        if not self.is_playing:
            return SILENCE_DBFS
        self._echo_bands = np.maximum(echo.bands, np.float32(self.TAIL) * self._echo_bands)
        leak, like = self._likeness.update(residual.bands, self._echo_bands)
        far_dbfs = power_dbfs(self._far_tail)
        expected = self._echo_tail + 10 ** ((self.UNLEARNT_DB + self._coupling_db.value + far_dbfs) / 10)
        expected_dbfs = power_dbfs(expected) + self._leakage_db.value
        if like > self.LIKE:
            expected_dbfs = max(expected_dbfs, power_dbfs(leak * self._echo_tail))
        self._coupling_db.add(power_dbfs(near.power) - far_dbfs)
        self._leakage_db.add(power_dbfs(residual.power) - power_dbfs(expected))
        return expected_dbfs

    @property
    def is_playing(self) -> bool:
        """The loudspeaker sounded so lately that its echo may still be heard."""
        return power_dbfs(self._far_tail) > self.ACTIVE_DBFS


class Likeness:
    """Do two sets of bands rise and fall together? Exponentially weighted regression over time, all bands as one."""

    HEARD, CAUSE = 0, 1

    def __init__(self, seconds: float) -> None:
        self._share = 1 - math.exp(-FRAME_S / seconds)
        self._frames = 0
        self._newest = np.zeros((5, BANDS))
        self._means = np.zeros((5, BANDS))  # of heard, cause, heard², heard · cause, cause²
        self._of_means = np.zeros((3, BANDS))

    def update(self, heard: Floats, cause: Floats) -> tuple[float, float]:
        """heard, cause: (BANDS,) powers of a frame. Returns the slope of heard on cause and the correlation, both >= 0.

        Bands count alike: each is taken relative to the mean of `cause` in it.
        """
        newest, means = self._newest, self._means
        newest[self.HEARD], newest[self.CAUSE] = heard, cause
        _products(newest[:2], newest[2:])
        self._frames += 1
        newest -= means
        newest *= max(self._share, 1 / self._frames)
        means += newest
        scale = 1 / (np.square(means[self.CAUSE]) + 1e-18)
        _products(means[:2], self._of_means)
        spread_heard, together, spread_cause = ((means[2:] - self._of_means) @ scale).tolist()
        if together <= 0 or spread_heard <= 0 or spread_cause <= 1e-9:
            return 0.0, 0.0
        return together / spread_cause, together / math.sqrt(spread_heard * spread_cause)


def _products(pair: npt.NDArray[np.float64], out: npt.NDArray[np.float64]) -> None:
    """pair: (2, n). out: (3, n): the first's square, the product, the second's square."""
    np.multiply(pair[0], pair, out=out[:2])
    np.square(pair[1], out=out[2])
