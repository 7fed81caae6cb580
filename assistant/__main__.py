"""The command line: python -m assistant, also installed as interject."""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from assistant.commands.display import can_open_window

COMMANDS = {
    "run": "open the window and talk (the default)",
    "replay": "decide recordings or scenarios again and say what would have happened",
    "models": "list, download, add, check or remove the models that hear, think and speak",
    "devices": "list the microphones and loudspeakers",
    "settings": "list every setting with its value and range",
    "doctor": "look for what is missing or slow, each with its remedy",
    "bench": "measure what each part costs on this machine",
}


AT_ONCE = {"run", "--room", "--rehearse"}
"""Words that nothing can be wrong with: the window need not wait until they are understood."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0, 1 where something is wrong that was said, or 2 for words that are not understood."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help")):
        given = ["run", *given]
    if given[0] == "run":
        # Loading makes objects that stay: looking through them again and again costs a tenth of the time to the window.
        # From then on the application collects when nobody speaks.
        gc.disable()
    opening = None
    if given[0] == "run" and AT_ONCE.issuperset(given) and can_open_window():
        try:
            opening = importlib.import_module("assistant.app").open_empty()
        except OSError as error:
            print(f"interject: {error}", file=sys.stderr)
            return 1
        if opening is None:
            return 1
    # Nobody extends our settings from outside: looking for such a plugin reads what every installed package declares.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    parser = argparse.ArgumentParser(
        prog="interject", description="An offline desktop voice assistant that you can interrupt."
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == given[0]:  # the other commands' modules stay unread: the window must be up within a second
            importlib.import_module(f"assistant.commands.{name}").add_arguments(subparser)
    parsed = parser.parse_args(given)
    with_window = {"opening": opening} if opening else {}
    return int(importlib.import_module(f"assistant.commands.{parsed.command}").run(parsed, **with_window))


def run_and_leave() -> NoReturn:
    """Runs one command and ends the process.

    Where Qt was loaded its objects are not taken down: the interpreter does so in any order, under a thread that was
    left in a driver; two of 130 starts and ends on a busy machine crashed there, long after all was said and saved.
    """
    status = main()
    if "PySide6.QtCore" not in sys.modules:
        sys.exit(status)
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError):  # there is none, or a pipe that nobody reads any more
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    run_and_leave()
