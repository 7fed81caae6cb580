"""`doctor`: looks at everything that Interject needs, and says what to do where something is missing or slow."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from assistant.commands.checkup import machine, packages, screen, sound, voices
from assistant.commands.checkup.finding import Check, Finding, examine
from assistant.commands.printing import marks, never_refuse

_NAME_WIDTH = 13


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument(screen.TRY_FLAG, action="store_true", dest="only_window", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Returns 1 where something makes the app unusable."""
    if arguments.only_window:
        return screen.try_window()
    never_refuse()
    findings = []
    for finding in examined(checks()):
        findings.append(finding)
        if not arguments.json:
            print(line(finding, marks(sys.stdout)), flush=True)
    unusable = any(finding.status == "problem" for finding in findings)
    if arguments.json:
        told = {"usable": not unusable, "findings": [asdict(finding) for finding in findings]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print(conclusion(findings))
    return 1 if unusable else 0


def checks() -> Sequence[tuple[str, Check]]:
    """All checks by name, in the order in which they are told."""
    return (
        ("Python", machine.python),
        ("Packages", packages.packages),
        ("Processor", machine.processor),
        ("Memory", machine.memory),
        ("Disk", machine.disk),
        ("Folders", machine.folders),
        ("Settings", _settings),
        ("Files", voices.resources),
        ("Window", screen.window),
        ("Detector", voices.detector),
        ("Voice", voices.voice),
        ("PortAudio", sound.library),
        ("Stream", sound.stream),
        ("Large models", packages.large_models),
    )


def examined(named: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """Every finding, as it comes."""
    for name, check in named:
        yield from examine(name, check)


def line(finding: Finding, mark_of: dict[str, str]) -> str:
    """One line, and a second one with the remedy where there is one."""
    first = f"{mark_of[finding.status]} {finding.name:<{_NAME_WIDTH}} {finding.found}"
    return f"{first}\n{'':{_NAME_WIDTH + 3}}{finding.remedy}" if finding.remedy else first


def conclusion(findings: Sequence[Finding]) -> str:
    """The closing line."""
    problems = sum(finding.status == "problem" for finding in findings)
    warnings = sum(finding.status == "warning" for finding in findings)
    if problems:
        return f"Interject cannot run so: {_counted(problems, 'problem')}, {_counted(warnings, 'warning')}."
    if warnings:
        return f"Interject runs, with {_counted(warnings, 'warning')}."
    return "All is well."


def _settings() -> Iterable[Finding]:
    from assistant.commands.checkup.choices import settings  # needs pydantic, which may be what is missing

    return settings()


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
