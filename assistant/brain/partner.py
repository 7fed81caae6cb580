"""What a partner is: a turn of the person's in, an answer out, phrase by phrase, ahead of its being heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

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
    """

    text: str
    seconds: float
    interruption: Interruption | None
    typed: bool = False
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of a reply that is spoken in one breath. caption: what is being read, for the window's head, or ""."""

    text: str
    kind: Kind
    caption: str


class PartnerFailed(RuntimeError):
    """The partner cannot answer. The text says what happened and what to do."""


class Partner(Protocol):
    """Answers one turn at a time. Owned by the thinking thread."""

    name: str

    def reply(self, turn: UserTurn | None, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        """The answer, made as it is asked for. turn: None where the person asked the partner to begin.

        `cancelled` is asked before each phrase; once True, the answer ends. Raises PartnerFailed while iterating.
        """
        ...
