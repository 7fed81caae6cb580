"""`settings`: list every setting with its present value, and keep the README's list current."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from assistant.settings import reference
from assistant.settings.access import SettingRefused
from assistant.settings.overrides import add_flags, from_flags, resolve
from assistant.settings.paths import config_file
from assistant.settings.store import load

HELP = "list every setting, its present value and where it comes from"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command's parser its options and the flags of all settings."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--markdown", action="store_true", help="print the list as it stands in the README")
    what.add_argument("--check-readme", action="store_true", help="fail where the README's list differs")
    what.add_argument("--write-readme", action="store_true", help="put the list into the README")
    parser.add_argument(
        "--readme", type=Path, metavar="FILE", default=_readme(), help="the README meant (default: the checkout's)"
    )
    add_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Returns 0, 1 where the README differs or cannot be used, 2 for a refused flag."""
    try:
        if arguments.markdown:
            print(reference.markdown(), end="")
        elif arguments.check_readme:
            return _check(arguments.readme)
        elif arguments.write_readme:
            changed = reference.write_readme(arguments.readme)
            print(f"{arguments.readme}: settings {'written' if changed else 'were current'}")
        else:
            _list(arguments)
    except SettingRefused as refused:
        print(refused, file=sys.stderr)
        return 2
    except (reference.ReadmeRefused, OSError) as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _check(readme: Path) -> int:
    if reference.readme_is_current(readme):
        print(f"{readme}: settings are current")
        return 0
    print(f"{readme}: the list of settings is not current. {reference.REMEDY}", file=sys.stderr)
    return 1


def _list(arguments: argparse.Namespace) -> None:
    file = config_file()
    effective = resolve(load(file), os.environ, from_flags(arguments))
    print(reference.terminal(effective))
    print(f"File: {file}{'' if file.exists() else ' (none yet: made when a setting is changed)'}")
    for notice in effective.notices:
        print(f"{notice.title}: {notice.text} {notice.remedy}", file=sys.stderr)


def _readme() -> Path:
    return Path(__file__).resolve().parents[2] / "README.md"
