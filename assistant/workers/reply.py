"""One reply on its way to the loudspeaker: its phrases, their words, and how much of them was heard."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from assistant.brain.partner import Phrase
from assistant.brain.sentences import ends_sentence
from assistant.speech.voice import VOICE_RATE, SpokenChunk, WordMark


@dataclass(slots=True)
class SpokenPhrase:
    """A phrase and its sound. start: 48 kHz sample of the reply where it begins. length: of the sound made so far.

    complete: there is no more sound to come, and none is missing.
    """

    phrase: Phrase
    start: int
    length: int = 0
    complete: bool = False
    words: list[WordMark] = field(default_factory=list)
    sound: list[np.ndarray] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.start + self.length

    def heard_words(self, played: int) -> list[WordMark]:
        """The words of which at least half had left the loudspeaker when `played` samples of the reply had."""
        # Where the last word ends is known only once there is no more sound to come.
        last_end = self.length if self.complete else math.inf
        words = list(self.words)
        ends = [*(word.sample for word in words[1:]), last_end][: len(words)]
        at = played - self.start
        return [word for word, end in zip(words, ends, strict=True) if (word.sample + end) / 2 <= at]


@dataclass(frozen=True, slots=True)
class HeardText:
    """Where a reply stood at some sample.

    heard, unsaid: its text before and after that place, without the punctuation between the two; of a very long one
    the last hundred phrases. earlier, from_phrase: the same, as if the place were the start of the phrase it lies in.
    phrase_heard, phrase_cut: that phrase alone.
    last_word: without punctuation, "" before the first. played_ms: of the reply; phrase_ms: of the phrase. generation:
    of the reply.
    """

    heard: str
    unsaid: str
    earlier: str
    from_phrase: str
    phrase_heard: str
    phrase_cut: str
    last_word: str
    played_ms: float = 0.0
    phrase_ms: float = 0.0
    generation: int = -1


class Reply:
    """Written by the speaking thread, read by all; a reader sees a phrase or does not, never half of one.

    generation: the only one under which its sound may leave.
    """

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.phrases: list[SpokenPhrase] = []

    def begin(self, phrase: Phrase) -> SpokenPhrase:
        """The next phrase is about to be synthesized."""
        spoken = SpokenPhrase(phrase, self.phrases[-1].end if self.phrases else 0)
        self.phrases.append(spoken)
        return spoken

    def add(self, spoken: SpokenPhrase, chunk: SpokenChunk) -> None:
        """A piece of its sound."""
        spoken.words.extend(chunk.words)
        spoken.sound.append(chunk.audio)
        spoken.length += len(chunk.audio)

    def forget_sound(self, played: int) -> None:
        """Keeps the text, frees the sound of phrases that are over: a reading may go on for hours."""
        for spoken in self.phrases[-8:]:
            if spoken.complete and spoken.end <= played:
                spoken.sound = []

    def at(self, played: int) -> HeardText:
        """What had been heard when `played` 48 kHz samples had left the loudspeaker."""
        phrases = self.phrases[-_LOOKED_AT:]
        open_ones = (i for i, spoken in enumerate(phrases) if played < spoken.end or not spoken.complete)
        index = next(open_ones, len(phrases))
        texts = [spoken.phrase.text for spoken in phrases]
        words = phrases[index].heard_words(played) if index < len(phrases) else []
        edge = words[-1].at + words[-1].length if words else 0
        earlier, cut_text, later = texts[:index], "".join(texts[index : index + 1]), texts[index + 1 :]
        last_words = words or [word for spoken in phrases[:index] for word in spoken.words[-1:]]
        return HeardText(
            heard=_joined([*earlier, cut_text[:edge]]),
            unsaid=_joined([cut_text[edge:].lstrip(_BETWEEN_WORDS), *later]),
            earlier=_joined(earlier),
            from_phrase=_joined([cut_text, *later]),
            phrase_heard=cut_text[:edge],
            phrase_cut=cut_text[edge:],
            last_word=last_words[-1].text if last_words else "",
            played_ms=played * 1000 / VOICE_RATE,
            phrase_ms=(played - phrases[index].start) * 1000 / VOICE_RATE if index < len(phrases) else 0.0,
            generation=self.generation,
        )

    def first_sentence_is_over(self, played: int) -> bool:
        """Whether all of it had left the loudspeaker when `played` samples of the reply had; it may be many phrases."""
        for spoken in self.phrases[:_LOOKED_AT]:
            if not spoken.complete or played < spoken.end:
                return False
            if ends_sentence(spoken.phrase.text):
                return True
        return len(self.phrases) >= _LOOKED_AT

    def around(self, played: int) -> str:
        """What is being said at that place: the phrase it lies in and the one before."""
        begun = [spoken.phrase.text for spoken in self.phrases[-_LOOKED_AT:] if spoken.start <= played]
        return _joined(begun[-2:])

    def sound_after(self, played: int, samples: int) -> np.ndarray:
        """Up to `samples` of what would have come next of the phrase at `played`: (n,) float32, 48 kHz."""
        for spoken in self.phrases[-_LOOKED_AT:]:
            if spoken.start <= played < spoken.end and spoken.sound:
                return np.concatenate(spoken.sound)[played - spoken.start :][:samples]
        return np.zeros(0, np.float32)


_LOOKED_AT = 100
"""Phrases from the newest back, minutes of speech: a reading of hours must not be gone through on the turn thread."""
_BETWEEN_WORDS = " ,.;:!?…”’)"


def _joined(texts: list[str]) -> str:
    return " ".join(text for text in texts if text)
