"""Somebody who cuts in, made by our own voice: whole utterances with a known onset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.settings import sections
from assistant.speech.voice import SpokenChunk, Voice, VoiceFailed

INTERRUPTIONS = (
    "Wait, stop there.",
    "Sorry, one question.",
    "Hang on a moment.",
    "No, go back a little.",
    "Can I ask you something?",
    "What was that again?",
    "Stop.",
)
"""They want the floor."""

BACKCHANNELS = ("mm-hm", "yeah", "right", "uh-huh", "okay")
"""They say: go on."""

INTERRUPTING_VOICE = sections.Voice(language="en-us+f3", words_per_minute=180, pitch=58)
"""Unlike the assistant's own, so that a listener can tell who speaks."""

_ONSET_LEVEL = 10 ** (-50 / 20)  # -50 dBFS, 30 dB under the voice's active level


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the interrupter says.

    audio: (n,) float32, mono 48 kHz, ±1.0, read-only, at an active level of about -20 dBFS.
    onset: the first sample above -50 dBFS. end: one past the last.
    """

    text: str
    audio: npt.NDArray[np.float32]
    onset: int
    end: int


class Interrupter:
    """Renders utterances ahead of time. `voice` is its own and is configured anew here."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        voice.configure(INTERRUPTING_VOICE)

    def utter(self, text: str) -> Utterance:
        """One utterance, whole. Raises VoiceFailed, also for a text that makes no sound."""
        chunks: list[npt.NDArray[np.float32]] = []

        def keep(chunk: SpokenChunk) -> bool:
            chunks.append(chunk.audio)
            return True

        self._voice.speak(text, keep)
        audio = np.concatenate(chunks) if chunks else np.zeros(0, np.float32)
        audible = np.flatnonzero(np.abs(audio) > _ONSET_LEVEL)
        if not len(audible):
            raise VoiceFailed(f"{self._voice.name} makes no sound for “{text}”. Choose other words.")
        audio.setflags(write=False)
        return Utterance(text, audio, int(audible[0]), int(audible[-1]) + 1)
