"""What a frame of the live panel costs to draw, and how long drawing keeps the interpreter to itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from assistant.audio.frame_path import FramePath
from assistant.audio.front_end import FRAME, RATE, FrontEnd
from assistant.audio.realtime import prepare_realtime
from assistant.commands.measures.sounds import conversation
from assistant.settings.presets import own_file
from assistant.settings.sections import Settings
from assistant.signal.trace import Trace
from assistant.speech.detectors import chosen_detector
from assistant.turns.core import TurnTaking
from assistant.turns.facts import ReplyStarted
from assistant.turns.states import SILENT

SIZE = (1280, 800)
SHOWN_S = 10.0
"""Longer than the panel shows, so that every column is drawn."""
FRAMES = 40
"""Drawn in one repeat."""
_NAP_S = 0.0005


class GilProbe(threading.Thread):
    """Wants the interpreter 2000 times a second and notes how long it waited while another thread was computing.

    A wait counts only as far as the watched thread used the processor in it: on a busy machine the rest is the system's
    scheduling. Where threads have no clock of their own the whole wait counts.
    """

    def __init__(self, watched: threading.Thread) -> None:
        super().__init__(name="gil probe", daemon=True)
        self.longest_ms = 0.0
        self._ending = threading.Event()
        self._clock = time.pthread_getcpuclockid(watched.ident or 0) if hasattr(time, "pthread_getcpuclockid") else None

    def run(self) -> None:
        while not self._ending.is_set():
            used_s, began_s = self._used_s(), time.perf_counter()
            time.sleep(_NAP_S)
            waited_s = time.perf_counter() - began_s - _NAP_S
            if self._clock is not None:
                waited_s = min(waited_s, self._used_s() - used_s)
            self.longest_ms = max(self.longest_ms, waited_s * 1e3)

    def finish(self) -> float:
        """Ends the thread; returns the longest wait."""
        self._ending.set()
        self.join()
        return self.longest_ms

    def _used_s(self) -> float:
        return time.clock_gettime(self._clock) if self._clock is not None else 0.0


def draw(*, repeats: int) -> Mapping[str, Any]:
    """Draws the panel inside of the real window while sound flows.

    median_ms, p95_ms: processor time of this thread a frame, of each repeat. hold_ms: the longest wait for the
    interpreter in a repeat. size: of the panel in logical pixels. scale: of the screen.
    """
    from assistant.ui.controls import Controls
    from assistant.ui.frame import the_application
    from assistant.ui.live.panel import LivePanel
    from assistant.ui.main_window import MainWindow
    from assistant.ui.own_presets import OwnPresets
    from assistant.ui.settings_model import SettingsModel
    from assistant.ui.style import Theme
    from assistant.ui.type import load_fonts

    app = the_application()
    load_fonts()
    theme = Theme(app, "light")
    model = SettingsModel(Settings(), OwnPresets(own_file()))
    sound = _Flow()
    panel = LivePanel(theme, model, lambda: sound.trace)
    window = MainWindow()
    window.furnish(theme, model, Controls(), panel)
    window.resize(*SIZE)
    window.show()
    for _ in range(round(SHOWN_S * RATE / FRAME)):
        sound.goes_on()
    for _ in range(FRAMES):
        panel.tick()
        app.processEvents()
    prepare_realtime()
    medians, p95s, holds = [], [], []
    for _ in range(repeats):
        took_ms = sorted(_drawn_ms(sound, panel, app) for _ in range(FRAMES))
        medians.append(took_ms[FRAMES // 2])
        p95s.append(took_ms[FRAMES * 95 // 100])
        probe = GilProbe(threading.current_thread())
        probe.start()
        for _ in range(FRAMES):
            panel.tick()
            app.processEvents()
            sound.goes_on()
        holds.append(probe.finish())
    size = (panel.width(), panel.height())
    return {"median_ms": medians, "p95_ms": p95s, "hold_ms": holds, "size": size, "scale": window.devicePixelRatioF()}


def _drawn_ms(sound: _Flow, panel: Any, app: Any) -> float:
    sound.goes_on()
    began = time.thread_time()
    panel.tick()
    app.processEvents()
    return (time.thread_time() - began) * 1e3


class _Flow:
    """A conversation that fills a trace, frame by frame, and begins anew at its end."""

    def __init__(self) -> None:
        self.trace = Trace()
        self._heard = conversation(SHOWN_S * 2).at_16_khz()
        settings = Settings()
        detector = chosen_detector(settings.vad)
        self._path = FramePath(FrontEnd(RATE, settings), detector, TurnTaking(settings), self.trace)
        self._at = 0

    def goes_on(self) -> None:
        """One frame."""
        if self._at + FRAME > len(self._heard.near):
            self._at = 0
        part = slice(self._at, self._at + FRAME)
        for _ in self._path.feed(self._heard.near[part], self._heard.far[part]):
            if self._path.core.state in SILENT:
                self._path.tell(ReplyStarted())
        self._at += FRAME
