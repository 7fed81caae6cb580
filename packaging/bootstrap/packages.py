"""System packages on Linux: what each is called by apt, dnf and pacman, and the command that installs it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.failure import SetupFailed


@dataclass(frozen=True, slots=True)
class Package:
    """One thing under its three names."""

    apt: str
    dnf: str
    pacman: str

    def called(self, manager: str) -> str:
        return {"apt-get": self.apt, "dnf": self.dnf, "pacman": self.pacman}[manager]


COMPILER = Package("build-essential", "gcc-c++", "base-devel")
_INSTALL = {
    "apt-get": ("apt-get", "install"),
    "dnf": ("dnf", "install"),
    "pacman": ("pacman", "-S", "--needed"),
}


def manager() -> str | None:
    """The package manager of this system that is known here."""
    return next((name for name in _INSTALL if shutil.which(name)), None)


def names(tool: str, wanted: Iterable[Package]) -> list[str]:
    """What `tool` calls them, each once."""
    return list(dict.fromkeys(package.called(tool) for package in wanted))


def line_to_type(tool: str, wanted: Iterable[str]) -> str:
    """The one line for a person, who may need sudo and wants to be asked."""
    command = " ".join([*_INSTALL[tool], *wanted])
    return command if _is_root() else f"sudo {command}"


def privilege() -> list[str] | None:
    """What goes before a command that needs root: nothing for root, `sudo -n` where no password is asked, else None."""
    if _is_root():
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["sudo", "-n"]
    return None


def apt_install(wanted: Sequence[str], before: list[str], log: Path) -> None:
    """Refreshes apt's lists and installs. `before` is what privilege() answered. Raises SetupFailed."""
    # `env` because sudo drops the caller's variables; the timeout because another apt may be at work after boot.
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as out:
        for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *wanted]):
            print("$", *command, file=out, flush=True)
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False
            )
    if done.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1]
        remedy = f"Type '{line_to_type('apt-get', wanted)}', then start again."
        raise SetupFailed(f"apt-get could not install system packages: {tail}", remedy, log)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
