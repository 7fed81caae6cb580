"""The detector that the settings name: the learned one, or Silero alone."""

from __future__ import annotations

from assistant.settings import sections
from assistant.speech.head import LearnedDetector, Sounds
from assistant.speech.silero import SileroVad


class SileroAlone:
    """Silero on what the canceller left, and nothing else. Owned by the turn thread.

    It takes windows that do not overlap: two of them take turns.
    """

    name = "Silero VAD"

    def __init__(self) -> None:
        """Raises VadMissing."""
        self._silero, self._next = SileroVad(), SileroVad()

    def __call__(self, sounds: Sounds) -> float:
        self._silero, self._next = self._next, self._silero
        return self._silero(sounds.audio)

    def reset(self) -> None:
        self._silero.reset()
        self._next.reset()


def chosen_detector(vad: sections.Vad) -> LearnedDetector | SileroAlone:
    """Raises VadMissing, HeadMissing or MissingResource."""
    return LearnedDetector() if vad.detector == "learned" else SileroAlone()
