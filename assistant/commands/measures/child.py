"""Measurements in a process of their own: a fresh interpreter, one screen scale, and no settings of the person's."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from assistant.commands.child import own_command, own_environment
from assistant.commands.display import has_display
from assistant.commands.measures.figure import NotMeasured
from assistant.settings.overrides import PREFIX
from assistant.settings.paths import HOME_VARIABLE

INSIDE_FLAG, OPTIONS_FLAG = "--inside", "--options"
_SLACK_S = 60.0


def in_child(role: str, options: Mapping[str, Any], lasts_s: float = 0.0, screen_scale: float | None = None) -> Any:
    """Runs a role of `inside.ROLES` and returns what it printed, with `began_s`, when it was started, by monotonic().

    screen_scale: draws on no screen, at that scale; None takes the display if there is one. Raises NotMeasured.
    """
    changes = {name: "" for name in os.environ if name.startswith(PREFIX)}
    if screen_scale is not None:
        changes |= {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": f"{screen_scale:g}"}
    elif not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        changes["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        environment = own_environment({**changes, HOME_VARIABLE: home})
        began_s = time.monotonic()
        try:
            done = subprocess.run(
                own_command("bench", INSIDE_FLAG, role, OPTIONS_FLAG, json.dumps(options)),
                env=environment,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=lasts_s + _SLACK_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NotMeasured(f"{role} did not end within {error.timeout:.0f} s.") from error
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise NotMeasured(f"{role} ended with {done.returncode}: {said}")
    return {**json.loads(lines[-1]), "began_s": began_s}
