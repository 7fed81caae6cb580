"""From tokens to phrases: bytes into characters, thoughts left out, cut into pieces, each made speakable."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from assistant.brain.abbreviations import language_of
from assistant.brain.exchange import Exchange
from assistant.brain.partner import Kind, Phrase
from assistant.brain.runs import Run, text_of
from assistant.brain.sentences import SentenceSplitter
from assistant.brain.speakable import speakable
from assistant.brain.unspoken import Unspoken
from assistant.brain.vocabulary import Vocabulary


class Writing:
    """One answer being written into an exchange. Owned by the thinking thread."""

    def __init__(self, vocabulary: Vocabulary, exchange: Exchange, kind: Kind, *, begins_in_thought: bool) -> None:
        self._vocabulary = vocabulary
        self._exchange = exchange
        self._kind = kind
        self._characters = codecs.getincrementaldecoder("utf-8")("replace")
        self._incomplete: list[int] = []
        """Tokens whose bytes do not end with a character yet."""
        self._unspoken = Unspoken(begins_in_thought=begins_in_thought)
        self._splitter = SentenceSplitter()
        self._end = len(text_of(exchange.written))
        """Of the written text, in characters: how far it was cut into pieces."""
        self.spoken_tokens = 0
        """Made so far, thoughts not counted."""

    @property
    def ended(self) -> bool:
        """The model has written out a mark that ends its turn."""
        return self._unspoken.ended

    def feed(self, token: int) -> Iterator[Phrase]:
        """The phrases that are complete with `token`."""
        self.spoken_tokens += not self._unspoken.in_thought
        self._incomplete.append(token)
        text = self._characters.decode(self._vocabulary.piece(token))
        if self._characters.getstate()[0]:  # in the middle of a character
            if text:
                yield from self._let_through(self._unspoken.feed(Run(text)))
                self._incomplete = []
            return
        run = Run(text, tuple(self._incomplete))
        self._incomplete = []
        yield from self._let_through(self._unspoken.feed(run))

    def finish(self, *, whole: bool) -> Iterator[Phrase]:
        """What is left. whole: the model came to its end; else a sentence that broke off is left out, unless it is
        all there is."""
        yield from self._let_through(self._unspoken.finish())
        if whole or not self._exchange.handed_out:
            yield from self._said(self._splitter.finish())

    def _let_through(self, runs: list[Run]) -> Iterator[Phrase]:
        for run in runs:
            self._exchange.written.append(run)
            yield from self._said(self._splitter.feed(run.text))

    def _said(self, pieces: list[str]) -> Iterator[Phrase]:
        exchange = self._exchange
        for piece in pieces:
            self._end += len(piece)
            language = language_of(text_of(exchange.written), otherwise=language_of(exchange.said))
            text = speakable(piece, language)
            if text:
                yield exchange.hand_out(Phrase(text, self._kind, ""), self._end)
