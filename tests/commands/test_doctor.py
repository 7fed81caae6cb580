"""The doctor tells what it found, what to do about it, and never fails itself."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.__main__ import main
from assistant.audio.devices import DeviceUnavailable
from assistant.audio.room import RoomDevice
from assistant.audio.stream import OnBlock
from assistant.commands import doctor
from assistant.commands.checkup import machine, packages, screen, sound
from assistant.commands.checkup.choices import present, settings
from assistant.commands.checkup.finding import Check, Finding, examine
from assistant.settings.sections import Settings

WELL = Finding("Ears", "ok", "two", figures={"ears": 2.0})
POOR = Finding("Nose", "warning", "blocked", "Blow it.")
BAD = Finding("Heart", "problem", "missing", "Find it.")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("INTERJECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("INTERJECT_HOME", str(tmp_path))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return tmp_path


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the doctor as if these had been found; returns the exit status."""

    def run(*found: Finding, words: tuple[str, ...] = ()) -> int:
        named: list[tuple[str, Check]] = [(each.name, [each].copy) for each in found]
        monkeypatch.setattr(doctor, "checks", lambda: named)
        parser = argparse.ArgumentParser()
        doctor.add_arguments(parser)
        return doctor.run(parser.parse_args(words))

    return run


def test_one_line_a_check_and_the_remedy_below_it(
    finds: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    finds(WELL, POOR)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["✓", "Ears", "two"],
        ["!", "Nose", "blocked"],
        ["Blow", "it."],
        ["Interject", "runs,", "with", "1", "warning."],
    ]


def test_only_what_makes_the_app_unusable_is_a_failure(finds: Callable[..., int]) -> None:
    assert finds(WELL) == 0
    assert finds(WELL, POOR) == 0
    assert finds(WELL, BAD, POOR) == 1


