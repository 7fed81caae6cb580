"""From a turn to a reply, phrase by phrase, never far ahead of the voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assistant.brain.partner import Partner, Phrase
from assistant.settings import sections
from assistant.turns.facts import NoReply
from assistant.workers.failure import Failure
from assistant.workers.jobs import ReadJob, SpeakJob, ThinkJob, Told, WarmJob
from assistant.workers.stopwatch import Stopwatch


class Thinking:
    """Owned by the thinking thread. The speaking thread's full inbox holds it back."""

    name = "thinking"

    def __init__(
        self,
        make_partner: Callable[[], Partner],
        settings: Callable[[], sections.Brain],
        tell: Callable[[Told], None],
        speak: Callable[[SpeakJob], bool],
        wanted: Callable[[int], bool],
        stopwatch: Stopwatch,
    ) -> None:
        self.hurried: Callable[[], bool] = lambda: False
        """Whether something else waits to be thought about; connected once the thread is there."""
        self._make_partner = make_partner
        self._settings = settings
        self._tell = tell
        self._speak = speak
        self._wanted = wanted
        self._stopwatch = stopwatch
        self._partner: Partner | None = None
        self._generation = -1

    def thought(self) -> None:
        """The partner's first token is there. Called by the partner, on this thread."""
        self._stopwatch.note(self._generation, "token")

    def load(self) -> str:
        self._partner = None  # two language models at once may be more than fits
        self._partner = self._make_partner()
        return self._partner.name

    def do(self, job: ThinkJob | WarmJob | ReadJob) -> None:
        if isinstance(job, ReadJob):
            self._hand_on(job.generation, job.phrases)
            return
        if self._partner is None:  # it could not be loaded before: perhaps the reason is gone
            self.load()
        assert self._partner is not None
        self._partner.configure(self._settings())
        if isinstance(job, WarmJob):
            self._partner.warm(job.turn, lambda: self.hurried() or not self._wanted(job.generation))
        else:
            self._reply(self._partner, job)

    def _reply(self, partner: Partner, job: ThinkJob) -> None:
        self._generation = job.generation
        self._hand_on(job.generation, partner.reply(job.turn, lambda: not self._wanted(job.generation)))

    def _hand_on(self, generation: int, reply: Iterable[Phrase]) -> None:
        phrases = 0
        for phrase in reply:
            if not phrases:
                self._stopwatch.note(generation, "phrase")
            if not self._speak(SpeakJob(generation, phrase)):
                return
            phrases += 1
        if phrases:
            self._speak(SpeakJob(generation, None))
        else:
            self._tell(Told(NoReply(), generation))

    def give_up(self, job: ThinkJob | WarmJob | ReadJob) -> None:
        """What was handed on before the failure is still spoken."""
        if not isinstance(job, WarmJob):
            self._speak(SpeakJob(job.generation, None))

    def explain(self, error: Exception) -> Failure:
        return Failure("partner", "partner_failed", str(error), "Choose another in Settings, under Mind.")
