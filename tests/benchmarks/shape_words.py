"""What the models of real shapes hear and answer, and a byte-level vocabulary in which these words are single tokens.

Random vocabularies cut text into letters: a prompt would have five times the tokens of a real model's.
"""

from __future__ import annotations

import re

from assistant.brain import notes
from assistant.settings.sections import Brain

HEARD = "What should I cook for dinner tonight having nothing left except cold rice plus some small eggs"
"""Said in about four seconds; a shorter sound holds less of it. None of its words leaves a sentence open."""
MARK = "?"
WHOLE_FROM = 4
"""So many words of HEARD are a whole question, behind which a recogniser writes MARK; fewer only begin one."""
ANSWER = (
    "Yes, you can make quick fried rice with those, and it takes ten minutes. "
    "Heat some oil first, add leftover grains, then push them aside. "
    "Scramble two eggs in that gap, stir everything together, finally wilt the spinach on top."
)
"""No word comes twice, because each token alone says which one follows."""

SPACE = "Ġ"
_PIECES = re.compile(r"'(?:s|t|re|ve|m|ll|d)| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")  # GPT-2's
_KNOWN = (HEARD, ANSWER, Brain().persona, "system", "user", "assistant", notes.BEGIN, notes.GO_ON)


def byte_symbols() -> list[str]:
    """The character that stands for each byte, by byte (openai/gpt-2, encoder.py)."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = (byte for byte in range(256) if byte not in printable)
    names = {byte: chr(byte) for byte in printable} | {byte: chr(256 + at) for at, byte in enumerate(others)}
    return [names[byte] for byte in range(256)]


def known_words() -> list[str]:
    """Each with the mark for the space before it, where it has one; in the order of their first appearance."""
    symbols = byte_symbols()
    pieces = (piece for text in _KNOWN for piece in _PIECES.findall(text) if piece.isascii())
    return list(dict.fromkeys("".join(symbols[byte] for byte in piece.encode()) for piece in pieces))


def merges() -> list[tuple[str, str]]:
    """Pairs that byte pair encoding joins, in order: each word is put together from its beginning."""
    pairs = ((word[:end], word[end]) for word in known_words() for end in range(1, len(word)))
    return list(dict.fromkeys(pairs))


def answer_tokens() -> list[str]:
    """ANSWER in as many tokens as a real vocabulary has for it: one a word, one for a mark behind it; all differ."""
    tokens = []
    for at, word in enumerate(ANSWER.split(" ")):
        whole = SPACE * (at > 0) + word
        cut = len(whole) if whole[-1].isalpha() else len(whole) // 2
        tokens += [part for part in (whole[:cut], whole[cut:]) if part]
    assert len(set(tokens)) == len(tokens)
    return tokens
