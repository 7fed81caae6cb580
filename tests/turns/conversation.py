"""A conversation in frames: say what is heard, get the commands."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.settings.access import change
from assistant.settings.presets import built_in
from assistant.settings.sections import FRAME_MS, Settings
from assistant.turns.commands import Command, Discard, Prepare
from assistant.turns.core import TurnTaking
from assistant.turns.facts import FRAME_SAMPLES, FrameFacts, ReplyStarted, SettingsChanged, Signal, TalkReleased
from assistant.turns.states import State

SILERO_ALONE = next(preset.changes for preset in built_in() if preset.name == "Silero alone")
"""The rule by hand: what it does can be reckoned in one's head."""
SPEECH = 0.995
NOISE = 0.05
LOUD_DBFS = -25.0


class Conversation:
    """Feeds a core and keeps every command. Milliseconds are rounded up to whole frames."""

    def __init__(self, **knobs: float | str) -> None:
        named = {key.replace("__", "."): value for key, value in knobs.items()}
        self.settings = change(Settings(), SILERO_ALONE | named)
        self.core = TurnTaking(self.settings)
        self.commands: list[Command] = []
        self.frames = 0
        self._signals: list[Signal] = []

    @property
    def state(self) -> State:
        return self.core.state

    def tell(self, *signals: Signal) -> None:
        """Signals that arrive before the next frame."""
        self._signals += signals

    def hears(
        self, ms: float, p: float = SPEECH, near_dbfs: float = LOUD_DBFS, echo_dbfs: float = -120.0
    ) -> list[Command]:
        """So many milliseconds of frames with the probability p; returns the commands that they brought."""
        fresh: list[Command] = []
        for _ in range(-(-int(ms) // FRAME_MS)):
            start = self.frames * FRAME_SAMPLES
            facts = FrameFacts(
                start + FRAME_SAMPLES, p, near_dbfs, noise_dbfs=-65, echo_dbfs=echo_dbfs, rise_sample=start
            )
            fresh += self.core.step(facts, tuple(self._signals))
            self._signals = []
            self.frames += 1
        self.commands += fresh
        return fresh

    def quiet(self, ms: float) -> list[Command]:
        return self.hears(ms, NOISE, near_dbfs=-70)

    def changes(self, key: str, value: float | str) -> None:
        self.settings = change(self.settings, {key: value})
        self.tell(SettingsChanged(self.settings))

    def speaks(self, protected: bool = False) -> Conversation:
        """Brings the assistant to speak; forgets the commands so far."""
        self.tell(ReplyStarted(protected))
        self.quiet(FRAME_MS)
        assert self.state is (State.PROTECTED if protected else State.SPEAKING)
        self.commands = []
        return self

    def slams(self) -> list[Command]:
        """A door: long enough for a stop, too short for words; then quiet until it was decided that it was none."""
        return [*self.hears(128), *self.quiet(1000)]


def kinds(commands: Sequence[Command]) -> list[str]:
    """What was decided, in order; getting a reply ready ahead decides nothing."""
    return [type(command).__name__ for command in commands if not isinstance(command, Prepare | Discard)]


__all__ = ["FRAME_MS", "FRAME_SAMPLES", "Conversation", "TalkReleased", "kinds"]
