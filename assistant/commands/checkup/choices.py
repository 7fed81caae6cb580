"""The person's settings and presets: what is wrong in them, without changing a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from assistant.commands.checkup.finding import Finding
from assistant.settings import toml_file
from assistant.settings.notice import Notice
from assistant.settings.overrides import Effective, resolve
from assistant.settings.paths import config_file
from assistant.settings.presets import own_file, shelf
from assistant.settings.sections import Settings
from assistant.settings.store import Loaded, load


def present() -> Effective:
    """What counts in the next run without flags. A file that is no TOML counts as empty, as it does in the app."""
    loaded = load(config_file()) if _unreadable(config_file()) is None else Loaded(Settings())
    return resolve(loaded, os.environ)


def settings() -> Iterator[Finding]:
    """A line a thing that the app would tell in a notice."""
    notices = list(present().notices)
    # The app puts a broken file aside when it starts; here it is only read.
    for file in (config_file(), own_file()):
        why = _unreadable(file)
        if why is not None:
            remedy = f"Correct {file}: Interject puts it aside, whole, when it starts."
            notices.append(Notice("A file could not be read", f"{file.name}: {why}.", remedy))
    if _unreadable(own_file()) is None:
        notices += shelf(own_file()).notices
    for notice in notices:
        yield Finding("Settings", "warning", f"{notice.title}: {notice.text}", notice.remedy)
    if not notices:
        there = config_file().exists()
        yield Finding("Settings", "ok", str(config_file()) if there else f"the defaults: no {config_file()} yet")


def _unreadable(file: Path) -> str | None:
    try:
        toml_file.read(file)
    except FileNotFoundError:
        return None
    except (toml_file.NotToml, OSError) as fault:
        return str(fault)
    return None
