"""The one way of a mic block: front end, detector, core. The running app and a replay both take it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.audio.front_end import FRAME, FrontEnd, FrontFrame
from assistant.signal.trace import Trace
from assistant.turns.commands import Command
from assistant.turns.core import TurnTaking
from assistant.turns.facts import SILENCE_DBFS, FrameFacts, SettingsChanged, Signal
from assistant.turns.states import State

Floats = npt.NDArray[np.float32]
_STATES = list(State)


class Detector(Protocol):
    """Tells how likely a frame is speech."""

    name: str

    def __call__(self, frame: FrontFrame, /) -> float:
        """Returns 0..1. Silero takes `frame.audio` alone, the learned detector what the canceller knows besides."""

    def reset(self) -> None:
        """Forget the stream so far."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """One frame and what the core made of it."""

    frame: FrontFrame
    facts: FrameFacts
    commands: tuple[Command, ...]


class FramePath:
    """Owned by the turn thread, or by a replay. Signals wait here for the next frame's edge."""

    def __init__(self, front_end: FrontEnd, detector: Detector, core: TurnTaking, trace: Trace | None = None) -> None:
        self.front_end = front_end
        self.core = core
        self.detector = detector
        self._trace = trace
        self._signals: list[Signal] = []

    def tell(self, signal: Signal) -> None:
        """Something that happened since the last frame."""
        if isinstance(signal, SettingsChanged):
            self.front_end.change(signal.settings)
        self._signals.append(signal)

    def feed(self, near: Floats, far: Floats, gain: float = 1.0) -> Iterator[Stepped]:
        """near, far: one block of the same moment at the front end's rate, any length. gain: of playback, drawn.

        Yields frame by frame, so that the caller can act on one before the next is decided.
        """
        for frame in self.front_end.push(near, far):
            facts = FrameFacts(
                end_sample=frame.end_sample,
                p_speech=self.detector(frame),
                near_dbfs=frame.near_dbfs,
                noise_dbfs=frame.noise_dbfs,
                echo_dbfs=frame.echo_dbfs,
                far_dbfs=frame.far_dbfs,
                rise_sample=frame.rise_sample,
            )
            signals, self._signals = tuple(self._signals), []
            commands = self.core.step(facts, signals)
            if self._trace is not None:
                self._draw(frame, facts, gain)
            yield Stepped(frame, facts, commands)

    def reset(self) -> None:
        """The stream was opened again, maybe by another microphone."""
        self.front_end.reset()
        self.detector.reset()
        self.core.usual_voice.take_over(SILENCE_DBFS)

    def _draw(self, frame: FrontFrame, facts: FrameFacts, gain: float) -> None:
        assert self._trace is not None
        self._trace.add_sound(frame.raw[-FRAME:], frame.far[-FRAME:])
        state = float(_STATES.index(self.core.state))
        levels = (facts.near_dbfs, facts.noise_dbfs, facts.echo_dbfs, facts.far_dbfs)
        since_rise = float(facts.end_sample - facts.rise_sample)
        usual_dbfs = self.core.usual_voice.dbfs
        self._trace.add_frame((facts.p_speech, *levels, gain, state, since_rise, usual_dbfs))
