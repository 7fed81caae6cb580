"""The app as a whole, in processes of its own: drawing, the audio callback, listening, and starting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from assistant.audio.room import BLOCK, RoomDevice
from assistant.commands.measures.child import in_child
from assistant.commands.measures.figure import Aim, Drawn, Effort, Figure, Measured, NotMeasured, of_repeats
from assistant.commands.measures.path import cpu_s
from assistant.commands.measures.table import histogram

NO_XRUNS = Aim("≤", 0)
LISTENING_AIM = Aim("≤", 25)
WINDOW_AIM = Aim("≤", 1.0)
SPEAKING_AIM = Aim("≤", 3.0)
LISTENING_S = 15.0
_START_S = 20.0
_ROOM_BLOCKS = 300


def drawing(effort: Effort) -> Iterator[Measured]:
    """A painted frame of the live panel in a window of 1280 × 800, at two screen scales, on no screen."""
    for scale in (1.0, 2.0):
        drawn = in_child("draw", {"repeats": effort.repeats}, screen_scale=scale)
        width, height = drawn["size"]
        at = f"{width} × {height}, scale {drawn['scale']:g}"
        yield of_repeats("drawing", f"a frame, {at}", drawn["median_ms"], "ms")
        yield of_repeats("drawing", f"p95, scale {drawn['scale']:g}", drawn["p95_ms"], "ms")
        yield of_repeats("drawing", f"longest GIL hold, scale {drawn['scale']:g}", drawn["hold_ms"], "ms")


def callback(effort: Effort) -> Iterator[Measured]:
    """How late the audio callback is while Interject speaks, with the panel drawing and without a window."""
    where = "devices" if effort.devices else "room"
    for window, words in ((True, "panel drawing"), (False, "no window")):
        lived = _live(effort, effort.seconds, speaking=True, window=window)
        seconds = f"{lived['sounded_s']:.0f} s speaking"
        yield Figure("callback", f"xruns, {seconds}, {words}", lived["xruns"], "", NO_XRUNS)
        for key, name in (
            ("late_p50_ms", "late, median"),
            ("late_p95_ms", "late, p95"),
            ("late_max_ms", "late, worst"),
        ):
            yield Figure("callback", f"{name}, {words}", lived[key], "ms")
        yield Figure("callback", f"its own work, p95, {words}", lived["busy_p95_ms"], "ms")
        yield Figure("callback", f"processor, {words}", lived["cpu_percent"], "% of a core")
        title = f"Callback lateness on the {where}, {words} ({lived['sounding']:.0%} of the time speaking):"
        yield Drawn("callback", (title, *histogram(lived["counts"], lived["bin_ms"])))


def listening(effort: Effort) -> Iterator[Measured]:
    """The processor's work while nobody speaks and the panel is open."""
    lived = _live(effort, min(effort.seconds, LISTENING_S), speaking=False, window=True)
    yield Figure("listening", "panel open", lived["cpu_percent"], "% of a core", LISTENING_AIM)
    yield Figure("listening", "panel, frames", lived["frames_per_s"], "/s")
    if not effort.devices:
        yield of_repeats("listening", "of that the simulated room", _room_percent(effort), "% of a core")


def start_up(effort: Effort) -> Iterator[Measured]:
    """From the process's start; once before, uncounted, so that the files are in memory."""
    in_child("start", {}, _START_S)
    visible, full, spoke = [], [], []
    for _ in range(effort.starts):
        started = in_child("start", {}, _START_S)
        if None in started.values():
            raise NotMeasured("the app did not come as far as speaking within 20 s.")
        visible.append(started["visible_s"] - started["began_s"])
        full.append(started["full_s"] - started["began_s"])
        spoke.append(started["spoke_s"] - started["began_s"])
    yield of_repeats("start-up", "window visible", visible, "s", WINDOW_AIM)
    yield of_repeats("start-up", "everything in it", full, "s")
    yield of_repeats("start-up", "speaking, with the room", spoke, "s", SPEAKING_AIM)


def _live(effort: Effort, seconds: float, *, speaking: bool, window: bool) -> Any:
    options = {"seconds": seconds, "speaking": speaking, "window": window, "devices": effort.devices}
    lived = in_child("live", options, seconds + _START_S)
    if "failure" in lived:
        raise NotMeasured(lived["failure"])
    return lived


def _room_percent(effort: Effort) -> list[float]:
    room = RoomDevice()
    room.open(_silent)

    def blocks() -> None:
        for _ in range(_ROOM_BLOCKS):
            room.step()

    return [cpu_s(blocks) / (_ROOM_BLOCKS * BLOCK / 48_000) * 100 for _ in range(effort.repeats)]


def _silent(near: np.ndarray, out: np.ndarray, _xrun_in: bool, _xrun_out: bool) -> None:
    out.fill(0.0)
