"""Where things lie: what ships with the program, and what belongs to the person."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

APP = "interject"
HOME_VARIABLE = "INTERJECT_HOME"
"""Names one folder that holds everything: settings, data and state."""


class MissingResource(FileNotFoundError):
    """Something that ships with the program is not there. The text says where it was looked for."""


def resource(name: str) -> Path:
    """A file or folder of `resources/` by its relative name with "/" ("icons/mic.svg"). Raises MissingResource."""
    looked_in = resource_folders()
    for folder in looked_in:
        if (folder / name).exists():
            return folder / name
    places = " and ".join(str(folder) for folder in looked_in)
    raise MissingResource(f"resources/{name} is missing (looked in {places}). Install Interject again.")


def resource_folders() -> tuple[Path, ...]:
    """Where resources may lie, best first: beside a frozen program, inside the installed package, in a checkout."""
    package = Path(__file__).resolve().parents[1]
    unpacked = getattr(sys, "_MEIPASS", None)  # set by PyInstaller's loader only
    frozen = (Path(unpacked) / "resources",) if unpacked else ()
    return (*frozen, package / "resources", package.parent / "resources")


def config_file() -> Path:
    """The settings file. It and its folder need not exist yet."""
    return config_folder() / "settings.toml"


def config_folder() -> Path:
    """The person's settings and presets. Need not exist yet."""
    home = _home()
    return home or platformdirs.user_config_path(APP, appauthor=False)


def data_folder() -> Path:
    """Models and recorded sessions: large, and worth keeping. Need not exist yet."""
    home = _home()
    return home / "data" if home else platformdirs.user_data_path(APP, appauthor=False)


def state_folder() -> Path:
    """Logs and the window's place: may be deleted at any time. Need not exist yet."""
    home = _home()
    return home / "state" if home else platformdirs.user_state_path(APP, appauthor=False)


def _home() -> Path | None:
    named = os.environ.get(HOME_VARIABLE, "").strip()
    return Path(named).expanduser().absolute() if named else None
