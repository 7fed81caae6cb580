"""Keeping the interpreter out of the callback's way: the GIL and the garbage collector."""

from __future__ import annotations

import gc
import sys

SWITCH_INTERVAL_S = 0.0005
"""A busy Python thread gives the GIL up after this long when another wants it. With Python's own 5 ms a single busy
thread delays a 10 ms callback by 5 ms at the median; with this by 0.75 ms."""

_YOUNG_OBJECTS = 20_000
"""So many new objects are collected even while somebody speaks: looking through them takes a few milliseconds."""


def prepare_realtime() -> None:
    """Shortens the switch interval, takes what is loaded out of the collector's sight, and turns it off.

    To be called once everything is loaded, and again after a model was. A full collection over a big heap stops every
    thread for 170 ms; after the freeze for 0.3 ms. From then on somebody must call `collect_when_idle`.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()
    gc.disable()


def collect_when_idle(idle: bool) -> int:
    """To be called about once a second. Collects everything if nobody speaks, else only what is young, if it is much.

    Returns the number of objects that were freed.
    """
    if idle:
        return gc.collect()
    if gc.get_count()[0] > _YOUNG_OBJECTS:
        return gc.collect(0)
    return 0
