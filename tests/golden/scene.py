"""A scene in audio time: Interject reads, somebody does something, and what is decided is noted down.

Front end, detector and core are the real ones; the loop is closed, so that what is ducked or stopped is no longer in
the echo. Only what makes and understands words is played by the scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.audio.frame_path import Detector, FramePath, Stepped
from assistant.audio.front_end import FRAME, RATE, FrontEnd
from assistant.audio.room import PartitionedConvolution, noise_bed, room_response
from assistant.settings.access import change
from assistant.settings.sections import Settings
from assistant.signal.ramp import GainRamp
from assistant.turns.commands import (
    CancelReply,
    CloseUtterance,
    Command,
    DropUtterance,
    Duck,
    OpenUtterance,
    Overheard,
    Promise,
    Restore,
    Resume,
    Stop,
    Wait,
)
from assistant.turns.core import TurnTaking
from assistant.turns.facts import ProtectedSaid, ReplyStarted, Signal
from tests.golden.sounds import Floats, story

BEGINS_S = 0.3
MAKING_S = 0.25
"""From a wish for a reply to its first sound."""
RAMP = 5 * RATE // 1000
AIR_S = 0.03
"""From loudspeaker to microphone: the device's buffers and a little air."""
NAMES: dict[type[Command], str] = {
    Duck: "duck",
    Restore: "restore",
    Stop: "stop",
    Resume: "resume",
    Wait: "wait",
    Promise: "promise",
    CancelReply: "gives its reply up",
    OpenUtterance: "your turn",
    CloseUtterance: "turn over",
    DropUtterance: "no turn",
    Overheard: "overheard",
}


Expected = tuple[str, float, float]
"""Name, and from when to when in seconds of the scene."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, and when in seconds of the scene. `why`: cause, or the kind of what was overheard."""

    name: str
    at_s: float
    why: str = ""


