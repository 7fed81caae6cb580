"""Somebody who interrupts now and then: plays a given voice into the mic while the assistant speaks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.audio.injection import Injected, MicInjection

_SPEAKING_DBFS = -50.0


class Interrupter:
    """After every 6 to 12 s of the assistant's own speech it plays one of its utterances into the mic.

    It counts speech in the sound that leaves the loudspeaker, as a listener would, so a pause costs no patience. Owned
    by the thread that calls `hear`; the same seed and sound give the same interruptions.
    """

    def __init__(
        self,
        injection: MicInjection,
        utterances: Sequence[np.ndarray],
        seed: int = 1,
        every_s: tuple[float, float] = (6.0, 12.0),
        rate: int = 48_000,
    ) -> None:
        """`utterances` are (n,) float32 at 48 kHz. Raises ValueError if there is none."""
        if not utterances:
            raise ValueError("an interrupter needs at least one utterance")
        self._injection = injection
        self._utterances = tuple(utterances)
        self._random = np.random.default_rng(seed)
        self._every_s = every_s
        self._rate = rate
        self._patience_s = self._draw()
        self._said: Injected | None = None

    def hear(self, far: np.ndarray) -> Injected | None:
        """Listens to one block of playback, (n,) float32. Returns what it began to say, if it did."""
        if self._said is not None and self._said.ended_at is None:
            return None
        power = float(np.dot(far, far)) / len(far)
        if power < 10 ** (_SPEAKING_DBFS / 10):
            return None
        self._patience_s -= len(far) / self._rate
        if self._patience_s > 0:
            return None
        self._patience_s = self._draw()
        self._said = self._injection.play(self._utterances[int(self._random.integers(len(self._utterances)))])
        return self._said

    def _draw(self) -> float:
        return float(self._random.uniform(*self._every_s))
