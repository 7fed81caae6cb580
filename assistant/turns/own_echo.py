"""What is asked of a sound in which something of Interject's own voice may remain."""

from __future__ import annotations

import math

from assistant.settings.sections import Echo, Settings
from assistant.turns.facts import SILENCE_DBFS, FrameFacts
from assistant.turns.odds import log_odds, probability


def is_echo_expected(facts: FrameFacts) -> bool:
    """Whether Interject's own voice may be in the frame at all: never on headphones, nor while nothing plays."""
    return facts.echo_dbfs > SILENCE_DBFS


def stands_out(facts: FrameFacts, echo: Echo) -> bool:
    """Whether the frame is `echo.margin_db` louder than the echo that may be in it. False where none is expected."""
    return is_echo_expected(facts) and facts.near_dbfs >= facts.echo_dbfs + echo.margin_db


def asked(p_speech: float, facts: FrameFacts, settings: Settings) -> float:
    """The probability that the frame needs where `p_speech` is enough without an echo."""
    return asked_over_echo(p_speech, settings) if is_echo_expected(facts) else p_speech


def asked_over_echo(p_speech: float, settings: Settings) -> float:
    """What is needed in place of `p_speech` while an echo is expected: its odds times `echo.odds`.

    The learned detector takes a noise through Interject's own voice for a user more often than the same noise alone.
    Silero alone, which knows nothing of an echo, is held to the margin instead.
    """
    if settings.vad.detector != "learned":
        return p_speech
    return probability(log_odds(p_speech) + math.log(settings.echo.odds))


class Suspicion:
    """What the frames before tell of a voice through Interject's own: it takes as much off what the next one needs.

    A voice softer than the echo is heard little by little, frame by frame a little likelier than not; a noise is
    likely for a frame or two. So log-odds beyond those of `vad.start` are added up and fade (Page's CUSUM, Biometrika
    41, 1954). A frame by itself needs `echo.odds` times the odds, as if nothing were added up.
    """

    KEPT = 0.8
    """Of the sum a frame later: 70 ms."""
    ALLOWANCE = 0.15
    """Log-odds that every frame has to have beyond those of `vad.start`, lest a long doubt become a certainty."""
    MOST = 3.0
    """Of the sum: however sure it was of a word, half a second later nothing of that is left."""

    def __init__(self) -> None:
        self._sum = 0.0

    def needed(self, settings: Settings) -> float:
        """The probability from which on the next frame counts as speech."""
        alone = asked_over_echo(settings.vad.start, settings)
        return probability(log_odds(alone) - self.KEPT * self._sum)

    def add(self, p_speech: float, settings: Settings) -> None:
        """Take in one frame."""
        told = log_odds(p_speech) - log_odds(settings.vad.start) - self.ALLOWANCE
        self._sum = min(max(self.KEPT * self._sum + told, 0.0), self.MOST)

    def forget(self) -> None:
        """No echo is expected any more, and nothing has to be added up."""
        self._sum = 0.0

