"""The start of the real app, watched from outside of it: when its window was there, when it was full, when it spoke."""

from __future__ import annotations

import argparse
import contextlib
import io
import time
from collections.abc import Mapping

from PySide6.QtCore import QTimer

from assistant.app import open_empty
from assistant.ui.frame import the_application

POLL_MS = 10
PATIENCE_MS = 20_000


def start_app() -> Mapping[str, float | None]:
    """Runs the app in the simulated room with Rehearsal until it speaks.

    visible_s: the window was painted, still empty; full_s: with everything in it; spoke_s: the first block of the reply
    went out. By time.monotonic(), None where it did not come. The window tells its state 30 times a second, so that
    spoke_s is up to 43 ms late.
    """
    app = the_application()
    opening = open_empty()
    if opening is None:
        return {"visible_s": None, "full_s": None, "spoke_s": None}
    visible_s = time.monotonic() if opening.window.is_painted else None
    # Only now: reading these is part of what comes behind the empty window.
    from assistant.commands import run
    from assistant.turns.states import State
    from assistant.ui.composer import STATE_LOOKS

    parser = argparse.ArgumentParser()
    run.add_arguments(parser)
    sounding = STATE_LOOKS[State.SPEAKING][0], STATE_LOOKS[State.DUCKED][0]
    full_s: list[float] = []
    spoke_s: list[float] = []

    def look() -> None:
        if not opening.window.is_furnished:
            return
        if not full_s:
            full_s.append(time.monotonic())
        if opening.window.talk.column.composer.state.text() in sounding:
            spoke_s.append(time.monotonic())
            app.quit()
            poll.stop()

    poll = QTimer()
    poll.timeout.connect(look)
    poll.start(POLL_MS)
    QTimer.singleShot(PATIENCE_MS, app.quit)
    with contextlib.redirect_stdout(io.StringIO()):  # the result must be alone there
        run.run(parser.parse_args(["--room", "--rehearse"]), opening)
    return {
        "visible_s": visible_s,
        "full_s": full_s[0] if full_s else None,
        "spoke_s": spoke_s[0] if spoke_s else None,
    }
