"""What happens once a second beside the conversation: figures, memory, saved settings, the progress of the set-up."""

from __future__ import annotations

import importlib
import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from assistant.audio.realtime import collect_when_idle
from assistant.settings.overrides import Effective
from assistant.settings.store import save
from assistant.signal.presence import EchoPath
from assistant.turns.facts import SILENCE_DBFS
from assistant.turns.states import State
from assistant.ui.main_window import MainWindow
from assistant.ui.notice import Notice
from assistant.ui.settings_model import SettingsModel
from assistant.ui.sound_notices import SETUP, late_notice, settings_notice
from assistant.ui.status_bar import Prepared, StatusFigures
from assistant.workers.session import Session
from assistant.workers.setup_status import SetupStatus, read_setup_status

EVERY_MS = 1000
LATE_TIMES = 3
"""So many xruns in a minute are worth a notice."""
NOT_RUNNING = {"none": "off", "opening": "opening", "reopening": "opening again", "lost": "no device", "running": ""}
NO_ECHO = "No echo is expected: headphones, or nothing plays."


class Housekeeper(QObject):
    """Owned by the GUI thread."""

    def __init__(
        self,
        session: Session,
        window: MainWindow,
        model: SettingsModel,
        effective: Effective,
        settings_file: Path,
        prepared: Callable[[], Prepared | None],
        show_echo: Callable[[EchoPath], None],
    ) -> None:
        """prepared: how many replies were made ahead so far. show_echo: shows whether an echo comes back."""
        super().__init__()
        self._session, self._window, self._model = session, window, model
        self._effective, self._settings_file, self._prepared = effective, settings_file, prepared
        self._show_echo = show_echo
        self.partner = "Rehearsal"
        self._voice = self._ears = ""
        self._xruns: deque[int] = deque([0], maxlen=60)
        self._late_told = False
        self._unsaved = False
        self._unsavable = False
        self._cpu = (time.process_time(), time.monotonic())
        self._setup: SetupStatus | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._once_a_second)

    def begin(self) -> None:
        self._timer.start(EVERY_MS)

    def end(self) -> None:
        self._timer.stop()
        self._save()

    def ready(self, thread: str, what: str) -> None:
        """A thread has loaded its model."""
        if thread == "speaking":
            self._voice = what
        elif thread == "thinking":
            self.partner = what
        elif thread == "hearing":
            self._ears = what if what != "none" else ""

    def changed(self) -> None:
        """A setting moved; it is saved within a second."""
        self._unsaved = True

    def _once_a_second(self) -> None:
        self._save()
        self._show_figures()
        self._watch_setup()
        self._show_whether_echo_counts()
        self._show_echo(self._session.turn.echo_path)
        # On this thread, because Qt's objects must not be freed on another.
        collect_when_idle(self._session.turn.state is State.LISTENING)

    def _save(self) -> None:
        if not self._unsaved:
            return
        self._unsaved = False
        notices = save(self._settings_file, self._effective.to_save(self._model.current))
        if notices and not self._unsavable:
            self._window.show_notice(settings_notice(notices[0]))
        self._unsavable = bool(notices)

    def _show_figures(self) -> None:
        health = self._session.sound.health
        cpu, now = time.process_time(), time.monotonic()
        used = (cpu - self._cpu[0]) / max(now - self._cpu[1], 1e-3) * 100
        self._cpu = (cpu, now)
        running = health.state == "running"
        xruns = health.xruns_in + health.xruns_out
        late = xruns - self._xruns[0]
        self._xruns.append(xruns)
        if late >= LATE_TIMES and not self._late_told:
            self._late_told = True
            self._window.show_notice(late_notice(late))
        self._window.show_status(
            StatusFigures(
                audio=f"48 kHz, {health.block_ms:g} ms" if running else NOT_RUNNING[health.state],
                in_ms=health.input_latency_ms if running else None,
                out_ms=health.output_latency_ms if running else None,
                late_p95_ms=health.lateness_p95_ms if running else None,
                xruns=xruns,
                cpu_percent=used,
                voice=self._voice,
                partner=self.partner,
                memory_mb=_memory_mb(),
                ears=self._ears,
                prepared=self._prepared(),
            )
        )

    def _watch_setup(self) -> None:
        status = read_setup_status(os.environ)
        before, self._setup = self._setup, status
        if status is None or (before is not None and before.state == status.state):
            return
        match status.state:
            case "running":
                text = f"{status.step}. Rehearsal works meanwhile."
                self._window.show_notice(Notice(SETUP, "info", "The large models' parts come later", text))
            case "failed":
                self._window.show_notice(Notice(SETUP, "error", status.title, status.remedy))
            case "done":
                importlib.invalidate_caches()
                self._window.clear_notice(SETUP)

    def _show_whether_echo_counts(self) -> None:
        frames = self._session.trace.frame_slice(self._session.trace.samples - 16_000, self._session.trace.samples)
        expected = len(frames.values) and frames.column("echo_dbfs").max() > SILENCE_DBFS
        self._window.hinder("echo.margin_db", "" if expected else NO_ECHO)


def _memory_mb() -> float | None:
    """Resident memory, where the system tells it as a file."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
