"""What a partner is: a turn of the person's in, an answer out, phrase by phrase, ahead of its being heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from assistant.settings import sections

Kind = Literal["passage", "report", "greeting", "answer"]


@dataclass(frozen=True, slots=True)
class Interruption:
    """Where the last reply was cut.

    heard: the text that left the loudspeaker. unsaid: the text that did not, from the next word on.
    last_word: the last one that was heard, "" for none. onset_to_stop_ms: None where it was not measured.
    said: what the person said, "" where no recogniser heard it.
    """

    heard: str
    unsaid: str
    last_word: str
    onset_to_stop_ms: float | None
    said: str


@dataclass(frozen=True, slots=True)
class UserTurn:
    """What the person said or typed. text: "" where no recogniser heard it. seconds: how long it took to say.

    resumed: nobody said anything; the last reply was cut by mistake and is to go on from `interruption.unsaid`.
    number: of the utterance. A turn with the number of the one before replaces it: that one was prepared too early.
    forgets: number of a turn that was prepared and then turned out to be none; 0 for none.
    unheard: nothing of the answer to the turn before left the loudspeaker, so for the person there was none; what they
    said then and what they say now belong together.
    """

    text: str
    seconds: float
    interruption: Interruption | None
    typed: bool = False
    resumed: bool = False
    number: int = 0
    unheard: bool = False
    forgets: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of a reply that is spoken in one breath. caption: what is being read, for the window's head, or ""."""

    text: str
    kind: Kind
    caption: str


@dataclass(frozen=True, slots=True)
class Thought:
    """What a model was asked and what that took. Told at the first token of a reply, and again at its end.

    number: the turn's. prompt: the exact text. reused, evaluated: tokens of the prompt that were still in the KV cache,
    and that had to be computed. made: tokens of the reply so far. prompt_s: until the first token. made_s: for
    the others, without the time in which the voice had enough.
    """

    number: int
    prompt: str
    reused: int
    evaluated: int
    made: int
    prompt_s: float
    made_s: float


class PartnerFailed(RuntimeError):
    """The partner cannot answer. The text says what happened and what to do."""


class Partner(Protocol):
    """Answers one turn at a time. Owned by the thinking thread."""

    name: str

    def reply(self, turn: UserTurn | None, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        """The answer, made as it is asked for. turn: None where the person asked the partner to begin.

        `cancelled` is asked before each phrase, and by a model also inside its work; once True, the answer ends.
        Raises PartnerFailed while iterating.
        """
        ...

    def warm(self, turn: UserTurn, cancelled: Callable[[], bool]) -> None:
        """The person is still speaking, and `turn.text` is what is settled of it: do ahead what can be done.

        Changes nothing that a later reply() says.
        """
        ...

    def configure(self, brain: sections.Brain) -> None:
        """Take new settings. They act from the next reply on; another model is loaded by making a new partner."""
        ...
