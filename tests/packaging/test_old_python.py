"""A Python that is too old is told so, in a syntax that it can read."""

from __future__ import annotations

import ast
from pathlib import Path

import interject_old_python as old_python
import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.mark.parametrize("name", ["start.py", "check.py", "old_python.py"])
def test_old_pythons_can_read_the_entry_points(name: str) -> None:
    ast.parse((PACKAGING / name).read_text(encoding="utf-8"), feature_version=(3, 4))


def test_without_a_newer_python_a_person_learns_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(old_python.shutil, "which", lambda _: None)
    assert old_python.go_on_with_newer() == 1
    told = capsys.readouterr().err
    assert "needs Python 3.11 or newer" in told
    assert "Then type" in told or "then type" in told


def test_a_newer_python_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(old_python.shutil, "which", lambda name: "/opt/python3.12" if name == "python3.12" else None)
    monkeypatch.setattr(old_python.subprocess, "call", lambda command, **_: ran.append(command) or 0)
    monkeypatch.setattr(old_python.sys, "argv", ["packaging/start.py", "doctor"])
    assert old_python.go_on_with_newer() == 0
    assert ran[-1] == ["/opt/python3.12", "packaging/start.py", "doctor"]
