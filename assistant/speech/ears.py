"""What a recogniser is: an utterance in, its words out; and what stands in where there is none on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.settings import sections

EARS_RATE = 16_000
"""Samples a second of what a recogniser hears."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around an utterance.

    prompt: the newest lines of the conversation, which make its names and terms likelier.
    own_words: what Interject was saying while the utterance lasted, "" for nothing: it may have been heard too.
    """

    prompt: str = ""
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an utterance held.

    text: its words, "" for none or where nobody can tell. seconds: its length.
    has_words: whether somebody spoke words in it; None where that is not known.
    """

    text: str
    seconds: float
    has_words: bool | None


@dataclass(frozen=True, slots=True)
class Following:
    """The words of an utterance that is still going on. settled: will not change; tentative: what may follow them."""

    settled: str
    tentative: str


class EarsFailed(RuntimeError):
    """The recogniser could not hear. The text says what happened and what to do."""


class Ears(Protocol):
    """Turns one utterance at a time into words. Owned by the hearing thread.

    Everywhere: audio is (n,) float32, mono 16 kHz, ±1.0, read-only; `cancelled` is asked often, and once True what has
    been understood so far is returned at once. Raises EarsFailed.
    """

    name: str

    def hear(self, audio: npt.NDArray[np.float32], around: Around, cancelled: Callable[[], bool]) -> Heard:
        """The whole utterance, pre-roll included."""
        ...

    def follow(
        self, utterance: int, audio: npt.NDArray[np.float32], around: Around, cancelled: Callable[[], bool]
    ) -> Following | None:
        """The utterance so far, from its beginning; asked again and again while it grows.

        utterance: its number; another one begins anew. None where the words are not to be had before the end.
        """
        ...

    def configure(self, ears: sections.Ears) -> None:
        """Take new settings. They act from the next utterance on; another model is loaded by making new ears."""
        ...


class NoEars:
    """Where no recogniser is on disk: knows how long an utterance was, and says that it knows no more."""

    name = "none"

    def hear(self, audio: npt.NDArray[np.float32], around: Around, cancelled: Callable[[], bool]) -> Heard:
        return Heard("", len(audio) / EARS_RATE, None)

    def follow(
        self, utterance: int, audio: npt.NDArray[np.float32], around: Around, cancelled: Callable[[], bool]
    ) -> Following | None:
        return None

    def configure(self, ears: sections.Ears) -> None:
        """There is nothing to set."""
