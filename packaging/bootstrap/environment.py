"""The .venv: made, recognised when it is whole, repaired when it is half made, and what was installed into it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap import libraries, locked, packages
from bootstrap.console import Console
from bootstrap.failure import SetupFailed
from bootstrap.guard import Guard
from bootstrap.install import counting, install
from bootstrap.places import Places

_PROBE = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
_NEEDED_BYTES = 1_500_000_000


def first_stage(places: Places, console: Console) -> None:
    """All that window and first sound need. Does nothing when the stamp says that it stands. Raises SetupFailed."""
    requirements = locked.part(places.lock, locked.FIRST)
    if stands(places, locked.FIRST, requirements):
        return
    guard = Guard(places.guard)
    if not guard.take():
        console.say("Another start is setting up; waiting for it.")
        guard.wait(lambda: None)
    try:
        if stands(places, locked.FIRST, requirements):
            return
        console.say("Setting up Interject. This happens once and takes about two minutes.")
        enough_disk(places)
        with console.step("Python environment"):
            make(places)
        count = len(locked.names(requirements))
        with console.step(f"{count} packages"):
            follow = counting(count, console.note)
            # pip holds the guard too: should this process be killed, its pip still keeps a second one away.
            install(places, locked.FIRST, requirements, follow, places.log, keep_open=[guard.descriptor])
        write_launcher(places)
        stamp(places, locked.FIRST, requirements)
    finally:
        guard.release()


def stands(places: Places, part: str, requirements: str) -> bool:
    """True where the stamp is of these requirements and of the Python that runs in the .venv now."""
    try:
        written = places.stamp(part).read_text(encoding="utf-8")
    except OSError:
        return False
    return written == _stamp_text(places, requirements)


def stamp(places: Places, part: str, requirements: str) -> None:
    """Written last, when the part stands as a whole."""
    places.stamp(part).write_text(_stamp_text(places, requirements), encoding="utf-8")


def _stamp_text(places: Places, requirements: str) -> str:
    return f"{locked.key(requirements)} {python_version(places)} {places.venv}\n"


def python_version(places: Places) -> str | None:
    """The version of the .venv's Python, such as '3.11.7'; None where it does not run."""
    try:
        asked = subprocess.run(
            [places.python, "-I", "-S", "-c", _PROBE], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() or None if asked.returncode == 0 else None


def make(places: Places) -> None:
    """Makes the .venv, or mends what an interrupted start left. Raises SetupFailed."""
    if python_version(places) is None or not _has_pip(places) or _of_another_python(places):
        _empty(places)
        _create(places)
    _drop_half_installed(places)


def _create(places: Places) -> None:
    done = _venv(places)
    if done.returncode and "ensurepip" in done.stdout + done.stderr:
        _install_ensurepip(places)
        _empty(places)
        done = _venv(places)
    if done.returncode:
        told = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        remedy = f"Make {places.root} writable for you, then start again."
        raise SetupFailed(f"{places.venv} could not be made: {told}", remedy)


def _venv(places: Places) -> subprocess.CompletedProcess[str]:
    # Not the .venv's own Python, should it run this: it may be about to vanish.
    base: str = getattr(sys, "_base_executable", None) or sys.executable
    command = [base, "-m", "venv", str(places.venv)]
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def _install_ensurepip(places: Places) -> None:
    """Debian keeps venv's other half in a package of its own."""
    needed = [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]
    before = packages.privilege()
    if packages.manager() != "apt-get":
        raise SetupFailed("This Python has no ensurepip.", "Install your system's venv package, then start again.")
    if before is None:
        line = packages.line_to_type("apt-get", needed)
        raise SetupFailed("This Python has no ensurepip.", f"Type '{line}', then start again.")
    packages.apt_install(needed, before, places.log)


def _has_pip(places: Places) -> bool:
    asked = subprocess.run([places.python, "-m", "pip", "--version"], capture_output=True, check=False)
    return asked.returncode == 0


def _of_another_python(places: Places) -> bool:
    """A system upgrade moves the interpreter under a .venv: the packages then lie in another version's folder."""
    version = python_version(places) or ""
    folders = [folder.name for folder in (places.venv / "lib").glob("python3.*")]
    return bool(folders) and f"python{'.'.join(version.split('.')[:2])}" not in folders


def _empty(places: Places) -> None:
    """Removes all but the guards, which this or another process may hold open."""
    places.venv.mkdir(parents=True, exist_ok=True)
    for entry in places.venv.iterdir():
        if entry in (places.guard, places.later_guard, places.log):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def site_packages(places: Places) -> Path:
    """Raises SetupFailed where the .venv has none."""
    found = [*places.venv.glob("lib/python3.*/site-packages"), *places.venv.glob("Lib/site-packages")]
    if not found:
        raise SetupFailed(f"{places.venv} has no site-packages.", "Remove the folder .venv and start again.")
    return found[0]


def _drop_half_installed(places: Places) -> None:
    """pip writes a package's RECORD last: without it the package counts as installed and is not."""
    site = site_packages(places)
    for info in site.glob("*.dist-info"):
        if not (info / "RECORD").exists():
            shutil.rmtree(info)
    for leftover in site.glob("~*"):
        shutil.rmtree(leftover, ignore_errors=True)


def write_launcher(places: Places) -> None:
    """`assistant` importable in the .venv, and the command `interject` beside its Python.

    The same as an editable install, without fetching a build backend: a line of path and a script of two.
    """
    (site_packages(places) / "interject.pth").write_text(f"{places.root}\n", encoding="utf-8")
    if sys.platform == "win32":
        launcher = places.scripts / "interject.cmd"
        launcher.write_text(f'@"{places.python}" -P -m assistant %*\r\n', encoding="utf-8")
    else:
        launcher = places.scripts / "interject"
        launcher.write_text(f'#!/bin/sh\nexec "{places.python}" -P -m assistant "$@"\n', encoding="utf-8")
        launcher.chmod(0o755)


def enough_disk(places: Places) -> None:
    """Raises SetupFailed before a full disk would do so in the middle."""
    free = shutil.disk_usage(places.root).free
    if free < _NEEDED_BYTES and not places.stamp(locked.FIRST).exists():
        raise SetupFailed(
            f"Only {free / 1e9:.1f} GB are free on the disk of {places.root}.",
            f"Free {_NEEDED_BYTES / 1e9:.1f} GB, then start again.",
        )


def system_libraries(places: Places, console: Console, window: bool) -> list[str]:
    """Installs missing shared libraries where that is allowed; answers what is still missing and says how to get it.

    `window`: Qt's as well as PortAudio. Asked once: a stamp remembers that all were there.
    """
    if sys.platform != "linux":
        return []
    table = {**libraries.SOUND, **(libraries.WINDOW if window else {})}
    wanted = "\n".join(table)
    if stands(places, "libraries", wanted):
        return []
    lacking = libraries.missing(table)
    tool = packages.manager()
    before = packages.privilege() if lacking and tool == "apt-get" else None
    if lacking and before is not None:
        names = packages.names("apt-get", (table[soname] for soname in lacking))
        with console.step(f"System libraries: {', '.join(names)}"):
            packages.apt_install(names, before, places.log)
        lacking = libraries.missing(table)
    if lacking:
        console.say(f"Missing system libraries: {', '.join(lacking)}")
        if tool is not None:
            console.say(f"  Type: {packages.line_to_type(tool, packages.names(tool, (table[s] for s in lacking)))}")
    elif places.python.exists():
        stamp(places, "libraries", wanted)
    return lacking


def child_environment(places: Places) -> dict[str, str]:
    """The application's environment: where the background stage tells how far it is."""
    return {**os.environ, "INTERJECT_SETUP_STATUS": str(places.status)}
