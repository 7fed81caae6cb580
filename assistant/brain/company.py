"""Who answers: Rehearsal from when it is started until it is ended, the language model before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.brain.partner import Interruption, Partner, Phrase, UserTurn
from assistant.brain.rehearsal import RehearsalPartner
from assistant.settings import sections


class Company:
    """A Partner made of two. Owned by the thinking thread; others read `rehearsing` and call `end_rehearsal`."""

    def __init__(self, rehearsal: RehearsalPartner, mind: Partner | None) -> None:
        """mind: None where there is no language model: then Rehearsal answers always."""
        self.name = mind.name if mind is not None else rehearsal.name
        self.rehearsing = mind is None
        self._rehearsal = rehearsal
        self._mind = mind
        self._latest: Partner | None = None
        self._untold: Interruption | None = None
        """How the language model's last answer was cut, while Rehearsal answers."""

    def end_rehearsal(self) -> None:
        """From the next turn on the language model answers, where there is one."""
        self.rehearsing = self._mind is None

    def reply(self, turn: UserTurn | None, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        if turn is None:
            self.rehearsing = True
        partner: Partner = self._rehearsal if self.rehearsing or self._mind is None else self._mind
        if turn is not None and not turn.resumed and self._latest not in (None, partner):
            # What was cut is nothing that this one said; the other is told when it is asked again.
            untold, self._untold = self._untold, turn.interruption if partner is self._rehearsal else None
            turn = replace(turn, interruption=untold, unheard=False)
        self._latest = partner
        yield from partner.reply(turn, cancelled)
        if partner is self._rehearsal and self._rehearsal.has_stopped:
            self.end_rehearsal()

    def warm(self, turn: UserTurn, cancelled: Callable[[], bool]) -> None:
        if self._mind is not None and not self.rehearsing:
            self._mind.warm(turn, cancelled)

    def configure(self, brain: sections.Brain) -> None:
        self._rehearsal.configure(brain)
        if self._mind is not None:
            self._mind.configure(brain)
