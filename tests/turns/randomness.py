"""Random frames and signals, for the properties and for the benchmark of the core."""

from __future__ import annotations

import random
from collections.abc import Iterator

from assistant.settings.sections import FRAME_MS, Settings
from assistant.turns.core import TurnTaking
from assistant.turns.facts import (
    FRAME_SAMPLES,
    Asked,
    FrameFacts,
    NoReply,
    NoWords,
    ReplyEnded,
    ReplyStarted,
    Signal,
    StopPressed,
    TalkPressed,
    TalkReleased,
    WordsHeard,
)
from assistant.turns.states import State

SIGNALS: list[Signal] = [
    Asked(),
    ReplyStarted(),
    ReplyEnded(),
    NoReply(),
    NoWords(),
    StopPressed(),
    TalkPressed(),
    TalkReleased(),
    WordsHeard("Stop."),
    WordsHeard("Mm-hm", final=True),
    WordsHeard("what I mean is"),
]
STRETCH_FRAMES = 600_000 // FRAME_MS


def facts(index: int, p: float, near_dbfs: float, echo_dbfs: float) -> FrameFacts:
    end = (index + 1) * FRAME_SAMPLES
    return FrameFacts(index, end, p, near_dbfs, -70, echo_dbfs, rise_sample=end - FRAME_SAMPLES)


def random_frames(chance: random.Random, settings: Settings, stretches: int) -> Iterator[set[State]]:
    """Bursts of frames of one kind with a signal now and then; yields the states seen in each ten minutes."""
    core = TurnTaking(settings)
    index = 0
    for _ in range(stretches):
        seen: set[State] = set()
        end = index + STRETCH_FRAMES
        while index < end:
            p, near_dbfs = chance.choice([0.0, 0.3, 0.5, 0.7, 1.0]), chance.choice([-70.0, -30.0])
            signals = (chance.choice(SIGNALS),) if chance.random() < 0.3 else ()
            for _ in range(chance.choice([1, 2, 3, 6, 9, 30])):
                core.step(facts(index, p, near_dbfs, -120.0), signals)
                seen.add(core.state)
                signals = ()
                index += 1
        yield seen
