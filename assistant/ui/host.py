"""Stands between the window and the session: carries wishes one way and news the other. All connections are here."""

from __future__ import annotations

import logging
import math
from itertools import cycle
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from assistant.audio.devices import DeviceList
from assistant.audio.health import SoundHealth
from assistant.audio.realtime import prepare_realtime
from assistant.settings.overrides import Effective
from assistant.settings.paths import state_folder
from assistant.settings.sections import Settings
from assistant.signal.trace import BIN, FRAME, RATE, PeakSlice
from assistant.speech.interrupter import INTERRUPTIONS
from assistant.speech.sounds import load_sounds
from assistant.turns.facts import StopPressed, TalkPressed, TalkReleased
from assistant.turns.states import SOUNDING, State
from assistant.ui.controls import Controls
from assistant.ui.first_run.guide import Guide
from assistant.ui.housekeeper import Housekeeper
from assistant.ui.live.panel import LivePanel
from assistant.ui.loading_rows import Load, Stage
from assistant.ui.main_window import MainWindow
from assistant.ui.models.connect import make_desk
from assistant.ui.models.stock import SETTING
from assistant.ui.narrator import Narrator
from assistant.ui.settings_model import SettingsModel
from assistant.ui.sound_notices import (
    LATE,
    MODELS,
    SETTINGS_FILE,
    SOUND,
    failure_notice,
    settings_notice,
    sound_notice,
)
from assistant.workers.episode import Episode
from assistant.workers.failure import Failure
from assistant.workers.session import Session
from assistant.workers.stream_clock import PER_SAMPLE

log = logging.getLogger("interject")

UNPLAYED_S = 1.6
FIRST_WORDS_MS = 3500
"""From the start of Rehearsal until it has something worth interrupting."""
SOON_MS = 800
REHEARSAL = "Rehearsal"
STAGES: dict[str, Stage] = {"hearing": "ears", "thinking": "mind", "speaking": "voice"}
UNUSABLE: dict[Stage, str] = {"ears": "ears_missing", "mind": "model_failed", "voice": "voice_broke"}
"""Codes of the notices that a stage's model cannot be used: over as soon as another one is loaded."""
HINTS = {
    State.LISTENING: "Just start talking.",
    State.SPEAKING: "Just talk to cut in.",
    State.DUCKED: "Is somebody speaking?",
    State.HELD: "Let go when done.",
    State.WAITING: "Say “go on” or press F7.",
    State.PROTECTED: "Says this one to the end.",
    State.GUARDED: "Is somebody speaking?",
    State.PROMISED: "You are next.",
    State.OWED: "You are next.",
}


