"""A reply in pieces worth saying: its first clause as soon as there is one, then whole sentences.

The ends of sentences are found by the package sentence-stream.
"""

from __future__ import annotations

import re

from assistant.brain.abbreviations import ends_in_abbreviation

_OPENING_WORDS = 1
""""Yes," may be said at once: nobody minds a moment's thought behind it, and half a second of it is won."""
_FIRST_WORDS = 4
"""So many words make a first clause worth saying: over a second of speech, in which the rest is made."""
_LONG_WORDS = 30
"""A sentence this long is spoken up to its next clause; the voice makes a sentence's sound in one go."""
_ENDLESS_WORDS = 60
"""Text without punctuation is spoken up to the next space."""

_CLAUSE = re.compile(r"(?:[,;:—–…]|\s-)[”’\"')]*(?=\s)|[，、；：]")
_ENDER = re.compile(r"[.!?…؟।॥。！？]")
_SENTENCE_ENDS = re.compile(r"[.!?؟।॥。！？][”’\"')\]*_`]*\s*$")
_MARKUP = "*_`"  # sentence-stream does not look behind it
_IN_FRONT = re.compile(r"\s*(?:(?:\d{1,3}[.)]|[-*+•]|#{1,6}|>)\s+)*")
"""What begins a line and belongs to what follows: the number of a list is no sentence."""
_FENCE = re.compile(r"\s*(`{3,}|~{3,})[^\n]*\n(?:[^\n]*\n)*?[ \t]*\1[^\n]*\n")
_MAY_BE_FENCE = re.compile(r"\s*(?:`{1,2}$|~{1,2}$|```|~~~)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


class SentenceSplitter:
    """Text in as it is written, pieces out. Put together, the pieces are the text: nothing is lost or comes twice."""

    def __init__(self) -> None:
        self._pending = ""
        self._words = 0
        """In the pieces that were handed out."""

    def feed(self, text: str) -> list[str]:
        """The pieces that are complete with `text`. The same however the text is cut."""
        pieces = []
        for character in text:
            self._pending += character
            end = self._end()
            if end:
                pieces.append(self._take(end))
        return pieces

    def finish(self) -> list[str]:
        """What is left."""
        return [self._take(len(self._pending))] if self._pending else []

    def _take(self, end: int) -> str:
        piece, self._pending = self._pending[:end], self._pending[end:]
        self._words += word_count(piece)
        return piece

    def _end(self) -> int:
        """Characters of the pending text that make a piece, 0 while none is complete."""
        text = self._pending
        if _MAY_BE_FENCE.match(text):
            fence = _FENCE.match(text) if text[-1] == "\n" else None
            return fence.end() if fence else 0
        front = _IN_FRONT.match(text)
        begins = front.end() if front else 0
        if text[-1] == "\n":
            return len(text) if text.strip() else 0
        if begins >= len(text):
            return 0
        return self._sentence_end(text, begins) or self._clause_end(text, begins)

    def _sentence_end(self, text: str, begins: int) -> int:
        if not _ENDER.search(text, begins, len(text) - 1):
            return 0
        from sentence_stream import SentenceBoundaryDetector

        kept = [i for i in range(begins, len(text)) if text[i] not in _MARKUP]
        plain = "".join(text[i] for i in kept)
        at = 0
        for sentence in SentenceBoundaryDetector().add_chunk(plain):
            for character in sentence:  # the package strips white space and nothing else that is left
                at = plain.index(character, at) + 1
            if at >= len(kept):
                return 0
            if ends_in_abbreviation(plain[:at]):
                continue
            end = kept[at - 1] + 1
            while end < len(text) and text[end] in _MARKUP:
                end += 1
            return end
        return 0

    def _clause_end(self, text: str, begins: int) -> int:
        if not text[-1].isspace() and not _CLAUSE.match(text[-1]):
            return 0  # a mark ends a clause only when something follows it
        words = word_count(text)
        wanted = _OPENING_WORDS if not self._words else _FIRST_WORDS if self._words < _FIRST_WORDS else _LONG_WORDS
        if words < wanted:
            return 0
        for mark in _CLAUSE.finditer(text, begins):
            piece = text[: mark.end()]
            if word_count(piece) >= wanted and _closed(piece):
                return mark.end()
        return len(text.rstrip()) if words >= _ENDLESS_WORDS else 0


def word_count(text: str) -> int:
    """Words of `text`; three characters of a script without spaces count as two."""
    unspaced = len(_CJK.findall(text))
    return len(re.findall(r"\w[\w’'-]*", _CJK.sub(" ", text))) + unspaced * 2 // 3


def ends_sentence(piece: str) -> bool:
    """Whether a piece of a reply ends its sentence, and not only a clause of it."""
    return _SENTENCE_ENDS.search(piece) is not None


def _closed(text: str) -> bool:
    """Whether no bracket, link or code is cut in two."""
    return text.count("[") == text.count("]") and text.count("(") <= text.count(")") and text.count("`") % 2 == 0
