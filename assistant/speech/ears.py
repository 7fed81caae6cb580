"""What a recogniser is: an utterance in, its words out; and what stands in where there is none on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

EARS_RATE = 16_000
"""Samples a second of what a recogniser hears."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an utterance held.

    text: its words, "" for none or where nobody can tell. seconds: its length.
    has_words: whether somebody spoke words in it; None where that is not known.
    """

    text: str
    seconds: float
    has_words: bool | None


class EarsFailed(RuntimeError):
    """The recogniser could not hear. The text says what happened and what to do."""


class Ears(Protocol):
    """Turns one utterance at a time into words. Owned by the hearing thread."""

    name: str

    def hear(self, audio: npt.NDArray[np.float32], cancelled: Callable[[], bool]) -> Heard:
        """audio: (n,) float32, mono 16 kHz, ±1.0, read-only. `cancelled` is asked often; once True, what has been
        understood so far is returned at once. Raises EarsFailed.
        """
        ...


class NoEars:
    """Where no recogniser is on disk: knows how long an utterance was, and says that it knows no more."""

    name = "none"

    def hear(self, audio: npt.NDArray[np.float32], cancelled: Callable[[], bool]) -> Heard:
        return Heard("", len(audio) / EARS_RATE, None)
