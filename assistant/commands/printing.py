"""Marks and lines for a terminal, also for one that cannot show every character."""

from __future__ import annotations

import io
import sys
from typing import TextIO

_MARKS = {"ok": "✓", "warning": "!", "problem": "✗"}
_PLAIN_MARKS = {"ok": "ok", "warning": "! ", "problem": "XX"}


def marks(stream: TextIO) -> dict[str, str]:
    """Status → its mark, in characters that `stream` can show."""
    try:
        "".join(_MARKS.values()).encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return _PLAIN_MARKS
    return _MARKS


def never_refuse() -> None:
    """What standard output cannot show is replaced from now on, not an error: names of devices may hold anything."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
