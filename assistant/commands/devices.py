"""`devices`: the microphones and loudspeakers by the names that the settings take."""

from __future__ import annotations

import argparse
import json

from assistant.audio.devices import ListedDevice, Side, list_devices

_SIDES: dict[Side, str] = {"input": "Microphones", "output": "Loudspeakers"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print them as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Returns 1 where there are none."""
    found = list_devices()
    if arguments.json:
        names = {side: [device.name for device in _of(found.devices, side)] for side in _SIDES}
        print(json.dumps({**names, "reason": found.reason}, ensure_ascii=False, indent=1))
        return 0 if found.devices else 1
    if not found.devices:
        print(f"{found.reason} {found.remedy}")
        return 1
    for side, word in _SIDES.items():
        print(f"{word}  (--audio.{side} NAME)")
        for device in _of(found.devices, side):
            chosen = "*" if device.is_default(side) else " "
            print(f"  {chosen} {device.name}  ({device.host_api}, {device.channels(side)} channels)")
    print("* is the system's choice.")
    return 0


def _of(devices: tuple[ListedDevice, ...], side: Side) -> list[ListedDevice]:
    return [device for device in devices if device.channels(side)]