class Host(QObject):
    """Owned by the GUI thread."""

    def __init__(
        self,
        session: Session,
        window: MainWindow,
        live: LivePanel,
        model: SettingsModel,
        controls: Controls,
        effective: Effective,
        settings_file: Path,
    ) -> None:
        super().__init__()
        self._session, self._window, self._live, self._model = session, window, live, model
        self._effective, self._settings_file = effective, settings_file
        self._rehearse = False
        self._state: State | None = None
        self._hint = ""
        self._stopped_at_frame = 0
        self._interruptions = cycle(INTERRUPTIONS)
        self._narrator = Narrator(session, window.conversation)
        self._housekeeper = Housekeeper(
            session, window, model, effective, settings_file, lambda: self._narrator.prepared, live.show_echo
        )
        self._desk = make_desk(window, model, session.read)
        self._guide = Guide(session, window, model, controls, self._desk, state_folder() / "first-run")
        self._connect_session()
        self._connect_wishes(controls)
        window.frame.connect(self._tick)
        window.freeze_asked.connect(live.toggle_freeze)
        window.card_asked.connect(live.step_card)
        window.knob_hovered.connect(live.highlight)
        window.conversation.chip_clicked.connect(live.show_episode)
        live.start_rehearsal.connect(controls.start_rehearsal)
        live.interrupt_itself.connect(controls.interrupt_itself)

    def begin(self, *, rehearse: bool, room: bool, guided: bool = False) -> None:
        """Loads everything behind the window, and opens the sound. guided: a newcomer is shown the first run."""
        self._rehearse = rehearse
        self._session.start()
        if room:
            self._open_room()
        else:
            self._session.use_devices()
        self._window.set_noises(sorted(load_sounds()))
        self._session.look_for_devices()
        for notice in self._effective.notices:
            self._window.show_notice(settings_notice(notice))
        self._housekeeper.begin()
        self._desk.begin(elsewhere=False)
        if guided:
            self._guide.begin_once()

    def end(self) -> tuple[str, ...]:
        """The window is closed: keeps what was changed. Returns the names of threads that did not end in time."""
        self._housekeeper.end()
        self._guide.end()
        # Who lists devices meanwhile would report to a window that is gone.
        self._session.blockSignals(True)
        for listener in (self, self._guide):
            QCoreApplication.removePostedEvents(listener)
        return self._desk.end()

    def unexpected(self, what: str) -> None:
        """Something failed that nobody foresaw. Called by any thread."""
        QTimer.singleShot(0, self, lambda: self._window.show_notice(failure_notice(None, what)))

    def _connect_session(self) -> None:
        session = self._session
        session.loading.connect(self._loading)
        session.ready.connect(self._ready)
        session.loaded.connect(self._loaded)
        session.failed.connect(self._failed)
        session.episode.connect(self._episode)
        session.words.connect(lambda u: self._narrator.words(u.utterance, u.settled, u.tentative, u.final))
        session.thought.connect(self._narrator.thought)
        session.timed.connect(self._narrator.times)
        session.health.connect(self._health)
        session.devices.connect(self._devices)
        self._model.changed.connect(self._changed)

    def _connect_wishes(self, controls: Controls) -> None:
        session = self._session
        controls.start_rehearsal.connect(self._start)
        controls.end_rehearsal.connect(session.end_rehearsal)
        controls.repeat_asked.connect(session.repeat)
        controls.continue_asked.connect(session.go_on)
        controls.cancel_loading.connect(lambda stage: self._model.set(SETTING[stage], ""))
        controls.typed.connect(self._typed)
        controls.stop_speaking.connect(lambda: session.signal(StopPressed()))
        controls.talk_pressed.connect(lambda: session.signal(TalkPressed()))
        controls.talk_released.connect(lambda: session.signal(TalkReleased()))
        controls.mute.connect(session.mute)
        controls.play_noise.connect(session.play_noise)
        controls.interrupt_itself.connect(self._interrupt_itself)
        controls.open_room.connect(self._open_room)
        controls.choose_input.connect(lambda name: self._choose("audio.input", name))
        controls.choose_output.connect(lambda name: self._choose("audio.output", name))
        controls.notice_action.connect(lambda code: self._notice_action(code, controls))

    # Wishes

    def _start(self) -> None:
        self._tell_if_no_sound()
        self._session.rehearse()

    def _typed(self, text: str) -> None:
        self._tell_if_no_sound()
        self._narrator.typed(text)
        self._session.ask(text)

    def _tell_if_no_sound(self) -> None:
        """Without a device nothing can answer: a button that does nothing must say why."""
        notice = sound_notice(self._session.sound.health)
        if notice is not None:
            self._window.show_notice(notice)

    def _interrupt_itself(self) -> None:
        speaking = self._session.turn.state in SOUNDING
        if not speaking:
            self._session.rehearse()
        words = next(self._interruptions)
        QTimer.singleShot(SOON_MS if speaking else FIRST_WORDS_MS, self, lambda: self._session.interrupt(words))

    def _open_room(self) -> None:
        self._session.use_room()
        self._window.clear_notice(SOUND)

    def _choose(self, key: str, name: str) -> None:
        health = self._session.sound.health
        if self._session.in_room and name in (health.input_name, health.output_name):
            return
        same = self._model.value(key) == name
        self._model.set(key, name)
        if same or self._session.in_room:  # choosing it again means: try it again
            self._session.use_devices()

    def _notice_action(self, code: str, controls: Controls) -> None:
        if code == SOUND:
            self._open_room()
        elif code in MODELS:
            controls.open_models.emit()
        elif code == LATE:
            self._model.set("audio.block_ms", 20)
        elif code == SETTINGS_FILE:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._settings_file)))

    # News

    def _loading(self, thread: str) -> None:
        stage = STAGES[thread]
        self._window.clear_notice(UNUSABLE[stage])
        name = str(self._model.value(SETTING[stage]))
        if name:
            self._show_load(Load(stage, Path(name).name, "loading"))

    def _show_load(self, load: Load) -> None:
        self._window.talk.column.loading.show_load(load)

    def _ready(self, thread: str, what: str, seconds: float) -> None:
        stage = STAGES.get(thread)
        if stage is not None and self._model.value(SETTING[stage]):
            self._show_load(Load(stage, what or stage, "ready" if what else "failed", seconds))
        if what:
            log.info("%s: %s ready after %.2f s", thread, what, seconds)
            self._housekeeper.ready(thread, what)
            self._show_partner()

    def _loaded(self) -> None:
        prepare_realtime()
        if self._rehearse:
            self._session.rehearse()

    def _failed(self, failure: Failure) -> None:
        log.error("%s: %s %s", failure.code, failure.message, failure.remedy)
        self._window.show_notice(failure_notice(failure))

    def _health(self, health: SoundHealth) -> None:
        log.info("sound: %s %s", health.state, health.message)
        notice = sound_notice(health)
        if notice is not None:
            self._window.show_notice(notice)
        elif health.state == "running":
            self._window.clear_notice(SOUND)
            self._session.look_for_devices()

    def _devices(self, found: DeviceList) -> None:
        if found.reason and not self._session.in_room and self._session.sound.health.state != "lost":
            return  # the sound system was busy; what was listed before still holds
        inputs = [device.name for device in found.devices if device.inputs]
        outputs = [device.name for device in found.devices if device.outputs]
        audio, health = self._model.current.audio, self._session.sound.health
        if self._session.in_room:
            near, far = health.input_name, health.output_name
            self._window.show_devices([near, *inputs], [far, *outputs], near, far)
        else:
            self._window.show_devices(inputs, outputs, audio.input, audio.output)

    def _changed(self, settings: Settings) -> None:
        self._session.change(settings)
        self._housekeeper.changed()

    def _episode(self, episode: Episode) -> None:
        self._live.add_episode(episode)
        if episode.silent_at is None or episode.outcome not in ("stopped", "by_hand"):
            return
        self._stopped_at_frame = self._session.trace.frames
        reply = self._session.reply
        if reply.generation != episode.generation:  # the next one is there already
            return
        played = self._session.playout.played(reply.generation)
        rest = reply.sound_after(played, round(UNPLAYED_S * self._session.playout.rate))
        unplayed = peaks_at(episode.silent_at, rest)
        if unplayed is not None:
            self._live.show_unplayed(unplayed.start, unplayed)

    # Thirty times a second

    def _tick(self) -> None:
        self._narrator.tick()
        self._live.tick()
        state = self._session.turn.state
        hint = HINTS.get(state, "")
        trace = self._session.trace
        if state in (State.HEARING, State.STOPPED) and self._stopped_at_frame:
            ago_s = (trace.frames - self._stopped_at_frame) * FRAME / RATE
            hint = f"Stopped {ago_s:.1f} s ago." if ago_s < 10 else ""
        if (state, hint) != (self._state, self._hint):
            self._state, self._hint = state, hint
            self._window.show_state(state, hint)
            self._show_partner()
        self._show_level()

    def _show_partner(self) -> None:
        rehearsing, partner = self._session.is_rehearsing, self._housekeeper.partner
        name, caption = (REHEARSAL, self._narrator.caption) if rehearsing else (partner, "")
        self._window.show_partner(name, caption, can_end=rehearsing and partner != REHEARSAL)

    def _show_level(self) -> None:
        trace = self._session.trace
        end = trace.samples
        newest = trace.frame_slice(end - 2 * FRAME, end)
        peaks = trace.near_peaks(end - 2 * FRAME, end)
        if len(newest.values) and len(peaks.high):
            peak = float(max(peaks.high.max(), -peaks.low.min(), 1e-6))
            self._window.set_mic_level(float(newest.column("near_dbfs")[-1]), _dbfs(peak))


def peaks_at(start: int, sound: npt.NDArray[np.float32]) -> PeakSlice | None:
    """Sound, (n,) float32 at 48 kHz, as the scope draws it from a sample of the trace on; None for hardly any."""
    whole = len(sound) // (BIN * PER_SAMPLE)
    if not whole:
        return None
    bins = sound[: whole * BIN * PER_SAMPLE].reshape(whole, -1)
    return PeakSlice(start, bins.min(1), bins.max(1))


def _dbfs(amplitude: float) -> float:
    return 20 * math.log10(amplitude)
