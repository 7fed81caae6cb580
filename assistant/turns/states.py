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
    WAITING = "Waiting"
    PROTECTED = "Protected"
    GUARDED = "Protected, ducked"
    PROMISED = "You next, ducked"
    OWED = "You next"


SOUNDING = frozenset({State.SPEAKING, State.DUCKED, State.PROTECTED, State.GUARDED, State.PROMISED, State.OWED})
"""The reply is being heard, ducked or not."""
LOWERED = frozenset({State.DUCKED, State.GUARDED, State.PROMISED})
"""It is being heard ducked."""
PROTECTING = frozenset({State.PROTECTED, State.GUARDED, State.PROMISED, State.OWED})
"""It is at a sentence that only a stop word or a hand cuts. In the last two the person gets the floor after it."""
SILENT = frozenset({State.LISTENING, State.THINKING, State.WAITING})
"""Nobody has the floor: a reply may begin."""


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
        Cause.PROTECTED_STARTED: State.PROTECTED,
    },
    State.HEARING: {
        **_BY_HAND,
        Cause.TURN_ENDED: State.THINKING,
        Cause.SENTENCE_FINISHED: State.THINKING,
        Cause.TOO_LONG: State.THINKING,
        Cause.TOO_SHORT: State.LISTENING,
        Cause.FALSE_STOP: State.THINKING,
        Cause.BACKCHANNEL: State.THINKING,
        Cause.OWN_WORDS: State.THINKING,
        Cause.SOFTER: State.THINKING,
        Cause.STAY_QUIET: State.LISTENING,
        Cause.STOPPED_AGAIN: State.WAITING,
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
        Cause.PROTECTED_STARTED: State.PROTECTED,
        Cause.NO_WORDS: State.THINKING,
        Cause.BACKCHANNEL: State.THINKING,
        Cause.OWN_WORDS: State.THINKING,
        Cause.STAY_QUIET: State.LISTENING,
        Cause.STOPPED_AGAIN: State.WAITING,
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
        Cause.SOFTER: State.SPEAKING,
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
        Cause.STOPPED_AGAIN: State.WAITING,
    },
    State.WAITING: {
        **_BY_HAND,
        Cause.CONFIRMED: State.HEARING,
        Cause.LONG_QUIET: State.THINKING,
        Cause.STAY_QUIET: State.LISTENING,
        Cause.REPLY_STARTED: State.SPEAKING,
        Cause.PROTECTED_STARTED: State.PROTECTED,
    },
    State.PROTECTED: {
        **_BY_HAND,
        Cause.CANDIDATE: State.GUARDED,
        Cause.STOP_WORD: State.STOPPED,
        Cause.SENTENCE_OVER: State.SPEAKING,
        Cause.REPLY_ENDED: State.LISTENING,
        Cause.NO_REPLY: State.LISTENING,
    },
    State.GUARDED: {
        **_BY_HAND,
        Cause.CONFIRMED: State.PROMISED,
        Cause.HEARD_WORDS: State.PROMISED,
        Cause.STOP_WORD: State.STOPPED,
        Cause.QUIET: State.PROTECTED,
        Cause.BACKCHANNEL: State.PROTECTED,
        Cause.OWN_WORDS: State.PROTECTED,
        Cause.UNDECIDED: State.PROTECTED,
        Cause.SOFTER: State.PROTECTED,
        Cause.SENTENCE_OVER: State.DUCKED,
        Cause.REPLY_ENDED: State.LISTENING,
        Cause.NO_REPLY: State.LISTENING,
    },
    State.PROMISED: {
        **_BY_HAND,
        Cause.STOP_WORD: State.STOPPED,
        Cause.SENTENCE_OVER: State.STOPPED,
        Cause.KEPT: State.OWED,
        Cause.QUIET: State.PROTECTED,
        Cause.BACKCHANNEL: State.PROTECTED,
        Cause.OWN_WORDS: State.PROTECTED,
        Cause.REPLY_ENDED: State.HEARING,
        Cause.NO_REPLY: State.HEARING,
    },
    State.OWED: {
        **_BY_HAND,
        Cause.CANDIDATE: State.PROMISED,
        Cause.STOP_WORD: State.STOPPED,
        Cause.SENTENCE_OVER: State.STOPPED,
        Cause.BACKCHANNEL: State.PROTECTED,
        Cause.OWN_WORDS: State.PROTECTED,
        Cause.REPLY_ENDED: State.HEARING,
        Cause.NO_REPLY: State.HEARING,
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
