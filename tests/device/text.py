"""Text as a list of words, without the punctuation around them."""

from __future__ import annotations


def words_of(text: str) -> list[str]:
    return [word for word in (piece.strip(".,;:!?…“”‘’\"'()—–-") for piece in text.split()) if word]
