"""From an utterance to words, where a recogniser is on disk; the turn goes on either way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.speech.ears import Around, Ears
from assistant.turns.facts import NoWords
from assistant.workers.failure import Failure
from assistant.workers.jobs import HearJob, ThinkJob, Told


class Hearing:
    """Owned by the hearing thread."""

    name = "hearing"

    def __init__(
        self,
        make_ears: Callable[[], Ears],
        tell: Callable[[Told], None],
        think: Callable[[ThinkJob], bool],
        wanted: Callable[[int], bool],
    ) -> None:
        """wanted: whether a generation is the present one."""
        self._make_ears = make_ears
        self._tell = tell
        self._think = think
        self._wanted = wanted
        self._ears: Ears | None = None

    def load(self) -> str:
        self._ears = self._make_ears()
        return self._ears.name

    def do(self, job: HearJob) -> None:
        if self._ears is None:  # they could not be loaded before: perhaps the reason is gone
            self.load()
        assert self._ears is not None
        heard = self._ears.hear(job.audio, Around(), lambda: not self._wanted(job.generation))
        if heard.has_words is False:
            self._tell(Told(NoWords(), job.generation))
            return
        said = job.turn.interruption and replace(job.turn.interruption, said=heard.text)
        self._think(ThinkJob(job.generation, replace(job.turn, text=heard.text, interruption=said)))

    def give_up(self, job: HearJob) -> None:
        """Without words the partner still answers that somebody spoke."""
        self._think(ThinkJob(job.generation, job.turn))

    def explain(self, error: Exception) -> Failure:
        return Failure("ears", "ears_failed", f"What you said was not understood: {error}", "Say it again, or type it.")
