"""What words mean for the floor: a wish to stop, a sign of listening, Interject's own voice, or something to say."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from assistant.settings.sections import BargeIn
from assistant.turns.facts import WordsHeard


class Meaning(Enum):
    """In the order in which they are looked for."""

    NOTHING = "nothing understood yet"
    OWN = "Interject's own words, heard again"
    STOP_WORD = "begins with a stop word"
    BACKCHANNEL = "nothing but signs of listening"
    WORDS = "something to say"


def meaning(heard: WordsHeard, knobs: BargeIn) -> Meaning:
    """Judges one utterance by itself: what was said before it in the same turn does not count."""
    words = plain_words(heard.text)
    if not words:
        return Meaning.NOTHING
    if _contains(plain_words(heard.own_words), words):
        return Meaning.OWN
    if any(words[: len(stop)] == stop for stop in phrases(knobs.stop_words)):
        return Meaning.STOP_WORD
    if not heard.asked and _made_of(words, phrases(knobs.backchannels)):
        return Meaning.BACKCHANNEL
    return Meaning.WORDS


def plain_words(text: str) -> tuple[str, ...]:
    """Lower case, without punctuation and accents; "Mm-hm" is one word, "mmhm"."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    return tuple(re.sub(r"[-']", "", word) for word in re.findall(r"\w[\w'-]*", letters))


def phrases(listed: str) -> tuple[tuple[str, ...], ...]:
    """A knob's comma-separated phrases, the longest first, so that "hold on" is found before "hold"."""
    listed_words = (plain_words(phrase) for phrase in listed.split(","))
    return tuple(sorted((words for words in listed_words if words), key=len, reverse=True))


def _made_of(words: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> bool:
    """Whether the words are a row of these phrases and nothing else."""
    while words:
        found = next((phrase for phrase in rows if words[: len(phrase)] == phrase), None)
        if found is None:
            return False
        words = words[len(found) :]
    return True


def _contains(said: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the words stand in what was said, in a row."""
    return any(said[at : at + len(words)] == words for at in range(len(said) - len(words) + 1))
