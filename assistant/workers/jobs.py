"""What the threads hand to each other. Each job carries the generation under which it may still matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from assistant.brain.partner import Phrase, UserTurn
from assistant.speech.ears import Around
from assistant.turns.facts import Signal


@dataclass(frozen=True, slots=True)
class Told:
    """For the turn thread: something happened. generation: of the reply it concerns, None where it concerns none."""

    signal: Signal
    generation: int | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """For the turn thread: the words of an utterance so far. final: they will not change any more."""

    generation: int
    utterance: int
    settled: str
    tentative: str
    final: bool

    @property
    def text(self) -> str:
        return f"{self.settled} {self.tentative}".strip()


Wish = Literal["say", "begin", "go_on", "repeat", "read"]


@dataclass(frozen=True, slots=True)
class Request:
    """For the turn thread: the person asked by hand.

    say: `text`, a typed line. begin: the partner starts. go_on: with the reply that was cut. repeat: the newest reply.
    read: `text` aloud, as it is.
    """

    wish: Wish
    text: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """For the turn thread: sound comes from another stream than before, with these latencies."""

    input_latency_ms: float
    output_latency_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class HearJob:
    """For the hearing thread: an utterance, (n,) float32 at 16 kHz, read-only; turn: all that is known of it so far."""

    generation: int
    audio: npt.NDArray[np.float32]
    turn: UserTurn
    around: Around


@dataclass(frozen=True, slots=True, eq=False)
class FollowJob:
    """For the hearing thread, as HearJob: an utterance that is still going on, from its beginning.

    warm: whether its settled words may be handed on, for the partner to prepare itself.
    """

    generation: int
    audio: npt.NDArray[np.float32]
    turn: UserTurn
    around: Around
    warm: bool


@dataclass(frozen=True, slots=True)
class ThinkJob:
    """For the thinking thread. turn: None asks the partner to begin."""

    generation: int
    turn: UserTurn | None


@dataclass(frozen=True, slots=True)
class ReadJob:
    """For the thinking thread: no thought is needed, these phrases are to be spoken."""

    generation: int
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class WarmJob:
    """For the thinking thread: the turn so far, of a person who is still speaking."""

    generation: int
    turn: UserTurn


@dataclass(frozen=True, slots=True)
class SpeakJob:
    """For the speaking thread. phrase: None where the reply is complete."""

    generation: int
    phrase: Phrase | None
