"""The states of a conversation and every way from one to another, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from assistant.turns.commands import Cause


class State(Enum):
    """Who has the floor. The value is the word on the state ribbon."""

    LISTENING = "Listening"
    HEARING = "You"
    HELD = "Holding to talk"
    THINKING = "Thinking"
    SPEAKING = "Speaking"
    DUCKED = "Ducked"
    STOPPED = "Stopped"


_BY_HAND = {
    Cause.STOP_PRESSED: State.LISTENING,
    Cause.TALK_PRESSED: State.HELD,
    Cause.ASKED: State.THINKING,
}

TABLE: Mapping[State, Mapping[Cause, State]] = {
    State.LISTENING: {
        **_BY_HAND,
        Cause.CONFIRMED: State.HEARING,
        Cause.REPLY_STARTED: State.SPEAKING,
    },
    State.HEARING: {
        **_BY_HAND,
        Cause.TURN_ENDED: State.THINKING,
        Cause.TOO_LONG: State.THINKING,
        Cause.TOO_SHORT: State.LISTENING,
        Cause.FALSE_STOP: State.THINKING,
        Cause.BACKCHANNEL: State.THINKING,
        Cause.OWN_WORDS: State.THINKING,
        Cause.STAY_QUIET: State.LISTENING,
    },
    State.HELD: {
        **_BY_HAND,
        Cause.TALK_RELEASED: State.THINKING,
        Cause.TOO_LONG: State.THINKING,
        Cause.TOO_SHORT: State.LISTENING,
    },
    State.THINKING: {
        **_BY_HAND,
        Cause.CONFIRMED: State.HEARING,
        Cause.REPLY_STARTED: State.SPEAKING,
        Cause.NO_WORDS: State.THINKING,
        Cause.BACKCHANNEL: State.THINKING,
        Cause.OWN_WORDS: State.THINKING,
        Cause.STAY_QUIET: State.LISTENING,
        Cause.NO_REPLY: State.LISTENING,
        Cause.TIMED_OUT: State.LISTENING,
    },
    State.SPEAKING: {
        **_BY_HAND,
        Cause.CANDIDATE: State.DUCKED,
        Cause.STOP_WORD: State.STOPPED,
        Cause.REPLY_ENDED: State.LISTENING,
        Cause.NO_REPLY: State.LISTENING,
    },
    State.DUCKED: {
        **_BY_HAND,
        Cause.CONFIRMED: State.STOPPED,
        Cause.HEARD_WORDS: State.STOPPED,
        Cause.STOP_WORD: State.STOPPED,
        Cause.QUIET: State.SPEAKING,
        Cause.BACKCHANNEL: State.SPEAKING,
        Cause.OWN_WORDS: State.SPEAKING,
        Cause.UNDECIDED: State.SPEAKING,
        Cause.REPLY_ENDED: State.LISTENING,
        Cause.NO_REPLY: State.LISTENING,
    },
    State.STOPPED: {
        **_BY_HAND,
        Cause.WENT_ON: State.HEARING,
        Cause.FALSE_STOP: State.THINKING,
        Cause.BACKCHANNEL: State.THINKING,
        Cause.OWN_WORDS: State.THINKING,
        Cause.STAY_QUIET: State.LISTENING,
    },
}


def mermaid() -> str:
    """The table as a Mermaid state diagram, an arrow a pair of states; what a person does by hand is left out."""
    lines = ["stateDiagram-v2", "    [*] --> LISTENING"]
    for start, end, causes in _arrows():
        lines.append(f"    {start.name} --> {end.name}: {', or '.join(cause.value for cause in causes)}")
    return "\n".join(lines)


def _arrows() -> Iterator[tuple[State, State, list[Cause]]]:
    for start, ways in TABLE.items():
        ends: dict[State, list[Cause]] = {}
        for cause, end in ways.items():
            if cause not in _BY_HAND:
                ends.setdefault(end, []).append(cause)
        for end, causes in ends.items():
            yield start, end, causes
