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
    ProtectedSaid,
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
    ReplyStarted(protected=True),
    ProtectedSaid(),
    ReplyEnded(),
    NoReply(),
    NoWords(),
    StopPressed(),
    TalkPressed(),
    TalkReleased(),
    WordsHeard("Stop."),
    WordsHeard("Mm-hm", final=True),
    WordsHeard("what I mean is"),
    WordsHeard("That is what I mean.", final=True),
]
STRETCH_FRAMES = 600_000 // FRAME_MS
Burst = tuple[float, float, int, tuple[Signal, ...]]
"""Probability, level, how many frames, and what is signalled before the first."""
SLAM: tuple[Burst, ...] = ((0.0, -70.0, 1, (ReplyStarted(),)), (1.0, -30.0, 4, ()), (0.0, -70.0, 30, ()))
"""It speaks and a door slams, which chance alone hardly ever lets happen twice in one reply."""
OVER: tuple[Burst, ...] = (
    (0.0, -70.0, 1, (ReplyStarted(protected=True),)),
    (1.0, -30.0, 12, ()),
    (0.0, -70.0, 12, ()),
)
"""Somebody speaks over a protected sentence and waits."""


def facts(index: int, p: float, near_dbfs: float, echo_dbfs: float) -> FrameFacts:
    end = (index + 1) * FRAME_SAMPLES
    return FrameFacts(end, p, near_dbfs, -70, echo_dbfs, rise_sample=end - FRAME_SAMPLES)


def random_frames(chance: random.Random, settings: Settings, stretches: int) -> Iterator[set[State]]:
    """Bursts of frames of one kind with a signal now and then; yields the states seen in each ten minutes."""
    core = TurnTaking(settings)
    index = 0
    for _ in range(stretches):
        seen: set[State] = set()
        end = index + STRETCH_FRAMES
        while index < end:
            for p, near_dbfs, frames, signals in _bursts(chance):
                for number in range(frames):
                    core.step(facts(index, p, near_dbfs, -120.0), signals if number == 0 else ())
                    seen.add(core.state)
                    index += 1
        yield seen


def _bursts(chance: random.Random) -> tuple[Burst, ...]:
    if chance.random() < 0.03:
        return chance.choice((SLAM * 2, OVER))
    p, near_dbfs = chance.choice([0.0, 0.3, 0.5, 0.9, 1.0]), chance.choice([-70.0, -30.0])
    signals = (chance.choice(SIGNALS),) if chance.random() < 0.3 else ()
    return ((p, near_dbfs, chance.choice([1, 2, 3, 6, 9, 30]), signals),)
