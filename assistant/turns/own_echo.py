"""What is asked of a sound in which something of Interject's own voice may remain."""

from __future__ import annotations

from assistant.settings.sections import Echo, Settings
from assistant.turns.facts import SILENCE_DBFS, FrameFacts


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
    odds = settings.echo.odds * p_speech / (1 - p_speech)
    return odds / (1 + odds)
