"""From the end of the person's speech to the first sound of the reply, taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["silence", "words", "prompt", "clause", "voice", "device"]


@dataclass(frozen=True, slots=True)
class ReplyTimes:
    """Milliseconds that the person waited for each stage, in order; what was done ahead was not waited for and is 0.

    number: the turn's, as in UserTurn; 0 where a button was pressed. silence_ms: from the last sound of the person's
    speech until the turn was over; 0 for a typed turn. words_ms: recognition. prompt_ms: until the model's first token.
    clause_ms: from there until the first phrase could be spoken. voice_ms: until its first sound was made. device_ms:
    until that left the loudspeaker, latency included.
    prepared: what sounds was made ahead, on a short silence. saved_ms: what the stages would have taken after the
    turn's end, had nothing been prepared. wasted: replies prepared for this turn and thrown away unheard.
    """

    number: int
    silence_ms: float
    words_ms: float
    prompt_ms: float
    clause_ms: float
    voice_ms: float
    device_ms: float
    prepared: bool = False
    saved_ms: float = 0.0
    wasted: int = 0

    @property
    def parts(self) -> tuple[tuple[Part, float], ...]:
        """Each stage with what it took, in the order in which they happen."""
        return (
            ("silence", self.silence_ms),
            ("words", self.words_ms),
            ("prompt", self.prompt_ms),
            ("clause", self.clause_ms),
            ("voice", self.voice_ms),
            ("device", self.device_ms),
        )

    @property
    def total_ms(self) -> float:
        """From the end of the person's speech to the first sound: the sum of the parts."""
        return sum(ms for _, ms in self.parts)
