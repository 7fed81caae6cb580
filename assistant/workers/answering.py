"""What the reply under way answers, what was cut and may go on, and what is being prepared: jobs out, by generation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from assistant.audio.playout import Playout
from assistant.brain.partner import Interruption, Phrase, UserTurn
from assistant.speech.ears import Around
from assistant.turns.commands import CloseUtterance, Prepare, Resume
from assistant.turns.facts import Signal
from assistant.workers.jobs import FollowJob, HearJob, ReadJob, Request, ThinkJob
from assistant.workers.reply import HeardText, Reply
from assistant.workers.stopwatch import Stopwatch

_PROMPT_CHARS = 200
"""Of the reply before: enough for its names, little enough that a recogniser is not led astray."""

Sound = Callable[[int, int], npt.NDArray[np.float32]]
"""The mic's sound between two 16 kHz samples."""


@dataclass(slots=True)
class Cut:
    """A reply that was cut and may be taken up again. device_sample: where it fell silent, None until it has."""

    reply: Reply
    device_sample: int | None = None


@dataclass(slots=True)
class _Preparation:
    """A reply that is made while the turn may still go on. withheld: what came of it, told once the turn is over."""

    generation: int
    number: int
    withheld: list[Signal] = field(default_factory=list)


class Answering:
    """Owned by the turn thread; it alone advances the generation."""

    def __init__(
        self, playout: Playout, newest_reply: Callable[[], Reply], took_ms: Callable[[], float | None], watch: Stopwatch
    ) -> None:
        """newest_reply: the one that the speaking thread is at. took_ms: the newest stop's onset-to-stop latency."""
        self.hear: Callable[[HearJob], bool] = _nobody
        self.think: Callable[[ThinkJob | ReadJob], bool] = _nobody
        self.cut: Cut | None = None
        self._playout = playout
        self.newest_reply = newest_reply
        self._took_ms = took_ms
        self._watch = watch
        self._job: HearJob | ThinkJob | ReadJob | None = None
        """What the reply under way answers."""
        self._unanswered: HearJob | ThinkJob | ReadJob | None = None
        """What a reply was to answer that was given up before its first sound."""
        self._preparation: _Preparation | None = None
        self._forgotten = 0
        """Number of a turn that the partner prepared for and that was none."""
        self._is_open = False
        """Whether the newest turn still waits for the first sound of its answer."""

    # The turn goes on, pauses and ends

    def following(self, utterance: int, since: int, now: int, sound: Sound, warm: bool) -> FollowJob:
        """The words so far are wanted."""
        turn = self._turn(utterance, 0.0)
        return FollowJob(self._playout.generation, sound(since, now), turn, self._around(), warm)

    def prepare(self, pause: Prepare, utterance: int, sound: Sound) -> None:
        """Makes the answer to what was said so far, and holds its sound back."""
        job = self._hear_job(utterance, pause.start, pause.end, pause.speech_ms, sound)
        self._playout.held = job.generation
        self._preparation = _Preparation(job.generation, utterance)
        self._hand_on(job)

    def discard(self, turn_is_over: bool = False) -> bool:
        """The person goes on, or it was no turn. Returns whether there was anything to throw away."""
        prepared, self._preparation = self._preparation, None
        if prepared is None:
            return False
        if turn_is_over:
            self._forgotten = prepared.number
        if prepared.generation == self._playout.generation:
            self._playout.advance()
        return True

    def close(self, closed: CloseUtterance, utterance: int, sound: Sound) -> tuple[Signal, ...]:
        """The turn is over. Returns what came already of the answer that was prepared."""
        self._is_open = True
        prepared, self._preparation = self._preparation, None
        if prepared is not None and prepared.generation == self._playout.generation:
            self._playout.held = -1
            return tuple(prepared.withheld)
        self._hand_on(self._hear_job(utterance, closed.start, closed.end, closed.speech_ms, sound))
        return ()

    def withhold(self, signal: Signal) -> bool:
        """Whether the signal concerns a reply that is only being prepared; it is then told later."""
        prepared = self._preparation
        if prepared is None or prepared.generation != self._playout.generation:
            return False
        prepared.withheld.append(signal)
        return True

    @property
    def goes_on(self) -> bool:
        """Whether the reply under way takes up one that was cut by mistake."""
        return isinstance(self._job, ThinkJob) and self._job.turn is not None and self._job.turn.resumed

    @property
    def is_preparing(self) -> bool:
        return self._preparation is not None

    # What happens to a reply

    def stop(self) -> None:
        """Silences the reply under way."""
        reply = self.newest_reply()
        generation = self._playout.generation
        self._playout.advance()
        self._playout.gain_target = 1.0
        if reply.generation == generation and self._playout.started_at(generation) is not None:
            self.cut = Cut(reply)
            self._unanswered = None

    def give_up(self) -> None:
        """A reply that has not sounded is not wanted any more."""
        self._playout.advance()
        self._unanswered = self._job

    def started(self) -> None:
        """The reply sounds."""
        self.cut = self._unanswered = None
        self._forgotten = 0
        self._is_open = False

    def nothing_came(self) -> None:
        """There is no reply, and there will be none."""
        self._playout.advance()
        self._is_open = False

    def resume(self, command: Resume) -> bool:
        """The stop was a mistake: the reply goes on. Returns whether there is one."""
        cut, unanswered = self.cut, self._unanswered
        self._unanswered = None
        self._is_open = False
        if unanswered is not None:  # nothing of the reply was heard yet: it is made again
            self._hand_on(replace(unanswered, generation=self._playout.advance()))
            return True
        if cut is None:
            return False
        heard = self._heard(cut.reply)
        at_phrase = command.where == "phrase_start"
        before, unsaid = (heard.earlier, heard.from_phrase) if at_phrase else (heard.heard, heard.unsaid)
        gone_on = Interruption(before, unsaid, heard.last_word, None, "")
        turn = UserTurn("", 0.0, gone_on, resumed=True, forgets=self._forgotten)
        self._hand_on(ThinkJob(self._playout.advance(), turn))
        return True

    def ask(self, request: Request, utterance: int) -> None:
        """Carries out what was asked by hand."""
        self._preparation = None
        if request.wish in ("repeat", "read"):
            self._is_open = False
            self._hand_on(ReadJob(self._playout.advance(), self._to_read(request)))
            return
        turn = self._asked(request, utterance)
        self._is_open = turn is not None and not turn.resumed
        self._hand_on(ThinkJob(self._playout.advance(), turn))

    def own_words(self) -> str:
        """What Interject is saying, or was saying when it was cut."""
        reply = self.cut.reply if self.cut is not None else self.newest_reply()
        return reply.around(self._playout.played(reply.generation))

    # Inside

    def _asked(self, request: Request, utterance: int) -> UserTurn | None:
        cut = self._interruption()
        match request.wish:
            case "say":
                return replace(self._turn(utterance, 0.0), text=request.text, typed=True)
            case "go_on" if cut is not None:
                return replace(self._turn(0, 0.0), resumed=True, unheard=False)
            case _:
                return None

    def _to_read(self, request: Request) -> tuple[Phrase, ...]:
        if request.wish == "read":
            return (Phrase(request.text, "answer", ""),)
        return tuple(spoken.phrase for spoken in self.newest_reply().phrases)

    def _hear_job(self, utterance: int, start: int, end: int, speech_ms: int, sound: Sound) -> HearJob:
        turn, around = self._turn(utterance, speech_ms / 1000), self._around()
        return HearJob(self._playout.advance(), sound(start, end), turn, around)

    def _turn(self, utterance: int, seconds: float) -> UserTurn:
        cut = self._interruption()
        return UserTurn("", seconds, cut, number=utterance, unheard=self._is_open, forgets=self._forgotten)

    def _around(self) -> Around:
        reply = self.cut.reply if self.cut is not None else self.newest_reply()
        played = self._playout.played(reply.generation)
        if not played:
            return Around()
        speaking = self.cut is not None or self._playout.playing
        return Around(reply.at(played).heard[-_PROMPT_CHARS:], reply.around(played) if speaking else "")

    def _hand_on(self, job: HearJob | ThinkJob | ReadJob) -> None:
        self._job = job
        self._watch.note(job.generation, "asked")
        if isinstance(job, HearJob):
            self.hear(job)
        else:
            self.think(job)

    def _interruption(self) -> Interruption | None:
        """What the partner is told of the newest cut; the same again where its answer to that was given up."""
        if self.cut is None:
            return None
        heard = self._heard(self.cut.reply)
        return Interruption(heard.heard, heard.unsaid, heard.last_word, self._took_ms(), "")

    def _heard(self, reply: Reply) -> HeardText:
        return reply.at(self._playout.played(reply.generation))


def _nobody(job: HearJob | ThinkJob | ReadJob) -> bool:
    raise RuntimeError(f"{job} was handed on before the threads were connected")
