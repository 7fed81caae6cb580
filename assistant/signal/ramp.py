"""Gain ramps: a level changes along half a cosine, never in a step that would click."""

from __future__ import annotations

import numpy as np


def half_cosine(length: int) -> np.ndarray:
    """The rise of a ramp: (length,) float32 from just above 0 to exactly 1, with flat ends.

    Half a cosine (a Hann window's first half), because a straight line has two corners, which are heard as a tick.
    Raises ValueError unless length >= 1.
    """
    if length < 1:
        raise ValueError(f"a ramp has at least one sample, not {length}")
    return (0.5 - 0.5 * np.cos(np.pi * np.arange(1, length + 1) / length)).astype(np.float32)


class GainRamp:
    """A gain on its way to a target. Each change takes `length` samples from the one at which it was asked for.

    The gain of a sample depends on its number since the change alone, so sound cut into blocks anyhow comes out the
    same, bit for bit. Nothing is allocated after construction but views. Owned by whoever calls `apply`.
    """

    def __init__(self, length: int, gain: float = 0.0) -> None:
        self._rise = half_cosine(length)
        self._scratch = np.empty(length, np.float32)
        self._length = length
        self._from = gain
        self._to = gain
        self._at = length

    @property
    def gain(self) -> float:
        """The gain of the last sample (linear)."""
        if self._at == 0:
            return self._from
        if self._at == self._length:
            return self._to
        return self._from + (self._to - self._from) * float(self._rise[self._at - 1])

    @property
    def target(self) -> float:
        """Where the gain is going (linear)."""
        return self._to

    @property
    def remaining(self) -> int:
        """Samples until the target is reached; 0 once it is."""
        return self._length - self._at

    def toward(self, target: float) -> None:
        """Starts a change from the present gain. Does nothing if that is the target already."""
        if target != self._to:
            self._from, self._to, self._at = self.gain, target, 0

    def jump(self, gain: float) -> None:
        """Sets the gain at once: right only where there is silence."""
        self._from = self._to = gain
        self._at = self._length

    def apply(self, sound: np.ndarray, out: np.ndarray, floor: float) -> int:
        """Writes `sound` at the ramp's gains into `out`, both (n,) float32.

        Returns the number of samples up to the last one whose gain is at least `floor` (linear), 0 if none is.
        """
        n = len(sound)
        ramped = min(n, self._length - self._at)
        heard = 0
        if ramped:
            gains = self._scratch[:ramped]
            np.multiply(self._rise[self._at : self._at + ramped], self._to - self._from, out=gains)
            np.add(gains, self._from, out=gains)
            np.multiply(sound[:ramped], gains, out=out[:ramped])
            self._at += ramped
            # A ramp only rises or only falls: if its last gain is under the floor, those above it are its first.
            heard = ramped if gains[-1] >= floor else int(np.count_nonzero(gains >= floor))
        if n > ramped:
            np.multiply(sound[ramped:], self._to, out=out[ramped:])
            if self._to >= floor:
                heard = n
        return heard
