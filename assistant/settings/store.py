"""The settings file: loading never fails, saving is atomic, and what a person wrote is never lost."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.settings import toml_file
from assistant.settings.accept import accept, converted, shown
from assistant.settings.access import KNOBS, SettingRefused, value
from assistant.settings.notice import Notice, NotSaved
from assistant.settings.paths import HOME_VARIABLE
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import MASTER, moved
from assistant.settings.toml_file import NotToml, Plain, TomlText

MOST_NAMED = 4
"""Unknown keys named one by one in a notice; the rest is counted."""


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
        return Loaded(Settings(), (_put_away(path, fault),))
    except OSError as fault:
        return Loaded(Settings(), (_unreadable(path, fault),))
    raw, unknown = declared(file.data)
    accepted = accept(_start(raw), raw)
    lines = toml_file.lines_of(file.text) if accepted.refused or unknown else {}
    notices = refused_values(accepted.refused, {key: lines.get(tuple(key.split("."))) for key in raw}, path)
    if unknown:
        notices.append(unknown_keys(unknown, lines, path))
    return Loaded(accepted.settings, tuple(notices), accepted.taken)


def save(path: Path, settings: Settings) -> tuple[Notice, ...]:
    """Write what differs from the defaults; keep comments, order, unknown keys and values that were refused.

    Never raises for a folder that cannot be written: that is one NotSaved. The last of two instances wins, whole.
    """
    try:
        return _save(path.resolve(), settings)
    except OSError as fault:
        return (not_saved(path, fault),)


def _save(path: Path, settings: Settings) -> tuple[Notice, ...]:
    notices: list[Notice] = []
    old = TomlText("", {})
    try:
        old = toml_file.read(path)
    except FileNotFoundError:
        pass  # the first save makes the file
    except NotToml as fault:
        notices.append(_moved_away(path, toml_file.set_aside(path), fault))
    wanted = _wanted(old.data, settings)
    if toml_file.same(wanted, old.data):
        return tuple(notices)
    text = toml_file.edited(old, wanted)
    if text is None or _displaced(old.data, wanted):
        kept = toml_file.copy_aside(path)
        text = text or toml_file.fresh(wanted) or toml_file.fresh(_wanted({}, settings)) or ""
        notices.append(
            Notice(
                "The settings file was rewritten",
                f"Something in {path.name} stood where a setting has to be.",
                f"Nothing is lost: the file as it was is {kept}.",
            )
        )
    toml_file.write_atomically(path, text)
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


def _start(raw: Mapping[str, Any]) -> Settings:
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


def refused_values(refused: Mapping[str, str], lines: Mapping[str, int | None], path: Path) -> list[Notice]:
    """One notice a refused value; two values that contradict each other share one."""
    by_text: dict[str, list[str]] = {}
    for key, text in refused.items():
        by_text.setdefault(text, []).append(key)
    notices = []
    for text, keys in by_text.items():
        line = min((number for key in keys if (number := lines.get(key))), default=None)
        used = "The default is used." if len(keys) == 1 else "The defaults are used."
        where = f"Line {line}: " if line else ""
        notices.append(
            Notice("Settings could not be read", f"{where}{text} {used}", f"Correct it in {path}, or move its slider.")
        )
    return notices


def unknown_keys(unknown: list[tuple[str, ...]], lines: Mapping[tuple[str, ...], int], path: Path) -> Notice:
    """All unknown keys of a file in one notice, with the nearest declared name as its remedy."""
    named = []
    for key in unknown[:MOST_NAMED]:
        line = f" (line {lines[key]})" if key in lines else ""
        named.append(shown(".".join(key)) + line)
    if len(unknown) > MOST_NAMED:
        named.append(f"{len(unknown) - MOST_NAMED} more")
    words = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    is_are = "is not a setting; it is" if len(unknown) == 1 else "are not settings; they are"
    near = difflib.get_close_matches(".".join(unknown[0]), KNOBS, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return Notice("Unknown settings were kept", f"{words} {is_are} kept and not used.", f"{hint}The file is {path}.")


def not_saved(path: Path, fault: OSError) -> NotSaved:
    """For a folder that cannot be written, or a full disk."""
    return NotSaved(
        "Settings could not be saved",
        f"{path} cannot be written: {fault.strerror or fault}.",
        f"Changes last until you quit. Make the folder writable, or name another one in {HOME_VARIABLE}.",
    )


def _put_away(path: Path, fault: NotToml) -> Notice:
    try:
        return _moved_away(path, toml_file.set_aside(path), fault)
    except OSError as stuck:
        return Notice(
            "Settings could not be read",
            f"{path.name} is not TOML: {fault}. The defaults are used.",
            f"Correct {path}. It could not be set aside: {stuck.strerror or stuck}.",
        )


def _moved_away(path: Path, kept: Path, fault: NotToml) -> Notice:
    return Notice(
        "Settings could not be read",
        f"{path.name} is not TOML: {fault}. The defaults are used.",
        f"Nothing is lost: correct {kept} and name it {path.name} again.",
    )


def _unreadable(path: Path, fault: OSError) -> Notice:
    return Notice(
        "Settings could not be read",
        f"{path} cannot be opened: {fault.strerror or fault}. The defaults are used.",
        "Make the file readable and start Interject again.",
    )
