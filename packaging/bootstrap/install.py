"""Runs pip on one part of the lock, follows what it says, and tells a failure in words."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bootstrap import locked
from bootstrap.diagnosis import diagnose
from bootstrap.failure import SetupFailed
from bootstrap.places import Places

Follow = Callable[[str], None]
_TAIL_LINES = 400
_COLLECTING = re.compile(r"^Collecting ([A-Za-z0-9._-]+)")
_NINJA = re.compile(r"^\s*\[\s*(\d+)/(\d+)\]")
_MAKE = re.compile(r"^\s*\[\s*(\d+)%\]")


def install(
    places: Places,
    name: str,
    requirements: str,
    follow: Follow,
    log: Path,
    extra_env: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
) -> None:
    """Installs one part as locked, each file checked against its hash. Raises SetupFailed.

    With `extra_env` given something is built: pip then passes on what the compilers say.
    """
    arguments = ["--no-deps", "--require-hashes", "-r", str(_file(places, name, requirements))]
    run_pip(places, arguments + (["-v"] if extra_env else []), follow, log, extra_env, keep_open)


def install_resolved(places: Places, name: str, wanted: Sequence[str], lock: str, follow: Follow, log: Path) -> None:
    """Installs `wanted` with what it asks for on this machine; everything that `lock` pins stays as pinned."""
    constraints = _file(places, name, locked.pins(lock))
    run_pip(places, ["-c", str(constraints), *wanted], follow, log)


def run_pip(
    places: Places,
    arguments: Sequence[str],
    follow: Follow,
    log: Path,
    extra_env: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
) -> None:
    """`pip install` in the .venv, every line to `log` and `follow`. Descriptors in `keep_open` stay open in pip."""
    command = [str(places.python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", "--no-warn-script-location", *arguments]
    # A PYTHONPATH or a --user or --target default of the caller would lead pip out of the .venv.
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET"}}
    env |= {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", **(extra_env or {})}
    tail: deque[str] = deque(maxlen=_TAIL_LINES)
    with log.open("a", encoding="utf-8") as out:
        print("$", *command, file=out, flush=True)
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=env,
            pass_fds=tuple(keep_open),
            process_group=None if sys.platform == "win32" else 0,
        ) as pip:
            assert pip.stdout is not None
            try:
                for line in pip.stdout:
                    out.write(line)
                    out.flush()
                    tail.append(line.rstrip("\n"))
                    follow(line)
            except BaseException:
                _stop(pip)
                raise
    if pip.returncode:
        what, remedy = diagnose(list(tail))
        raise SetupFailed(what, remedy, log)


def _stop(pip: subprocess.Popen[str]) -> None:
    """Ends pip with the compilers that it started: they are a process group of their own."""
    if sys.platform == "win32":
        pip.terminate()
    else:
        with suppress(ProcessLookupError, PermissionError):  # it has just ended by itself
            os.killpg(pip.pid, signal.SIGTERM)


def counting(total: int, show: Callable[[str], None]) -> Follow:
    """Follows pip's own lines as '7 of 22, numpy'."""
    seen = 0

    def follow(line: str) -> None:
        nonlocal seen
        collecting = _COLLECTING.match(line)
        if collecting:
            seen = min(seen + 1, total)
            show(f"{seen} of {total}, {collecting[1]}")
        elif line.startswith("Installing collected"):
            show("unpacking")

    return follow


def built(line: str) -> tuple[int, int] | None:
    """(done, of) from a line of Ninja ('[37/412] …') or Make ('[ 37%] …'), else None."""
    ninja = _NINJA.match(line)
    if ninja:
        return int(ninja[1]), int(ninja[2])
    make = _MAKE.match(line)
    return (int(make[1]), 100) if make else None


def _file(places: Places, name: str, text: str) -> Path:
    path = places.venv / f"setup-{name}.txt"
    path.write_text(text, encoding="utf-8")
    return path
