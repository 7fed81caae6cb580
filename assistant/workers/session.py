"""Everything that hears, decides and speaks, on its threads and connected: what a window, a terminal or a test runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Qt, Signal

from assistant.audio.callback import BlockCallback
from assistant.audio.devices import list_devices
from assistant.audio.frame_path import Detector
from assistant.audio.health import SoundHealth
from assistant.audio.injection import MicInjection
from assistant.audio.interrupter import Interrupter as RoomInterrupter
from assistant.audio.loop import SoundLoop
from assistant.audio.playout import Playout
from assistant.audio.room import RoomDevice
from assistant.audio.stream import PortAudioDevice
from assistant.brain.company import Company
from assistant.brain.partner import Partner, Thought
from assistant.settings import sections
from assistant.settings.sections import Settings
from assistant.signal.ring import BlockRing
from assistant.signal.trace import Trace
from assistant.speech.detectors import chosen_detector
from assistant.speech.ears import Ears
from assistant.speech.espeak import EspeakVoice
from assistant.speech.interrupter import BACKCHANNELS, INTERRUPTIONS, Interrupter
from assistant.speech.sounds import load_sounds
from assistant.speech.voice import Voice, VoiceFailed
from assistant.turns.facts import Signal as TurnSignal
from assistant.turns.facts import StopPressed
from assistant.workers.chosen import chosen_ears, chosen_partner, chosen_voice
from assistant.workers.episode import Episode
from assistant.workers.event_lines import decision_line, prompt_line, silence_line, times_line, words_line
from assistant.workers.failure import Failure
from assistant.workers.hearing import Hearing
from assistant.workers.jobs import Opened, Request, Told, Understood
from assistant.workers.journal import Journal
from assistant.workers.reply import Reply
from assistant.workers.reply_times import ReplyTimes
from assistant.workers.sound import RoomThread, SoundThread, aside
from assistant.workers.speaking import Speaking
from assistant.workers.stopwatch import Stopwatch
from assistant.workers.thinking import Thinking
from assistant.workers.turn import Decision, TurnThread
from assistant.workers.worker import Worker

RING_S = 4.0
"""The turn thread may be this late before blocks are lost; it is late by 0.1 s while it loads the detector."""
QUEUED_PHRASES = 1
"""Phrases between partner and voice: one, so that a change of partner or passage is heard soon."""
END_S = 2.0


class Session(QObject):
    """Made on the GUI thread. Everything public may be called from there; nothing waits but `end`."""

    ready = Signal(str, str, float)
    """(thread, what it loaded or "" if that failed, seconds)"""
    loading = Signal(str)
    """The thread that loads a model now."""
    loaded = Signal()
    """Every thread has loaded what it could."""
    failed = Signal(object)
    """Failure"""
    episode = Signal(object)
    """Episode, or a newer revision of it"""
    decided = Signal(object)
    """Decision"""
    words = Signal(object)
    """Understood"""
    timed = Signal(object)
    """ReplyTimes"""
    thought = Signal(object)
    """Thought"""
    health = Signal(object)
    """SoundHealth"""
    devices = Signal(object)
    """DeviceList"""

    def __init__(
        self,
        settings: Settings,
        *,
        events: Path | None = None,
        make_detector: Callable[[sections.Vad], Detector] = chosen_detector,
        make_ears: Callable[[], Ears] | None = None,
        make_voice: Callable[[], Voice] | None = None,
        make_partner: Callable[[], Partner] | None = None,
    ) -> None:
        """events: a file that gets one JSON line a decision. Raises OSError if it cannot be written.

        make_ears, make_voice, make_partner: None takes what the settings name, whenever they change.
        """
        super().__init__()
        self._settings = settings
        self._partner: Partner | None = None
        self._make_partner = make_partner or self._chosen_partner
        self._journal = Journal(events) if events else None
        self.playout = Playout()
        self.trace = Trace()
        self.callback = BlockCallback(self.playout, BlockRing(RING_S), MicInjection())
        self.sound = SoundLoop(self.callback, aside)
        stopwatch = Stopwatch()
        self._speaking = Speaking(
            make_voice or (lambda: chosen_voice(self._settings.voice, self.failed.emit)),
            self.playout,
            lambda: self._settings,
            self._tell,
            stopwatch,
        )
        self.turn = TurnThread(
            self.callback, make_detector, settings, self.trace, lambda: self._speaking.reply, stopwatch
        )
        speaking = Worker(self._speaking, self._present, room=QUEUED_PHRASES)
        self._thinking = Thinking(
            self._new_partner, lambda: self._settings.brain, self._tell, speaking.give, self._wanted, stopwatch
        )
        thinking = Worker(self._thinking, self._present)
        self._thinking.hurried = lambda: thinking.is_wanted
        hearing = Worker(
            Hearing(
                make_ears or (lambda: chosen_ears(self._settings.ears)),
                lambda: self._settings.ears,
                self._tell,
                thinking.give,
                thinking.offer,
                self._wanted,
                stopwatch,
            ),
            self._present,
        )
        answering = self.turn.answering
        answering.hear, answering.think = hearing.give, thinking.give
        self.turn.follow, self.turn.can_follow = hearing.offer, lambda: hearing.is_idle
        self._sound_thread = SoundThread(self.sound)
        self._room: RoomThread | None = None
        self._workers = (speaking, thinking, hearing)
        self._loading = 1 + len(self._workers)
        self._reloaded_by = {"voice": speaking, "brain": thinking, "ears": hearing}
        self._openings = 0
        self._connect()

    def _connect(self) -> None:
        for worker in self._workers:
            worker.loading.connect(partial(self.loading.emit, worker.objectName()))
        for thread in (self.turn, *self._workers):
            thread.ready.connect(self._count_loaded)
            name = thread.objectName()
            thread.ready.connect(lambda what, seconds, name=name: self.ready.emit(name, what, seconds))
            thread.failed.connect(self.failed)
        self.turn.episode.connect(self.episode)
        self.turn.decided.connect(self.decided)
        self.turn.words.connect(self.words)
        self.turn.timed.connect(self.timed)
        self._sound_thread.health.connect(self._note_opening)
        self._sound_thread.health.connect(self.health)
        if self._journal is not None:
            self._journal.failed.connect(self.failed)
            # On the turn thread, so that the file's times and order do not depend on a busy window.
            self.turn.decided.connect(self._write_decision, Qt.ConnectionType.DirectConnection)
            self.turn.episode.connect(self._write_silence, Qt.ConnectionType.DirectConnection)
            self.turn.words.connect(self._write_words, Qt.ConnectionType.DirectConnection)
            self.turn.timed.connect(self._write_times, Qt.ConnectionType.DirectConnection)

    # Beginning and end

    def start(self) -> None:
        """Loads everything at the same time, each on its own thread. Sound is opened by use_devices() or use_room()."""
        for thread in self._threads():
            thread.start()

    def end(self) -> tuple[str, ...]:
        """Sound first, then everything under way, then the threads. Returns the names of those that did not stop."""
        self.sound.use(None)
        threads = self._threads()
        for thread in threads:
            thread.finish()
        until = time.monotonic() + END_S
        stuck = [thread for thread in threads if not thread.wait(max(1, round((until - time.monotonic()) * 1000)))]
        return tuple(thread.objectName() for thread in stuck)

    def _threads(self) -> Sequence[TurnThread | Worker | SoundThread | RoomThread | Journal]:
        others = [thread for thread in (self._room, self._journal) if thread is not None]
        return (self._sound_thread, self.turn, *self._workers, *others)

    # What a person does

    def use_devices(self) -> None:
        """Opens the sound devices that the settings name."""
        audio = self._settings.audio
        self._leave_room()
        self.sound.use(PortAudioDevice(audio.input, audio.output, audio.block_ms))

    def use_room(self) -> None:
        """Opens the simulated room, with somebody in it who interrupts now and then."""
        self._leave_room()
        said = self._utter(*INTERRUPTIONS, *BACKCHANNELS)
        room = RoomDevice(heard_by=RoomInterrupter(self.callback.injection, said).hear if said else None)
        self._room = RoomThread(room)
        self._room.start()
        self.sound.use(room)

    def look_for_devices(self) -> None:
        """Lists the sound devices without waiting for them; `devices` tells."""
        aside(lambda: self.devices.emit(list_devices()))

    @property
    def in_room(self) -> bool:
        return self._room is not None

    def change(self, settings: Settings) -> None:
        """New settings, in force from the next frame on; another device or block length opens the sound anew."""
        before, self._settings = self._settings, settings
        self.turn.change(settings)
        for section, worker in self._reloaded_by.items():
            if _model(before, section) != _model(settings, section):
                worker.reload()
        same_sound = before.audio.model_copy(update={"volume_db": settings.audio.volume_db}) == settings.audio
        if not self.in_room and not same_sound:
            self.use_devices()

    def ask(self, text: str) -> None:
        """A typed line."""
        self.turn.ask(Request("say", text))

    def rehearse(self) -> None:
        """Starts Rehearsal, or lets it go on where it was cut."""
        self.turn.ask(Request("go_on" if self.is_rehearsing else "begin"))

    def end_rehearsal(self) -> None:
        """Silence; from then on the language model answers, where there is one."""
        if isinstance(self._partner, Company):
            self._partner.end_rehearsal()
        self.signal(StopPressed())

    @property
    def is_rehearsing(self) -> bool:
        """Whether Rehearsal would answer; always where there is no language model."""
        return not isinstance(self._partner, Company) or self._partner.rehearsing

    def go_on(self) -> None:
        """With the reply that was cut."""
        self.turn.ask(Request("go_on"))

    def read(self, text: str) -> None:
        """Says this as it is: a sample of a voice."""
        self.turn.ask(Request("read", text))

    def repeat(self) -> None:
        """Says the newest reply again."""
        self.turn.ask(Request("repeat"))

    def signal(self, signal: TurnSignal) -> None:
        """Stop, the talk key and the like."""
        self._tell(Told(signal))

    def mute(self, muted: bool) -> None:
        self.callback.mic_muted = muted

    def play_noise(self, name: str) -> None:
        """One of load_sounds(), as if it had been heard by the mic. Raises KeyError for an unknown name."""
        self.callback.injection.play(load_sounds()[name])

    def interrupt(self, text: str) -> None:
        """A recorded interrupter says `text` into the mic."""
        for audio in self._utter(text):
            self.callback.injection.play(audio)

    @property
    def reply(self) -> Reply:
        """The newest reply, for showing what is being said."""
        return self._speaking.reply

    # Inside

    def _present(self) -> int:
        return self.playout.generation

    def _wanted(self, generation: int) -> bool:
        return generation == self.playout.generation

    def _utter(self, *texts: str) -> list[npt.NDArray[np.float32]]:
        """What somebody says in the room, (n,) float32 at 48 kHz each; none, and a failure, where nothing can speak."""
        try:
            voices = Interrupter(EspeakVoice())
            return [voices.utter(text).audio for text in texts]
        except VoiceFailed as error:
            self.failed.emit(Failure("voice", "voice_failed", str(error), "Nobody else will speak in the room."))
            return []

    def _count_loaded(self) -> None:
        self._loading -= 1
        if not self._loading:
            self.loaded.emit()

    def _note_opening(self, health: SoundHealth) -> None:
        if health.state == "running" and health.openings != self._openings:
            self._openings = health.openings
            self.turn.reopened(Opened(health.input_latency_ms, health.output_latency_ms))

    def _tell(self, told: Told | Understood) -> None:
        self.turn.tell(told)

    def _new_partner(self) -> Partner:
        self._partner = self._make_partner()
        return self._partner

    def _chosen_partner(self) -> Partner:
        return chosen_partner(self._settings.brain, self._note, self.failed.emit)

    def _note(self, thought: Thought) -> None:
        self._thinking.thought()
        self.thought.emit(thought)
        if self._journal is not None:
            self._journal.write(prompt_line(thought, time.monotonic()))

    def _leave_room(self) -> None:
        if self._room is not None:
            self._room.finish()
            self._room.wait()
            self._room = None
            self.callback.injection.silence()  # whoever spoke there is not in the next room

    def _write_decision(self, decision: Decision) -> None:
        assert self._journal is not None
        self._journal.write(decision_line(decision, self._settings))

    def _write_silence(self, episode: Episode) -> None:
        assert self._journal is not None
        if episode.silent_at is not None and episode.outcome in ("stopped", "by_hand"):
            self._journal.write(silence_line(episode, time.monotonic()))

    def _write_words(self, words: Understood) -> None:
        if words.final and self._journal is not None:
            self._journal.write(words_line(words, time.monotonic()))

    def _write_times(self, times: ReplyTimes) -> None:
        assert self._journal is not None
        self._journal.write(times_line(times, time.monotonic()))


def _model(settings: Settings, section: str) -> tuple[object, ...]:
    """What a stage must be loaded anew for."""
    match section:
        case "ears":
            return (settings.ears.model, settings.ears.device)
        case "brain":
            return (settings.brain.model,)
        case _:
            return (settings.voice.model,)
