"""The conversation as the language model is told it: what was said, and of the answers what was heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.brain.chat_template import Message
from assistant.brain.partner import PartnerFailed
from assistant.brain.runs import Run, text_of

_FILLED_AGAIN = 0.6
"""Of the room for the conversation, taken up after the oldest turns were forgotten. All of it would have them forgotten
at every turn, and each time the whole prompt computed anew; this keeps its head the same for many turns."""
LEFT_OUT = " […] "
TOO_LONG = "[The middle of what follows is left out; it was too long.]"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation. note: what the model is told besides the person's words, or "".

    said: the person's words, "" where there are none. reply: what was heard of the answer.
    """

    note: str
    said: str
    reply: tuple[Run, ...] = ()


def messages(persona: str, turns: Sequence[Turn]) -> list[Message]:
    """System, user, assistant, user, … : what nobody answered becomes one message with what was said next."""
    found: list[Message] = [Message("system", (Run(persona),))] if persona.strip() else []
    asked: list[str] = []
    for turn in turns:
        asked += [text for text in (turn.note, turn.said) if text]
        if text_of(turn.reply).strip():
            found.append(Message("user", (Run("\n".join(asked)),)))
            found.append(Message("assistant", turn.reply))
            asked = []
    if asked:
        found.append(Message("user", (Run("\n".join(asked)),)))
    return found


def trimmed(turns: Sequence[Turn], size: Callable[[Sequence[Turn]], int], room: int) -> tuple[Turn, ...]:
    """The newest of `turns`, the last one always: forgotten from the oldest on, by whole turns and many at a time.

    size: the tokens of a prompt with these turns. room: the most it may have; where the last turn alone needs more, its
    middle is left out. Raises PartnerFailed where even nothing said is too much.
    """
    turns = tuple(turns)
    if size(turns) <= room:
        return turns
    first, last = 1, len(turns) - 1  # how many to forget: the fewest that leave room enough
    while first < last:
        middle = (first + last) // 2
        if size(turns[middle:]) <= _FILLED_AGAIN * room:
            last = middle
        else:
            first = middle + 1
    turns = turns[min(first, len(turns) - 1) :]
    return turns if size(turns) <= room else (_shortened(turns[-1], size, room),)


def _shortened(turn: Turn, size: Callable[[Sequence[Turn]], int], room: int) -> Turn:
    def of_length(characters: int) -> Turn:
        """Most people come to the point first; the end is what they said last."""
        head, tail = characters - characters // 3, characters // 3
        said = turn.said[:head] + LEFT_OUT + turn.said[len(turn.said) - tail :]
        return replace(turn, note="\n".join(filter(None, (turn.note, TOO_LONG))), said=said)

    if size((of_length(0),)) > room:
        raise PartnerFailed(
            "The persona leaves no room in the language model's context. "
            "Shorten Persona, raise Context or lower Longest reply in Settings."
        )
    fits, too_long = 0, len(turn.said)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if size((of_length(middle),)) <= room:
            fits = middle
        else:
            too_long = middle
    return of_length(fits)
