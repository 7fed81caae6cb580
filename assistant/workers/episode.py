"""One interruption, or what might have been one: everything that its card, its marks and its line in a file need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.turns.commands import Reason

Outcome = Literal["stopped", "restored", "false_stop", "own_voice", "too_quiet", "near_miss", "by_hand"]


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain from the person's first sound to silence, in milliseconds."""

    name: Literal["frame", "ADC", "VAD", "confirm", "callback", "ramp", "DAC"]
    ms: float


@dataclass(frozen=True, slots=True)
class Episode:
    """Times are 16 kHz samples since the stream began, so that they can be laid over the trace.

    number: grows by one. revision: the same episode may be sent again when more is known (its silence, its words).
    onset: first sound. duck_at: decision to duck, or None. decided_at: decision to stop or restore.
    silent_at: where playback reached silence, None unless stopped. chain sums up to onset_to_stop_ms.
    heard: the text that left the loudspeaker, of the sentence that was cut; cut: what did not.
    played_ms, phrase_ms: how long the reply and that sentence had been playing. generation: of that reply, -1 before.
    """

    number: int
    revision: int
    clock: datetime
    outcome: Outcome
    onset: int
    duck_at: int | None
    decided_at: int
    silent_at: int | None
    duck_reason: Reason | None
    reason: Reason
    onset_to_duck_ms: float | None
    onset_to_stop_ms: float | None
    detect_to_stop_ms: float | None
    chain: tuple[Step, ...]
    heard: str = ""
    cut: str = ""
    last_word: str = ""
    lasted_ms: int = 0
    played_ms: float = 0.0
    phrase_ms: float = 0.0
    generation: int = -1
