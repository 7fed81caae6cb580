"""How far the set-up behind the window is: the small file that packaging/start.py's background stage keeps current."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

STATUS_PATH_VARIABLE = "INTERJECT_SETUP_STATUS"

State = Literal["running", "done", "failed"]
_STATES = ("running", "done", "failed")


@dataclass(frozen=True, slots=True)
class SetupStatus:
    """`step` in words, with `done` of `of` (any unit); where it failed, a `title` and a `remedy` for one notice.

    `log` is the whole output as a file.
    """

    step: str
    done: int
    of: int
    state: State
    title: str
    remedy: str
    log: Path


def read_setup_status(environ: Mapping[str, str]) -> SetupStatus | None:
    """The present status, or None: not started by start.py, no file yet, or a file that says nothing readable.

    Cheap enough to ask once a second; the file is only ever replaced as a whole.
    """
    path = environ.get(STATUS_PATH_VARIABLE)
    if not path:
        return None
    try:
        told = json.loads(Path(path).read_text(encoding="utf-8"))
        state = str(told["state"])
        if state not in _STATES:
            return None
        return SetupStatus(
            step=str(told["step"]),
            done=int(told["done"]),
            of=max(1, int(told["of"])),
            state=cast(State, state),
            title=str(told["title"]),
            remedy=str(told["remedy"]),
            log=Path(told["log"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
