"""The background stage's progress as a small JSON file, replaced as a whole so that a reader never sees half of it."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

State = Literal["running", "done", "failed"]
# Windows refuses to replace a file while somebody reads it: try again, each time after this pause.
_REPLACE_TRIES = 20
_REPLACE_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Status:
    """`step` in words, `done` of `of` within it; where it failed a `title` of at most six words and a `remedy`."""

    step: str
    done: int
    of: int
    state: State
    title: str
    remedy: str
    log: str


def write(path: Path, status: Status) -> None:
    """Raises OSError where the file cannot be written."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(status), indent=1) + "\n", encoding="utf-8")
    for attempt in range(_REPLACE_TRIES):
        try:
            fresh.replace(path)
            return
        except PermissionError:
            if attempt == _REPLACE_TRIES - 1:
                raise
            time.sleep(_REPLACE_PAUSE_S)
