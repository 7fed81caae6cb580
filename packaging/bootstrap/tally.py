"""How a check went: counts from pytest's own report, one for each other step, and the closing line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of checks."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    @property
    def closing_line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def of_step(succeeded: bool) -> Tally:
    return Tally(passed=1) if succeeded else Tally(failed=1)


def of_pytest(report: Path, exit_code: int) -> Tally:
    """From a JUnit report. A run that ended badly without a counted failure (a crash, no test run) is one failure."""
    counts = _counts(report)
    clean = exit_code == 0 and counts.passed > 0
    return counts if clean or counts.failed else counts + Tally(failed=1)


def _counts(report: Path) -> Tally:
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return Tally()

    def total(name: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites)

    failed = total("failures") + total("errors")
    return Tally(max(0, total("tests") - failed - total("skipped")), failed, total("skipped"))
