"""What can be wrong with a file of settings or presets, in words with a remedy."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.settings import toml_file
from assistant.settings.accept import shown
from assistant.settings.access import KNOBS
from assistant.settings.notice import Notice, NotSaved
from assistant.settings.paths import HOME_VARIABLE
from assistant.settings.toml_file import NotToml

MOST_NAMED = 4
"""Unknown keys named one by one in a notice; the rest is counted."""


def refused_values(refused: Mapping[str, str], lines: Mapping[str, int | None], path: Path) -> list[Notice]:
    """refused: key → why. One notice a value; two values that contradict each other share one."""
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


def unknown_keys(unknown: Sequence[tuple[str, ...]], lines: Mapping[tuple[str, ...], int], path: Path) -> Notice:
    """All unknown keys of a file in one notice, with the nearest declared name as its remedy."""
    named = []
    for key in unknown[:MOST_NAMED]:
        line = f" (line {lines[key]})" if key in lines else ""
        named.append(shown(".".join(key)) + line)
    if len(unknown) > MOST_NAMED:
        named.append(f"{len(unknown) - MOST_NAMED} more")
    words = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    is_are = "is not a setting here; it is" if len(unknown) == 1 else "are not settings here; they are"
    near = difflib.get_close_matches(".".join(unknown[0][-2:]), KNOBS, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return Notice("Unknown settings were kept", f"{words} {is_are} kept and not used.", f"{hint}The file is {path}.")


def set_aside(path: Path, fault: NotToml, lost: str) -> Notice:
    """Put a file away that is no TOML. lost: what is missing until it is mended. Raises OSError where it must stay."""
    kept = toml_file.set_aside(path)
    return Notice(
        f"{_what(path)} could not be read",
        f"{path.name} is not TOML: {fault}. {lost}",
        f"Nothing is lost: correct {kept} and name it {path.name} again.",
    )


def set_aside_if_possible(path: Path, fault: NotToml, lost: str) -> Notice:
    """The same for a reader, who goes on where the file must stay."""
    try:
        return set_aside(path, fault, lost)
    except OSError as stuck:
        return Notice(
            f"{_what(path)} could not be read",
            f"{path.name} is not TOML: {fault}. {lost}",
            f"Correct {path}. It could not be set aside: {stuck.strerror or stuck}.",
        )


def unreadable(path: Path, fault: OSError, lost: str) -> Notice:
    """For a file that exists and cannot be opened. lost: what is missing until then."""
    return Notice(
        f"{_what(path)} could not be read",
        f"{path} cannot be opened: {fault.strerror or fault}. {lost}",
        "Make the file readable and start Interject again.",
    )


def rewritten(path: Path, kept: Path) -> Notice:
    """For a file that could not be edited in place. kept: its copy."""
    return Notice(
        f"{_what(path)} were written anew",
        f"Something in {path.name} stood in the way of an edit.",
        f"Nothing is lost: the file as it was is {kept}.",
    )


def not_saved(path: Path, fault: OSError) -> NotSaved:
    """For a folder that cannot be written, or a full disk."""
    return NotSaved(
        f"{_what(path)} could not be saved",
        f"{path} cannot be written: {fault.strerror or fault}.",
        f"Changes last until you quit. Make the folder writable, or name another one in {HOME_VARIABLE}.",
    )


def _what(path: Path) -> str:
    return "Presets" if path.stem == "presets" else "Settings"
