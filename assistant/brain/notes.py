"""What the model is told besides the person's words, in square brackets before them."""

from __future__ import annotations

from assistant.brain.partner import Interruption, UserTurn

BEGIN = "[The person pressed the button to talk with you. Greet them in one short sentence.]"
GO_ON = "[The person pressed the button to have you go on.]"

_WORDS_HEARD = 6
"""Enough to find the place in the answer before, which the model sees as well."""
_WORDS_UNSAID = 60
"""The model wrote them; these remind it of what the person has not been told. More would make the person wait."""


def interruption_note(cut: Interruption, unsaid: str, turn: UserTurn) -> str:
    """Where the last answer was cut, what of it was not heard, and that the words behind the note were said over it.

    unsaid: everything that had been handed out for speaking behind the cut, "" if that was all of it.
    """
    heard = cut.heard.split()
    if heard:
        where = f"You were cut off after “{_tail(heard)}”."
    else:
        where = "You were cut off before your first word."
    lost = f" Not heard: “{_head(unsaid.split())}”" if unsaid else ""
    over = f" Said over it: “{cut.said.strip()}”." if cut.said.strip() and cut.said.strip() not in turn.text else ""
    said = "" if not turn.text else " The person typed:" if turn.typed else " The person said:"
    return f"[{where}{lost}{over}{said}]"


def _tail(words: list[str]) -> str:
    return " ".join(words[-_WORDS_HEARD:]) if len(words) <= _WORDS_HEARD else "… " + " ".join(words[-_WORDS_HEARD:])


def _head(words: list[str]) -> str:
    return " ".join(words) if len(words) <= _WORDS_UNSAID else " ".join(words[:_WORDS_UNSAID]) + " …"
