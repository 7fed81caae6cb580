"""Leads a newcomer through the first run: shows it once, and brings a step back when asked."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject

from assistant.audio.devices import DeviceList
from assistant.audio.health import SoundHealth
from assistant.signal.trace import Trace
from assistant.turns.facts import StopPressed, TalkPressed
from assistant.ui.controls import Controls
from assistant.ui.first_run.floor import Floor
from assistant.ui.first_run.microphone_step import MicrophoneStep
from assistant.ui.first_run.models_step import ModelsStep
from assistant.ui.first_run.page import MICROPHONE, FirstRunPage
from assistant.ui.first_run.room_step import RoomStep
from assistant.ui.first_run.talk_step import TalkStep
from assistant.ui.main_window import MODELS, TALK, MainWindow
from assistant.ui.models.desk import ModelDesk
from assistant.ui.settings_model import SettingsModel
from assistant.workers.session import Session

log = logging.getLogger("interject")


class Guide(QObject):
    """Owned by the GUI thread. The page is made when it is shown and deleted when it is left."""

    def __init__(
        self,
        session: Session,
        window: MainWindow,
        model: SettingsModel,
        controls: Controls,
        desk: ModelDesk,
        seen_file: Path,
    ) -> None:
        """seen_file: exists once the first run was left."""
        super().__init__()
        self._session, self._window, self._model, self._controls = session, window, model, controls
        self._desk, self._seen_file = desk, seen_file
        self.page: FirstRunPage | None = None
        self.floor = Floor(
            lambda: session.turn.state,
            lambda: session.signal(TalkPressed()),
            lambda: session.signal(StopPressed()),
            session.rehearse,
        )
        window.frame.connect(self._tick)
        window.setup_asked.connect(self.show_step)
        window.first_run_left.connect(self._left)
        session.devices.connect(self._devices)
        session.health.connect(self._health)
        desk.changed.connect(self._show_models)
        desk.told.connect(self._tell)

    def begin_once(self) -> None:
        """Show the first run to somebody who never saw it."""
        if not self._seen_file.exists():
            self.show_step(MICROPHONE)

    def show_step(self, at: int) -> None:
        """Open the first run at a step."""
        if self.page is None:
            self.page = self._make()
            self._window.show_first_run(self.page)
            self._show_models()
            self._health(self._session.sound.health)
            self._session.look_for_devices()
            self._desk.begin()
            self.floor.begin()
        self.page.begin(at)

    def end(self) -> None:
        """The window was closed: who saw the first run does not get it again."""
        if self.page is not None:
            self._remember()

    def _make(self) -> FirstRunPage:
        theme, trace = self._window.theme, self._session.trace

        def heard() -> Trace | None:
            return trace if trace.frames else None

        page = FirstRunPage(
            theme,
            MicrophoneStep(theme, self._controls, heard, self._play),
            RoomStep(theme, self._model, heard, self.floor),
            ModelsStep(theme),
            TalkStep(theme),
        )
        page.left.connect(lambda: self._window.show_page(TALK))
        page.models.set_asked.connect(self._desk.do_set)
        page.models.all_asked.connect(lambda: self._window.show_page(MODELS))
        page.talk.rehearse.connect(self._rehearse)
        page.talk.look.connect(lambda: self._window.show_page(TALK))
        return page

    def _play(self) -> None:
        self.floor.let_go()
        self.floor.play()

    def _rehearse(self) -> None:
        self._window.show_page(TALK)
        self._controls.start_rehearsal.emit()

    def _left(self) -> None:
        """The window shows another page."""
        if self.page is None:
            return
        self.page.close_step()
        self.page.deleteLater()
        self.page = None
        self.floor.end()
        if self.floor.has_played:
            self._session.end_rehearsal()
        self._remember()

    def _remember(self) -> None:
        try:
            self._seen_file.parent.mkdir(parents=True, exist_ok=True)
            self._seen_file.touch()
        except OSError as error:  # it is shown again the next time, no more
            log.warning("%s cannot be written: %s", self._seen_file, error)

    def _tick(self) -> None:
        if self.page is not None:
            self.floor.tick()
            self.page.tick()

    def _devices(self, found: DeviceList) -> None:
        if self.page is None:
            return
        inputs = [device.name for device in found.devices if device.inputs]
        outputs = [device.name for device in found.devices if device.outputs]
        audio = self._model.current.audio
        self.page.microphone.show_devices(inputs, outputs, audio.input, audio.output)

    def _health(self, health: SoundHealth) -> None:
        if self.page is not None:
            lost = health.state == "lost"
            problem = f"{health.message} Plug one in; Interject tries again every second." if lost else ""
            self.page.microphone.show_problem(problem)

    def _show_models(self) -> None:
        if self.page is not None and self._desk.known:
            self.page.models.show_sets(self._desk.stock.offers())
            self.page.talk.show_mind(bool(self._model.current.brain.model))

    def _tell(self, words: str) -> None:
        if self.page is not None:
            self.page.models.tell(words)
