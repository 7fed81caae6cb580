"""The settings of this run: defaults, the file, the environment, a preset, and what the command line says."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace

from assistant.settings.access import SettingRefused
from assistant.settings.overrides import Effective, add_flags, from_flags, resolve
from assistant.settings.paths import config_file
from assistant.settings.presets import PresetRefused, apply, own_file, shelf
from assistant.settings.sections import Settings
from assistant.settings.store import Loaded, load


def add_settings_flags(parser: argparse.ArgumentParser) -> None:
    """--preset, --set and one flag a setting."""
    parser.add_argument("--preset", metavar="NAME", help="begin with this preset, such as Headphones or Speakers")
    add_flags(parser)


def chosen(arguments: argparse.Namespace, *, with_file: bool = True) -> Effective:
    """with_file: whether the person's own file counts; a measurement must not depend on it.

    Raises SettingRefused or PresetRefused with a text for the person.
    """
    loaded = load(config_file()) if with_file else Loaded(Settings())
    if arguments.preset:
        loaded = replace(loaded, settings=apply(loaded.settings, shelf(own_file()).named(arguments.preset)))
    return resolve(loaded, os.environ if with_file else {}, from_flags(arguments))


def refuse(error: SettingRefused | PresetRefused) -> int:
    """Tells the person why a flag was not taken; the exit status."""
    print(f"interject: {error}", file=sys.stderr)
    return 2
