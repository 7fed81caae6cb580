"""What holds for every conversation."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assistant.settings.access import KNOBS, change
from assistant.settings.sections import FRAME_MS, Settings
from assistant.turns.commands import Cause, CloseUtterance, Duck, Promise, Restore, Stop
from assistant.turns.core import TurnTaking
from assistant.turns.evidence import ms_of
from assistant.turns.facts import (
    Asked,
    ProtectedSaid,
    ReplyEnded,
    SettingsChanged,
    Signal,
    StopPressed,
    TalkPressed,
    TalkReleased,
)
from assistant.turns.resuming import LONGEST_WAIT_MS
from assistant.turns.states import LOWERED, SOUNDING, TABLE, State, mermaid
from tests.turns.conversation import SILERO_ALONE
from tests.turns.randomness import SIGNALS, facts, random_frames

frame_values = st.tuples(st.floats(0, 1), st.floats(-90, 0), st.sampled_from([-120.0, -60.0, -30.0]))


class AnyConversation(RuleBasedStateMachine):
    """Frames, signals and settings in any order, with either way to weigh the evidence."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings()
        self.core = TurnTaking(self.settings)
        self.index = 0
        self.waiting: list[Signal] = []
        self.by_hand = False
        self.ducked = False
        self.speech_frames = 0

    @initialize(changes=st.sampled_from([{}, SILERO_ALONE]))
    def weigh(self, changes: dict[str, Any]) -> None:
        self.settings = change(self.settings, changes)
        self.waiting.append(SettingsChanged(self.settings))

    @rule(values=frame_values, times=st.integers(1, 40))
    def frames(self, values: tuple[float, float, float], times: int) -> None:
        for _ in range(times):
            before = self.core.state
            commands = self.core.step(facts(self.index, *values), tuple(self.waiting))
            counted = values[0] >= self.settings.vad.release and values[1] >= self.settings.vad.gate_dbfs
            self.speech_frames += counted
            for command in commands:
                if isinstance(command, Duck):
                    assert not self.ducked, "ducked twice"
                    self.ducked = True
                elif isinstance(command, Restore | Stop):
                    noticed_before = command.reason.cause in (Cause.STOP_WORD, Cause.SENTENCE_OVER)
                    assert self.ducked or self.by_hand or noticed_before, f"{command} without a duck"
                    self.ducked = False
                if isinstance(command, Stop) and before in (State.PROTECTED, State.GUARDED):
                    may_cut = self.by_hand or ProtectedSaid() in self.waiting
                    assert may_cut or command.reason.cause is Cause.STOP_WORD, "cut a protected sentence"
                if isinstance(command, Stop | Promise) and command.reason.needed_ms:
                    assert command.reason.speech_ms >= self.settings.barge_in.confirm_ms
                if isinstance(command, Stop | Promise) and command.reason.cause is Cause.CONFIRMED:
                    assert command.reason.sure_ms >= self.settings.barge_in.confirm_ms
                    assert command.reason.speech_ms <= ms_of(self.speech_frames)
                    by_hand = self.settings.vad.detector == "silero"
                    assert not by_hand or command.reason.sure_ms <= command.reason.speech_ms
                if isinstance(command, CloseUtterance) and command.reason.needed_ms:
                    finished = command.reason.cause is Cause.SENTENCE_FINISHED
                    knobs = self.settings.endpointing
                    assert command.reason.needed_ms == (knobs.finished_ms if finished else knobs.silence_ms)
                    assert command.reason.quiet_ms >= command.reason.needed_ms
            self.index += 1
            self.waiting, self.by_hand = [], False

    @rule(signal=st.sampled_from(SIGNALS))
    def signal(self, signal: Signal) -> None:
        self.waiting.append(signal)
        self.by_hand |= isinstance(signal, StopPressed | TalkPressed | Asked)

    @rule(
        confirm=st.sampled_from([32, 96, 160, 480]),
        duck=st.integers(1, 6),
        gap=st.sampled_from([0, 64, 320]),
        policy=st.sampled_from(list(KNOBS["barge_in.after_false_stop"].choices)),
    )
    @precondition(lambda self: not self.waiting)
    def slider(self, confirm: int, duck: int, gap: int, policy: str) -> None:
        changes = {
            "barge_in.confirm_ms": confirm,
            "barge_in.duck_frames": duck,
            "barge_in.gap_ms": gap,
            "barge_in.after_false_stop": policy,
        }
        self.settings = change(self.settings, changes)
        self.waiting.append(SettingsChanged(self.settings))

    @invariant()
    def a_duck_is_open_exactly_while_ducked(self) -> None:
        assert self.ducked == (self.core.state in LOWERED)


TestAnyConversation = AnyConversation.TestCase
TestAnyConversation.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@given(st.lists(frame_values, max_size=80), st.data())
def test_every_state_is_left_within_bounded_quiet(heard: list[tuple[float, float, float]], data: st.DataObject) -> None:
    core = TurnTaking(Settings())
    for index, values in enumerate(heard):
        core.step(facts(index, *values), tuple(data.draw(st.lists(st.sampled_from(SIGNALS), max_size=2))))
    if core.state in {*SOUNDING, State.HELD}:  # the reply ends, the key comes up
        core.step(facts(len(heard), 0, -90, -120), (ReplyEnded(), TalkReleased()))
    quiet_frames = (Settings().brain.patience_s * 1000 + LONGEST_WAIT_MS + 3000) // FRAME_MS
    for index in range(len(heard) + 1, len(heard) + 1 + quiet_frames):
        core.step(facts(index, 0, -90, -120))
    assert core.state is State.LISTENING


def test_a_random_hour_leaves_no_dead_state() -> None:
    """Every ten minutes every state is visited; tests/benchmarks/bench_core.py does the same for a hundred hours."""
    for ten_minutes in random_frames(random.Random(1), Settings(), stretches=6):
        assert ten_minutes == set(State), f"never {set(State) - ten_minutes}"


def test_every_state_can_be_reached_and_left() -> None:
    reached = {end for ways in TABLE.values() for end in ways.values()}
    assert reached == set(State) == set(TABLE)
    assert all(set(ways.values()) - {state} for state, ways in TABLE.items())


def test_the_diagram_shows_every_state() -> None:
    drawn = mermaid()
    assert all(state.name in drawn for state in State)
    assert "SPEAKING --> DUCKED" in drawn and "DUCKED --> STOPPED" in drawn
