"""What the window does not wait for: speech recognition, the language model's runtime (built here), and torch.

start.py leaves it to a process of its own, which outlives the application; check.py runs it and waits.
torch is for development alone: silero-vad names it, the application runs that network through onnxruntime and never
imports torch, and on Linux the index's torch brings gigabytes of CUDA. So only check.py asks for it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

from bootstrap import compiler, locked
from bootstrap.environment import stamp, stands
from bootstrap.failure import SetupFailed
from bootstrap.guard import Guard
from bootstrap.install import Follow, built, counting, install, install_resolved
from bootstrap.places import Places
from bootstrap.status import State, Status, write

FOR_THE_APPLICATION = (locked.HEARING, locked.LANGUAGE_MODEL)
FOR_DEVELOPMENT = (*FOR_THE_APPLICATION, locked.TORCH)
_STEP = {
    locked.HEARING: "Installing speech recognition",
    locked.LANGUAGE_MODEL: "Building the language model runtime",
    locked.TORCH: "Installing torch",
}
_TITLE = {
    locked.HEARING: "Speech recognition was not installed",
    locked.LANGUAGE_MODEL: "Language model runtime was not built",
    locked.TORCH: "torch was not installed",
}
_STATUS_EVERY_S = 0.3
_STARTED_NEW = "Going on behind the window"

Report = Callable[[str, int, int], None]


class PartFailed(Exception):
    """One part could not be installed; the others could go on."""

    def __init__(self, part: str, cause: SetupFailed) -> None:
        super().__init__(f"{_TITLE[part]}: {cause.what}")
        self.part = part
        self.cause = cause


def pending(places: Places, parts: Sequence[str]) -> list[str]:
    """The parts that do not stand yet. Raises SetupFailed for a damaged lock."""
    return [part for part in parts if not stands(places, part, locked.part(places.lock, part))]


def install_parts(
    places: Places, parts: Sequence[str], report: Report, jobs: int, keep_open: Sequence[int] = ()
) -> list[PartFailed]:
    """Installs what is pending, one by one; a failed part does not stop the next. `report` gets step, done, of.

    `jobs`: compilers at a time. Descriptors in `keep_open` live as long as each pip.
    """
    failures = []
    for part in pending(places, parts):
        requirements = locked.part(places.lock, part)
        report(_STEP[part], 0, 1)
        try:
            _install_part(places, part, requirements, report, jobs, keep_open)
        except SetupFailed as cause:
            failures.append(PartFailed(part, cause))
        else:
            stamp(places, part, requirements)
    return failures


def _install_part(
    places: Places, part: str, requirements: str, report: Report, jobs: int, keep_open: Sequence[int]
) -> None:
    if part == locked.LANGUAGE_MODEL:
        if not compiler.present():
            raise SetupFailed("There is no C++ compiler.", compiler.remedy())
        install(places, part, requirements, _building(report), places.later_log, build_environment(jobs), keep_open)
    elif part == locked.TORCH:
        # As pip resolves it here, for its requirements differ by where its file comes from.
        everything = places.lock.read_text(encoding="utf-8")
        follow = _fetching(report, part, len(locked.names(requirements)))
        wanted = [pin for pin in locked.pins(requirements).splitlines() if pin.startswith("torch==")]
        install_resolved(places, part, wanted, everything, follow, places.later_log)
    else:
        follow = _fetching(report, part, len(locked.names(requirements)))
        install(places, part, requirements, follow, places.later_log, keep_open=keep_open)


def build_environment(jobs: int) -> dict[str, str]:
    """For llama-cpp-python: without the image model, with `jobs` compilers at a time, the caller's own flags kept."""
    flags = f"{os.environ.get('CMAKE_ARGS', '')} -DLLAVA_BUILD=OFF".strip()
    return {"CMAKE_ARGS": flags, "CMAKE_BUILD_PARALLEL_LEVEL": str(jobs)}


def _building(report: Report) -> Follow:
    def follow(line: str) -> None:
        progress = built(line)
        if progress:
            report(_STEP[locked.LANGUAGE_MODEL], *progress)

    return follow


def _fetching(report: Report, part: str, count: int) -> Follow:
    def show(text: str) -> None:
        number = text.split(" ", 1)[0]
        if number.isdigit():
            report(_STEP[part], int(number), count)

    return counting(count, show)


def start_in_background(places: Places) -> bool:
    """Starts the stage in a process of its own unless all stands or one is at work. True where one is at work now."""
    guard = Guard(places.later_guard)
    if not pending(places, FOR_THE_APPLICATION):
        write(places.status, _status(places, "All parts are installed", 1, 1, "done"))
        return False
    if not guard.take():
        return True
    write(places.status, _status(places, _STARTED_NEW, 0, 1, "running"))
    guard.release()
    command = [str(places.python), str(places.root / "packaging" / "later.py")]
    with places.later_log.open("w", encoding="utf-8") as log:
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.IDLE_PRIORITY_CLASS
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, creationflags=flags)
        else:
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    return True


def run_in_background(places: Places) -> int:
    """The body of that process: quiet, last in line for the processor, its progress in the status file."""
    guard = Guard(places.later_guard)
    if not guard.take():
        return 0
    if sys.platform != "win32":
        os.nice(19)
    signal.signal(signal.SIGTERM, _stop)
    reporting = _StatusFile(places)
    outcome = _status(places, "Stopped", 0, 1, "failed", "Installation was stopped", "Start Interject again to go on.")
    try:
        jobs = max(1, (os.cpu_count() or 1) - 1)
        # pip holds the guard too: should this process be killed, its pip still keeps a second one away.
        failures = install_parts(places, FOR_THE_APPLICATION, reporting, jobs, [guard.descriptor])
        outcome = _outcome(places, failures)
    except SetupFailed as failure:
        outcome = _status(places, "Failed", 0, 1, "failed", "Installation is damaged", failure.remedy)
    finally:
        write(places.status, outcome)
    return 0 if outcome.state == "done" else 1


def _outcome(places: Places, failures: Sequence[PartFailed]) -> Status:
    if not failures:
        return _status(places, "All parts are installed", 1, 1, "done")
    worst = failures[-1]
    return _status(places, str(worst), 0, 1, "failed", _TITLE[worst.part], worst.cause.remedy)


def _status(
    places: Places, step: str, done: int, of: int, state: State, title: str = "", remedy: str = ""
) -> Status:
    return Status(step=step, done=done, of=of, state=state, title=title, remedy=remedy, log=str(places.later_log))


class _StatusFile:
    """Writes each new figure, but not more often than a person can read."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._step = ""
        self._written_s = 0.0

    def __call__(self, step: str, done: int, of: int) -> None:
        now_s = time.monotonic()
        if step == self._step and now_s - self._written_s < _STATUS_EVERY_S:
            return
        self._step, self._written_s = step, now_s
        write(self._places.status, _status(self._places, step, done, of, "running"))


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)
