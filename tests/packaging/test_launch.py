"""What start.py's arguments mean, and what it does without a display."""

from __future__ import annotations

import pytest
from bootstrap.launch import command_line, has_display, needs_xcb


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ["run"]),
        (["--rehearse"], ["run", "--rehearse"]),
        (["--events", "out.jsonl"], ["run", "--events", "out.jsonl"]),
        (["run", "--room"], ["run", "--room"]),
        (["doctor"], ["doctor"]),
        (["replay", "a.wav", "--jobs", "2"], ["replay", "a.wav", "--jobs", "2"]),
        (["--help"], ["--help"]),
    ],
)
def test_options_alone_belong_to_run(arguments: list[str], command: list[str]) -> None:
    assert command_line(arguments) == command


def test_only_a_linux_without_a_screen_has_no_display() -> None:
    assert not has_display({}, "linux")
    assert not has_display({"DISPLAY": ""}, "linux")
    assert has_display({"DISPLAY": ":0"}, "linux")
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert has_display({"QT_QPA_PLATFORM": "offscreen"}, "linux")
    assert has_display({}, "darwin")
    assert has_display({}, "win32")


def test_qt_needs_xcb_unless_it_draws_elsewhere() -> None:
    assert needs_xcb({"DISPLAY": ":0"})
    assert not needs_xcb({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"})
    assert not needs_xcb({"QT_QPA_PLATFORM": "offscreen"})
