"""Makes packaging/requirements.lock and requirements-check.lock from pyproject.toml.

    .venv/bin/python -m pip install uv
    .venv/bin/python packaging/lock.py            # resolve again; needs the network
    .venv/bin/python packaging/lock.py --upgrade  # and take the newest allowed versions
    python3 packaging/lock.py --check             # do the locks belong to this pyproject.toml? needs nothing

One `uv pip compile --universal` resolves for every platform and Python from 3.11 on; one set of versions for all.
[tool.uv] in pyproject.toml states torch's requirements without the CUDA wheels of its Linux build, so that they stay
out of the lock. The result is divided into parts (see bootstrap/locked.py), so that a window needs no compiler.

Hashes: every package carries those of all its files, except torch. Its file differs by where it comes from (the index's
own build, a CPU build with the version 2.13.0+cpu, a distributor's), so no list of hashes would be true everywhere.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from bootstrap import locked

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "packaging" / "requirements.lock"
CHECK_LOCK = ROOT / "packaging" / "requirements-check.lock"
COMPILE = ["pip", "compile", "--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--no-header"]
# What the window and the first sound do not wait for: package → the part that it heads, with what only it needs.
# faster-whisper is 90 of 260 MB; a line of 20 Mbit/s would need more than two minutes for all.
HEADS = {"faster-whisper": locked.HEARING, "llama-cpp-python": locked.LANGUAGE_MODEL, "torch": locked.TORCH}
_MADE_FROM = "# Made from pyproject.toml, dependency tables sha256:"
_ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==")
_VIA = re.compile(r"^    #(?: via|  ) +(\S.*)$")

Entries = dict[str, list[str]]


def tables_hash(pyproject: str) -> str:
    """A fingerprint of all in pyproject.toml that a lock depends on, and of nothing else there."""
    content = tomllib.loads(pyproject)
    tables = [
        content["project"]["requires-python"],
        content["project"]["dependencies"],
        content.get("dependency-groups", {}),
        content.get("tool", {}).get("uv", {}),
    ]
    return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()


def is_current(pyproject: str, lock: str) -> bool:
    return f"{_MADE_FROM}{tables_hash(pyproject)}" in lock.splitlines()


def entries(compiled: str) -> Entries:
    """uv's output as package → its lines (pin, hashes, `# via` comments)."""
    found: Entries = {}
    current: list[str] = []
    for line in compiled.splitlines():
        pin = _ENTRY.match(line)
        if pin:
            current = found.setdefault(pin[1], [])
        if line.strip():
            current.append(line)
    return found


def needed_by(lines: list[str]) -> list[str]:
    """Who asks for an entry: package names, and `interject (pyproject.toml)` for the project itself."""
    return [via[1] for via in map(_VIA.match, lines) if via]


def divide(found: Entries) -> dict[str, list[str]]:
    """Part → its packages. A package that two parts need stands in the earlier one."""
    children: dict[str, set[str]] = {}
    for name, lines in found.items():
        for parent in needed_by(lines):
            children.setdefault("project" if "(" in parent else parent, set()).add(name)

    def reach(start: str, closed: set[str]) -> set[str]:
        reached: set[str] = set()
        waiting = [start]
        while waiting:
            for child in children.get(waiting.pop(), set()) - closed - reached:
                reached.add(child)
                waiting.append(child)
        return reached

    divided = {locked.FIRST: reach("project", set(HEADS))}
    for head, part in HEADS.items():
        taken = set[str]().union(*divided.values())
        divided[part] = {head} | reach(head, taken | set(HEADS))
    lost = set(found) - set[str]().union(*divided.values())
    if lost:
        raise SystemExit(f"Nothing asks for {', '.join(sorted(lost))}: has uv changed how it writes '# via'?")
    return {part: sorted(packages) for part, packages in divided.items()}


def written(pyproject: str, divided: dict[str, list[str]], found: Entries) -> str:
    """The text of a lock file."""
    lines = ["# Written by packaging/lock.py, which says how and why; do not edit."]
    lines.append(_MADE_FROM + tables_hash(pyproject))
    for part, packages in divided.items():
        lines += ["", f"# part: {part}"]
        for package in packages:
            lines += without_hashes(found[package]) if package == "torch" else found[package]
    return "\n".join(lines) + "\n"


def without_hashes(lines: list[str]) -> list[str]:
    kept = [line.rstrip(" \\") for line in lines if not line.strip().startswith("--hash")]
    return [kept[0], "    # no hashes: the file differs by its source, see packaging/lock.py", *kept[1:]]


def compiled(uv: str, previous: str, *arguments: str) -> Entries:
    """Runs uv in the repository; versions in `previous` are kept where allowed. Raises SystemExit with uv's words."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "compiled.lock"
        out.write_text(previous, encoding="utf-8")
        command = [uv, *COMPILE, "--generate-hashes", "--quiet", "-o", str(out), *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        return entries(out.read_text(encoding="utf-8"))


def uv_program() -> str:
    beside = Path(sys.executable).with_name("uv.exe" if sys.platform == "win32" else "uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        raise SystemExit("uv is not installed. Type: python -m pip install uv")
    return uv


def make(upgrade: bool) -> None:
    """Writes both lock files."""
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    uv = uv_program()

    def previous(path: Path) -> str:
        return "" if upgrade or not path.exists() else path.read_text(encoding="utf-8")

    application = compiled(uv, previous(LOCK), "pyproject.toml")
    divided = divide(application)
    LOCK.write_text(written(pyproject, divided, application), encoding="utf-8")
    tools = compiled(uv, previous(CHECK_LOCK), "-c", str(LOCK), "--group", "pyproject.toml:check")
    divided_tools = {locked.CHECK: sorted(tools)}
    CHECK_LOCK.write_text(written(pyproject, divided_tools, tools), encoding="utf-8")
    for part, packages in (divided | divided_tools).items():
        print(f"{part}: {len(packages)} packages")


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--check", action="store_true", help="only compare, exit 1 when a lock is stale")
    ask.add_argument("--upgrade", action="store_true", help="take the newest versions that pyproject.toml allows")
    choice = ask.parse_args()
    if not choice.check:
        make(choice.upgrade)
        return 0
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    stale = [p.name for p in (LOCK, CHECK_LOCK) if not is_current(pyproject, p.read_text(encoding="utf-8"))]
    if stale:
        print(f"{' and '.join(stale)} do not belong to pyproject.toml as it stands. Run packaging/lock.py.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