class Scene:
    """knobs: vad__start=.6 is vad.start. loudspeakers: at which level white noise comes back, None for headphones.

    answers: whether a turn gets an answer; else Interject thinks until the end of the scene.
    """

    def __init__(
        self, detector: Detector, *, loudspeakers_db: float | None = None, answers: bool = False, **knobs: float | str
    ) -> None:
        settings = change(Settings(), {key.replace("__", "."): value for key, value in knobs.items()})
        self._protects = settings.barge_in.protect == "first_sentence"
        self._answers = answers
        detector.reset()
        self._path = FramePath(FrontEnd(RATE, settings), detector, TurnTaking(settings))
        self._air = None
        if loudspeakers_db is not None:
            response = room_response(0.3, loudspeakers_db, seed=1, rate=RATE)
            late = np.concatenate([np.zeros(round(AIR_S * RATE), np.float32), response])
            self._air = PartitionedConvolution(late, FRAME)
        self._sounds: list[tuple[int, Floats]] = []
        self._signals: list[tuple[float, Signal]] = []
        self._gain = GainRamp(RAMP)
        self._story = np.concatenate(story())
        self._sentences = np.cumsum([0, *(len(sentence) for sentence in story())])
        self._at = 0
        self._protected = False
        self._begins_s: float | None = BEGINS_S
        self._told = Timeline()

    # What happens in it

    def hears(self, sound: Floats, at_s: float) -> Scene:
        """The microphone hears this too."""
        self._sounds.append((round(at_s * RATE), sound))
        return self

    def told(self, signal: Signal, at_s: float) -> Scene:
        """The recogniser understands something, or a key is pressed."""
        self._signals.append((at_s, signal))
        return self

    def plays(self, seconds: float) -> Timeline:
        """Lets it happen."""
        near = self._near(seconds)
        for start in range(0, len(near) - FRAME + 1, FRAME):
            self._tell(start / RATE)
            far = self._speak(start / RATE)
            echo = self._air.step(far) if self._air is not None else 0.0
            for stepped in self._path.feed(near[start : start + FRAME] + echo, far):
                self._carry_out(stepped)
        return self._told

    # Inside

    def _near(self, seconds: float) -> Floats:
        """The room, and what happens in it."""
        bed = noise_bed(-62.0, seed=2, seconds=8.0, rate=RATE)
        near: Floats = np.resize(bed, round(seconds * RATE)).copy()
        for start, sound in self._sounds:
            near[start : start + len(sound)] += sound[: len(near) - start]
        return near

    def _tell(self, now_s: float) -> None:
        for signal in [signal for at_s, signal in self._signals if at_s <= now_s]:
            self._path.tell(signal)
        self._signals = [(at_s, signal) for at_s, signal in self._signals if at_s > now_s]
        if self._begins_s is not None and now_s >= self._begins_s:
            self._begins_s = None
            self._gain.jump(1.0)
            self._protected = self._protects and self._at == 0
            self._path.tell(ReplyStarted(self._protected))
            self._told.note("speaks", now_s)
        if self._protected and self._at >= self._sentences[1]:
            self._protected = False
            self._path.tell(ProtectedSaid())

    def _speak(self, now_s: float) -> Floats:
        """What leaves for the loudspeaker now."""
        far = np.zeros(FRAME, np.float32)
        if self._gain.gain > 0:
            said = np.take(self._story, range(self._at, self._at + FRAME), mode="wrap")
            self._gain.apply(said, far, floor=0.0)
            self._at += FRAME
            if self._gain.gain == 0:
                self._told.note("silence", now_s + RAMP / RATE)
        return far

    def _carry_out(self, stepped: Stepped) -> None:
        now_s = stepped.facts.end_sample / RATE
        for command in stepped.commands:
            if name := NAMES.get(type(command)):
                why = command.kind if isinstance(command, Overheard) else command.reason.cause.name.lower()
                self._told.note(name, command.at / RATE, why)
            match command:
                case Duck(by_db=by_db):
                    self._gain.toward(10 ** (by_db / 20))
                case Restore():
                    self._gain.toward(1.0)
                case Stop():
                    self._gain.toward(0.0)
                case Resume():
                    self._at = int(max(start for start in self._sentences if start <= self._at))
                    self._begins_s = now_s + MAKING_S
                case CloseUtterance() if self._answers:
                    self._begins_s = now_s + MAKING_S
                case CancelReply():
                    self._begins_s = None
                case _:
                    pass


class Timeline:
    """What was decided, in order."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def note(self, name: str, at_s: float, why: str = "") -> None:
        self.events.append(Event(name, at_s, why))

    def why(self, name: str) -> str:
        """Of the last one of this name."""
        return next(event.why for event in reversed(self.events) if event.name == name)

    @property
    def ducked_s(self) -> float:
        """How long it was ducked in vain, all in all."""
        return sum(after.at_s - before.at_s for before, after in pairwise(self.events) if _in_vain(before, after))

    @property
    def course(self) -> list[Event]:
        """Everything but what was overheard and ducks in vain: a detector may have its doubts."""
        events = [event for event in self.events if event.name != "overheard"]
        vain = [at for at, (before, after) in enumerate(pairwise(events)) if _in_vain(before, after)]
        return [event for at, event in enumerate(events) if at not in vain and at - 1 not in vain]

    def goes(self, *expected: Expected) -> None:
        """Raises AssertionError unless these happened, in this order, each in its window, and nothing else."""
        names = [name for name, *_ in expected]
        course = self.course
        assert [event.name for event in course] == names, f"not {names}:\n{self}"
        for event, (name, first_s, last_s) in zip(course, expected, strict=True):
            assert first_s <= event.at_s <= last_s, f"{name} not within {first_s} to {last_s} s:\n{self}"

    def __str__(self) -> str:
        return "\n".join(f"{event.at_s:7.3f} s  {event.name} {event.why}" for event in self.events)


def _in_vain(before: Event, after: Event) -> bool:
    return (before.name, after.name) == ("duck", "restore")
