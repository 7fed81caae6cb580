"""Decides the last seconds again under other settings, from the facts that the trace still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from assistant.audio.playout import Playout
from assistant.settings.sections import Settings
from assistant.signal.ring import BLOCK
from assistant.signal.trace import FRAME, FrameSlice, Trace
from assistant.turns.commands import Stop
from assistant.turns.core import TurnTaking
from assistant.turns.facts import FrameFacts, ProtectedSaid, ReplyEnded, ReplyStarted, Signal
from assistant.turns.states import PROTECTING, SOUNDING, State
from assistant.workers.episode import Episode
from assistant.workers.episodes import Acted, EpisodeBook
from assistant.workers.reply import HeardText
from assistant.workers.stream_clock import StreamClock

SECONDS = 8
_STATES = list(State)
_NO_TEXT = HeardText("", "", "", "", "", "", "")


def decide_again(trace: Trace, settings: Settings, clock: StreamClock) -> list[Episode]:
    """The interruptions of the last SECONDS as they would have been. Numbers mean nothing; silence is reckoned.

    The playback is taken as it was: after the first decision that differs, what follows is a guess.
    """
    end = trace.frames * FRAME
    frames = trace.frame_slice(end - SECONDS * 16_000, end)
    if not len(frames.values):
        return []
    found: dict[int, Episode] = {}
    clock = replace(clock, shift=0)
    book = EpisodeBook(clock, lambda episode: found.__setitem__(episode.number, episode), datetime.now)
    states = [_STATES[int(number)] for number in frames.column("state")]
    # What was ducked for before lies outside: from DUCKED it could only be restored, an episode without a beginning.
    core = TurnTaking(settings, _first(states[0]))
    core.usual_voice.take_over(float(frames.column("usual_dbfs")[0]))
    silence_after = Playout().ramp_samples + BLOCK
    for index, facts in enumerate(_facts(frames)):
        was = states[index - 1] if index else states[0]
        for command in core.step(facts, _signals(was, states[index], core.state)):
            at = clock.device_sample(command.at)
            book.note(command, Acted(at))
            if isinstance(command, Stop):
                book.silent(at + silence_after, Playout().ramp_samples, _NO_TEXT)
    return list(found.values())


def _facts(frames: FrameSlice) -> list[FrameFacts]:
    columns = [
        frames.column(name).tolist()
        for name in ("p_speech", "near_dbfs", "noise_dbfs", "echo_dbfs", "far_dbfs", "since_rise")
    ]
    facts = []
    for number, (p, near, noise, echo, far, since_rise) in enumerate(zip(*columns, strict=True), frames.first):
        end = (number + 1) * FRAME
        facts.append(FrameFacts(end, p, near, noise, echo, far, end - int(since_rise)))
    return facts


def _first(state: State) -> State:
    if state in PROTECTING:
        return State.PROTECTED
    return State.SPEAKING if state in SOUNDING else State.LISTENING


def _signals(was: State, now: State, present: State) -> tuple[Signal, ...]:
    """What the recorded states tell of the playback."""
    if now in (State.SPEAKING, State.PROTECTED) and was not in SOUNDING and present not in SOUNDING:
        return (ReplyStarted(protected=now is State.PROTECTED),)
    if now is State.LISTENING and was in SOUNDING:
        return (ReplyEnded(),)
    if was in PROTECTING and now not in PROTECTING:
        return (ProtectedSaid(),)
    return ()
