"""The interpreter is set up for the audio callback, and can be set back."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from assistant.audio.realtime import SWITCH_INTERVAL_S, collect_when_idle, prepare_realtime


class Knot:
    """An object that only the garbage collector can free."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def realtime() -> Iterator[None]:
    interval_s = sys.getswitchinterval()
    prepare_realtime()
    yield
    sys.setswitchinterval(interval_s)
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("realtime")
def test_threads_take_turns_quickly_and_nothing_is_collected_by_itself() -> None:
    assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL_S)
    assert not gc.isenabled()
    assert gc.get_freeze_count() > 0


@pytest.mark.usefixtures("realtime")
def test_garbage_waits_until_nobody_speaks() -> None:
    collect_when_idle(idle=True)
    knots = [Knot() for _ in range(100)]
    del knots
    assert collect_when_idle(idle=False) == 0
    assert collect_when_idle(idle=True) >= 100


@pytest.mark.usefixtures("realtime")
def test_much_garbage_is_collected_even_while_somebody_speaks() -> None:
    collect_when_idle(idle=True)
    knots = [Knot() for _ in range(30_000)]
    del knots
    assert collect_when_idle(idle=False) >= 30_000
