"""Running this program a second time, for what must be tried in a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def own_command(*words: str) -> list[str]:
    """The command line that runs `interject WORDS` with the same Python and the same code."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    return [sys.executable, "-m", "assistant", *words]


def own_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with changes, in which `own_command` finds the code from any folder."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, "PYTHONPATH": path, **changes}
