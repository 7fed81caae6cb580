"""Where a long utterance is cut: in its pauses, so that no word is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assistant.speech.ears import EARS_RATE

_STEP = EARS_RATE // 50
_PAUSE_STEPS = 10  # 200 ms: longer than the closure of a plosive, as short as a pause between words


def quietest(audio: npt.NDArray[np.float32], earliest: int, latest: int) -> int:
    """The middle of the quietest 200 ms between two samples, itself between them; the later of two equal ones.

    audio: (n,) float32, mono 16 kHz. earliest < latest <= n.
    """
    stretch = audio[earliest:latest]
    steps = len(stretch) // _STEP
    if steps <= _PAUSE_STEPS:
        return latest
    energy = np.square(stretch[: steps * _STEP].reshape(steps, _STEP)).sum(axis=1, dtype=np.float64)
    pauses = np.convolve(energy, np.ones(_PAUSE_STEPS), mode="valid")
    at = len(pauses) - 1 - int(np.argmin(pauses[::-1]))
    return earliest + (at + _PAUSE_STEPS // 2) * _STEP


def pieces(audio: npt.NDArray[np.float32], longest: int) -> list[npt.NDArray[np.float32]]:
    """The sound in pieces of at most `longest` samples, each but the last at least two thirds of that."""
    found = []
    while len(audio) > longest:
        cut = quietest(audio, longest * 2 // 3, longest)
        found.append(audio[:cut])
        audio = audio[cut:]
    return [*found, audio]
