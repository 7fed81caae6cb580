"""Which words of a transcript that is made anew, again and again, will not change any more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.turns.words import plain_words

# Scripts that put no spaces between words: each of their letters, with its marks, counts as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
_WORD = re.compile(rf"\s*(?:[{_UNSPACED}][{_MARKS}]*|[^\s{_UNSPACED}]+)")


def words_of(text: str) -> tuple[str, ...]:
    """Words with the space before and the punctuation after them: joined they are `text` again, less a trailing space.

    Punctuation that stands alone belongs to the word before it.
    """
    words: list[str] = []
    for word in _WORD.findall(text):
        if words and not _plain(word):
            words[-1] += word
        else:
            words.append(word)
    return tuple(words)


def _plain(word: str) -> str:
    """What two passes must agree on: neither case nor punctuation, which Whisper decides by what follows."""
    return "".join(plain_words(word))


@dataclass(frozen=True, slots=True)
class Match:
    """Where a row of words ends in another. length: how many words of it. edits: how many differ."""

    length: int
    edits: int


def where_ends(known: Sequence[str], hypothesis: Sequence[str]) -> Match:
    """How much of the beginning of `hypothesis` says what `known` says.

    The beginning with the fewest words inserted, left out or replaced (edit distance); of several the one whose length
    is nearest to that of `known`, for a word is likelier misheard than lost.
    """
    spoken = [_plain(word) for word in hypothesis]
    edits = list(range(len(spoken) + 1))
    for count, word in enumerate(known, 1):
        plain = _plain(word)
        diagonal, edits[0] = edits[0], count
        for at, other in enumerate(spoken, 1):
            diagonal, edits[at] = edits[at], min(edits[at] + 1, edits[at - 1] + 1, diagonal + (plain != other))
    best = min(range(len(edits)), key=lambda at: (edits[at], abs(at - len(known))))
    return Match(best, edits[best])


class LocalAgreement:
    """LocalAgreement-2: a word is settled when two passes in a row agree on it and on all before it.

    From Macháček, Dabre, Bojar: Turning Whisper into Real-Time Transcription System, IJCNLP-AACL 2023 (their program:
    whisper_streaming), after Liu, Spanakis, Niehues: Low-Latency Sequence-to-Sequence Speech Recognition and
    Translation by Partial Hypothesis Selection, Interspeech 2020. Theirs tells by timestamps which words of a pass are
    old; Whisper's are a guess, so that words get lost or come twice. Here the old words are found by what they say.

    The last word of a pass is held back: the sound may end inside it, and two passes over the same stump agree.
    """

    def __init__(self) -> None:
        self._past: list[str] = []
        """Settled, and their sound is no longer in the window."""
        self._settled: list[str] = []
        """Settled, of the window."""
        self._tentative: list[str] = []

    @property
    def settled(self) -> str:
        """All settled words. Every later value begins with this one."""
        return "".join(self._past + self._settled).strip()

    @property
    def tentative(self) -> str:
        """What the newest pass heard after them."""
        return "".join(self._tentative).strip()

    def add(self, hypothesis: str) -> None:
        """Take in what a pass over the whole window heard. One that contradicts what is settled is left out."""
        words = _after_space(words_of(hypothesis)) if self._past else list(words_of(hypothesis))
        old = where_ends(self._settled, words)
        if _differs(old, self._settled):
            return
        words = words[old.length :]
        agreed = 0
        for new, before in zip(words[:-1], self._tentative, strict=False):
            if _plain(new) != _plain(before):
                break
            agreed += 1
        self._settled += words[:agreed]
        self._tentative = words[agreed:]

    def scroll(self, beginning: str) -> None:
        """The window's beginning, which says `beginning`, leaves it. Its words are settled; no word is said twice."""
        words = _after_space(words_of(beginning)) if self._past else list(words_of(beginning))
        end = where_ends(words, self._settled + self._tentative)
        if _differs(end, words):  # one of the two was misheard altogether: what is settled stands
            end = Match(len(self._settled), 0)
            words = list(self._settled)
        if end.length <= len(self._settled):
            self._past += self._settled[: end.length]
            self._settled = self._settled[end.length :]
            return
        fresh = words[where_ends(self._settled, words).length :]
        self._past += self._settled + fresh
        self._tentative = self._tentative[end.length - len(self._settled) :]
        self._settled = []


def _differs(match: Match, known: Sequence[str]) -> bool:
    """Whether the two are not the same words with some of them misheard."""
    return match.edits * 2 > len(known) + 1


def _after_space(words: Sequence[str]) -> list[str]:
    """The words as they stand behind others."""
    first, rest = words[:1], words[1:]
    return [*(" " + word if word[0].isalnum() and not _unspaced(word) else word for word in first), *rest]


def _unspaced(word: str) -> bool:
    return re.match(rf"[{_UNSPACED}]", word) is not None
