"""Sound that is put into the microphone's path: a noise to try out, or an interrupter for somebody who is alone."""

from __future__ import annotations

import itertools
from collections import deque

import numpy as np


class Injected:
    """One sound on its way into the mic. Made by `MicInjection.play`; the callback fills in where it went."""

    __slots__ = ("_position", "at", "ended_at", "serial", "sound", "started_at")

    def __init__(self, sound: np.ndarray, at: int, serial: int) -> None:
        self.sound = sound
        self.at = at
        self.serial = serial
        self.started_at: int | None = None
        """Stream sample of its first sample; None before."""
        self.ended_at: int | None = None
        """Stream sample after its last one, or where it was silenced; None before."""
        self._position = 0

    def add_to(self, near: np.ndarray, stream_sample: int) -> bool:
        """Adds the part that falls into this block. Returns whether there is more to come."""
        start = max(self.at - stream_sample, 0) if self.started_at is None else 0
        if start >= len(near):
            return True
        if self.started_at is None:
            self.started_at = stream_sample + start
        take = min(len(near) - start, len(self.sound) - self._position)
        part = near[start : start + take]
        np.add(part, self.sound[self._position : self._position + take], out=part)
        self._position += take
        if self._position < len(self.sound):
            return True
        self.ended_at = stream_sample + start + take
        return False


class MicInjection:
    """Sounds mixed into the near-end signal before anything listens to it, on a real device and in the room alike.

    `play` and `silence` may be called by any thread, `mix` by the audio callback. They meet in a deque and a number,
    without a lock.
    """

    def __init__(self) -> None:
        self._incoming: deque[Injected] = deque()
        self._sounding: list[Injected] = []
        self._serials = itertools.count(1)
        self._silenced = 0

    def play(self, sound: np.ndarray, at: int | None = None) -> Injected:
        """Mixes `sound`, (n,) float32 mono 48 kHz ±1.0, into the mic from stream sample `at` on, or now.

        Raises ValueError for another shape or type.
        """
        if sound.ndim != 1 or sound.dtype != np.float32 or not len(sound):
            raise ValueError(f"a sound for the mic is (n,) float32 at 48 kHz, not {sound.shape} {sound.dtype}")
        injected = Injected(sound, at or 0, next(self._serials))
        self._incoming.append(injected)
        return injected

    def silence(self) -> None:
        """Ends every sound that was given so far."""
        self._silenced = next(self._serials)

    @property
    def busy(self) -> bool:
        """Whether a sound is being mixed in or waits for its turn."""
        return bool(self._incoming or self._sounding)

    def mix(self, near: np.ndarray, stream_sample: int) -> None:
        """Adds what is due to `near`, (n,) float32, in place, and limits the sum to ±1.0 as a converter does.

        Called by the audio callback, with the number of the block's first sample.
        """
        if not self._incoming and not self._sounding:
            return
        while self._incoming:
            self._sounding.append(self._incoming.popleft())
        going_on = []
        for injected in self._sounding:
            if injected.serial <= self._silenced:
                injected.ended_at = stream_sample
            elif injected.add_to(near, stream_sample):
                going_on.append(injected)
        self._sounding = going_on
        np.clip(near, -1.0, 1.0, out=near)
