"""Whisper's tokens and text, read from a CTranslate2 folder's vocabulary.

A tokenizer.json is not needed: the `tokenizers` library holds the interpreter lock for a tenth of a second and more
while it reads one, which the sound would hear, and faster-whisper asks the network where a folder has none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_FILES = ("vocabulary.json", "vocabulary.txt")

# GPT-2's split into words, with letters and digits as Python's `re` knows them (openai/gpt-2, encoder.py).
_PIECES = re.compile(r"'(?:s|t|re|ve|m|ll|d)| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


class VocabularyBroken(ValueError):
    """The vocabulary is missing, or is not Whisper's. The text says which."""


class WhisperVocabulary:
    """Owned by the thread of its recogniser."""

    def __init__(self, tokens: Sequence[str]) -> None:
        """tokens: in the order of their ids. Raises VocabularyBroken where it lacks what Whisper needs."""
        self._tokens = tokens
        self._ids = {token: at for at, token in enumerate(tokens)}
        self.end = self._id("<|endoftext|>")
        self.start = self._id("<|startoftranscript|>")
        self.previous = self._id("<|startofprev|>")
        self.transcribe = self._id("<|transcribe|>")
        self.no_timestamps = self._id("<|notimestamps|>")
        self.languages = {
            token[2:-2]: at
            for at, token in enumerate(tokens[self.start + 1 : self.transcribe], self.start + 1)
            if re.fullmatch(r"<\|[a-z]{2,3}\|>", token)
        }
        """Language code → token; codes are ISO 639-1, or 639-3 where that has none."""

    def _id(self, token: str) -> int:
        try:
            return self._ids[token]
        except KeyError:
            raise VocabularyBroken(f"its vocabulary has no {token}") from None

    def text(self, ids: Iterable[int]) -> str:
        """Text of the tokens; special ones and timestamps have none. A character that was broken off is left out."""
        characters = "".join(self._tokens[at] for at in ids if at < self.end)
        data = bytes(_BYTE_OF[character] for character in characters if character in _BYTE_OF)
        return data.decode(errors="ignore")

    def ids(self, text: str) -> list[int]:
        """Tokens of a text, as Whisper's own tokenizer makes them."""
        found: list[int] = []
        for piece in _PIECES.findall(text):
            found += self._merge([_CHARACTER_OF[byte] for byte in piece.encode()])
        return found

    def _merge(self, parts: list[str]) -> list[int]:
        """Byte pair encoding: ids were given in the order of the merges, so that the lowest pair is merged first."""
        whole = self._ids.get("".join(parts))
        if whole is not None:
            return [whole]
        while len(parts) > 1:
            pairs = [self._ids.get(parts[at] + parts[at + 1], len(self._tokens)) for at in range(len(parts) - 1)]
            lowest = min(pairs)
            if lowest >= self.end:
                break
            at = pairs.index(lowest)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return [self._ids[part] for part in parts if part in self._ids]


def read_vocabulary(folder: Path) -> WhisperVocabulary:
    """The vocabulary of a CTranslate2 folder. Raises VocabularyBroken."""
    path = next((folder / name for name in _FILES if (folder / name).is_file()), None)
    if path is None:
        raise VocabularyBroken(f"it has no {_FILES[0]}")
    try:
        text = path.read_text(encoding="utf-8")
        tokens = json.loads(text) if path.suffix == ".json" else text.removesuffix("\n").split("\n")
    except (OSError, ValueError) as error:
        raise VocabularyBroken(f"{path.name} cannot be read ({error})") from error
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
        raise VocabularyBroken(f"{path.name} is not a list of tokens")
    return WhisperVocabulary(tokens)


def _printable_bytes() -> dict[int, str]:
    """GPT-2's character for each byte: itself where it is printable, else the next one from 256 on (encoder.py)."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + at) for at, byte in enumerate(others)}


_CHARACTER_OF = _printable_bytes()
_BYTE_OF = {character: byte for byte, character in _CHARACTER_OF.items()}
