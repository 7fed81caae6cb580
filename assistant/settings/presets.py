"""Presets: named sets of the decision's settings, Interject's own and the person's."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from assistant.settings import file_notices, toml_file
from assistant.settings.accept import accept
from assistant.settings.access import KNOBS, change, value
from assistant.settings.notice import Notice
from assistant.settings.paths import config_folder, resource
from assistant.settings.sections import Settings
from assistant.settings.store import declared, plain, start_of
from assistant.settings.toml_file import NotToml, Plain, TomlText

SECTIONS = ("vad", "barge_in", "echo", "endpointing")
OF_THE_DEVICES = ("echo.path",)
KEYS = tuple(key for key, knob in KNOBS.items() if knob.section in SECTIONS and key not in OF_THE_DEVICES)
"""What a preset holds; devices, voice and looks stay as they are."""
LONGEST_NAME = 24
LOST = "Your own presets are missing."


class PresetRefused(ValueError):
    """A name that cannot be used or does not exist. The text says why."""


@dataclass(frozen=True, slots=True)
class Preset:
    """changes: key → value; a key of KEYS that it leaves out is at its default. own: made by the person."""

    name: str
    changes: dict[str, Any]
    own: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """presets: Interject's own first, then the person's by name. notices: what was wrong with the person's file."""

    presets: tuple[Preset, ...]
    notices: tuple[Notice, ...] = ()

    def named(self, name: str) -> Preset:
        """Letter case does not matter. Raises PresetRefused naming those that exist."""
        for preset in self.presets:
            if preset.name.casefold() == name.strip().casefold():
                return preset
        raise PresetRefused(f"There is no preset {name}. There are {', '.join(p.name for p in self.presets)}.")


@dataclass(frozen=True, slots=True)
class Done:
    """One preset was saved, deleted or put back. notices: holds a NotSaved where the file could not be written."""

    preset: Preset
    notices: tuple[Notice, ...]


def own_file() -> Path:
    """The person's presets. Need not exist yet."""
    return config_folder() / "presets.toml"


