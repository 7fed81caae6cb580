"""What a voice is: phrases in, sound at 48 kHz with its words out, chunk by chunk, abortable at each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.settings import sections

VOICE_RATE = 48_000
"""Samples a second of everything a voice makes: the rate of the stream, so nothing is resampled after it."""


@dataclass(frozen=True, slots=True)
class WordMark:
    """Where a word of the phrase stands in its text and begins in its sound.

    text: phrase[at : at + length], without the punctuation around it. at, length: characters.
    sample: at 48 kHz, from the phrase's start.
    """

    text: str
    at: int
    length: int
    sample: int


@dataclass(frozen=True, slots=True)
class SpokenChunk:
    """A piece of a phrase's sound, and the words that begin in it.

    audio: (n,) float32, mono 48 kHz, ±1.0, read-only, n ≥ 1. words: in order; their samples count from the phrase's
    start, so they do not begin anew with the chunk.
    """

    audio: npt.NDArray[np.float32]
    words: tuple[WordMark, ...]


class VoiceFailed(RuntimeError):
    """The voice cannot speak. The text says what happened and what to do."""


class Voice(Protocol):
    """Speaks one phrase at a time. Owned by the speaking thread."""

    @property
    def name(self) -> str: ...

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        """Call `emit` with each chunk as soon as it is made; `emit` returning False aborts the synthesis at once.

        Returns after the last chunk. A phrase of nothing but white space emits nothing. Raises VoiceFailed.
        """
        ...

    def configure(self, voice: sections.Voice) -> None:
        """Take new settings. They act from the next phrase on."""
        ...
