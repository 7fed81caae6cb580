"""The window: whether Qt can open one here. Tried in a process of its own, because Qt ends the process if it cannot."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator

from assistant.commands.checkup.finding import INSTALL_REMEDY, Finding
from assistant.commands.child import own_command, own_environment
from assistant.commands.display import has_display

TRY_FLAG = "--only-window"
PATIENCE_S = 30.0
_MOST_TOLD = 300
HEADLESS_REMEDY = "Without a window the conversation goes on in the terminal: python3 packaging/start.py run --headless"


def window() -> Iterator[Finding]:
    """Which platform plugin Qt uses, and how large the screen is."""
    import PySide6  # what is missing is told by its name

    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if not has_display() and not chosen:
        yield Finding("Window", "warning", "There is no display.", HEADLESS_REMEDY)
        return
    try:
        tried = subprocess.run(
            own_command("doctor", TRY_FLAG),
            env=own_environment({}),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        told = f"Qt {PySide6.__version__} did not open a window within {PATIENCE_S:.0f} s."
        yield Finding("Window", "warning", told, HEADLESS_REMEDY)
        return
    if tried.returncode == 0:
        opened = json.loads(tried.stdout.splitlines()[-1])
        told = f"Qt {PySide6.__version__} on {opened['platform']}, {opened['width']} × {opened['height']}"
        scale = float(opened["scale"])
        yield Finding("Window", "ok", f"{told}, scale {scale:g}", figures={"screen_scale": scale})
        return
    told = " ".join(tried.stderr.split())[:_MOST_TOLD] or f"it ended with {tried.returncode}"
    remedy = f"{INSTALL_REMEDY}, which names missing system libraries. {HEADLESS_REMEDY}"
    yield Finding("Window", "warning", f"Qt {PySide6.__version__} cannot open a window: {told}", remedy)


def try_window() -> int:
    """What the other process does: opens Qt and tells what it found, as one JSON line."""
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    screen = app.primaryScreen()
    size = screen.size()
    told = {
        "platform": app.platformName(),
        "width": size.width(),
        "height": size.height(),
        "scale": screen.devicePixelRatio(),
    }
    print(json.dumps(told))
    return 0
