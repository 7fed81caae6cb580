"""From phrases to sound in the playout, a little ahead of the loudspeaker."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from assistant.audio.playout import Playout, PlayoutChunk
from assistant.settings.sections import Settings
from assistant.speech.voice import SpokenChunk, Voice
from assistant.turns.facts import NoReply
from assistant.workers.failure import Failure
from assistant.workers.jobs import SpeakJob, Told
from assistant.workers.reply import Reply
from assistant.workers.stopwatch import Stopwatch

AHEAD_S = 0.6
"""The next phrase is made when less than this is left to play: twice what the slowest voice needs for its first sound,
and little enough that a slider for speed or pitch is heard soon."""
_NAP_S = 0.02
_NO_SOUND = np.zeros(0, np.float32)


class Speaking:
    """Owned by the speaking thread. `reply` is read by others."""

    name = "speaking"

    def __init__(
        self,
        make_voice: Callable[[], Voice],
        playout: Playout,
        settings: Callable[[], Settings],
        tell: Callable[[Told], None],
        stopwatch: Stopwatch,
    ) -> None:
        self.reply = Reply(-1)
        """The newest reply."""
        self._make_voice = make_voice
        self._playout = playout
        self._settings = settings
        self._tell = tell
        self._stopwatch = stopwatch
        self._voice: Voice | None = None

    def load(self) -> str:
        self._voice = None
        self._voice = self._make_voice()
        return self._voice.name

    def do(self, job: SpeakJob) -> None:
        if self._voice is None:
            self.load()
        assert self._voice is not None
        if self.reply.generation != job.generation:
            self.reply = Reply(job.generation)
        if job.phrase is None:
            self._end(job)
            return
        self._wait_until_needed(job)
        self._voice.configure(self._settings().voice)
        reply = self.reply
        spoken = reply.begin(job.phrase)
        whole = True

        def emit(chunk: SpokenChunk) -> bool:
            nonlocal whole
            if not self._wanted(job):
                whole = False
                return False
            reply.add(spoken, chunk)
            self._playout.put(PlayoutChunk(job.generation, chunk.audio, last=False))
            self._stopwatch.note(job.generation, "sound")
            return True

        self._voice.speak(job.phrase.text, emit)
        spoken.complete = whole

    def give_up(self, job: SpeakJob) -> None:
        """The turn thread makes the generation stale, so that the partner stops too."""
        self._tell(Told(NoReply(), job.generation))

    def explain(self, error: Exception) -> Failure:
        return Failure("voice", "voice_failed", str(error), "Choose another voice in Settings, under Voice.")

    def _end(self, job: SpeakJob) -> None:
        if any(spoken.length for spoken in self.reply.phrases):
            self._playout.put(PlayoutChunk(job.generation, _NO_SOUND, last=True))
        else:
            self._tell(Told(NoReply(), job.generation))

    def _wait_until_needed(self, job: SpeakJob) -> None:
        while self._wanted(job) and self._playout.pending_samples > AHEAD_S * self._playout.rate:
            time.sleep(_NAP_S)
        self.reply.forget_sound(self._playout.played(job.generation))

    def _wanted(self, job: SpeakJob) -> bool:
        return job.generation == self._playout.generation