@cache
def built_in() -> tuple[Preset, ...]:
    """Raises MissingResource, or ValueError for a shipped file that cannot be right."""
    path = resource("presets.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    presets, faults = _presets(data, path, own=False)
    if faults:
        raise ValueError(f"{path.name}: {faults[0].text}")
    return presets


def shelf(path: Path) -> Shelf:
    """All presets. Never raises for what is in the person's file; a file that is no TOML is set aside."""
    try:
        file = toml_file.read(path)
    except FileNotFoundError:
        return Shelf(built_in())
    except NotToml as fault:
        return Shelf(built_in(), (file_notices.set_aside_if_possible(path, fault, LOST),))
    except OSError as fault:
        return Shelf(built_in(), (file_notices.unreadable(path, fault, LOST),))
    own, notices = _presets(file.data, path, own=True, text=file.text)
    usable = []
    for preset in sorted(own, key=lambda preset: preset.name.casefold()):
        try:
            usable.append(replace(preset, name=usable_name(preset.name)))
        except PresetRefused as fault:
            notices += (Notice("A preset could not be used", str(fault), f"Rename it in {path}."),)
    return Shelf((*built_in(), *usable), notices)


def apply(settings: Settings, preset: Preset) -> Settings:
    """The preset's values, defaults where it says nothing, and everything outside KEYS as it was."""
    return change(settings, {key: value(_full(preset), key) for key in KEYS})


def matching(settings: Settings, presets: Sequence[Preset], last: str = "") -> tuple[Preset | None, bool]:
    """Which preset the settings show, and whether they were edited since ("Headphones, edited").

    An exact match is never "edited". Without one it is the preset named `last`, else the one that differs least.
    """
    differing = {
        preset.name: sum(value(settings, key) != value(_full(preset), key) for key in KEYS) for preset in presets
    }
    order = sorted(
        presets, key=lambda preset: (differing[preset.name] > 0, preset.name != last, differing[preset.name])
    )
    return (order[0], differing[order[0].name] > 0) if order else (None, False)


def keep(path: Path, name: str, settings: Settings) -> Done:
    """Save the decision's settings under a name of the person's own; the same name again replaces it.

    Raises PresetRefused for a name that cannot be used.
    """
    preset = Preset(usable_name(name), {key: value(settings, key) for key in KEYS}, own=True)
    return put_back(path, preset)


def put_back(path: Path, preset: Preset) -> Done:
    """Write one preset of the person's: undoes `delete`."""
    usable_name(preset.name)
    return Done(preset, _rewrite(path, preset.name, _nested(preset.changes)))


def delete(path: Path, name: str) -> Done:
    """Take a preset of the person's away and return it, so that `put_back` can undo this. Raises PresetRefused."""
    preset = shelf(path).named(name)
    if not preset.own:
        raise PresetRefused(f"{preset.name} comes with Interject and cannot be deleted.")
    return Done(preset, _rewrite(path, preset.name, None))


def usable_name(name: str) -> str:
    """The name without blanks around it. Raises PresetRefused."""
    name = name.strip()
    if not name:
        raise PresetRefused("A preset needs a name.")
    if len(name) > LONGEST_NAME:
        raise PresetRefused(f"A preset's name has at most {LONGEST_NAME} characters; this one has {len(name)}.")
    if not name.isprintable():
        raise PresetRefused("A preset's name is made of letters, digits, signs and blanks on one line.")
    for preset in built_in():
        if preset.name.casefold() == name.casefold():
            raise PresetRefused(f"{preset.name} comes with Interject. Choose another name.")
    return name


def _full(preset: Preset) -> Settings:
    return change(start_of(preset.changes), preset.changes)


def _presets(data: Plain, path: Path, *, own: bool, text: str = "") -> tuple[tuple[Preset, ...], tuple[Notice, ...]]:
    lines = toml_file.lines_of(text) if text else {}
    presets: list[Preset] = []
    notices: list[Notice] = []
    for name, tables in data.items():
        raw, unknown = declared(tables) if isinstance(tables, dict) else ({}, [])
        unknown += [(key.split(".")[0], key.split(".")[1]) for key in raw if key not in KEYS]
        raw = {key: given for key, given in raw.items() if key in KEYS}
        accepted = accept(start_of(raw), raw)
        where = {key: lines.get((name, *key.split("."))) for key in raw}
        notices += file_notices.refused_values(accepted.refused, where, path)
        strangers = [(name, *key) for key in unknown] if isinstance(tables, dict) else [(name,)]
        if strangers:
            notices.append(file_notices.unknown_keys(strangers, lines, path))
        if isinstance(tables, dict):
            changes = {key: value(accepted.settings, key) for key in KEYS if key in accepted.taken}
            presets.append(Preset(name, changes, own))
    return tuple(presets), tuple(notices)


def _nested(changes: dict[str, Any]) -> Plain:
    tables: Plain = {}
    for key, new in changes.items():
        tables.setdefault(KNOBS[key].section, {})[KNOBS[key].name] = plain(new)
    return tables


def _rewrite(path: Path, name: str, tables: Plain | None) -> tuple[Notice, ...]:
    notices: list[Notice] = []
    path = path.resolve()
    try:
        old = TomlText("", {})
        try:
            old = toml_file.read(path)
        except FileNotFoundError:
            pass  # the first preset makes the file
        except NotToml as fault:
            notices.append(file_notices.set_aside(path, fault, LOST))
        future = {key: copy.deepcopy(old.data[key]) for key in old.data if key.strip().casefold() != name.casefold()}
        if tables is not None:
            future[name] = tables
        kept = toml_file.replace(path, old, future, copy_first=False)
        if kept:
            notices.append(file_notices.rewritten(path, kept))
    except OSError as fault:
        notices.append(file_notices.not_saved(path, fault))
    return tuple(notices)
