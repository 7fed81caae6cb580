"""`run`: the window, or the same conversation in a terminal."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from assistant.commands.chosen import add_settings_flags, chosen, refuse
from assistant.settings.access import SettingRefused
from assistant.settings.presets import PresetRefused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rehearse", action="store_true", help="begin with Rehearsal, the tuning coach, at once")
    parser.add_argument("--room", action="store_true", help="use the simulated room instead of the sound devices")
    parser.add_argument("--headless", action="store_true", help="no window: the conversation in this terminal")
    parser.add_argument("--events", type=Path, metavar="FILE", help="append one JSON line a decision to this file")
    parser.add_argument("--seconds", type=float, metavar="N", help="end by itself after so long")
    add_settings_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.seconds is not None and arguments.seconds <= 0:
        print(f"interject: --seconds is {arguments.seconds:g}, give more than 0.", file=sys.stderr)
        return 2
    try:
        effective = chosen(arguments)
    except (SettingRefused, PresetRefused) as error:
        return refuse(error)
    if not arguments.headless and not _has_display():
        print("There is no display here, so the conversation goes on in this terminal.", file=sys.stderr)
        arguments.headless = True
    try:
        if arguments.headless:
            from assistant.commands.headless import talk

            return talk(effective, arguments)
        from assistant.app import open_window

        return open_window(
            effective,
            rehearse=arguments.rehearse,
            room=arguments.room,
            events=arguments.events,
            seconds=arguments.seconds,
        )
    except OSError as error:
        for_events = arguments.events is not None and error.filename == str(arguments.events)
        remedy = ". Choose another place for --events." if for_events else ""
        print(f"interject: {error}{remedy}", file=sys.stderr)
        return 1


def _has_display() -> bool:
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal", "vnc"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
