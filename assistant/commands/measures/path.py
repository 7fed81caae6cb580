"""The way of a frame and its stages: front end, detector, core, all of it, and a replay. Processor time on one core."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile

from assistant.audio.frame_path import FramePath
from assistant.audio.front_end import FrontEnd
from assistant.commands.measures.figure import Aim, Effort, Measured, of_repeats
from assistant.commands.measures.sounds import Heard, conversation
from assistant.lab.replay import replay
from assistant.lab.scenario import Scenario
from assistant.settings.access import change
from assistant.settings.sections import FRAME_MS, Audio, Settings
from assistant.signal.trace import Trace
from assistant.speech.detectors import chosen_detector
from assistant.turns.core import TurnTaking
from assistant.turns.facts import FRAME_SAMPLES, Asked, FrameFacts, ReplyStarted, Signal
from assistant.turns.states import SILENT

CORE_FRAMES = 30_000
VAD_FRAMES = 500
CORE_AIM = Aim("≥", 2000)
REPLAY_AIM = Aim("≥", 40)


def core(effort: Effort) -> Iterator[Measured]:
    """The turn-taking core over frames of a long conversation with an interruption every few seconds."""
    frames = _frames(CORE_FRAMES)
    reply: tuple[Signal, ...] = (Asked(), ReplyStarted())

    def all_frames() -> None:
        deciding = TurnTaking(Settings())
        for facts in frames:
            wants_reply = deciding.state in SILENT and facts.p_speech < 0.1
            deciding.step(facts, reply if wants_reply else ())

    took = [cpu_s(all_frames) for _ in range(effort.repeats)]
    yield of_repeats("core", "a step", (each / CORE_FRAMES * 1e6 for each in took), "µs")
    audio_s = CORE_FRAMES * FRAME_MS / 1000
    yield of_repeats("core", "speed", (audio_s / each for each in took), "× real time", CORE_AIM)


def vad(effort: Effort) -> Iterator[Measured]:
    """The detector, frame by frame."""
    heard = conversation(effort.audio_s).at_16_khz()
    detect = chosen_detector(Settings().vad)
    frames = FrontEnd(heard.rate, Settings()).push(heard.near, heard.far)[:VAD_FRAMES]

    def all_frames() -> None:
        for frame in frames:
            detect(frame)

    took = [cpu_s(all_frames) / len(frames) * 1e3 for _ in range(effort.repeats)]
    yield of_repeats("vad", "a frame of 16 ms", took, "ms")


def front_end(effort: Effort) -> Iterator[Measured]:
    """Decimation, echo canceller, levels; the canceller at work and taken out."""
    heard = conversation(effort.audio_s)
    cases = {
        "48 kHz": ("linear", heard),
        "16 kHz": ("linear", heard.at_16_khz()),
        "48 kHz, no canceller": ("off", heard),
    }
    for name, (canceller, sound) in cases.items():
        settings = change(Settings(), {"echo.canceller": canceller})

        def all_blocks(sound: Heard = sound, settings: Settings = settings) -> None:
            stage = FrontEnd(sound.rate, settings)
            for near, far in blocks(sound):
                stage.push(near, far)

        took = [cpu_s(all_blocks) / sound.seconds * 1e3 for _ in range(effort.repeats)]
        yield of_repeats("front-end", name, took, "ms/s")


def frame_path(effort: Effort) -> Iterator[Measured]:
    """Front end, detector, core and what the panel draws from, as the turn thread runs them."""
    heard = conversation(effort.audio_s)
    detect = chosen_detector(Settings().vad)

    def all_blocks() -> None:
        path = FramePath(FrontEnd(heard.rate, Settings()), detect, TurnTaking(Settings()), Trace())
        for near, far in blocks(heard):
            for _ in path.feed(near, far):
                if path.core.state in SILENT:
                    path.tell(ReplyStarted())

    took = [cpu_s(all_blocks) for _ in range(effort.repeats)]
    yield of_repeats("frame-path", "48 kHz, all stages", (each / heard.seconds * 1e3 for each in took), "ms/s")
    yield of_repeats("frame-path", "speed", (heard.seconds / each for each in took), "× real time")


def replayed(effort: Effort) -> Iterator[Measured]:
    """The command `replay` on one core, with loudspeakers (echo in the mic) and with headphones."""
    heard = conversation(effort.audio_s).at_16_khz()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, sound in (
            ("near", heard.near),
            ("dry", heard.near - heard.echo),
            ("far", heard.far),
            ("echo", heard.echo),
        ):
            soundfile.write(folder / f"{name}.wav", sound, heard.rate, subtype="FLOAT")
        speakers = Scenario("speakers", folder / "near.wav", folder / "far.wav", folder / "echo.wav")
        headphones = Scenario("headphones", folder / "dry.wav")
        for scenario in (headphones, speakers):
            results = [replay(scenario, Settings()) for _ in range(effort.repeats)]
            speeds = [result.audio_s / result.cpu_s for result in results]
            yield of_repeats("replay", scenario.id, speeds, "× real time", REPLAY_AIM)


def blocks(heard: Heard) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Near and far in blocks as the devices give them."""
    n = heard.rate * Audio().block_ms // 1000
    for start in range(0, len(heard.near) - n + 1, n):
        yield heard.near[start : start + n], heard.far[start : start + n]


def cpu_s(work: Callable[[], object]) -> float:
    """Processor time of this process, which a busy machine lengthens less than the clock's."""
    began = time.process_time()
    work()
    return max(time.process_time() - began, 1e-9)


def _frames(count: int) -> list[FrameFacts]:
    """Silence, speech of a second and short noises, in an order that is always the same."""
    chance = random.Random(1)
    frames: list[FrameFacts] = []
    while len(frames) < count:
        p_speech, near_dbfs = chance.choice([(0.02, -65.0), (0.98, -25.0), (0.6, -40.0), (0.3, -50.0)])
        for _ in range(chance.choice([2, 6, 30])):
            end = (len(frames) + 1) * FRAME_SAMPLES
            frames.append(FrameFacts(end, p_speech, near_dbfs, -70.0, rise_sample=end - FRAME_SAMPLES))
    return frames[:count]
