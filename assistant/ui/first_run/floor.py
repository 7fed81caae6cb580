"""Keeps the floor during the first run, so that nothing answers what is said only to be measured."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from assistant.turns.states import State

ANEW_S = 5.0
"""A turn that is held longer than the settings allow would be answered: so it is dropped and held anew before."""
BEGINS_WITHIN_S = 8.0
PLAYED_S = 8.0
"""Rehearsal would read for ever."""
OURS = (State.LISTENING, State.HEARING, State.STOPPED, State.WAITING)


class Floor:
    """Owned by the GUI thread; tick() thirty times a second. press: the talk key. stop: the stop key."""

    def __init__(
        self,
        state: Callable[[], State],
        press: Callable[[], None],
        stop: Callable[[], None],
        speak: Callable[[], None],
        now: Callable[[], float] = monotonic,
    ) -> None:
        """speak: has a sentence or two spoken. now: s."""
        self._state, self._press, self._stop, self._speak, self._now = state, press, stop, speak, now
        self._keeping = False
        self.has_played = False
        """Whether anything was spoken since begin()."""
        self._since = 0.0
        self._asked_at: float | None = None
        """When something was asked to be spoken that has not begun yet."""
        self._speaking_until = 0.0

    def begin(self) -> None:
        """From now on nothing is answered."""
        self._keeping, self.has_played = True, False
        self.hold()

    def end(self) -> None:
        """Everything is as it was; what was heard is forgotten."""
        if self._keeping:
            self._keeping = False
            self.let_go()

    def hold(self) -> None:
        self._asked_at = None
        self._since = self._now()
        self._press()

    def let_go(self) -> None:
        self._asked_at = None
        self._stop()

    def play(self) -> None:
        self.has_played = True
        self._asked_at = self._now()
        self._speaking_until = self._asked_at + PLAYED_S
        self._speak()

    def tick(self) -> None:
        """Take the floor back where it was lost."""
        if not self._keeping:
            return
        state, now = self._state(), self._now()
        if self._asked_at is not None:
            if state not in (*OURS, State.HELD) or now - self._asked_at > BEGINS_WITHIN_S:
                self._asked_at = None
        elif state in OURS:
            self.hold()
        elif state is State.HELD:
            if now - self._since > ANEW_S:
                self.let_go()
                self.hold()
        elif now > self._speaking_until:
            self.let_go()
