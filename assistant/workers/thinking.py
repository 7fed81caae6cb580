"""From a turn to a reply, phrase by phrase, never far ahead of the voice."""

from __future__ import annotations

from collections.abc import Callable

from assistant.brain.partner import Partner
from assistant.turns.facts import NoReply
from assistant.workers.failure import Failure
from assistant.workers.jobs import SpeakJob, ThinkJob, Told


class Thinking:
    """Owned by the thinking thread. The speaking thread's full inbox holds it back."""

    name = "thinking"

    def __init__(
        self,
        make_partner: Callable[[], Partner],
        tell: Callable[[Told], None],
        speak: Callable[[SpeakJob], bool],
        wanted: Callable[[int], bool],
    ) -> None:
        self._make_partner = make_partner
        self._tell = tell
        self._speak = speak
        self._wanted = wanted
        self._partner: Partner | None = None

    def load(self) -> str:
        self._partner = self._make_partner()
        return self._partner.name

    def do(self, job: ThinkJob) -> None:
        if self._partner is None:  # it could not be loaded before: perhaps the reason is gone
            self.load()
        assert self._partner is not None
        phrases = 0
        for phrase in self._partner.reply(job.turn, lambda: not self._wanted(job.generation)):
            if not self._speak(SpeakJob(job.generation, phrase)):
                return
            phrases += 1
        if phrases:
            self._speak(SpeakJob(job.generation, None))
        else:
            self._tell(Told(NoReply(), job.generation))

    def give_up(self, job: ThinkJob) -> None:
        """What was handed on before the failure is still spoken."""
        self._speak(SpeakJob(job.generation, None))

    def explain(self, error: Exception) -> Failure:
        return Failure("partner", "partner_failed", str(error), "Choose another in Settings, under Brain.")
