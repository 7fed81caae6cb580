"""Words of a phrase, and where each begins in the sound when a synthesiser reports only most of them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from assistant.speech.voice import WordMark

# A run without white space or dashes, or one character of a script that writes no spaces (kana, Han).
_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s—–…/\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


@dataclass(frozen=True, slots=True)
class WordSpan:
    """One word of a text: text[at : at + length], in characters."""

    at: int
    length: int

    @property
    def end(self) -> int:
        return self.at + self.length


def word_spans(text: str) -> tuple[WordSpan, ...]:
    """The words of `text` in order, without the punctuation around them. A run of punctuation alone is no word."""
    spans = []
    for run in _RUN.finditer(text):
        first, last = run.start(), run.end()
        while first < last and not _is_spoken(text[first]):
            first += 1
        while last > first and not _is_spoken(text[last - 1]):
            last -= 1
        if last > first:
            spans.append(WordSpan(first, last - first))
    return tuple(spans)


def _is_spoken(character: str) -> bool:
    # Vowel signs of Indic scripts are marks, not letters, and belong to the word.
    return character.isalnum() or unicodedata.category(character).startswith("M")


class WordPlacer:
    """Gives every word of a phrase its sample, in order and each once.

    A synthesiser names positions in the text as it speaks. It names some words twice ("42" is "forty" and "two") and
    swallows others ("of the" is spoken as one). The first are counted once; the second are put between their
    neighbours in proportion to their characters, as soon as the next position is known.
    """

    def __init__(self, phrase: str) -> None:
        self._phrase = phrase
        self._spans = word_spans(phrase)
        self._ends = [span.end for span in self._spans]
        self._placed = 0
        self._known_at = 0
        self._known_sample = 0

    def word(self, at: int, sample: int) -> tuple[WordMark, ...]:
        """The text at character `at` begins at `sample`: that word, after those that were swallowed before it."""
        index = bisect_right(self._ends, at)
        if index < self._placed or index >= len(self._spans):
            self._known_sample = sample  # still inside a word that has begun: what is missing comes after this
            return ()
        reached = self._spans[index].at
        marks = (*self._between(index, reached, sample), self._mark(index, sample))
        self._placed = index + 1
        self._known_at, self._known_sample = reached, sample
        return marks

    def until(self, at: int, sample: int) -> tuple[WordMark, ...]:
        """Everything before character `at` was spoken before `sample`: the words of it that nobody named."""
        index = max(self._placed, bisect_right([span.at for span in self._spans], at - 1))
        marks = self._between(index, at, sample)
        self._placed = index
        self._known_at, self._known_sample = max(at, self._known_at), sample
        return marks

    def _between(self, index: int, reached: int, sample: int) -> tuple[WordMark, ...]:
        marks = []
        for missing in range(self._placed, index):
            share = (self._spans[missing].at - self._known_at) / max(1, reached - self._known_at)
            share = min(1.0, max(0.0, share))
            marks.append(self._mark(missing, self._known_sample + int(share * (sample - self._known_sample))))
        return tuple(marks)

    def _mark(self, index: int, sample: int) -> WordMark:
        span = self._spans[index]
        return WordMark(self._phrase[span.at : span.end], span.at, span.length, sample)