def test_as_json(finds: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert finds(WELL, BAD, words=("--json",)) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["usable"] is False
    assert [(each["name"], each["status"], each["remedy"]) for each in told["findings"]] == [
        ("Ears", "ok", ""),
        ("Heart", "problem", "Find it."),
    ]
    assert told["findings"][0]["figures"] == {"ears": 2.0}


def test_a_check_that_fails_is_a_finding_after_what_it_had_found() -> None:
    def breaks() -> Iterator[Finding]:
        yield WELL
        raise RuntimeError("dizzy")

    found = list(examine("Ears", breaks))
    assert found[0] is WELL
    assert found[1].status == "warning"
    assert "dizzy" in found[1].found


def test_a_library_that_does_not_load_makes_the_app_unusable() -> None:
    def breaks() -> Iterator[Finding]:
        yield Finding("Ears", "ok", importlib.import_module("no_such_library").__name__)

    (found,) = examine("Ears", breaks)
    assert found.status == "problem"
    assert "no_such_library" in found.found
    assert found.remedy


def test_the_real_checks_end_here_and_open_no_socket(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(sound, "stream", lambda: ())  # has tests of its own, and may be heard
    main(["doctor", "--json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    broken = [each for each in findings if "Could not be looked at" in each["found"]]
    assert not broken
    assert {"Python", "Packages", "Disk", "Settings", "Window", "Detector", "Voice"} <= {
        each["name"] for each in findings
    }


# Packages


@pytest.mark.parametrize(
    ("installed", "wanted", "fitting"),
    [
        ("6.11.3", "==6.11.3", True),
        ("6.12.0", "==6.11.3", False),
        ("2.13.0+cpu", "==2.13.0", True),
        ("2.10", ">=2.10,<3", True),
        ("2.9", ">=2.10,<3", False),
        ("3.0.0", ">=2.1,<3", False),
        ("3.0", "==3.0.0", True),
        ("1.0", "", True),
    ],
)
def test_versions(installed: str, wanted: str, fitting: bool) -> None:
    assert packages.fits(installed, wanted) is fitting


def test_the_pins_are_those_of_the_project() -> None:
    assert packages.pinned()["sounddevice"] == "==0.5.6"


def test_a_missing_package_is_a_problem_and_another_version_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "pinned", lambda: {"no-such-package": "==1", "numpy": "==1.0", "llama-cpp-x": "==1"})
    monkeypatch.setattr(packages, "COMING_LATER", {"llama-cpp-x"})
    found = list(packages.packages())
    assert [each.status for each in found] == ["problem", "warning", "ok"]
    assert 'pip install "numpy==1.0"' in found[1].remedy


@pytest.mark.parametrize(("state", "status"), [("running", "ok"), ("failed", "warning"), ("done", "warning")])
def test_large_models_come_later(state: str, status: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        "step": "Building",
        "done": 1,
        "of": 3,
        "state": state,
        "title": "No compiler",
        "remedy": "Get one.",
        "log": "l",
    }
    (home / "status.json").write_text(json.dumps(told))
    monkeypatch.setenv("INTERJECT_SETUP_STATUS", str(home / "status.json"))
    monkeypatch.setattr(packages, "LARGE_MODELS", {"no_such_library": "miracles"})
    (found,) = packages.large_models()
    assert found.status == status
    assert "no_such_library for miracles" in found.found
    assert ("Get one." in found.remedy) is (state == "failed")


# Settings and folders


def test_settings_without_fault() -> None:
    (found,) = settings()
    assert found.status == "ok"


def test_what_is_wrong_in_the_settings_is_told_with_its_line(home: Path) -> None:
    (home / "settings.toml").write_text("[vad]\nstart = 7\n")
    (found,) = settings()
    assert found.status == "warning"
    assert "Line 2: vad.start is 7" in found.found


def test_a_broken_file_is_told_and_left_where_it_is(home: Path) -> None:
    for name in ("settings.toml", "presets.toml"):
        (home / name).write_text("[[")
    assert [each.status for each in settings()] == ["warning", "warning"]
    assert present().settings == Settings()
    assert sorted(path.name for path in home.iterdir()) == ["presets.toml", "settings.toml"]


def test_a_folder_that_cannot_be_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("INTERJECT_HOME", str(home / "file" / "below"))
    (found,) = machine.folders()
    assert found.status == "warning"
    assert "INTERJECT_HOME" in found.remedy


# Window


def test_a_window_that_opens() -> None:
    (found,) = screen.window()
    assert found.status == "ok"
    assert "offscreen" in found.found


def test_a_window_that_ends_qt_does_not_end_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "no-such-platform")
    (found,) = screen.window()
    assert found.status == "warning"
    assert "no-such-platform" in found.found
    assert "--headless" in found.remedy


# Sound


class SelfDriven(RoomDevice):
    """A room whose time passes by itself while it is open, as a real device's does."""

    def __init__(self, noise_dbfs: float = -60.0) -> None:
        super().__init__(noise_dbfs=noise_dbfs)
        self._closed = threading.Event()

    def open(self, on_block: OnBlock) -> None:
        super().open(on_block)
        self._thread = threading.Thread(target=self.run_until, args=(self._closed.is_set,))
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self._thread.join()
        super().close()


class Mute(SelfDriven):
    """Its microphone is switched off."""

    def open(self, on_block: OnBlock) -> None:
        def silenced(near: np.ndarray, out: np.ndarray, xrun_in: bool, xrun_out: bool) -> None:
            on_block(np.zeros_like(near), out, xrun_in, xrun_out)

        super().open(silenced)


class Taken(RoomDevice):
    """Another program has it."""

    def open(self, on_block: OnBlock) -> None:
        raise DeviceUnavailable("It is busy.", "Wait a moment.")


def test_how_a_stream_behaves() -> None:
    stream, microphone = sound.listen(SelfDriven(noise_dbfs=-40), seconds=0.4)
    assert stream.figures["output_latency_ms"] == 30
    assert {"input_latency_ms", "lateness_p95_ms", "xruns"} <= stream.figures.keys()
    assert "Simulated microphone" in stream.found
    assert microphone.status == "ok"
    assert -45 < microphone.figures["mic_dbfs"] < -35


def test_a_microphone_that_is_switched_off() -> None:
    *_, microphone = sound.listen(Mute(), seconds=0.2)
    assert microphone.status == "warning"
    assert "zeros" in microphone.found


def test_a_device_that_does_not_open() -> None:
    (found,) = sound.listen(Taken(), seconds=0.2)
    assert (found.status, found.found) == ("warning", "It is busy.")
    assert "Wait a moment." in found.remedy
    assert "--room" in found.remedy
