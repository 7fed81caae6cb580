"""Where everything lies: the repository, its .venv, and what setting up leaves there."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """Paths under one checkout. `venv` may not exist yet."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def scripts(self) -> Path:
        return self.venv / ("Scripts" if sys.platform == "win32" else "bin")

    @property
    def python(self) -> Path:
        return self.scripts / ("python.exe" if sys.platform == "win32" else "python")

    @property
    def lock(self) -> Path:
        return self.root / "packaging" / "requirements.lock"

    @property
    def check_lock(self) -> Path:
        return self.root / "packaging" / "requirements-check.lock"

    @property
    def status(self) -> Path:
        """What the background stage is doing; the application reads it."""
        return self.venv / "setup-status.json"

    @property
    def later_log(self) -> Path:
        return self.venv / "setup-later.log"

    @property
    def log(self) -> Path:
        return self.venv / "setup.log"

    @property
    def guard(self) -> Path:
        return self.venv / "setup.guard"

    @property
    def later_guard(self) -> Path:
        return self.venv / "setup-later.guard"

    def stamp(self, part: str) -> Path:
        return self.venv / f"setup-{part}.stamp"


def here() -> Places:
    """The checkout that this file belongs to."""
    return Places(Path(__file__).resolve().parents[2])
