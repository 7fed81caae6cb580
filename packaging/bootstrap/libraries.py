"""The shared libraries that Interject needs from a Linux system. The wheels for macOS and Windows carry their own.

The table is what readelf shows as NEEDED by PortAudio's binding and by Qt 6.11's core, GUI and xcb plugin (libqxcb.so,
libQt6XcbQpa, libQt6Gui, libQt6Core) and what their wheel does not carry.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping

from bootstrap.packages import Package

SOUND: Mapping[str, Package] = {
    "libportaudio.so.2": Package("libportaudio2", "portaudio", "portaudio"),
}
WINDOW: Mapping[str, Package] = {
    "libglib-2.0.so.0": Package("libglib2.0-0", "glib2", "glib2"),
    "libfontconfig.so.1": Package("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": Package("libfreetype6", "freetype", "freetype2"),
    "libdbus-1.so.3": Package("libdbus-1-3", "dbus-libs", "dbus"),
    "libEGL.so.1": Package("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": Package("libgl1", "libglvnd-glx", "libglvnd"),
    "libX11.so.6": Package("libx11-6", "libX11", "libx11"),
    "libX11-xcb.so.1": Package("libx11-xcb1", "libX11-xcb", "libx11"),
    "libxkbcommon.so.0": Package("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libxkbcommon-x11.so.0": Package("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libxcb.so.1": Package("libxcb1", "libxcb", "libxcb"),
    "libxcb-cursor.so.0": Package("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": Package("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": Package("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": Package("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": Package("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render.so.0": Package("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": Package("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-shape.so.0": Package("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": Package("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": Package("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-util.so.1": Package("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xfixes.so.0": Package("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": Package("libxcb-xkb1", "libxcb", "libxcb"),
}


def missing(sonames: Iterable[str], listed: str | None = None, loads: Callable[[str], bool] | None = None) -> list[str]:
    """The `sonames` that are neither in `ldconfig -p` (`listed`) nor loadable by name. Empty off Linux."""
    if sys.platform != "linux":
        return []
    known = _listed() if listed is None else listed
    can_load = loads or _loads
    return [name for name in sonames if f"\t{name} " not in known and not can_load(name)]


def _listed() -> str:
    for program in ("ldconfig", "/sbin/ldconfig"):
        try:
            return subprocess.run([program, "-p"], capture_output=True, text=True, check=False).stdout
        except OSError:
            continue
    return ""


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True
