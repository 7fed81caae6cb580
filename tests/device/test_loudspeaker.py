"""The real window on a loudspeaker in a room: it yields to a voice, and not to its own."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from tests.device.over_loudspeaker import (
    Alone,
    Barge,
    cut_in,
    fallen_behind_ms,
    interruptions,
    left_alone,
    speaking_room,
)

TRIALS = 3
ALONE_S = 18.0
BUSY_MS = 60.0
"""Sound that the application lost: on a machine that is so late the echo's path jumps again and again."""
pytestmark = pytest.mark.device


@dataclass(frozen=True, slots=True)
class Run:
    """Interruptions, then nobody but itself."""

    barges: list[Barge]
    alone: Alone
    behind_ms: float


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    home = tmp_path_factory.mktemp("home")
    with speaking_room(home, "--rehearse", "--brain.report", "shown", first=True) as place:
        chance = random.Random(1)
        barges = [cut_in(place, each, chance) for each in interruptions(TRIALS)]
        alone = left_alone(place, ALONE_S)
        return Run(barges, alone, fallen_behind_ms(place))


def test_it_does_not_stop_for_its_own_voice(run: Run) -> None:
    if run.alone.stops and run.behind_ms > BUSY_MS:
        pytest.skip(f"the machine is too busy: {run.behind_ms:.0f} ms of sound were lost")
    assert run.alone.stops == 0


def test_the_mic_did_hear_it(run: Run) -> None:
    assert all(barge.echo_dbfs > -35 for barge in run.barges)


def test_it_stops_for_a_voice(run: Run) -> None:
    silent_ms = [barge.silent_ms for barge in run.barges]
    print(f"\nonset to silence in the recording: {silent_ms}")
    assert sum(ms is not None for ms in silent_ms) >= TRIALS - 1
