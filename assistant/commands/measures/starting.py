"""The start of the real app, watched from outside of it: when its window was painted and when it spoke."""

from __future__ import annotations

import argparse
import contextlib
import io
import time
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from assistant.turns.states import State
from assistant.ui.composer import STATE_LOOKS
from assistant.ui.main_window import MainWindow, the_application

POLL_MS = 10
PATIENCE_MS = 20_000


class FirstPaint(QObject):
    """Sees the events from the event loop's first turn on until the window has been painted. Owned by the GUI thread.

    Not earlier: seeing each event of the window's making would lengthen what is measured. Paint events come in one
    burst, inside of one event of the window system; the next queued call or timer is the first thing after it.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.painted_s: float | None = None
        self._app, self._painting = app, False
        QTimer.singleShot(0, self, lambda: app.installEventFilter(self))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Paint:
            self._painting = True
        elif self._painting and kind in (QEvent.Type.MetaCall, QEvent.Type.Timer):
            self.painted_s = time.monotonic()
            self._app.removeEventFilter(self)
        return False


def start_app() -> Mapping[str, float | None]:
    """Runs the app in the simulated room with Rehearsal until it speaks.

    painted_s, spoke_s: by time.monotonic(), None where it did not come. The window tells its state 30 times a second,
    so that spoke_s is up to 43 ms late. It is the moment the first block of the reply went out.
    """
    from assistant.commands import run

    parser = argparse.ArgumentParser()
    run.add_arguments(parser)
    app = the_application()
    paint = FirstPaint(app)
    spoke_s: list[float] = []

    def look() -> None:
        for widget in app.topLevelWidgets():
            if isinstance(widget, MainWindow) and widget.talk.column.composer.state.text() in _sounding():
                spoke_s.append(time.monotonic())
                app.quit()
                poll.stop()

    poll = QTimer()
    poll.timeout.connect(look)
    poll.start(POLL_MS)
    QTimer.singleShot(PATIENCE_MS, app.quit)
    with contextlib.redirect_stdout(io.StringIO()):  # the result must be alone there
        run.run(parser.parse_args(["--room", "--rehearse"]))
    return {"painted_s": paint.painted_s, "spoke_s": spoke_s[0] if spoke_s else None}


def _sounding() -> tuple[str, ...]:
    return STATE_LOOKS[State.SPEAKING][0], STATE_LOOKS[State.DUCKED][0]
