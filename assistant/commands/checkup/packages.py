"""The installed packages against the versions that were tested."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.commands.checkup.finding import INSTALL_REMEDY, Finding

COMING_LATER = {"faster-whisper", "llama-cpp-python", "torch"}
"""Not needed for the window, the voice and the decision."""
LARGE_MODELS = {"faster_whisper": "speech recognition", "llama_cpp": "the language model"}
"""Importable module → what it is for."""

_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*([^;]*)")
_SYSTEM = re.compile(r"sys_platform\s*(==|!=)\s*['\"]([a-z0-9]+)")
_CLAUSE = re.compile(r"(==|>=|<=|!=|<|>)\s*([0-9][^,\s]*)")


def packages() -> Iterator[Finding]:
    """A line a package that is missing or another version, and one for the rest."""
    if getattr(sys, "frozen", False):
        yield Finding("Packages", "ok", "inside the program")
        return
    wanted = pinned()
    if not wanted:
        yield Finding("Packages", "warning", "no list of what belongs to Interject was found", INSTALL_REMEDY)
        return
    fitting = 0
    for name, versions in wanted.items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if name not in COMING_LATER:
                yield Finding("Packages", "problem", f"{name} is not installed", INSTALL_REMEDY)
            continue
        if fits(installed, versions):
            fitting += 1
        else:
            remedy = f'Run: {sys.executable} -m pip install "{name}{versions}"'
            yield Finding("Packages", "warning", f"{name} {installed} is not {versions}, the tested one", remedy)
    yield Finding("Packages", "ok", f"{fitting} of {len(wanted)} as tested", figures={"packages": float(fitting)})


def large_models() -> Iterator[Finding]:
    """Whether the libraries of the large models are there, without importing them, or how far their set-up is."""
    missing = {module: use for module, use in LARGE_MODELS.items() if importlib.util.find_spec(module) is None}
    there = [module for module in LARGE_MODELS if module not in missing]
    if not missing:
        yield Finding("Large models", "ok", f"{' and '.join(there)} can be imported")
        return
    lacking = " and ".join(f"{module} for {use}" for module, use in missing.items())
    yield _coming(lacking, _setup_environment())


def _coming(lacking: str, environ: Mapping[str, str]) -> Finding:
    from assistant.workers.setup_status import read_setup_status

    status = read_setup_status(environ)
    if status is None or status.state == "done":
        return Finding("Large models", "warning", f"Not installed: {lacking}", INSTALL_REMEDY)
    if status.state == "running":
        told = f"Being installed behind the window: {status.step} ({status.done} of {status.of})"
        return Finding("Large models", "ok", f"{told}; still to come: {lacking}")
    return Finding("Large models", "warning", f"{status.title}: {lacking}", f"{status.remedy} Output: {status.log}")


def _setup_environment() -> Mapping[str, str]:
    """Started by hand, the doctor is not told where the set-up keeps its status: it lies in its .venv."""
    from assistant.workers.setup_status import STATUS_PATH_VARIABLE

    return {STATUS_PATH_VARIABLE: str(Path(sys.prefix) / "setup-status.json"), **os.environ}


def pinned() -> dict[str, str]:
    """Package → wanted versions: of the installed Interject, else of the checkout. Empty where neither is there."""
    try:
        lines = importlib.metadata.requires("interject") or []
    except importlib.metadata.PackageNotFoundError:
        project = Path(__file__).resolve().parents[3] / "pyproject.toml"
        if not project.is_file():
            return {}
        lines = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    here = (line for line in lines if "extra ==" not in line and _for_this_system(line))
    found = (_REQUIREMENT.match(line) for line in here)
    return {match[1]: match[2].strip().strip("()") for match in found if match}


def _for_this_system(line: str) -> bool:
    marker = _SYSTEM.search(line)
    return marker is None or (sys.platform == marker[2]) == (marker[1] == "==")


def fits(installed: str, versions: str) -> bool:
    """Whether a version is one of `versions`, clauses of == != < > <= >= with numbers between commas.

    What follows the numbers, as in 2.13.0+cpu, does not count.
    """
    tests = {
        "==": lambda here, there: here == there,
        "!=": lambda here, there: here != there,
        ">=": lambda here, there: here >= there,
        "<=": lambda here, there: here <= there,
        "<": lambda here, there: here < there,
        ">": lambda here, there: here > there,
    }
    return all(tests[sign](*_aligned(installed, version)) for sign, version in _CLAUSE.findall(versions))


def _aligned(*versions: str) -> list[tuple[int, ...]]:
    numbers = [[int(part) for part in re.match(r"[0-9.]*", text)[0].split(".") if part] for text in versions]  # type: ignore[index]
    longest = max(map(len, numbers))
    return [tuple(each + [0] * (longest - len(each))) for each in numbers]
