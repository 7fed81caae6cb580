"""start.py's work: set up what is missing, leave the rest to the background, and become the application."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from bootstrap.console import Console
from bootstrap.environment import child_environment, first_stage, system_libraries
from bootstrap.failure import SetupFailed
from bootstrap.later import start_in_background
from bootstrap.libraries import WINDOW
from bootstrap.places import Places, here

SETUP_ONLY = "--setup-only"
_NO_DISPLAY = "There is no display (no DISPLAY, no WAYLAND_DISPLAY): Interject runs in this terminal, with --headless."
_ASKING = {"-h", "--help", "--version"}


def main(arguments: Sequence[str]) -> int:
    """The exit code; on Linux and macOS the application takes this process over instead."""
    console = Console()
    places = here()
    try:
        return start(places, list(arguments), console)
    except SetupFailed as failure:
        console.say(f"Interject could not be set up.\n{failure}")
    except OSError as reason:
        console.say(f"Interject could not be set up.\n{SetupFailed(str(reason), advice(reason, places), places.log)}")
    except KeyboardInterrupt:
        console.say("\nStopped. The next start goes on from here.")
        return 130
    return 1


def start(places: Places, arguments: list[str], console: Console) -> int:
    setup_only = SETUP_ONLY in arguments
    command = command_line([argument for argument in arguments if argument != SETUP_ONLY])
    shows_window = command[:1] == ["run"] and "--headless" not in command and not _ASKING & set(command)
    if shows_window and not has_display(os.environ, sys.platform) and not setup_only:
        console.say(_NO_DISPLAY)
        command.append("--headless")
        shows_window = False
    lacking = system_libraries(places, console, window=True)
    first_stage(places, console)
    if start_in_background(places) and setup_only:
        console.say(f"Speech recognition and the language model's runtime go on behind: {places.status}")
    if setup_only:
        return 0
    if shows_window and needs_xcb(os.environ) and set(lacking) & set(WINDOW):
        raise SetupFailed("Libraries for the window are missing.", "Type the line above, then start again.")
    return become(places, command)


def command_line(arguments: list[str]) -> list[str]:
    """What follows `python -m assistant`: options alone belong to `run`."""
    if arguments and (not arguments[0].startswith("-") or arguments[0] in _ASKING):
        return list(arguments)
    return ["run", *arguments]


def has_display(environ: Mapping[str, str], platform: str) -> bool:
    """False on a Linux without a screen. A Qt platform that was chosen by hand counts as one."""
    if platform != "linux":
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def needs_xcb(environ: Mapping[str, str]) -> bool:
    """Without its xcb libraries Qt ends the process, except where it draws on Wayland or on what was chosen by hand."""
    return not environ.get("WAYLAND_DISPLAY") and not environ.get("QT_QPA_PLATFORM")


def become(places: Places, command: Sequence[str]) -> int:
    """Runs the application. -P: the folder in which a person stands must not shadow a module of ours."""
    whole = [str(places.python), "-P", "-m", "assistant", *command]
    if sys.platform == "win32":
        return subprocess.call(whole, env=child_environment(places))
    os.execve(whole[0], whole, child_environment(places))


def advice(reason: OSError, places: Places) -> str:
    """One sentence for an error of the file system."""
    if isinstance(reason, PermissionError):
        return f"Make {places.root} writable for you, then start again."
    return "Check that the disk is not full and the folder is whole, then start again."
