"""What runs in the other process, by its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any


def run_inside(role: str, options: str) -> int:
    """Does it and prints the result as one JSON line. Each role is imported only where it runs."""
    print(json.dumps(ROLES[role](**json.loads(options))), flush=True)
    return 0


def _start(**options: Any) -> Mapping[str, Any]:
    from assistant.commands.measures.starting import start_app

    return start_app(**options)


def _live(**options: Any) -> Mapping[str, Any]:
    from assistant.commands.measures.living import live

    return live(**options)


def _draw(**options: Any) -> Mapping[str, Any]:
    from assistant.commands.measures.drawing import draw

    return draw(**options)


def _ask(**options: Any) -> Mapping[str, Any]:
    from assistant.commands.measures.asking import ask

    return ask(**options)


def _stop(**options: Any) -> Mapping[str, Any]:
    from assistant.commands.measures.asking import stop

    return stop(**options)


ROLES: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "start": _start,
    "live": _live,
    "draw": _draw,
    "ask": _ask,
    "stop": _stop,
}
