"""Which sounds stand out over what may remain of Interject's own voice."""

from __future__ import annotations

from assistant.settings.sections import Echo
from assistant.turns.facts import SILENCE_DBFS, FrameFacts


def is_echo_expected(facts: FrameFacts) -> bool:
    """Whether Interject's own voice may be in the frame at all: never on headphones, nor while nothing plays."""
    return facts.echo_dbfs > SILENCE_DBFS


def stands_out(facts: FrameFacts, echo: Echo) -> bool:
    """Whether the frame is `echo.margin_db` louder than the echo that may be in it. False where none is expected."""
    return is_echo_expected(facts) and facts.near_dbfs >= facts.echo_dbfs + echo.margin_db
