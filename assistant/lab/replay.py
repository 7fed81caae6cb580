"""Decides a scenario again in audio time, with the loop closed: what is ducked or stopped is no longer in the echo.

The rules are those of the running app: the assistant speaks from the first sample on, after a stop it is silent until
the core lets it go on, and a decision is in force from the end of the frame it was made on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.audio.frame_path import Detector, FramePath, Stepped
from assistant.audio.front_end import FrontEnd
from assistant.lab.scenario import Scenario
from assistant.lab.sound_file import Floats
from assistant.settings.sections import Settings
from assistant.signal.ramp import GainRamp
from assistant.speech.detectors import chosen_detector
from assistant.turns.commands import CloseUtterance, Command, Duck, OpenUtterance, Restore, Stop
from assistant.turns.core import TurnTaking
from assistant.turns.facts import FRAME_SAMPLES, RATE, SILENCE_DBFS, ReplyStarted
from assistant.turns.states import SILENT, State

RAMP = 5 * RATE // 1000
"""Playout's ramps last 5 ms."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was decided, and its cost. resumed: the 16 kHz samples at which the assistant spoke again."""

    id: str
    commands: tuple[Command, ...]
    resumed: tuple[int, ...]
    cpu_s: float
    audio_s: float

    def line(self) -> dict[str, object]:
        """All of it as one JSON line."""
        return {"id": self.id, "events": self.events(), "cpu_s": self.cpu_s, "audio_s": self.audio_s}

    def events(self) -> list[dict[str, object]]:
        """t: seconds of audio heard when the decision came out."""
        told = [(command.at, name) for command in self.commands if (name := _NAMES.get(type(command)))]
        told += [(at, "resume") for at in self.resumed]
        return [{"t": round(at / RATE, 4), "event": name} for at, name in sorted(told, key=lambda each: each[0])]


_NAMES: dict[type[Command], str] = {
    Duck: "duck",
    Stop: "stop",
    Restore: "resume",
    OpenUtterance: "speech_start",
    CloseUtterance: "speech_end",
}


def replay(
    scenario: Scenario, settings: Settings, detector: Detector | None = None, usual_dbfs: float = SILENCE_DBFS
) -> Replayed:
    """detector: None takes a new one, as set. usual_dbfs: how loud the person usually speaks, if that is known.

    Raises BadSound, and VadMissing.
    """
    mic, far, echo = scenario.read()
    began = time.process_time()
    commands: list[Command] = []
    resumed: list[int] = []
    room = _Room(mic, far, echo, round(scenario.delay_s * RATE))
    core = TurnTaking(settings, State.SPEAKING)
    core.usual_voice.take_over(usual_dbfs)
    path = FramePath(FrontEnd(RATE, settings), detector or chosen_detector(settings.vad), core)
    for stepped in _steps(path, room):
        commands += stepped.commands
        for command in stepped.commands:
            match command:
                case Duck(by_db=by_db):
                    room.gain.toward(10 ** (by_db / 20))
                case Restore():
                    room.gain.toward(1.0)
                case Stop():
                    room.gain.toward(0.0)
                case _:
                    pass
        if core.state in SILENT:  # a reply is there at once, so it speaks again
            path.tell(ReplyStarted())
            room.gain.toward(1.0)
            if not any(isinstance(command, Restore) for command in stepped.commands):
                resumed.append(stepped.facts.end_sample)
    return Replayed(scenario.id, tuple(commands), tuple(resumed), time.process_time() - began, len(mic) / RATE)


def _steps(path: FramePath, room: _Room) -> Iterator[Stepped]:
    for start in range(0, room.length - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        yield from path.feed(*room.hear(start))


class _Room:
    """Microphone and playback, mixed anew with the gain that was decided."""

    def __init__(self, mic: Floats, far: Floats | None, echo: Floats | None, delay: int) -> None:
        self.length = len(mic)
        self.gain = GainRamp(RAMP, gain=1.0)
        self._mic = mic
        self._far = far if far is not None else np.zeros_like(mic)
        self._echo = echo
        # gains[delay + i] is the gain of sample i: the echo of sample t left the loudspeaker at t - delay.
        self._gains = np.ones(delay + len(mic), np.float32)
        self._delay = delay
        self._ones = np.ones(FRAME_SAMPLES, np.float32)

    def hear(self, start: int) -> tuple[Floats, Floats]:
        """The frame from sample `start` on: what the mic hears and what the loudspeaker plays."""
        end = start + FRAME_SAMPLES
        gains = self._gains[self._delay + start : self._delay + end]
        self.gain.apply(self._ones, gains, floor=0.0)
        near = self._mic[start:end]
        if self._echo is not None:
            near = near + (self._gains[start:end] - 1) * self._echo[start:end]
        return near, self._far[start:end] * gains
