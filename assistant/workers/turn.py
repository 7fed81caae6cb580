"""The turn thread: mic blocks in, decisions out, carried out at once. The only writer of the generation."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QThread, Signal

from assistant.audio.callback import BlockCallback
from assistant.audio.frame_path import Detector, Floats, FramePath, Stepped
from assistant.audio.front_end import FrontEnd
from assistant.brain.partner import Interruption, UserTurn
from assistant.settings.sections import Settings
from assistant.signal.trace import Trace
from assistant.turns.commands import CancelReply, CloseUtterance, Command, Duck, Restore, Resume, Stop
from assistant.turns.core import TurnTaking
from assistant.turns.facts import FRAME_SAMPLES, Asked, NoReply, ReplyEnded, ReplyStarted, SettingsChanged
from assistant.turns.states import State
from assistant.workers.episodes import Acted, EpisodeBook
from assistant.workers.failure import Failure
from assistant.workers.jobs import HearJob, Opened, Request, ThinkJob, Told
from assistant.workers.reply import Reply
from assistant.workers.stream_clock import PER_SAMPLE, StreamClock

_NAP_S = 0.1
_FAILURES_BORNE = 30
"""About a second of frames: after so many in a row the detector is given up, so that Esc and typing still work."""
_DEAF_REMEDY = "It speaks but cannot hear you: type, or use the talk key and Esc."


@dataclass(frozen=True, slots=True)
class Decision:
    """A command as it was carried out, for the events file and the terminal. monotonic_s: of time.monotonic()."""

    command: Command
    state: State
    monotonic_s: float


@dataclass(slots=True)
class _Cut:
    """A reply that was cut and may be taken up again. device_sample: where it fell silent, None until it has."""

    reply: Reply
    device_sample: int | None = None


class TurnThread(QThread):
    """Wakes with every block. Everything here must stay well under a block's length, and nothing here may wait."""

    ready = Signal(str, float)
    """What was loaded, "" if that failed, and in how many seconds."""
    failed = Signal(object)
    """Failure"""
    episode = Signal(object)
    """Episode, perhaps a newer revision of one that was sent before"""
    decided = Signal(object)
    """Decision"""

    def __init__(
        self,
        callback: BlockCallback,
        make_detector: Callable[[], Detector],
        settings: Settings,
        trace: Trace,
        newest_reply: Callable[[], Reply],
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        """newest_reply: the one that the speaking thread is at."""
        super().__init__()
        self.setObjectName("turn")
        self.clock = StreamClock()
        self.hear: Callable[[HearJob], bool] = _nobody
        self.think: Callable[[ThinkJob], bool] = _nobody
        self._callback = callback
        self._playout = callback.playout
        self._make_detector = make_detector
        self._settings = settings
        self._trace = trace
        self._newest_reply = newest_reply
        self._book = EpisodeBook(self.clock, self.episode.emit, now)
        self._inbox: queue.SimpleQueue[Told | Request | Opened | SettingsChanged] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._path: FramePath | None = None
        self._next_block = 0
        self._unframed = 0
        """48 kHz samples fed since the last whole frame."""
        self._announced = -1
        self._failures = 0
        """Blocks in a row that could not be judged."""
        self._request: Request | None = None
        self._job: HearJob | ThinkJob | None = None
        """What the reply under way answers."""
        self._cut: _Cut | None = None
        self._unanswered: HearJob | ThinkJob | None = None
        """What a reply was to answer that was given up before its first sound."""
        self.state = State.LISTENING

    # Called by other threads

    def tell(self, told: Told) -> None:
        """Something happened to a reply, or the person pressed a button."""
        self._inbox.put(told)

    def ask(self, request: Request) -> None:
        """The person typed, or started the partner."""
        self._inbox.put(request)

    def change(self, settings: Settings) -> None:
        """A slider moved: in force from the next frame on."""
        self._inbox.put(SettingsChanged(settings))

    def reopened(self, opened: Opened) -> None:
        """Sound comes from a stream that was just opened: another room, perhaps."""
        self._inbox.put(opened)

    def finish(self) -> None:
        """Asks the thread to end; does not wait."""
        self._ending.set()

    # The thread

    def run(self) -> None:
        threading.current_thread().name = self.objectName()
        began = time.perf_counter()
        loaded = "Silero VAD"
        try:
            detector = self._make_detector()
        except Exception as error:
            loaded, detector = "", _Deaf()
            self.failed.emit(Failure("detector", "detector_missing", str(error), _DEAF_REMEDY))
        core = TurnTaking(self._settings)
        path = FramePath(FrontEnd(self.clock.rate, self._settings), detector, core, self._trace)
        self._path = path
        self._set_volume()
        self._next_block = self._callback.ring.written
        self.ready.emit(loaded, time.perf_counter() - began)
        while not self._ending.is_set():
            self._callback.wait(_NAP_S)
            self._read_inbox(path)
            self._watch_playout(path)
            try:
                self._take_blocks(path)
            except Exception as error:
                self._break_off(path, error)
        self._playout.advance()  # whoever still waits for playback to go on need not any longer

    def _take_blocks(self, path: FramePath) -> None:
        blocks = self._callback.ring.read(self._next_block)
        if blocks.lost:
            self._forget_room(path)
        self._next_block = blocks.next
        for index, (near, far) in enumerate(zip(blocks.near, blocks.far, strict=True)):
            heard_to = (blocks.first + index + 1) * self._callback.ring.block
            self._unframed += len(near)
            for stepped in path.feed(near, far, self._playout.gain):
                self._unframed -= FRAME_SAMPLES * PER_SAMPLE
                self.clock.shift = heard_to - self._unframed - stepped.frame.end_sample * PER_SAMPLE
                self._carry_out(stepped)

    def _forget_room(self, path: FramePath) -> None:
        path.reset()
        self._unframed = 0

    def _break_off(self, path: FramePath, error: Exception) -> None:
        """A block could not be judged. What cannot hear whether somebody speaks over it must not speak."""
        self._forget_room(path)
        self._failures += 1
        message = f"The sound could not be judged: {type(error).__name__}: {error}."
        if self._failures == 1:
            self._playout.advance()
            path.tell(NoReply())
            self.failed.emit(Failure("detector", "detector_failed", message, "It tries again."))
        elif self._failures == _FAILURES_BORNE:
            path.detector = _Deaf()
            self.failed.emit(Failure("detector", "detector_given_up", message, _DEAF_REMEDY))

    def _carry_out(self, stepped: Stepped) -> None:
        assert self._path is not None
        self._failures = 0
        self.state = self._path.core.state
        for command in stepped.commands:
            acted = Acted(self._callback.ring.written * self._callback.ring.block)
            match command:
                case Duck(by_db=by_db):
                    self._playout.gain_target = 10 ** (by_db / 20)
                case Restore():
                    self._playout.gain_target = 1.0
                case Stop():
                    self._cut_reply()
                case CancelReply():
                    self._playout.advance()
                    self._unanswered = self._job
                case CloseUtterance():
                    self._hand_over(command)
                case Resume():
                    self._resume(command)
                case _:
                    pass
            self._book.note(command, acted)
            self.decided.emit(Decision(command, self.state, time.monotonic()))
        request, self._request = self._request, None
        if request is not None and self.state is State.THINKING:  # else it was taken back within the frame
            turn = self._asked(request)
            self._hand_on(ThinkJob(self._playout.advance(), turn))

    def _asked(self, request: Request) -> UserTurn | None:
        cut = self._interruption()
        if request.text:
            return UserTurn(request.text, 0.0, cut, typed=True)
        return UserTurn("", 0.0, cut, resumed=True) if cut is not None else None  # the button after Esc means: go on

    def _cut_reply(self) -> None:
        reply = self._newest_reply()
        generation = self._playout.generation
        self._playout.advance()
        self._playout.gain_target = 1.0
        if reply.generation == generation and self._playout.started_at(generation) is not None:
            self._cut = _Cut(reply)
            self._unanswered = None

    def _hand_over(self, closed: CloseUtterance) -> None:
        assert self._path is not None
        audio = self._path.front_end.audio_between(closed.start, closed.end)
        turn = UserTurn("", closed.speech_ms / 1000, self._interruption())
        self._hand_on(HearJob(self._playout.advance(), audio, turn))

    def _hand_on(self, job: HearJob | ThinkJob) -> None:
        self._job = job
        if isinstance(job, HearJob):
            self.hear(job)
        else:
            self.think(job)

    def _resume(self, command: Resume) -> None:
        cut, unanswered = self._cut, self._unanswered
        self._unanswered = None
        if unanswered is not None:  # nothing of the reply was heard yet: it is made again
            self._hand_on(replace(unanswered, generation=self._playout.advance()))
            return
        if cut is None:
            self.tell(Told(NoReply()))
            return
        heard = cut.reply.at(self._playout.played(cut.reply.generation))
        at_phrase = command.where == "phrase_start"
        before, unsaid = (heard.earlier, heard.from_phrase) if at_phrase else (heard.heard, heard.unsaid)
        gone_on = Interruption(before, unsaid, heard.last_word, None, "")
        self._hand_on(ThinkJob(self._playout.advance(), UserTurn("", 0.0, gone_on, resumed=True)))

    def _interruption(self) -> Interruption | None:
        """What the partner is told of the newest cut; the same again where its answer to that was given up."""
        cut = self._cut
        if cut is None:
            return None
        heard = cut.reply.at(self._playout.played(cut.reply.generation))
        latest = self._book.latest
        took_ms = latest.onset_to_stop_ms if latest is not None and latest.outcome == "stopped" else None
        return Interruption(heard.heard, heard.unsaid, heard.last_word, took_ms, "")

    def _watch_playout(self, path: FramePath) -> None:
        playout = self._playout
        generation = playout.generation
        cut = self._cut
        if cut is not None and cut.device_sample is None:  # first, because the next reply may begin in the same block
            cut.device_sample = playout.cut_at(cut.reply.generation)
            if cut.device_sample is not None:
                heard = cut.reply.at(playout.played(cut.reply.generation))
                self._book.silent(cut.device_sample, playout.ramp_samples, heard)
        if self._announced < generation and playout.started_at(generation) is not None:
            self._announced = generation
            self._cut = self._unanswered = None
            path.tell(ReplyStarted())
        if self._announced == generation and playout.finished(generation) is not None:
            path.tell(ReplyEnded())
            playout.advance()

    def _read_inbox(self, path: FramePath) -> None:
        while True:
            try:
                message = self._inbox.get_nowait()
            except queue.Empty:
                return
            match message:
                case SettingsChanged(settings):
                    self._settings = settings
                    self._set_volume()
                    path.tell(message)
                case Request():
                    self._request = message
                    path.tell(Asked("typed" if message.text else "button"))
                case Opened():
                    self.clock.input_latency_ms = message.input_latency_ms
                    self.clock.output_latency_ms = message.output_latency_ms
                    self._forget_room(path)
                case Told(signal, generation):
                    if generation is None or generation == self._playout.generation:
                        if isinstance(signal, NoReply):
                            self._playout.advance()
                        path.tell(signal)

    def _set_volume(self) -> None:
        self._playout.volume = 10 ** (self._settings.audio.volume_db / 20)


class _Deaf:
    """In place of a detector that cannot be loaded, or that fails again and again."""

    def __call__(self, frame: Floats) -> float:
        return 0.0

    def reset(self) -> None:
        """There is nothing to forget."""


def _nobody(job: HearJob | ThinkJob) -> bool:
    raise RuntimeError(f"{job} was handed on before the threads were connected")
