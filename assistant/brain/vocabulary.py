"""A language model's tokens: text in, text out, and no way for a person's words to act as control tokens."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable
from typing import Any

from assistant.brain.runs import Segment

_LONGEST_PIECE = 512
"""Bytes; the longest tokens are runs of spaces and file headers of a few hundred."""


class Vocabulary:
    """Owned by the thinking thread.

    Special tokens are looked for in the template's own words only; everything between two of them is handed to the
    tokenizer in one stretch, so that the tokens are those of the whole prompt.
    """

    def __init__(self, library: Any, vocab: Any) -> None:
        """library: the module llama_cpp. vocab: its llama_vocab pointer, which must outlive this."""
        self._library = library
        self._vocab = vocab
        self._buffer = ctypes.create_string_buffer(_LONGEST_PIECE)
        self._bos = library.llama_vocab_bos(vocab) if library.llama_vocab_get_add_bos(vocab) else -1
        self._special = self._special_tokens()
        longest_first = sorted(self._special, key=len, reverse=True)
        self._special_text = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self._adds_space = self.tokens_of("a") != self._without_space("a")

    def _special_tokens(self) -> dict[str, tuple[int, bool, bool]]:
        """Text → token, and whether it swallows white space before and behind it."""
        library, vocab = self._library, self._vocab
        kinds = library.LLAMA_TOKEN_ATTR_CONTROL | library.LLAMA_TOKEN_ATTR_UNKNOWN
        special = {}
        for token in range(library.llama_vocab_n_tokens(vocab)):
            attributes = library.llama_vocab_get_attr(vocab, token)
            if attributes & kinds:
                text = library.llama_vocab_get_text(vocab, token).decode("utf-8", "replace")
                before = bool(attributes & library.LLAMA_TOKEN_ATTR_LSTRIP)
                behind = bool(attributes & library.LLAMA_TOKEN_ATTR_RSTRIP)
                if text:
                    special[text] = (token, before, behind)
        return special

    def _without_space(self, text: str) -> list[int]:
        """The tokens of `text` in the middle of a line, to find out what the tokenizer adds at its beginning."""
        return self.tokens_of(f"\n{text}")[len(self.tokens_of("\n")) :]

    @property
    def bos_text(self) -> str:
        """What the template may call bos_token."""
        token = self._library.llama_vocab_bos(self._vocab)
        return self._text(token)

    @property
    def eos_text(self) -> str:
        return self._text(self._library.llama_vocab_eos(self._vocab))

    def _text(self, token: int) -> str:
        return "" if token < 0 else self.piece(token).decode("utf-8", "replace")

    def piece(self, token: int) -> bytes:
        """The token's bytes, perhaps a part of a character. A special token's are its name."""
        length = self._library.llama_token_to_piece(self._vocab, token, self._buffer, _LONGEST_PIECE, 0, True)
        if length < 0:
            buffer = ctypes.create_string_buffer(-length)
            length = self._library.llama_token_to_piece(self._vocab, token, buffer, -length, 0, True)
            return buffer.raw[:length]
        return self._buffer.raw[:length]

    def is_control(self, token: int) -> bool:
        return bool(self._library.llama_vocab_is_control(self._vocab, token))

    def ends_generation(self, token: int) -> bool:
        return bool(self._library.llama_vocab_is_eog(self._vocab, token))

    def tokens_of(self, text: str) -> list[int]:
        """The tokens of text in which nothing is special."""
        encoded = text.encode("utf-8", "replace")
        most = len(encoded) + 2
        tokens = (ctypes.c_int32 * most)()
        count = self._library.llama_tokenize(self._vocab, encoded, len(encoded), tokens, most, False, False)
        return list(tokens[: max(0, count)])

    def tokens(self, segments: Iterable[Segment]) -> list[int]:
        """The tokens of a prompt, with the one for its beginning where the model wants it and the template forgot."""
        found: list[int] = []
        stretch = ""
        follows_text = swallows = False

        def finish_stretch() -> None:
            nonlocal stretch, follows_text
            # The tokenizer puts a space before what it takes for a beginning; here one that is there does for it.
            if follows_text and self._adds_space and stretch.startswith(" "):
                stretch = stretch[1:]
            if stretch:
                found.extend(self.tokens_of(stretch))
                follows_text = True
            stretch = ""

        for segment in segments:
            if segment.run.tokens:
                finish_stretch()
                found.extend(segment.run.tokens)
                follows_text = True
                continue
            for text, special in self._parts(segment):
                if special is None:
                    stretch += text.lstrip() if swallows else text
                    swallows = swallows and not stretch
                    continue
                token, before, swallows = special
                if before:
                    stretch = stretch.rstrip()
                finish_stretch()
                found.append(token)
                follows_text = False
        finish_stretch()
        if self._bos >= 0 and found[:1] != [self._bos]:
            found.insert(0, self._bos)
        return found

    def _parts(self, segment: Segment) -> Iterable[tuple[str, tuple[int, bool, bool] | None]]:
        text = segment.run.text
        at = 0
        if segment.trusted:
            for match in self._special_text.finditer(text):
                if match.start() > at:
                    yield text[at : match.start()], None
                yield match.group(), self._special[match.group()]
                at = match.end()
        if at < len(text):
            yield text[at:], None
