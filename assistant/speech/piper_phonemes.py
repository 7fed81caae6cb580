"""A phrase as the phonemes that a Piper voice was trained on, and which of them begin its written words."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.speech import libespeak
from assistant.speech.piper_file import PiperDescription
from assistant.speech.voice import VoiceFailed
from assistant.speech.words import word_spans

CLAUSE_MARKS = frozenset(",;:")
STRESS = frozenset("ˈˌ")
VOWELS = frozenset("aeiouyæøœɐɑɒɔɘəɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻ")
# eSpeak NG marks a change of language inside a phrase so: "(de)ʃɛf(en-us)".
_LANGUAGE_MARK = re.compile(r"\([^)]+\)")
# A full stop before a capital ends a sentence for eSpeak NG, which it does not after a title.
_TITLE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|Hr|Fr|Mme|Dra|Sra?)\.(?=\s+\w)")

# Costs of the alignment. A vowel is reduced in context more often than a consonant goes; a word begins at a space of
# the phonemes, unless eSpeak NG has drawn it to the one before ("of the" → "ʌvðə").
_GAP, _OTHER_VOWEL, _OTHER_CONSONANT, _OTHER_KIND, _NO_SPACE = 0.8, 0.5, 1.0, 1.6, 0.4
_SLACK = 1e-9

_MOST_KNOWN = 5000
"""Words whose phonemes are kept. Each call of piper-tts's phonemiser leaks some 300 bytes, and one a word adds up."""

_ATTACHED = re.compile(r"[^\s—–…/]*$")


@dataclass(frozen=True, slots=True)
class Run:
    """What the model speaks in one go: a sentence, or the part of a long one up to a clause mark.

    words: (symbol, word) pairs in order: word number `word` of the phrase begins with symbols[symbol].
    """

    symbols: tuple[str, ...]
    words: tuple[tuple[int, int], ...]


class Phonemiser:
    """The part of eSpeak NG that piper-tts calls, under the lock of the one library. Owned by the speaking thread."""

    def __init__(self, described: PiperDescription) -> None:
        """Raises VoiceFailed where eSpeak NG lacks the language of the voice."""
        self._described = described
        self._known_alone: dict[str, list[str]] = {}
        if described.espeak_voice is None:
            return
        try:
            import piper
            from piper import espeakbridge
        except ImportError as error:
            raise VoiceFailed(f"piper-tts is not installed ({error}). Run: pip install piper-tts") from error
        data = Path(piper.__file__).parent / "espeak-ng-data"
        if not (data / "phontab").is_file():  # else the library ends the whole process
            raise VoiceFailed(f"eSpeak NG finds no data in {data}. Install piper-tts again.")
        self._bridge: Any = espeakbridge
        with libespeak.LOCK:
            # Harmless where EspeakVoice has initialised the same library before; where it has one of its own, needed.
            self._bridge.initialize(str(data))
            self._choose()

    def runs(self, phrase: str, most_symbols: int) -> list[Run]:
        """The phrase in runs of about `most_symbols` at most, cut at clause marks while there are any; () for silence.

        Raises VoiceFailed.
        """
        text = _speakable(phrase)
        if self._described.espeak_voice is None:
            symbols = list(unicodedata.normalize("NFD", text))
            starts = [len(unicodedata.normalize("NFD", text[: span.at])) for span in word_spans(text)]
            sentences = [symbols] if text.strip() else []
        else:
            with libespeak.LOCK:
                self._choose()
                sentences = self._sentences(text)
                alone = [self._letters_alone(piece) for piece in word_pieces(text)]
            starts = word_starts([symbol for sentence in sentences for symbol in sentence], alone)
        return _cut(sentences, starts, most_symbols)

    def _choose(self) -> None:
        try:
            self._bridge.set_voice(self._described.espeak_voice)
        except RuntimeError as error:
            raise VoiceFailed(
                f"eSpeak NG lacks the language “{self._described.espeak_voice}” of this voice. Choose another voice."
            ) from error

    def _sentences(self, text: str) -> list[list[str]]:
        sentences: list[list[str]] = [[]]
        for phonemes, terminator, ends_sentence in self._bridge.get_phonemes(text):
            heard = _LANGUAGE_MARK.sub("", phonemes) + terminator
            # Piper's own phonemiser puts a space after a clause; "…" is a clause without a mark.
            symbols = list(unicodedata.normalize("NFD", heard + ("" if ends_sentence else " ")))
            sentences[-1] += self._clustered(symbols)
            if ends_sentence and sentences[-1]:
                sentences.append([])
        return [sentence for sentence in sentences if any(symbol.isalnum() for symbol in sentence)]

    def _letters_alone(self, piece: str) -> list[str]:
        if piece not in self._known_alone:
            if len(self._known_alone) >= _MOST_KNOWN:
                self._known_alone.clear()
            heard = "".join(phonemes for phonemes, _, _ in self._bridge.get_phonemes(piece))
            symbols = self._clustered(list(unicodedata.normalize("NFD", _LANGUAGE_MARK.sub("", heard))))
            self._known_alone[piece] = [symbol for symbol in symbols if _is_letter(symbol)]
        return self._known_alone[piece]

    def _clustered(self, symbols: list[str]) -> list[str]:
        clustered: list[str] = []
        at = 0
        while at < len(symbols):
            here = (c for c in self._described.clusters if tuple(symbols[at : at + len(c)]) == c)
            cluster = next(here, (symbols[at],))
            clustered.append("".join(cluster))
            at += len(cluster)
        return clustered


