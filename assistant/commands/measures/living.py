"""The running app for a while: what the audio callback, the processor and the window did meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from assistant.audio.realtime import collect_when_idle, prepare_realtime
from assistant.settings.overrides import Effective, resolve
from assistant.settings.paths import config_file
from assistant.settings.presets import own_file
from assistant.settings.sections import Settings
from assistant.settings.store import Loaded
from assistant.turns.states import SOUNDING, State
from assistant.workers.session import Session

SETTLE_S = 1.5
"""After it loaded, or began to speak: the first blocks and the first full picture are not counted."""
PATIENCE_S = 20.0
_POLL_MS = 50


class Stay(QObject):
    """Waits until the app does what is to be measured, then counts for `seconds`. Owned by the GUI thread."""

    def __init__(self, session: Session, seconds: float, settle_s: float, speaking: bool) -> None:
        super().__init__()
        self.result: dict[str, Any] = {}
        self._session, self._speaking = session, speaking
        self._seconds, self._settle_s = seconds, settle_s
        self._loaded = False
        self._began_s = time.monotonic()
        self._settled_s = self._counting_s = 0.0
        self._cpu_s = 0.0
        self._before = (0, 0, 0)
        self._looks = self._sounding = self._frames = 0
        session.loaded.connect(self._note_loaded)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_POLL_MS)

    def count_frame(self) -> None:
        """The window drew itself anew."""
        self._frames += 1

    def _note_loaded(self) -> None:
        self._loaded = True

    def _look(self) -> None:
        now_s = time.monotonic()
        sounding = self._session.turn.state in SOUNDING
        callback = self._session.callback
        if self._counting_s:
            self._looks += 1
            self._sounding += sounding
            if now_s - self._counting_s >= self._seconds:
                self._finish(now_s)
        elif self._settled_s:
            if now_s - self._settled_s >= self._settle_s:
                callback.lateness.histogram.clear()
                callback.busy.clear()
                self._before = (callback.ring.written, callback.xruns_in + callback.xruns_out, self._frames)
                self._counting_s, self._cpu_s = now_s, time.process_time()
        elif self._loaded and callback.ring.written and (sounding or not self._speaking):
            self._settled_s = now_s
        elif now_s - self._began_s > PATIENCE_S:
            health = self._session.sound.health
            self.result = {"failure": f"no sound came: {health.state} {health.message}".strip()}
            QCoreApplication.quit()

    def _finish(self, now_s: float) -> None:
        self._timer.stop()
        lasted_s = now_s - self._counting_s
        callback = self._session.callback
        lateness = callback.lateness.histogram
        blocks, xruns, frames = self._before
        self.result = {
            "cpu_percent": (time.process_time() - self._cpu_s) / lasted_s * 100,
            "frames_per_s": (self._frames - frames) / lasted_s,
            "sounding": self._sounding / max(1, self._looks),
            "sounded_s": (callback.ring.written - blocks) * callback.ring.block / callback.playout.rate,
            "xruns": callback.xruns_in + callback.xruns_out - xruns,
            "late_p50_ms": lateness.percentile_ms(50),
            "late_p95_ms": lateness.percentile_ms(95),
            "late_max_ms": lateness.largest_ms,
            "busy_p95_ms": callback.busy.percentile_ms(95),
            "bin_ms": lateness.bin_ms,
            "counts": lateness.counts(),
        }
        QCoreApplication.quit()


def live(
    *, seconds: float, speaking: bool, window: bool, devices: bool, settle_s: float = SETTLE_S
) -> Mapping[str, Any]:
    """Runs all threads in the simulated room, or on the sound devices, with the window and its panel or without."""
    effective = resolve(Loaded(Settings()), {})
    run = _with_window if window else _without_window
    return run(effective, lambda session: Stay(session, seconds, settle_s, speaking), speaking, devices)


def _with_window(
    effective: Effective, make_stay: Callable[[Session], Stay], speaking: bool, devices: bool
) -> Mapping[str, Any]:
    from assistant.ui.controls import Controls
    from assistant.ui.frame import the_application
    from assistant.ui.host import Host
    from assistant.ui.live.panel import LivePanel
    from assistant.ui.main_window import MainWindow
    from assistant.ui.own_presets import OwnPresets
    from assistant.ui.settings_model import SettingsModel
    from assistant.ui.style import Theme
    from assistant.ui.type import load_fonts

    app = the_application()
    load_fonts()
    theme = Theme(app, "light")
    model = SettingsModel(effective.settings, OwnPresets(own_file()))
    session = Session(effective.settings)
    panel = LivePanel(theme, model, lambda: session.trace if session.trace.frames else None)
    controls = Controls()
    main_window = MainWindow()
    main_window.furnish(theme, model, controls, panel)
    host = Host(session, main_window, panel, model, controls, effective, config_file())
    stay = make_stay(session)
    main_window.frame.connect(stay.count_frame)
    main_window.show()
    QTimer.singleShot(0, lambda: host.begin(rehearse=speaking, room=not devices))
    app.exec()
    host.end()
    session.end()
    return stay.result


def _without_window(
    effective: Effective, make_stay: Callable[[Session], Stay], speaking: bool, devices: bool
) -> Mapping[str, Any]:
    app = QCoreApplication([])
    session = Session(effective.settings)
    stay = make_stay(session)
    idle = QTimer()

    def begin() -> None:
        prepare_realtime()
        if speaking:
            session.rehearse()

    session.loaded.connect(begin)
    idle.timeout.connect(lambda: collect_when_idle(session.turn.state is State.LISTENING))
    idle.start(1000)
    session.start()
    if devices:
        session.use_devices()
    else:
        session.use_room()
    app.exec()
    session.end()
    return stay.result
