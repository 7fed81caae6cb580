"""The real window on a loudspeaker in a room: it yields to a voice, and not to its own."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.device.over_loudspeaker import Alone, Barge, cut_in, interruptions, left_alone, speaking_room

TRIALS = 3
ALONE_S = 15.0
pytestmark = pytest.mark.device


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Alone, list[Barge]]]:
    home = tmp_path_factory.mktemp("home")
    with speaking_room(home, "--rehearse", "--brain.report", "shown", first=True) as place:
        alone = left_alone(place, ALONE_S)
        chance = random.Random(1)
        yield alone, [cut_in(place, each, chance) for each in interruptions(TRIALS)]


def test_it_does_not_stop_for_its_own_voice_from_the_first_word_on(run: tuple[Alone, list[Barge]]) -> None:
    alone, _ = run
    assert alone.stops == 0


def test_the_mic_did_hear_it(run: tuple[Alone, list[Barge]]) -> None:
    _, barges = run
    assert all(barge.echo_dbfs > -35 for barge in barges)


def test_it_stops_for_a_voice(run: tuple[Alone, list[Barge]]) -> None:
    _, barges = run
    silent_ms = [barge.silent_ms for barge in barges]
    print(f"\nonset to silence in the recording: {silent_ms}")
    assert sum(ms is not None for ms in silent_ms) >= TRIALS - 1
