"""Is there a screen to open a window on?"""

from __future__ import annotations

import os
import sys


def has_display() -> bool:
    """Whether a window would be seen. On Linux only: elsewhere there always is a display."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def can_open_window() -> bool:
    """Seen, or drawn where nobody looks because that was asked for."""
    return has_display() or os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal", "vnc")
