"""The turn thread: mic blocks in, decisions out, carried out at once. The only writer of the generation."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QThread, Signal

from assistant.audio.callback import BlockCallback
from assistant.audio.frame_path import Detector, FramePath, Stepped
from assistant.audio.front_end import FrontEnd, FrontFrame
from assistant.settings import sections
from assistant.settings.sections import Settings
from assistant.signal.presence import EchoPath
from assistant.signal.trace import Trace
from assistant.turns.commands import (
    CancelReply,
    CloseUtterance,
    Command,
    Discard,
    DropUtterance,
    Duck,
    Prepare,
    Restore,
    Resume,
    Stop,
)
from assistant.turns.core import TurnTaking
from assistant.turns.facts import (
    FRAME_SAMPLES,
    Asked,
    NoReply,
    ProtectedSaid,
    ReplyEnded,
    ReplyStarted,
    SettingsChanged,
    WordsHeard,
)
from assistant.turns.facts import (
    Signal as TurnSignal,
)
from assistant.turns.states import State
from assistant.workers.answering import Answering
from assistant.workers.episodes import Acted, EpisodeBook
from assistant.workers.failure import Failure
from assistant.workers.following import Follower
from assistant.workers.jobs import FollowJob, Opened, Request, Told, Understood
from assistant.workers.reply import Reply
from assistant.workers.reply_clock import ReplyClock
from assistant.workers.stopwatch import Stopwatch
from assistant.workers.stream_clock import PER_SAMPLE, StreamClock

_NAP_S = 0.1
_FAILURES_BORNE = 60
"""About a second of frames: after so many in a row the detector is given up, so that Esc and typing still work."""
_DEAF_REMEDY = "It speaks but cannot hear you: type, or use the talk key and Esc."


@dataclass(frozen=True, slots=True)
class Decision:
    """A command as it was carried out, for the events file and the terminal. monotonic_s: of time.monotonic().

    utterance: the number of the newest one.
    """

    command: Command
    state: State
    monotonic_s: float
    utterance: int


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
    words = Signal(object)
    """Understood"""
    timed = Signal(object)
    """ReplyTimes"""

    def __init__(
        self,
        callback: BlockCallback,
        make_detector: Callable[[sections.Vad], Detector],
        settings: Settings,
        trace: Trace,
        newest_reply: Callable[[], Reply],
        stopwatch: Stopwatch,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        """newest_reply: the one that the speaking thread is at."""
        super().__init__()
        self.setObjectName("turn")
        self.clock = StreamClock()
        self.follow: Callable[[FollowJob], bool] = lambda job: False
        self.can_follow: Callable[[], bool] = lambda: False
        """Whether the recogniser has time for a FollowJob."""
        self._callback = callback
        self._playout = callback.playout
        self._make_detector = make_detector
        self._settings = settings
        self._trace = trace
        self._book = EpisodeBook(self.clock, self.episode.emit, now)
        self.answering = Answering(callback.playout, newest_reply, self._took_ms, stopwatch)
        self._replies = ReplyClock(callback, self.clock, stopwatch)
        self._follower = Follower()
        self._final: Understood | None = None
        """The words of a reply that is only being prepared."""
        self._inbox: queue.SimpleQueue[Told | Understood | Request | Opened | SettingsChanged] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._path: FramePath | None = None
        self._next_block = 0
        self._unframed = 0
        """48 kHz samples fed since the last whole frame."""
        self._announced = -1
        self._protected: Reply | None = None
        """The reply that is at its protected sentence."""
        self._failures = 0
        """Blocks in a row that could not be judged."""
        self._request: Request | None = None
        self.state = State.LISTENING
        self.echo_path = EchoPath()
        """Whether an echo comes back, as far as that is known; read by the window."""

    # Called by other threads

    def tell(self, told: Told | Understood) -> None:
        """Something happened to a reply, words were understood, or the person pressed a button."""
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
        detector = self._detector()
        core = TurnTaking(self._settings)
        path = FramePath(FrontEnd(self.clock.rate, self._settings), detector, core, self._trace)
        self._path = path
        self._set_volume()
        self._next_block = self._callback.ring.written
        self.ready.emit("" if isinstance(detector, _Deaf) else detector.name, time.perf_counter() - began)
        while not self._ending.is_set():
            self._callback.wait(_NAP_S)
            self._read_inbox(path)
            self._watch_playout(path)
            try:
                self._take_blocks(path)
            except Exception as error:
                self._break_off(path, error)
        self._playout.advance()  # whoever still waits for playback to go on need not any longer

    def _detector(self) -> Detector:
        try:
            return self._make_detector(self._settings.vad)
        except Exception as error:
            self.failed.emit(Failure("detector", "detector_missing", str(error), _DEAF_REMEDY))
            return _Deaf()

    def _take_blocks(self, path: FramePath) -> None:
        blocks = self._callback.ring.read(self._next_block)
        if blocks.lost:
            self._forget_room(path)
        self._next_block = blocks.next
        for index, (near, far, after_loss) in enumerate(zip(blocks.near, blocks.far, blocks.after_loss, strict=True)):
            heard_to = (blocks.first + index + 1) * self._callback.ring.block
            self._unframed += len(near)
            if after_loss:
                path.front_end.sound_lost()
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
        core = self._path.core
        self.state = core.state
        self.echo_path = self._path.front_end.echo_path
        self._follower.step(core)
        for command in stepped.commands:
            acted = Acted(self._callback.ring.written * self._callback.ring.block)
            self._do(command, self._path)
            self._book.note(command, acted)
            self.decided.emit(Decision(command, self.state, time.monotonic(), self._follower.utterance))
        request, self._request = self._request, None
        if request is not None and self.state is State.THINKING:  # else it was taken back within the frame
            number = self._follower.another()
            self._replies.turn_over(number if request.wish == "say" else 0, 0)
            self.answering.ask(request, number)
        self._follow(core)

    def _do(self, command: Command, path: FramePath) -> None:
        answering, utterance, sound = self.answering, self._follower.utterance, path.front_end.audio_between
        match command:
            case Duck(by_db=by_db):
                self._playout.gain_target = 10 ** (by_db / 20)
            case Restore():
                self._playout.gain_target = 1.0
            case Stop():
                answering.stop()
            case CancelReply():
                answering.give_up()
            case Prepare():
                self._final = None
                answering.prepare(command, utterance, sound)
            case Discard() | DropUtterance():
                if answering.discard(turn_is_over=isinstance(command, DropUtterance)):
                    self._replies.wasted += 1
            case CloseUtterance():
                ended_by_quiet = command.reason.needed_ms > 0
                self._replies.turn_over(utterance, command.reason.quiet_ms if ended_by_quiet else 0)
                for signal in answering.close(command, utterance, sound):
                    self._tell_core(path, signal)
                if self._final is not None:
                    self.words.emit(self._final)
            case Resume():
                if not answering.resume(command):
                    self.tell(Told(NoReply()))
            case _:
                pass

    def _follow(self, core: TurnTaking) -> None:
        """Asks for the words so far of whoever is speaking."""
        assert self._path is not None
        since = self._follower.since
        if since is None or self.answering.is_preparing or not self._follower.is_due(core) or not self.can_follow():
            return
        floor_is_theirs = core.state in (State.HEARING, State.HELD)
        warm = floor_is_theirs and self._settings.endpointing.prepare == "while_speaking"
        sound = self._path.front_end.audio_between
        if self.follow(self.answering.following(self._follower.utterance, since, core.now, sound, warm)):
            self._follower.asked(core)

    def _took_ms(self) -> float | None:
        latest = self._book.latest
        return latest.onset_to_stop_ms if latest is not None and latest.outcome == "stopped" else None

    def _watch_playout(self, path: FramePath) -> None:
        playout = self._playout
        generation = playout.generation
        cut = self.answering.cut
        if cut is not None and cut.device_sample is None:  # first, because the next reply may begin in the same block
            cut.device_sample = playout.cut_at(cut.reply.generation)
            if cut.device_sample is not None:
                heard = cut.reply.at(playout.played(cut.reply.generation))
                self._book.silent(cut.device_sample, playout.ramp_samples, heard)
        if self._announced < generation and playout.started_at(generation) is not None:
            self._announced = generation
            self.answering.started()
            times = self._replies.started(generation)
            if times is not None:
                self.timed.emit(times)
            path.tell(ReplyStarted(protected=self._protect()))
        if self._announced == generation and playout.finished(generation) is not None:
            path.tell(ReplyEnded())
            playout.advance()
        elif self._protected is not None and self._protection_is_over(self._protected):
            self._protected = None
            path.tell(ProtectedSaid())

    def _protect(self) -> bool:
        """Whether the reply that begins to sound may not be cut at once. What goes on has had its first sentence."""
        begins = self._settings.barge_in.protect == "first_sentence" and not self.answering.goes_on
        self._protected = self.answering.newest_reply() if begins else None
        return begins

    def _protection_is_over(self, reply: Reply) -> bool:
        off = self._settings.barge_in.protect == "off"
        return off or reply.first_sentence_is_over(self._playout.played(reply.generation))

    def _read_inbox(self, path: FramePath) -> None:
        while True:
            try:
                message = self._inbox.get_nowait()
            except queue.Empty:
                return
            match message:
                case SettingsChanged(settings):
                    before, self._settings = self._settings, settings
                    if settings.vad.detector != before.vad.detector:
                        path.detector = self._detector()
                    self._set_volume()
                    path.tell(message)
                case Request():
                    self._request = message
                    path.tell(Asked("typed" if message.wish == "say" else "button"))
                case Opened():
                    self.clock.input_latency_ms = message.input_latency_ms
                    self.clock.output_latency_ms = message.output_latency_ms
                    self._forget_room(path)
                case Told(signal, generation):
                    concerned = generation is None or generation == self._playout.generation
                    if concerned and not (generation is not None and self.answering.withhold(signal)):
                        self._tell_core(path, signal)
                case Understood():
                    self._understood(message, path)

    def _tell_core(self, path: FramePath, signal: TurnSignal) -> None:
        if isinstance(signal, NoReply):
            self.answering.nothing_came()
        path.tell(signal)

    def _understood(self, message: Understood, path: FramePath) -> None:
        if message.utterance != self._follower.utterance:
            return
        if message.final and self.state is State.HEARING and message.generation != self._playout.generation:
            return  # of what was prepared and thrown away: the person has gone on, and there are more words now
        own_words = self.answering.own_words() if self.state is not State.HELD else ""
        asked = own_words.rstrip(" ”’)\"").endswith("?")
        path.tell(WordsHeard(message.text, own_words, asked, message.final))
        if message.final and self.answering.is_preparing:
            self._final = message
        else:
            self.words.emit(message)

    def _set_volume(self) -> None:
        self._playout.volume = 10 ** (self._settings.audio.volume_db / 20)


class _Deaf:
    """In place of a detector that cannot be loaded, or that fails again and again."""

    name = "none"

    def __call__(self, frame: FrontFrame, /) -> float:
        return 0.0

    def reset(self) -> None:
        """There is nothing to forget."""
