"""`run`: the window, or the same conversation in a terminal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.chosen import add_settings_flags, chosen, refuse
from assistant.commands.display import can_open_window
from assistant.settings.access import SettingRefused
from assistant.settings.presets import PresetRefused

if TYPE_CHECKING:
    from assistant.app import Opening


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rehearse", action="store_true", help="begin with Rehearsal, the tuning coach, at once")
    parser.add_argument("--room", action="store_true", help="use the simulated room instead of the sound devices")
    parser.add_argument("--headless", action="store_true", help="no window: the conversation in this terminal")
    parser.add_argument("--events", type=Path, metavar="FILE", help="append one JSON line a decision to this file")
    parser.add_argument("--seconds", type=float, metavar="N", help="end by itself after so long")
    add_settings_flags(parser)


def run(arguments: argparse.Namespace, opening: Opening | None = None) -> int:
    """opening: the window, if it is there already."""
    if arguments.seconds is not None and arguments.seconds <= 0:
        print(f"interject: --seconds is {arguments.seconds:g}, give more than 0.", file=sys.stderr)
        return 2
    try:
        effective = chosen(arguments)
    except (SettingRefused, PresetRefused) as error:
        return refuse(error)
    if not arguments.headless and not can_open_window():
        print("There is no display here, so the conversation goes on in this terminal.", file=sys.stderr)
        arguments.headless = True
    try:
        if arguments.headless:
            from assistant.commands.headless import talk

            return talk(effective, arguments)
        from assistant.app import open_empty, run_window

        opening = opening or open_empty()
        if opening is None:
            return 1
        return run_window(
            opening,
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
