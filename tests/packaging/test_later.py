"""The stage behind the window: its status file, and that one failed part does not stop the next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from bootstrap import compiler, environment, later, locked, status
from bootstrap.failure import SetupFailed
from bootstrap.guard import Guard
from bootstrap.places import Places

from assistant.workers.setup_status import STATUS_PATH_VARIABLE, SetupStatus, read_setup_status

LOCK = "# part: first\na==1\n# part: hearing\nb==1\n# part: language-model\nc==1\n# part: torch\ntorch==2\nd==1\n"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    places = Places(tmp_path)
    places.venv.mkdir()
    places.lock.parent.mkdir()
    places.lock.write_text(LOCK, encoding="utf-8")
    monkeypatch.setattr(environment, "python_version", lambda _: "3.11.7")
    monkeypatch.setattr(compiler, "present", lambda: True)
    return places


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Parts that pip was asked for."""
    asked: list[str] = []

    def install(_places: Places, part: str, *_rest: object, **_named: object) -> None:
        asked.append(part)

    def resolved(_places: Places, wanted: Sequence[str], *_rest: object) -> None:
        asked.extend(wanted)

    monkeypatch.setattr(later, "install", install)
    monkeypatch.setattr(later, "install_resolved", lambda places, part, wanted, *rest: resolved(places, wanted, *rest))
    return asked


def read(places: Places) -> SetupStatus | None:
    return read_setup_status({STATUS_PATH_VARIABLE: str(places.status)})


def silent(_step: str, _done: int, _of: int) -> None:
    """Nobody listens."""


def test_the_application_does_without_torch(places: Places, installed: list[str]) -> None:
    assert later.install_parts(places, later.FOR_THE_APPLICATION, silent, jobs=1) == []
    assert installed == ["hearing", "language-model"]


def test_development_takes_torch_with_what_it_asks_for_here(places: Places, installed: list[str]) -> None:
    later.install_parts(places, later.FOR_DEVELOPMENT, silent, jobs=1)
    assert installed == ["hearing", "language-model", "torch==2"]


def test_what_stands_is_not_installed_again(places: Places, installed: list[str]) -> None:
    later.install_parts(places, [locked.HEARING], silent, jobs=1)
    later.install_parts(places, later.FOR_THE_APPLICATION, silent, jobs=1)
    assert installed == ["hearing", "language-model"]
    assert later.pending(places, later.FOR_THE_APPLICATION) == []


def test_a_missing_compiler_stops_only_what_needs_one(
    places: Places, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiler, "present", lambda: False)
    failures = later.install_parts(places, later.FOR_DEVELOPMENT, silent, jobs=1)
    assert [failure.part for failure in failures] == [locked.LANGUAGE_MODEL]
    assert installed == ["hearing", "torch==2"]
    assert later.pending(places, later.FOR_DEVELOPMENT) == [locked.LANGUAGE_MODEL]


def test_the_background_stage_tells_the_window_what_to_do(
    places: Places, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiler, "present", lambda: False)
    monkeypatch.setattr(later.os, "nice", lambda _: 0, raising=False)
    monkeypatch.setattr(later.signal, "signal", lambda *_: None)
    assert later.run_in_background(places) == 1
    told = read(places)
    assert told is not None
    assert told.state == "failed"
    assert len(told.title.split()) <= 6
    assert told.remedy == compiler.remedy()
    assert told.log == places.later_log


def test_a_second_background_stage_leaves_the_first_alone(places: Places, installed: list[str]) -> None:
    guard = Guard(places.later_guard)
    assert guard.take()
    assert later.run_in_background(places) == 0
    assert later.start_in_background(places) is True
    assert installed == []
    assert not places.status.exists()
    guard.release()


def test_nothing_is_started_when_all_stands(places: Places, installed: list[str]) -> None:
    later.install_parts(places, later.FOR_THE_APPLICATION, silent, jobs=1)
    assert later.start_in_background(places) is False
    told = read(places)
    assert told is not None and told.state == "done"


def test_titles_are_short_enough_for_a_notice() -> None:
    assert all(len(title.split()) <= 6 for title in later._TITLE.values())


def test_the_callers_build_flags_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_CUDA=ON")
    assert later.build_environment(3) == {
        "CMAKE_ARGS": "-DGGML_CUDA=ON -DLLAVA_BUILD=OFF",
        "CMAKE_BUILD_PARALLEL_LEVEL": "3",
    }


def test_the_status_is_read_as_written(places: Places) -> None:
    status.write(places.status, status.Status("Building", 37, 412, "running", "", "", str(places.later_log)))
    assert read(places) == SetupStatus("Building", 37, 412, "running", "", "", places.later_log)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", json.dumps({"state": "running"}), json.dumps({"state": "odd", "step": "", "done": 0, "of": 1})],
)
def test_an_unreadable_status_is_no_status(places: Places, text: str) -> None:
    places.status.write_text(text, encoding="utf-8")
    assert read(places) is None


def test_without_the_starter_there_is_no_status(tmp_path: Path) -> None:
    assert read_setup_status({}) is None
    assert read_setup_status({STATUS_PATH_VARIABLE: str(tmp_path / "missing.json")}) is None


def test_a_failure_is_told_as_what_and_what_to_do() -> None:
    told = str(SetupFailed("The disk is full.", "Free 2 GB.", Path("setup.log")))
    assert told.splitlines() == [
        "What happened: The disk is full.",
        "What to do:    Free 2 GB.",
        "Whole log:     setup.log",
    ]
