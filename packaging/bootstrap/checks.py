"""check.py's work: the whole environment, then every check, then one line of counts."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bootstrap import compiler, locked, packages
from bootstrap.console import Console
from bootstrap.environment import first_stage, stamp, stands, system_libraries
from bootstrap.failure import SetupFailed
from bootstrap.guard import Guard
from bootstrap.install import counting, install
from bootstrap.later import FOR_DEVELOPMENT, install_parts, pending
from bootstrap.places import Places, here
from bootstrap.tally import Tally, of_pytest, of_step

# A program of each Debian package that the device tests use: a private sound server and a virtual screen.
DEVICE_TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "strace": "strace",
    "xauth": "xauth",
    "pulseaudio": "pulseaudio",
    "pactl": "pulseaudio-utils",
}
ENTRY_POINTS = ("packaging/start.py", "packaging/check.py", "packaging/lock.py", "packaging/later.py")
ALSA_TO_PULSE = "libasound2-plugins"
_ALSA_TO_PULSE_FILE = "*/alsa-lib/libasound_module_pcm_pulse.so"


def main(arguments: Sequence[str]) -> int:
    ask = argparse.ArgumentParser(prog="check.py", description="Checks everything; the last line is the count.")
    ask.add_argument("--fast", action="store_true", help="leave out the tests on a virtual sound server and screen")
    choice = ask.parse_args(arguments)
    console = Console(sys.stdout)
    places = here()
    try:
        set_up(places, console)
    except SetupFailed as failure:
        console.say(f"Setting up failed.\n{failure}\n{Tally(failed=1).closing_line}")
        return 1
    tally = check(places, console, choice.fast)
    console.say(tally.closing_line)
    return 1 if tally.failed else 0


def set_up(places: Places, console: Console) -> None:
    """Everything, and waits for it. Raises SetupFailed for what the checks cannot do without."""
    system_packages(places, console)
    system_libraries(places, console, window=True)
    first_stage(places, console)
    tools = locked.part(places.check_lock, locked.CHECK)
    if not stands(places, locked.CHECK, tools):
        count = len(locked.names(tools))
        with console.step(f"{count} packages for checking"):
            install(places, locked.CHECK, tools, counting(count, console.note), places.log)
        stamp(places, locked.CHECK, tools)
    wait_for_later(places, console)


def wait_for_later(places: Places, console: Console) -> None:
    """Speech recognition, the language model's runtime and torch. Raises the first failure, after trying all."""
    if not pending(places, FOR_DEVELOPMENT):
        return
    guard = Guard(places.later_guard)
    with console.step("Speech recognition, language model runtime, torch"):
        guard.wait(lambda: console.note("waiting for the background stage"))
        try:
            failures = install_parts(
                places,
                FOR_DEVELOPMENT,
                lambda step, done, of: console.note(f"{step}: {done} of {of}"),
                os.cpu_count() or 1,
            )
        finally:
            guard.release()
        if failures:
            raise SetupFailed(str(failures[0]), failures[0].cause.remedy, failures[0].cause.log)


def system_packages(places: Places, console: Console) -> None:
    """A compiler, a virtual screen and a private sound server, on Debian and where that is allowed.

    Without the last two the device tests skip themselves, so that is no failure.
    """
    if packages.manager() != "apt-get":
        return
    wanted = [] if compiler.present() else packages.names("apt-get", [packages.COMPILER])
    wanted += [package for program, package in DEVICE_TEST_PROGRAMS.items() if shutil.which(program) is None]
    if not any(Path("/usr/lib").glob(_ALSA_TO_PULSE_FILE)):
        wanted.append(ALSA_TO_PULSE)
    if not wanted:
        return
    before = packages.privilege()
    if before is None:
        console.say(f"For all tests type: {packages.line_to_type('apt-get', wanted)}")
        return
    with console.step(f"System packages: {', '.join(wanted)}"):
        packages.apt_install(wanted, before, places.log)


def check(places: Places, console: Console, fast: bool) -> Tally:
    """All steps, each with its outcome and time; a step that fails prints what its tool said."""
    python = str(places.python)
    tally = Tally()
    for title, command in (
        ("ruff", [python, "-m", "ruff", "check", "."]),
        ("mypy --strict", [python, "-m", "mypy", "--strict"]),
        ("mypy --strict, packaging", [python, "-m", "mypy", "--strict", *ENTRY_POINTS]),
        ("import-linter", [str(places.scripts / "lint-imports")]),
        ("generated documents", [python, "-m", "assistant", "settings", "--check-readme"]),
    ):
        tally += step(places, console, title, command)
    return tally + tests(places, console, fast)


def tests(places: Places, console: Console, fast: bool) -> Tally:
    """Both halves at once: those on the virtual sound server wait for its clock and leave most of a core to the others.

    The others go behind them, so that sound is not late. What the first half prints comes after the second's.
    """
    began_s = time.monotonic()
    python = str(places.python)
    behind = ["nice", "-n", "10"] if shutil.which("nice") else []
    halves = {"not device": behind} if fast else {"device": [], "not device": behind}
    console.say("pytest")
    with tempfile.TemporaryDirectory() as scratch:
        reports = {marker: Path(scratch) / f"{marker}.xml" for marker in halves}
        printed = Path(scratch) / "device.txt"
        with printed.open("w+b") as shown_later:
            running = {
                marker: subprocess.Popen(
                    [*before, python, "-m", "pytest", "-m", marker, f"--junitxml={reports[marker]}"],
                    cwd=places.root,
                    stdout=shown_later if marker == "device" else None,
                    stderr=subprocess.STDOUT if marker == "device" else None,
                )
                for marker, before in halves.items()
            }
            codes = {marker: run.wait() for marker, run in running.items()}
        if "device" in codes:
            console.say(printed.read_text(encoding="utf-8", errors="replace").rstrip())
        counted = Tally()
        for marker, code in codes.items():
            counted += of_pytest(reports[marker], code)
    console.say(f"pytest  {'failed' if counted.failed else 'passed'}, {time.monotonic() - began_s:.1f} s")
    return counted


def step(places: Places, console: Console, title: str, command: Sequence[str]) -> Tally:
    began_s = time.monotonic()
    done = subprocess.run(
        command,
        cwd=places.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    succeeded = done.returncode == 0
    if not succeeded:
        console.say(done.stdout.rstrip())
    console.say(f"{title}  {'passed' if succeeded else 'failed'}, {time.monotonic() - began_s:.1f} s")
    return of_step(succeeded)
