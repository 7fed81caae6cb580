"""One voice first and another where it fails, so that a broken file costs the timbre and not the words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.settings import sections
from assistant.speech.voice import SpokenChunk, Voice, VoiceFailed


class FallbackVoice:
    """Speaks with the first voice until it fails, then with the second for good. Owned by the speaking thread."""

    def __init__(
        self,
        make_first: Callable[[], Voice],
        make_second: Callable[[], Voice],
        broke: Callable[[str], None],
        voice: sections.Voice | None = None,
    ) -> None:
        """broke: told once, in a sentence for the person, what happened and who speaks now; from this thread.

        Raises VoiceFailed where neither can be made.
        """
        self._make_second = make_second
        self._broke = broke
        self._settings = voice or sections.Voice()
        self._second_speaks = False
        try:
            self._voice = make_first()
        except VoiceFailed as failure:
            self._give_up(failure)

    @property
    def name(self) -> str:
        """Of who speaks now."""
        return self._voice.name

    def configure(self, voice: sections.Voice) -> None:
        self._settings = voice
        self._voice.configure(voice)

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        """As Voice.speak. Where the first voice fails inside the phrase, the second begins anew with the word that was
        being spoken: one is said twice at most, none is lost."""
        if self._second_speaks:
            self._voice.speak(phrase, emit)
            return
        reached = _Reached(emit)
        try:
            self._voice.speak(phrase, reached.take)
        except VoiceFailed as failure:
            self._give_up(failure)
            reached.shift_from_here()
            self._voice.speak(phrase[reached.at :], reached.take)

    def _give_up(self, failure: VoiceFailed) -> None:
        self._second_speaks = True
        self._voice = self._make_second()
        self._voice.configure(self._settings)
        self._broke(f"{failure} Until then {self._voice.name} speaks.")


class _Reached:
    """How far a phrase came, and the way on: what follows is counted from there."""

    def __init__(self, emit: Callable[[SpokenChunk], bool]) -> None:
        self._emit = emit
        self._samples = 0
        self._newest = 0  # where in the text the newest word begins
        self._sample_shift = 0
        self.at = 0
        """Where in the text the rest begins."""

    def shift_from_here(self) -> None:
        self.at = self._newest
        self._sample_shift = self._samples

    def take(self, chunk: SpokenChunk) -> bool:
        words = tuple(
            replace(mark, at=mark.at + self.at, sample=mark.sample + self._sample_shift) for mark in chunk.words
        )
        if words:
            self._newest = words[-1].at
        self._samples += len(chunk.audio)
        return self._emit(SpokenChunk(chunk.audio, words))
