"""The one way of a mic block: the same frames, facts and commands however the sound is cut into blocks."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.frame_path import FramePath, Stepped
from assistant.audio.front_end import FrontEnd, FrontFrame
from assistant.settings.access import change
from assistant.settings.sections import Settings
from assistant.signal.trace import Trace
from assistant.turns.commands import Duck, Stop
from assistant.turns.core import TurnTaking
from assistant.turns.facts import FRAME_SAMPLES, SILENCE_DBFS, ReplyStarted, SettingsChanged, StopPressed
from assistant.turns.states import State
from tests.turns.conversation import SILERO_ALONE

RATE = 48_000
FRAME = 3 * FRAME_SAMPLES
SETTINGS = change(Settings(), SILERO_ALONE | {"echo.canceller": "off", "echo.margin_db": 0})


class Loud:
    """Takes loud frames for speech, less sure of quieter ones. Counts what it forgot."""

    name = "Level"

    def __init__(self) -> None:
        self.resets = 0

    def __call__(self, frame: FrontFrame) -> float:
        return min(0.995, 4 * float(np.sqrt(np.mean(frame.audio**2))))

    def reset(self) -> None:
        self.resets += 1


def path(state: State = State.SPEAKING, trace: Trace | None = None) -> FramePath:
    return FramePath(FrontEnd(RATE, SETTINGS), Loud(), TurnTaking(SETTINGS, state), trace)


def conversation(seconds: float = 3.0) -> np.ndarray:
    """Quiet, then somebody speaks for 0.6 s, then quiet."""
    sound = np.random.default_rng(5).uniform(-1, 1, round(seconds * RATE)).astype(np.float32)
    loud = np.full(len(sound), 0.001, np.float32)
    loud[RATE : round(1.6 * RATE)] = 0.8
    return sound * loud


def fed(way: FramePath, near: np.ndarray, cuts: list[int]) -> list[Stepped]:
    """Everything that comes out of `near` cut into blocks of these lengths, over and over."""
    far = np.zeros_like(near)
    stepped: list[Stepped] = []
    at = number = 0
    while at < len(near):
        block = slice(at, at + cuts[number % len(cuts)])
        stepped += way.feed(near[block], far[block])
        at, number = block.stop, number + 1
    return stepped


@settings(max_examples=15)
@given(cuts=st.lists(st.integers(1, 5000), min_size=1, max_size=6).filter(lambda cuts: max(cuts) > 200))
def test_the_same_commands_however_the_sound_is_cut(cuts: list[int]) -> None:
    sound = conversation()
    whole, cut = fed(path(), sound, [len(sound)]), fed(path(), sound, cuts)
    assert [step.facts for step in cut] == [step.facts for step in whole]
    assert [step.commands for step in cut] == [step.commands for step in whole]
    assert any(step.commands for step in whole)


def test_a_frame_comes_out_with_the_block_that_completes_it() -> None:
    way = path()
    quiet = np.zeros(FRAME - 1, np.float32)
    assert list(way.feed(quiet, quiet)) == []
    (stepped,) = way.feed(quiet[:1], quiet[:1])
    assert stepped.facts.end_sample == FRAME_SAMPLES


def test_frames_are_given_out_one_by_one_so_that_the_first_is_acted_on_before_the_next_is_decided() -> None:
    way = path()
    sound = np.zeros(2 * FRAME, np.float32)
    frames = way.feed(sound, sound)
    next(frames)
    way.tell(StopPressed())
    (stop,) = next(frames).commands
    assert isinstance(stop, Stop)


def test_a_signal_waits_for_the_next_frame_s_edge_and_counts_once() -> None:
    way = path(State.LISTENING)
    way.tell(ReplyStarted())
    assert way.core.state is State.LISTENING
    silence = np.zeros(FRAME, np.float32)
    list(way.feed(silence, silence))
    assert way.core.state is State.SPEAKING
    way.tell(StopPressed())
    assert [len(step.commands) for step in fed(way, np.zeros(3 * FRAME, np.float32), [FRAME])] == [1, 0, 0]


def test_a_setting_reaches_the_core_with_the_next_frame() -> None:
    way = path()
    loud = conversation()[RATE : RATE + FRAME]
    way.tell(SettingsChanged(change(SETTINGS, {"barge_in.duck_db": -33})))
    (stepped,) = way.feed(loud, np.zeros_like(loud))
    (duck,) = stepped.commands
    assert isinstance(duck, Duck)
    assert duck.by_db == -33


def test_a_setting_reaches_the_front_end_too() -> None:
    far = np.random.default_rng(8).uniform(-0.3, 0.3, 3 * RATE).astype(np.float32)
    echo = far / 2
    way = path()
    before = list(way.feed(echo[:RATE], far[:RATE]))[-1]
    way.tell(SettingsChanged(change(SETTINGS, {"echo.canceller": "linear"})))
    after = list(way.feed(echo[RATE:], far[RATE:]))[-1]
    assert after.facts.near_dbfs < before.facts.near_dbfs - 10, "the echo is taken out now"


def test_another_stream_is_heard_afresh_and_time_goes_on() -> None:
    detector = Loud()
    way = FramePath(FrontEnd(RATE, SETTINGS), detector, TurnTaking(SETTINGS))
    half = np.zeros(FRAME + FRAME // 2, np.float32)
    list(way.feed(half, half))
    way.core.usual_voice.take_over(-24.0)
    way.reset()
    assert detector.resets == 1
    assert way.core.usual_voice.dbfs == SILENCE_DBFS, "another microphone has other levels"
    assert list(way.feed(half[: FRAME - 1], half[: FRAME - 1])) == [], "the half frame of the old stream is gone"
    (stepped,) = way.feed(half[:1], half[:1])
    assert stepped.facts.end_sample == 2 * FRAME_SAMPLES


def test_every_frame_is_drawn_with_its_facts_and_the_gain() -> None:
    trace = Trace()
    way = path(trace=trace)
    sound = conversation()
    steps = list(way.feed(sound, np.zeros_like(sound), 0.25))
    frames = trace.frame_slice(0, trace.frames * FRAME_SAMPLES)
    assert len(frames.values) == len(steps)
    assert frames.column("p_speech").tolist() == [np.float32(step.facts.p_speech) for step in steps]
    assert set(frames.column("gain")) == {0.25}
    rises = [step.facts.end_sample - step.facts.rise_sample for step in steps]
    assert frames.column("since_rise").tolist() == rises
