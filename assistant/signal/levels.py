"""How loud a frame is, and how loud the room is when nobody speaks."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

SILENCE_DBFS = -120.0


def dbfs(frame: Floats) -> float:
    """RMS level re full scale ±1.0: a full-scale sine reads -3.01, digital silence SILENCE_DBFS.

    frame: (n,) float32, any rate, n > 0.
    """
    return power_dbfs(float(np.dot(frame, frame)) / len(frame))


def power_dbfs(power: float) -> float:
    """power: mean square re full scale."""
    return 10 * math.log10(max(power, 1e-12))


class NoiseFloor:
    """The level of the quietest moments of the last seconds. Owned by the turn thread.

    Minimum statistics (R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum
    statistics", 2001) on broadband levels: speech leaves gaps, so the minimum of a smoothed level over a window
    longer than a phrase is the room. The window is kept as a few sub-windows. Falls at once; rises at most
    `RISE_DB_PER_S`, except in the first second, when it follows the window alone.
    """

    WINDOW_S = 1.6
    PARTS = 5
    SMOOTHING = 0.6
    """Of the power from 32 ms ago."""
    BIAS_DB = 1.0
    """The minimum of a fluctuating level lies below its mean: so much, for noise in 32 ms frames smoothed as here."""
    RISE_DB_PER_S = 6.0
    FLOOR_DBFS = -90.0
    """Quieter than any microphone: keeps a muted or gated one from making every breath stand out."""

    def __init__(self, frame_s: float) -> None:
        self._part_frames = max(1, round(self.WINDOW_S / self.PARTS / frame_s))
        self._settling_frames = round(1 / frame_s)
        self._rise_db = self.RISE_DB_PER_S * frame_s
        self._smoothing = self.SMOOTHING ** (frame_s / 0.032)
        self.reset()

    def reset(self) -> None:
        """Forget the room."""
        self._parts: deque[float] = deque(maxlen=self.PARTS)
        self._in_part = 0
        self._seen = 0
        self._smoothed_dbfs = SILENCE_DBFS
        self._level_dbfs = self.FLOOR_DBFS

    @property
    def level_dbfs(self) -> float:
        """FLOOR_DBFS until something was heard."""
        return self._level_dbfs

    def update(self, frame_dbfs: float) -> float:
        """Take in the level of one frame; return the floor in dBFS.

        Digital silence says nothing about the room (a stream that starts, a muted microphone) and is passed over.
        """
        if frame_dbfs <= SILENCE_DBFS:
            return self._level_dbfs
        if not self._seen:
            self._smoothed_dbfs = frame_dbfs
        power = self._smoothing * 10 ** (self._smoothed_dbfs / 10) + (1 - self._smoothing) * 10 ** (frame_dbfs / 10)
        self._smoothed_dbfs = min(power_dbfs(power), frame_dbfs + 3)
        if self._in_part == 0:
            self._parts.append(self._smoothed_dbfs)
        else:
            self._parts[-1] = min(self._parts[-1], self._smoothed_dbfs)
        self._in_part = (self._in_part + 1) % self._part_frames
        minimum = max(min(self._parts) + self.BIAS_DB, self.FLOOR_DBFS)
        if self._seen < self._settling_frames:
            self._level_dbfs = minimum
        else:
            self._level_dbfs = min(minimum, self._level_dbfs + self._rise_db)
        self._seen += 1
        return self._level_dbfs
