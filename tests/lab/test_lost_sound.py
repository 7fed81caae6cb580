"""A stalled machine loses a piece of sound, and our own voice comes back later from then on: it must not stutter."""

from __future__ import annotations

import pytest

from assistant.lab.replay import replay
from assistant.settings.sections import Settings
from tests.made_rooms import make


@pytest.mark.parametrize("room", [4, 8])
def test_it_does_not_stop_itself_again_and_again(room: int) -> None:
    made = make("150 ms lost", room, None, ratio_db=0.0)
    events = replay(made, Settings()).events()  # type: ignore[arg-type]
    assert [event["event"] for event in events].count("stop") <= 1


def test_nor_when_the_microphone_lacks_some_and_our_voice_is_early() -> None:
    made = make("15 ms unheard", 4, None, ratio_db=0.0)
    events = replay(made, Settings()).events()  # type: ignore[arg-type]
    assert not [event for event in events if event["event"] == "stop"]


@pytest.mark.parametrize("room", [4, 8])
def test_whoever_cuts_in_afterwards_is_heard(room: int) -> None:
    made = make("150 ms lost", room, 2.0, ratio_db=6.0)
    events = replay(made, Settings()).events()  # type: ignore[arg-type]
    stops = [event["t"] for event in events if event["event"] == "stop"]
    assert any(made.onset_s <= at <= made.onset_s + 1 for at in stops)
