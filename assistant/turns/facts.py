"""What the core is told: one FrameFacts for every frame, and signals between frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.settings.sections import FRAME_MS, WINDOW_MS, Settings

RATE = 16_000
"""The core counts time in samples of the 16 kHz front-end clock, from the stream's start."""
FRAME_SAMPLES = RATE * FRAME_MS // 1000
WINDOW_SAMPLES = RATE * WINDOW_MS // 1000
SILENCE_DBFS = -120.0


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """One 16 ms frame, together with the one before, as the front end and the detector saw it.

    end_sample: the 16 kHz sample after the frame's last one. p_speech: 0..1.
    near_dbfs: level after the echo canceller. noise_dbfs: the room's tracked floor.
    echo_dbfs: what may remain of Interject's own voice in near_dbfs; SILENCE_DBFS where no echo is expected.
    far_dbfs: level of what the loudspeaker plays. rise_sample: where the near-end level last rose out of the floor.
    """

    end_sample: int
    p_speech: float
    near_dbfs: float
    noise_dbfs: float = SILENCE_DBFS
    echo_dbfs: float = SILENCE_DBFS
    far_dbfs: float = SILENCE_DBFS
    rise_sample: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The person asked by hand: a typed line, or the button that starts the partner."""

    what: Literal["typed", "button"] = "button"


@dataclass(frozen=True, slots=True)
class ReplyStarted:
    """The first sample of a reply, or of its resumption, left for the loudspeaker.

    protected: its first sentence is to be said to the end; ProtectedSaid tells when it was.
    """

    protected: bool = False


@dataclass(frozen=True, slots=True)
class ProtectedSaid:
    """The last sample of the protected sentence left for the loudspeaker, or it need not be protected any more."""


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """The last sample of the reply left for the loudspeaker."""


@dataclass(frozen=True, slots=True)
class NoReply:
    """No reply will come: the partner had nothing to say, or a stage failed."""


@dataclass(frozen=True, slots=True)
class NoWords:
    """The recogniser found no words in the utterance that was just closed."""


@dataclass(frozen=True, slots=True)
class WordsHeard:
    """What the recogniser has made so far of the sound that is going on, all of it from its beginning.

    own_words: what Interject was saying meanwhile. asked: it had just asked something, so that a "yes" is an answer.
    final: the sound is over and the words will not change.
    """

    text: str
    own_words: str = ""
    asked: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class StopPressed:
    """The person pressed Stop."""


@dataclass(frozen=True, slots=True)
class TalkPressed:
    """The talk key went down: the person has the floor until it comes up."""


@dataclass(frozen=True, slots=True)
class TalkReleased:
    """The talk key came up."""


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """A new snapshot of the settings, in force from the next frame on."""

    settings: Settings


Signal = (
    Asked
    | ReplyStarted
    | ProtectedSaid
    | ReplyEnded
    | NoReply
    | NoWords
    | WordsHeard
    | StopPressed
    | TalkPressed
    | TalkReleased
    | SettingsChanged
)
