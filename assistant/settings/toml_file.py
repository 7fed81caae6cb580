"""A TOML file that a person edits too: read it strictly, edit it gently, write it whole, lose nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

Plain = dict[str, Any]
LONGEST_STATEMENT = 200
"""Lines. A statement longer than this ends the counting: line numbers are a courtesy and must not cost seconds."""


class NotToml(ValueError):
    """The file's text cannot be read as TOML. The message says where."""


@dataclass(frozen=True, slots=True)
class TomlText:
    """text: as it stands in the file, without a byte order mark. data: the same as plain Python values."""

    text: str
    data: Plain


def read(path: Path) -> TomlText:
    """Raises NotToml, or OSError where the file is missing or cannot be opened."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
        return TomlText(text, tomllib.loads(text))
    except (ValueError, RecursionError) as fault:
        raise NotToml(_where(fault)) from None


def _where(fault: Exception) -> str:
    if isinstance(fault, UnicodeDecodeError):
        return f"byte {fault.start + 1} is not UTF-8"
    if isinstance(fault, RecursionError):
        return "it is nested too deeply"
    said = str(fault)
    return said[:1].lower() + said[1:]


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """The line (from 1) on which each key of a readable TOML text is set: ("vad", "start") → 12."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        statement, taken = _statement(lines, at)
        if statement is None:
            break
        if lines[at].lstrip().startswith("["):
            table = max(_paths(statement, ()), key=len)
            found.setdefault(table, at + 1)
        else:
            for path in _paths(statement, table):
                found.setdefault(path, at + 1)
        at += taken
    return found


def _statement(lines: list[str], at: int) -> tuple[Plain | None, int]:
    for taken in range(1, LONGEST_STATEMENT + 1):
        try:
            return tomllib.loads("\n".join(lines[at : at + taken]).rstrip("\r") + "\n"), taken
        except (ValueError, RecursionError):
            if at + taken >= len(lines):
                break
    return None, 0


def _paths(data: Plain, under: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    for key, given in data.items():
        path = (*under, key)
        yield path
        rows_of_table = isinstance(given, list) and given and isinstance(given[0], dict)
        inside = given[0] if rows_of_table else given
        if isinstance(inside, dict):
            yield from _paths(inside, path)


def same(one: Any, other: Any) -> bool:
    """Equal in value and type, whatever the order of keys; not-a-number equals itself."""
    return bool(_canonical(one) == _canonical(other))


def _canonical(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {str(key): _canonical(inside) for key, inside in plain.items()}
    if isinstance(plain, list):
        return [_canonical(inside) for inside in plain]
    return type(plain).__name__, repr(plain)


def edited(old: TomlText, wanted: Plain) -> str | None:
    """`old` changed to hold exactly `wanted`, with the person's comments and order. None where that cannot be done.

    The result is proven by reading it back with another parser than the one that edited.
    """
    import tomlkit  # here, because the window's first second needs no editing

    try:
        document = tomlkit.parse(old.text)
        _reconcile(document, old.data, wanted)
        text = document.as_string()
        proven = same(_without_emptied(tomllib.loads(text), old.data), _without_emptied(wanted, old.data))
        return text if proven else None
    except Exception:  # tomlkit fails in many ways on odd but legal files; the caller then writes a fresh one
        return None


def _without_emptied(data: Plain, old: Plain) -> Plain:
    """Leave out tables that lost their last key: whether a bare heading stays depends on how it was written."""
    left = {}
    for key, inside in data.items():
        before = old.get(key)
        if isinstance(inside, dict) and isinstance(before, dict):
            rest = _without_emptied(inside, before)
            if rest or not before:
                left[key] = rest
        else:
            left[key] = inside
    return left


def fresh(wanted: Plain) -> str | None:
    """`wanted` as a new text. None where tomlkit cannot express it."""
    return edited(TomlText("", {}), wanted)


def _reconcile(table: Any, old: Plain, wanted: Plain) -> None:
    for key in old:
        if key not in wanted:
            _remove(table, key)
    for key, new in wanted.items():
        before = old.get(key)
        if isinstance(before, dict) and isinstance(new, dict):
            _reconcile(table[key], before, new)
        elif key not in old or not same(before, new):
            if isinstance(new, dict) and key in old:
                table.remove(key)
            table[key] = new


def _remove(table: Any, key: str) -> None:
    """Take a key out and leave the comment that stood behind it on a line of its own."""
    import tomlkit
    from tomlkit.items import Table

    body = table.value.body if isinstance(table, Table) else getattr(table, "body", [])
    found = [(place, item) for place, (name, item) in enumerate(body) if name is not None and name.key == key]
    table.remove(key)
    if len(found) == 1 and found[0][1].trivia.comment:
        place, item = found[0]
        body[place] = (None, tomlkit.comment(item.trivia.comment.removeprefix("#").strip()))


def replace(path: Path, old: TomlText, wanted: Plain, *, copy_first: bool) -> Path | None:
    """Write `wanted` over `old`, edited in place where that can be done, else anew. Raises OSError.

    Returns the copy of the old file that was made first, because it was asked for or the file is written anew.
    """
    text = edited(old, wanted)
    kept = copy_aside(path) if (copy_first or text is None) and path.exists() else None
    text = text if text is not None else fresh(wanted)
    if text is None:
        raise OSError(f"{path.name} holds something that cannot be written again")
    write_atomically(path, text)
    return kept


def write_atomically(path: Path, text: str) -> None:
    """Replace the file by `text` in one step: a reader, a crash or a full disk sees the old text or the new.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened, and the replacing is already durable enough
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def set_aside(path: Path) -> Path:
    """Rename an unreadable file so that nothing of it is lost, and return its new name. Raises OSError."""
    return path.rename(_free_name(path))


def copy_aside(path: Path) -> Path:
    """Copy a file beside itself before it is written anew. Raises OSError."""
    return Path(shutil.copy2(path, _free_name(path)))


def _free_name(path: Path) -> Path:
    day = date.today().isoformat()
    name, count = path.with_name(f"{path.name}.{day}.broken"), 1
    while name.exists():
        count += 1
        name = path.with_name(f"{path.name}.{day}-{count}.broken")
    return name
