"""`run` without a window: the conversation in a terminal, its events for scripts, and its ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


def begun(*words: object, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", "run", *map(str, words)],
        cwd=ROOT,
        env=dict(os.environ if environment is None else environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_conversation_goes_on_in_the_terminal_and_ends_by_itself(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    running = begun("--headless", "--room", "--rehearse", "--seconds", 3, "--events", events)
    out, err = running.communicate(timeout=40)
    assert (running.returncode, err) == (0, "")
    assert "Sound: Simulated microphone → Simulated loudspeaker" in out
    assert "Interject: I read to you; cut in whenever you like." in out
    lines = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    assert all({"monotonic_s", "event"} <= line.keys() for line in lines)


def test_without_a_display_it_says_so_and_runs_in_the_terminal() -> None:
    if sys.platform != "linux":
        pytest.skip("other systems always have a display")
    display = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    rest = {key: text for key, text in os.environ.items() if key not in display}
    running = begun("--room", "--seconds", 0.5, environment=rest)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 0
    assert err == "There is no display here, so the conversation goes on in this terminal.\n"


@pytest.mark.parametrize("interruption", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_polite_kill_end_it_in_mid_speech(interruption: signal.Signals) -> None:
    running = begun("--headless", "--room", "--rehearse")
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("Interject:"):
            break
    running.send_signal(interruption)
    _, err = running.communicate(timeout=10)
    assert (running.returncode, err) == (0, ""), "0: every thread ended within two seconds"


def test_an_events_file_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    running = begun("--headless", "--events", tmp_path / "file" / "events.jsonl")
    _, err = running.communicate(timeout=20)
    assert running.returncode == 1
    assert "events.jsonl" in err
    assert "Choose another place for --events." in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--vad.start", "7"], "vad.start is 7, allowed"),
        (["--set", "audio.loudness=3"], "There is no setting audio.loudness"),
        (["--preset", "Cathedral"], "There is no preset Cathedral"),
    ],
)
def test_a_wrong_flag_is_refused_before_anything_opens(
    flags: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--headless", *flags]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(("first", "taken_down"), [("import PySide6.QtCore", ""), ("", "taken down")])
def test_the_process_ends_with_its_status_and_all_it_said_but_takes_no_qt_down(first: str, taken_down: str) -> None:
    script = f"""
{first}
import atexit
from assistant import __main__ as command_line
atexit.register(print, "taken down")
command_line.main = lambda: print("said", end=" ") or 3
command_line.run_and_leave()
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (3, f"said {taken_down}".strip())
