"""The lock file as parts: `first` for window and sound, then `hearing`, `language-model` (built here) and `torch`.

The file is an ordinary pip requirements file. lock.py writes a line `# part: NAME` above each part.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from bootstrap.failure import SetupFailed

FIRST = "first"
HEARING = "hearing"
LANGUAGE_MODEL = "language-model"
TORCH = "torch"
CHECK = "check"

_PART = re.compile(r"^# part: (\S+)$")
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)")


def parts(text: str) -> dict[str, str]:
    """Part name → its requirement lines, as pip reads them. What stands above the first heading belongs to no part."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        heading = _PART.match(line)
        if heading:
            current = found.setdefault(heading[1], [])
        elif current is not None and line.strip() and not line.lstrip().startswith("#"):
            current.append(line)
    return {name: "\n".join(lines) + "\n" for name, lines in found.items()}


def part(path: Path, name: str) -> str:
    """One part of the lock at `path`. Raises SetupFailed for a missing file or part."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as reason:
        raise SetupFailed(f"{path} cannot be read ({reason.strerror}).", "Get a complete copy of Interject.") from None
    found = parts(text)
    if name not in found:
        raise SetupFailed(f"{path} has no part '{name}'.", "Get a complete copy of Interject.")
    return found[name]


def names(requirements: str) -> list[str]:
    """The packages that a part pins, in its order."""
    return [pin[1] for pin in map(_PIN.match, requirements.splitlines()) if pin]


def pins(requirements: str) -> str:
    """The part without its hashes: `name==version ; marker` lines, which pip also takes as constraints."""
    kept = (line.rstrip(" \\") for line in requirements.splitlines() if _PIN.match(line))
    return "\n".join(kept) + "\n"


def key(requirements: str) -> str:
    """What a stamp records: the same key means that nothing has to be installed."""
    return hashlib.sha256(requirements.encode()).hexdigest()[:32]
