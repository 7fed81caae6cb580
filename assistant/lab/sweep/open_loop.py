"""The frames of a scenario on headphones, seen once and decided as often as wanted.

Without a loudspeaker in the microphone nothing that is decided changes what is heard, so the front end and the detector
need to run only once, and another setting costs the core's own microseconds a frame.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.audio.frame_path import Detector, FramePath
from assistant.audio.front_end import FrontEnd
from assistant.lab.replay import Replayed
from assistant.lab.scenario import Scenario
from assistant.settings.sections import Settings
from assistant.turns.commands import Command, Restore
from assistant.turns.core import TurnTaking
from assistant.turns.facts import RATE, SILENCE_DBFS, FrameFacts, ReplyStarted, Signal
from assistant.turns.odds import log_odds
from assistant.turns.states import SILENT, State

Frames = tuple[FrameFacts, ...]


def frames_of(scenario: Scenario, settings: Settings, detector: Detector) -> Frames:
    """What the core is told of each frame. Raises ValueError for a scenario with a loudspeaker, and BadSound."""
    if scenario.far is not None:
        raise ValueError(f"{scenario.id} has a loudspeaker: what is decided changes what is heard")
    mic, _, _ = scenario.read()
    path = FramePath(FrontEnd(RATE, settings), detector, TurnTaking(settings))
    return tuple(stepped.facts for stepped in path.feed(mic, np.zeros_like(mic)))


def decide(
    scenario: Scenario, frames: Sequence[FrameFacts], settings: Settings, usual_dbfs: float = SILENCE_DBFS
) -> Replayed:
    """The same decisions as `replay` with these settings. usual_dbfs: how loud the person usually speaks, if known."""
    core = TurnTaking(settings, State.SPEAKING)
    core.usual_voice.take_over(usual_dbfs)
    commands: list[Command] = []
    resumed: list[int] = []
    waiting: tuple[Signal, ...] = ()
    for facts in frames:
        now, waiting = core.step(facts, waiting), ()
        commands += now
        if core.state in SILENT:  # a reply is there at once, so it speaks again
            waiting = (ReplyStarted(),)
            if not any(isinstance(command, Restore) for command in now):
                resumed.append(facts.end_sample)
    return Replayed(scenario.id, tuple(commands), tuple(resumed), 0.0, len(frames) and frames[-1].end_sample / RATE)


def more_easily_convinced(frames: Sequence[FrameFacts], by: float) -> Frames:
    """As a detector would have told them whose log-odds are higher by so much."""
    return tuple(replace(facts, p_speech=1 / (1 + math.exp(-(log_odds(facts.p_speech) + by)))) for facts in frames)