def word_pieces(text: str) -> list[str]:
    """The text once more, each piece with one word and the signs that belong to it: "$5 %, (so" → "$5 %, ", "(so"."""
    begins = [span.at - len(_ATTACHED.findall(text[: span.at])[0]) for span in word_spans(text)]
    return [text[begin:end] for begin, end in pairwise([0, *begins[1:], len(text)])] if begins else []


def word_starts(symbols: Sequence[str], alone: Sequence[Sequence[str]]) -> list[int]:
    """For each word the symbol that it begins with, never earlier than the word before.

    symbols: of the whole phrase as it is spoken. alone: the letters of each word as it would be spoken alone. The two
    are aligned by the cheapest sequence of changes (Needleman and Wunsch, 1970), a row of the table at a time.
    """
    places = [index for index, symbol in enumerate(symbols) if _is_letter(symbol)]
    letters = [symbols[place] for place in places]
    flat = [letter for word in alone for letter in word]
    begins = np.cumsum([0, *(len(word) for word in alone)])[:-1].tolist()
    off_space = np.array([0.0 if _follows_space(symbols, place) else _NO_SPACE for place in places] + [0.0])
    path = _path(flat, letters, off_space, set(begins))
    starts = []
    for begin in begins:
        place = places[path[begin]] if path[begin] < len(places) else len(symbols)
        while 0 < place < len(symbols) and symbols[place - 1] in STRESS:
            place -= 1
        starts.append(place)
    return starts


def _path(flat: list[str], letters: list[str], off_space: npt.NDArray[np.float64], begins: set[int]) -> list[int]:
    """For each letter of `flat`, and for its end, how many of `letters` lie before it on the cheapest way.

    Letters that only the spoken phrase has may lie on either side of the place where a word begins.
    """
    insertions = np.arange(len(letters) + 1) * _GAP
    changes = {letter: np.array([_change(letter, other) for other in letters]) for letter in set(flat)}
    ended = [insertions]  # the cost of so many letters of both, a row for each of `flat`
    begun = []  # the same with the next word begun
    for row, letter in enumerate(flat):
        before = ended[row]
        if row in begins:
            before = np.minimum.accumulate(before + off_space - insertions) + insertions
        begun.append(before)
        best = before + _GAP
        best[1:] = np.minimum(best[1:], before[:-1] + changes[letter])
        ended.append(np.minimum.accumulate(best - insertions) + insertions)
    path = [len(letters)] * (len(flat) + 1)
    column = len(letters)
    for row in range(len(flat) - 1, -1, -1):
        while column > 0:
            cost = ended[row + 1][column] + _SLACK
            if cost >= begun[row][column - 1] + changes[flat[row]][column - 1]:
                column -= 1
                break
            if cost >= begun[row][column] + _GAP:
                break
            column -= 1
        if row in begins:
            while column > 0 and begun[row][column] + _SLACK < ended[row][column] + off_space[column]:
                column -= 1
        path[row] = column
    return path


def _change(one: str, other: str) -> float:
    if one == other:
        return 0.0
    vowels = (one[0] in VOWELS) + (other[0] in VOWELS)
    return (_OTHER_CONSONANT, _OTHER_KIND, _OTHER_VOWEL)[vowels]


def _is_letter(symbol: str) -> bool:
    return symbol[0].isalpha() and symbol not in STRESS and not unicodedata.category(symbol[0]).startswith("Lm")


def _follows_space(symbols: Sequence[str], place: int) -> bool:
    while place > 0 and symbols[place - 1] in STRESS:
        place -= 1
    return place == 0 or not (_is_letter(symbols[place - 1]) or unicodedata.category(symbols[place - 1][0])[0] in "LM")


def _speakable(phrase: str) -> str:
    """The phrase, character for character in its place, without what eSpeak NG cannot take or would take wrongly."""
    cleaned = "".join(" " if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in phrase)
    return _TITLE.sub(lambda title: title.group()[:-1] + " ", cleaned)


def _cut(sentences: Sequence[Sequence[str]], starts: Sequence[int], most_symbols: int) -> list[Run]:
    runs: list[Run] = []
    offset = 0
    for sentence in sentences:
        begin = 0
        while begin < len(sentence):
            end = _end_of_run(sentence, begin, most_symbols)
            first, last = bisect_left(starts, offset + begin), bisect_left(starts, offset + end)
            words = tuple((starts[word] - offset - begin, word) for word in range(first, last))
            runs.append(Run(tuple(sentence[begin:end]), words))
            begin = end
        offset += len(sentence)
    return runs


def _end_of_run(sentence: Sequence[str], begin: int, most_symbols: int) -> int:
    """After the last clause within the measure; without one at the next clause, but never twice as long."""
    if len(sentence) - begin <= most_symbols:
        return len(sentence)
    ends = [at + 1 for at in range(begin, len(sentence)) if sentence[at] == " " and sentence[at - 1] in CLAUSE_MARKS]
    near = [end for end in ends if end <= begin + most_symbols]
    if near:
        return near[-1]
    later = min([end for end in ends if end < len(sentence)] or [len(sentence)])
    if later <= begin + 2 * most_symbols:
        return later
    spaces = [at + 1 for at in range(begin + most_symbols // 2, begin + most_symbols) if sentence[at] == " "]
    return spaces[-1] if spaces else begin + most_symbols
