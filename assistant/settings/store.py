"""The settings file: loading never fails, saving is atomic, and what a person wrote is never lost."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.settings import file_notices, toml_file
from assistant.settings.accept import accept, converted
from assistant.settings.access import KNOBS, SettingRefused, value
from assistant.settings.notice import Notice
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import MASTER, moved
from assistant.settings.toml_file import NotToml, Plain, TomlText

LOST = "The defaults are used."


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a settings file gave. written: keys whose value stands in the file."""

    settings: Settings
    notices: tuple[Notice, ...] = ()
    written: frozenset[str] = frozenset()


def load(path: Path) -> Loaded:
    """Read the settings. Never raises for what is in the file: each thing that is wrong becomes a notice.

    A file without some setting has its default; where the file sets the sensitivity, the settings it moves start there.
    """
    try:
        file = toml_file.read(path)
    except FileNotFoundError:
        return Loaded(Settings())
    except NotToml as fault:
        return Loaded(Settings(), (file_notices.set_aside_if_possible(path, fault, LOST),))
    except OSError as fault:
        return Loaded(Settings(), (file_notices.unreadable(path, fault, LOST),))
    raw, unknown = declared(file.data)
    accepted = accept(start_of(raw), raw)
    lines = toml_file.lines_of(file.text) if accepted.refused or unknown else {}
    notices = file_notices.refused_values(
        accepted.refused, {key: lines.get(tuple(key.split("."))) for key in raw}, path
    )
    if unknown:
        notices.append(file_notices.unknown_keys(unknown, lines, path))
    return Loaded(accepted.settings, tuple(notices), accepted.taken)


def save(path: Path, settings: Settings) -> tuple[Notice, ...]:
    """Write what differs from the defaults; keep comments, order, unknown keys and values that were refused.

    Never raises for a folder that cannot be written: that is one NotSaved. The last of two instances wins, whole.
    """
    try:
        return _save(path.resolve(), settings)
    except OSError as fault:
        return (file_notices.not_saved(path, fault),)


def _save(path: Path, settings: Settings) -> tuple[Notice, ...]:
    notices: list[Notice] = []
    old = TomlText("", {})
    try:
        old = toml_file.read(path)
    except FileNotFoundError:
        pass  # the first save makes the file
    except NotToml as fault:
        notices.append(file_notices.set_aside(path, fault, LOST))
    wanted = _wanted(old.data, settings)
    if toml_file.same(wanted, old.data):
        return tuple(notices)
    kept = toml_file.replace(path, old, wanted, copy_first=_displaced(old.data, wanted))
    if kept:
        notices.append(file_notices.rewritten(path, kept))
    return tuple(notices)


def _wanted(old: Plain, settings: Settings) -> Plain:
    """The file's future content: the old one, with what differs from the default and without what no longer does."""
    start = moved(Settings(), settings.barge_in.sensitivity)
    future = copy.deepcopy(old)
    for key, knob in KNOBS.items():
        now = value(settings, key)
        written = now != (knob.default if key == MASTER else value(start, key))
        table = future.get(knob.section)
        if written:
            if not isinstance(table, dict):
                table = future[knob.section] = {}
            if knob.name not in table or _read(key, table[knob.name]) != now:
                table[knob.name] = plain(now)
        elif isinstance(table, dict) and knob.name in table and _read(key, table[knob.name]) is not None:
            del table[knob.name]
    return future


def _displaced(old: Plain, wanted: Plain) -> bool:
    """Whether something that is no table stands where a section must be ("vad = 3")."""
    return any(isinstance(wanted[key], dict) and not isinstance(before, dict) for key, before in old.items())


def plain(now: Any) -> Any:
    """A setting's value as TOML writes it best: whole numbers without a fraction, only text that UTF-8 can hold."""
    if isinstance(now, float) and now.is_integer():
        return int(now)
    return now.encode("utf-8", "replace").decode() if isinstance(now, str) else now


def _read(key: str, raw: Any) -> Any:
    try:
        return converted(key, raw)
    except SettingRefused:
        return None


def start_of(raw: Mapping[str, Any]) -> Settings:
    """The defaults, moved along by the sensitivity that `raw` (key → any value) may hold."""
    master = _read(MASTER, raw[MASTER]) if MASTER in raw else None
    return Settings() if master is None else moved(Settings(), master)


def declared(data: Plain) -> tuple[Plain, list[tuple[str, ...]]]:
    """Split a file's content into settings (key → raw value) and the paths that nothing declares."""
    raw: Plain = {}
    unknown: list[tuple[str, ...]] = []
    for section, table in data.items():
        if section not in Settings.model_fields or not isinstance(table, dict):
            unknown.append((section,))
            continue
        for name, given in table.items():
            if f"{section}.{name}" in KNOBS:
                raw[f"{section}.{name}"] = given
            else:
                unknown.append((section, name))
    return raw, unknown
