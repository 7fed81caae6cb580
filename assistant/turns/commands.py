"""What the core answers: commands, each with its time and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal


class Cause(Enum):
    """Why a state was left. The table in states.py says where each leads."""

    CANDIDATE = "a sound that may be speech"
    CONFIRMED = "enough speech"
    HEARD_WORDS = "words were heard"
    STOP_WORD = "a stop word"
    BACKCHANNEL = "only a sign of listening"
    OWN_WORDS = "its own words"
    QUIET = "quiet again"
    UNDECIDED = "undecided for too long"
    SOFTER = "softer than the person usually speaks"
    WENT_ON = "the speech went on"
    FALSE_STOP = "too little speech for words"
    NO_WORDS = "no words in what was said"
    STAY_QUIET = "a false stop, and set to stay quiet"
    STOPPED_AGAIN = "a false stop again"
    LONG_QUIET = "quiet for long"
    TURN_ENDED = "the turn ended"
    SENTENCE_FINISHED = "a sentence was finished"
    TOO_LONG = "the longest turn"
    TOO_SHORT = "too short for words"
    ASKED = "asked by hand"
    REPLY_STARTED = "the reply began"
    PROTECTED_STARTED = "the reply began with a protected sentence"
    SENTENCE_OVER = "the protected sentence was over"
    KEPT = "quiet after enough speech"
    REPLY_ENDED = "the reply ended"
    NO_REPLY = "no reply came"
    TIMED_OUT = "the reply took too long"
    STOP_PRESSED = "Stop was pressed"
    TALK_PRESSED = "the talk key went down"
    TALK_RELEASED = "the talk key came up"


@dataclass(frozen=True, slots=True)
class Reason:
    """The numbers a decision was made on, as they stood at its frame.

    onset: 16 kHz sample where the sound began. p_speech, p_peak: this frame's probability, the highest since the onset.
    start: the probability a frame needed. sure_ms, speech_ms, quiet_ms: evidence counted, as in Evidence. needed_ms:
    evidence that the decision needed, 0 where none was. near_dbfs, noise_dbfs, echo_dbfs: as in FrameFacts.
    sound_dbfs: mean level of the newest speech; usual_dbfs: of the person's turns. words: what had been understood.
    """

    cause: Cause
    onset: int
    p_speech: float = 0.0
    p_peak: float = 0.0
    start: float = 0.0
    sure_ms: int = 0
    speech_ms: int = 0
    quiet_ms: int = 0
    needed_ms: int = 0
    near_dbfs: float = -120.0
    noise_dbfs: float = -120.0
    echo_dbfs: float = -120.0
    sound_dbfs: float = -120.0
    usual_dbfs: float = -120.0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Duck:
    """Lower the playback by `by_db` (negative), reversibly."""

    at: int
    reason: Reason
    by_db: float


@dataclass(frozen=True, slots=True)
class Restore:
    """Bring the playback back to full level; nothing was skipped."""

    at: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Stop:
    """Silence the playback and make everything under way for it stale."""

    at: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class CancelReply:
    """Nothing sounds yet: make the reply under way stale."""

    at: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Resume:
    """Take the cut reply up again."""

    at: int
    reason: Reason
    where: Literal["where_it_stopped", "phrase_start"]


@dataclass(frozen=True, slots=True)
class Wait:
    """Stay silent, but keep the cut reply: it goes on when asked to, or by itself after so much unbroken quiet."""

    at: int
    reason: Reason
    quiet_ms: int


@dataclass(frozen=True, slots=True)
class Promise:
    """The person gets the floor, but not before the protected sentence is over. What they say is kept."""

    at: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class OpenUtterance:
    """The person has the floor; the audio counts from `start` on, pre-roll included."""

    at: int
    reason: Reason
    start: int


@dataclass(frozen=True, slots=True)
class Prepare:
    """The turn may be over: make the reply to samples `start` to `end` ready, but let nothing of it sound yet."""

    at: int
    reason: Reason
    start: int
    end: int
    speech_ms: int


@dataclass(frozen=True, slots=True)
class Discard:
    """The person goes on: what was prepared is of no use."""

    at: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class CloseUtterance:
    """The turn is over: hand samples `start` to `end` to the recogniser and the partner."""

    at: int
    reason: Reason
    start: int
    end: int
    speech_ms: int


@dataclass(frozen=True, slots=True)
class DropUtterance:
    """What was opened held no words: forget it."""

    at: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Overheard:
    """While Interject spoke a sound did not make it yield; shown, so that the person can see why.

    kind: "own_voice" (not above its own echo), "too_quiet" (under the gate) or "near_miss" (not sure enough).
    """

    at: int
    reason: Reason
    kind: Literal["own_voice", "too_quiet", "near_miss"]
    lasted_ms: int


Command = (
    Duck
    | Restore
    | Stop
    | CancelReply
    | Resume
    | Wait
    | Promise
    | OpenUtterance
    | Prepare
    | Discard
    | CloseUtterance
    | DropUtterance
    | Overheard
)
