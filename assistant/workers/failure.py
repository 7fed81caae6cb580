"""What a person is told when something fails: one notice that says what happened and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["sound", "detector", "ears", "partner", "voice", "settings"]


@dataclass(frozen=True, slots=True)
class Failure:
    """stage: where. code: stable, for scripts. message: what happened, a sentence. remedy: what to do, may be empty."""

    stage: Stage
    code: str
    message: str
    remedy: str = ""
