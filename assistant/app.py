"""The composition root: builds everything once, connects it, and runs Qt."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QTimer
from PySide6.QtWidgets import QMessageBox

from assistant.settings.paths import config_file, state_folder
from assistant.ui.frame import the_application
from assistant.ui.main_window import MainWindow

if TYPE_CHECKING:  # read when the empty window is already there
    from assistant.settings.overrides import Effective
    from assistant.ui.host import Host
    from assistant.workers.session import Session

log = logging.getLogger("interject")


@dataclass(frozen=True, slots=True)
class Opening:
    """The window, still empty, and what keeps a second instance from opening another."""

    window: MainWindow
    lock: QLockFile


def open_empty() -> Opening | None:
    """Shows the window before what fills it is even read from disk. None where another instance runs, which it says."""
    the_application()
    lock = _only_one()
    if lock is None:
        _already_running()
        return None
    window = MainWindow(state_folder() / "window.ini")
    window.show_at_once()
    return Opening(window, lock)


def run_window(
    opening: Opening, effective: Effective, *, rehearse: bool, room: bool, events: Path | None, seconds: float | None
) -> int:
    """Runs until the window is closed. Returns 0, or 1 where a thread did not end.

    Raises OSError for an events file that cannot be written.
    """
    app, window, lock = the_application(), opening.window, opening.lock
    _write_log()
    furnished = _furnish(window, effective, events)
    if furnished is None:  # it was closed at once
        return 0
    session, host = furnished
    _catch_errors(host.unexpected)
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    signal.signal(signal.SIGTERM, lambda *_: app.quit())
    guided = not (rehearse or room or seconds)
    QTimer.singleShot(0, lambda: host.begin(rehearse=rehearse, room=room, guided=guided))
    if seconds:
        QTimer.singleShot(round(seconds * 1000), app.quit)
    app.exec()
    stuck = (*host.end(), *session.end())
    lock.unlock()
    if stuck:
        log.error("these threads did not end in time: %s", ", ".join(stuck))
        os._exit(1)  # a thread that hangs in a driver would keep the process alive for ever
    return 0


def _furnish(window: MainWindow, effective: Effective, events: Path | None) -> tuple[Session, Host] | None:
    """Fills the window, then makes what hears, decides and speaks, and the live panel that shows it.

    None where the person has closed the window meanwhile.
    """
    from assistant.settings.presets import own_file
    from assistant.ui.controls import Controls
    from assistant.ui.live_place import LivePlace
    from assistant.ui.own_presets import OwnPresets
    from assistant.ui.settings_model import SettingsModel
    from assistant.ui.style import Theme

    app = the_application()
    theme = Theme(app, effective.settings.panel.theme, effective.settings.panel.text_scale)
    model = SettingsModel(effective.settings, OwnPresets(own_file()))
    controls = Controls()
    place = LivePlace()
    window.furnish(theme, model, controls, place)
    app.processEvents()
    if not window.isVisible():
        return None

    from assistant.ui.host import Host
    from assistant.ui.live.panel import LivePanel
    from assistant.workers.session import Session
    from assistant.workers.what_if import decide_again

    session = Session(effective.settings, events=events)
    live = LivePanel(
        theme,
        model,
        lambda: session.trace if session.trace.frames else None,
        lambda settings: decide_again(session.trace, settings, session.turn.clock),
    )
    place.fill(live)
    return session, Host(session, window, live, model, controls, effective, config_file())


def _only_one() -> QLockFile | None:
    """None where another instance holds the microphone. Where the folder cannot be written nobody can tell."""
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        log.warning("%s cannot be written", folder)
    lock = QLockFile(str(folder / "running.lock"))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0) and lock.error() is QLockFile.LockError.LockFailedError:
        return None
    return lock


def _already_running() -> None:
    text = "Interject is already running. Close its window first, or talk there."
    print(f"interject: {text}", file=sys.stderr)  # noqa: T201
    box = QMessageBox(QMessageBox.Icon.Information, "Interject", text, QMessageBox.StandardButton.Ok)
    QTimer.singleShot(8000, box.accept)
    box.exec()


def _write_log() -> None:
    """Into the state folder, or nowhere where that cannot be written."""
    from logging.handlers import RotatingFileHandler

    log.setLevel(logging.INFO)
    try:
        folder = state_folder()
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / "interject.log", maxBytes=500_000, backupCount=1, encoding="utf-8")
    except OSError as error:
        print(f"interject: no log is written: {error}", file=sys.stderr)  # noqa: T201
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(threadName)s %(levelname)s %(message)s"))
    log.addHandler(handler)


def _catch_errors(tell: Callable[[str], None]) -> None:
    """An error that nobody foresaw goes to the log whole and to the person as one notice; the window stays."""

    def caught(kind: type[BaseException], error: BaseException | None, trace: object) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.error("unexpected", exc_info=error)
        tell(f"{kind.__name__}: {error}")

    sys.excepthook = caught
    threading.excepthook = lambda args: caught(args.exc_type, args.exc_value, args.exc_traceback)
