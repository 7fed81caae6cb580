"""The closing line counts what really ran."""

from __future__ import annotations

from pathlib import Path

import pytest
from bootstrap.tally import Tally, of_pytest, of_step


def report(path: Path, tests: int, failures: int = 0, errors: int = 0, skipped: int = 0) -> Path:
    counts = f'tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
    path.write_text(f"<testsuites><testsuite {counts}/></testsuites>", encoding="utf-8")
    return path


def test_steps_and_tests_add_up_to_one_line(tmp_path: Path) -> None:
    tally = of_step(True) + of_step(False) + of_pytest(report(tmp_path / "r.xml", 10, 1, 1, 2), exit_code=1)
    assert tally == Tally(passed=7, failed=3, skipped=2)
    assert tally.closing_line == "7 passed, 3 failed, 2 skipped"


@pytest.mark.parametrize("exit_code", [0, 5])
def test_a_run_without_a_test_has_failed(tmp_path: Path, exit_code: int) -> None:
    assert of_pytest(report(tmp_path / "r.xml", 0), exit_code) == Tally(failed=1)


def test_a_crash_is_a_failure_with_and_without_a_report(tmp_path: Path) -> None:
    assert of_pytest(tmp_path / "missing.xml", -11) == Tally(failed=1)
    assert of_pytest(report(tmp_path / "r.xml", 3), exit_code=3) == Tally(passed=3, failed=1)
