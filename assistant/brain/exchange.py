"""One exchange under way: what was asked, what was handed out for speaking, and what of it was heard."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.brain.history import Turn
from assistant.brain.partner import Interruption, Phrase, UserTurn
from assistant.brain.runs import Run, first_characters, text_of
from assistant.brain.unheard import unheard

_BETWEEN_WORDS = " ,.;:!?…”’)"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A phrase and the place in the written reply that it was made from: end, in characters."""

    phrase: Phrase
    end: int


@dataclass(frozen=True, slots=True)
class Rest:
    """What was not heard of an answer that was cut. begun: the phrase that was cut, whole; None where none was.

    unfinished: the model had not come to its end. age: exchanges since the cut.
    """

    phrases: tuple[Phrase, ...]
    begun: Phrase | None
    unfinished: bool
    age: int = 0

    @property
    def text(self) -> str:
        return " ".join(phrase.text for phrase in self.phrases)

    @property
    def from_phrase_start(self) -> tuple[Phrase, ...]:
        return (self.begun, *self.phrases[1:]) if self.begun else self.phrases


@dataclass(frozen=True, slots=True)
class Heard:
    """How an exchange ended: what the history keeps of its answer, and what was not heard, None where nothing is."""

    reply: tuple[Run, ...]
    rest: Rest | None


@dataclass(slots=True)
class Exchange:
    """The newest one, which changes while it is answered. Owned by the thinking thread.

    asked: None where the person pressed the button. turns: the history before it. said_before: what the person said
    in turns whose answers nobody heard. cut: what it is known to have cut off. rest: what may be taken up.
    """

    asked: UserTurn | None
    turns: tuple[Turn, ...]
    note: str = ""
    said: str = ""
    said_before: tuple[str, ...] = ()
    cut: Interruption | None = None
    rest: Rest | None = None
    already_heard: tuple[Run, ...] = ()
    """The beginning of its answer, where it was resumed."""
    waiting: deque[Phrase] = field(default_factory=deque)
    """Written before, not yet handed out."""
    written: list[Run] = field(default_factory=list)
    handed_out: list[HandedOut] = field(default_factory=list)
    unfinished: bool = False
    """The model is in the middle of its answer."""

    def turn(self, reply: Sequence[Run] = ()) -> Turn:
        return Turn(self.note, self.said, tuple(reply))

    def hand_out(self, phrase: Phrase, end: int) -> Phrase:
        self.handed_out.append(HandedOut(phrase, end))
        return phrase

    def heard(self, cut: Interruption | None) -> Heard:
        """What was heard of it: all that was handed out, or what `cut` says."""
        if not self.handed_out:
            return Heard(self.already_heard, self.rest)
        if cut is None:
            spoken = self.written if not self.unfinished else first_characters(self.written, self.handed_out[-1].end)
            return Heard((*self.already_heard, *spoken), self.rest)
        phrases = [handed.phrase for handed in self.handed_out]
        rest = unheard(phrases, cut)
        whole = " ".join(phrase.text for phrase in phrases)
        missing = " ".join(phrase.text for phrase in rest)
        left = (*rest, *self.waiting)
        if not whole.endswith(missing):  # another text than was handed out: as it was told
            return Heard((*self.already_heard, Run(cut.heard)), Rest(left, None, self.unfinished))
        spoken, begun = self._up_to(len(whole) - len(missing))
        return Heard((*self.already_heard, *spoken), Rest(left, begun, self.unfinished))

    def _up_to(self, characters: int) -> tuple[tuple[Run, ...], Phrase | None]:
        """The written text up to a place in the phrases' text, and the phrase that is cut there."""
        start = written = 0
        for handed in self.handed_out:
            text = handed.phrase.text
            if characters < start + len(text):
                part = text[: max(0, characters - start)].rstrip(_BETWEEN_WORDS)
                if not part:
                    return first_characters(self.written, written), None
                return self._within(part, written, handed.end), handed.phrase
            start += len(text) + 1
            written = handed.end
        return first_characters(self.written, written), None

    def _within(self, part: str, start: int, end: int) -> tuple[Run, ...]:
        """Up to the last word of `part`, which was made from the written text between start and end."""
        source = text_of(self.written)[:end]
        at = start
        for word in part.split():
            found = source.find(word, at)
            if found < 0:  # it was written otherwise than it was said
                return (*first_characters(self.written, start), Run(" " + part if start else part))
            at = found + len(word)
        return first_characters(self.written, at)
