"""When the recogniser is asked for the words of a sound that is still going on."""

from __future__ import annotations

from assistant.turns.core import TurnTaking
from assistant.turns.facts import RATE
from assistant.turns.states import SOUNDING, State

EVERY = 192 * RATE // 1000
"""16 kHz samples of fresh speech worth another look: about a syllable. A slow machine looks more rarely by itself."""
PAUSE = 64 * RATE // 1000


class Follower:
    """Numbers the utterances. Owned by the turn thread.

    utterance: of the newest. since: the 16 kHz sample where the present one begins; None where there is none.
    """

    def __init__(self) -> None:
        self.utterance = 0
        self.since: int | None = None
        self._asked_to = 0

    def step(self, core: TurnTaking) -> None:
        """One frame on: has another utterance begun?"""
        since = core.listening_since
        if since != self.since and since is not None:
            self.utterance += 1
            self._asked_to = core.speech_began
        self.since = since

    def another(self) -> int:
        """The number of a turn that was typed."""
        self.utterance += 1
        return self.utterance

    def is_due(self, core: TurnTaking) -> bool:
        """Whether enough was said since the last look; or a little and then a pause, where a word may decide."""
        if self.since is None:
            return False
        fresh = core.speech_ended - self._asked_to
        deciding = core.state in SOUNDING or core.state is State.STOPPED
        return fresh >= EVERY or (fresh > 0 and deciding and core.now - core.speech_ended >= PAUSE)

    def asked(self, core: TurnTaking) -> None:
        """The recogniser looks at everything up to now."""
        self._asked_to = core.now
