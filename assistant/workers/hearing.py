"""From an utterance to words, while it goes on and when it is over; the turn goes on where nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.brain.partner import UserTurn
from assistant.settings import sections
from assistant.speech.ears import Ears
from assistant.turns.facts import NoWords
from assistant.workers.failure import Failure
from assistant.workers.jobs import FollowJob, HearJob, ThinkJob, Told, Understood, WarmJob
from assistant.workers.stopwatch import Stopwatch


class Hearing:
    """Owned by the hearing thread."""

    name = "hearing"

    def __init__(
        self,
        make_ears: Callable[[], Ears],
        settings: Callable[[], sections.Ears],
        tell: Callable[[Told | Understood], None],
        think: Callable[[ThinkJob], bool],
        warm: Callable[[WarmJob], bool],
        wanted: Callable[[int], bool],
        stopwatch: Stopwatch,
    ) -> None:
        """warm: takes a job only where there is time for it. wanted: whether a generation is the present one."""
        self._make_ears = make_ears
        self._settings = settings
        self._tell = tell
        self._think = think
        self._warm = warm
        self._wanted = wanted
        self._stopwatch = stopwatch
        self._ears: Ears | None = None
        self._settled = ""
        self._given_up = 0
        """Number of the utterance that could not be followed."""

    def load(self) -> str:
        self._ears = None
        self._ears = self._make_ears()
        return self._ears.name

    def do(self, job: HearJob | FollowJob) -> None:
        if isinstance(job, FollowJob) and (self._ears is None or job.turn.number == self._given_up):
            return
        if self._ears is None:  # they could not be loaded before: perhaps the reason is gone
            self.load()
        assert self._ears is not None
        self._ears.configure(self._settings())
        if isinstance(job, FollowJob):
            self._follow(self._ears, job)
        else:
            self._hear(self._ears, job)

    def _follow(self, ears: Ears, job: FollowJob) -> None:
        following = ears.follow(job.turn.number, job.audio, job.around, lambda: not self._wanted(job.generation))
        if following is None:
            return
        settled = following.settled
        self._tell(Understood(job.generation, job.turn.number, settled, following.tentative, final=False))
        if job.warm and settled and settled != self._settled:
            self._settled = settled
            self._warm(WarmJob(job.generation, _with_words(job, settled)))

    def _hear(self, ears: Ears, job: HearJob) -> None:
        heard = ears.hear(job.audio, job.around, lambda: not self._wanted(job.generation))
        self._stopwatch.note(job.generation, "heard")
        if heard.has_words is False:
            self._tell(Told(NoWords(), job.generation))
            return
        if heard.has_words:
            self._tell(Understood(job.generation, job.turn.number, heard.text, "", final=True))
        self._think(ThinkJob(job.generation, _with_words(job, heard.text)))

    def give_up(self, job: HearJob | FollowJob) -> None:
        """Without words the partner still answers that somebody spoke."""
        if isinstance(job, HearJob):
            self._think(ThinkJob(job.generation, job.turn))
        else:
            self._given_up = job.turn.number

    def explain(self, error: Exception) -> Failure:
        if self._ears is None:
            return Failure("ears", "ears_missing", str(error), "Until then it hears that you speak, but not the words.")
        return Failure("ears", "ears_failed", f"What you said was not understood: {error}", "Say it again, or type it.")


def _with_words(job: HearJob | FollowJob, text: str) -> UserTurn:
    cut = job.turn.interruption
    return replace(job.turn, text=text, interruption=cut and replace(cut, said=text))
