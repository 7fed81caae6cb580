"""What the model is told of the conversation, and how the oldest of it is forgotten."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.brain.history import LEFT_OUT, TOO_LONG, Turn, messages, trimmed
from assistant.brain.partner import PartnerFailed
from assistant.brain.runs import Run, text_of


def turn(said: str, reply: str = "", note: str = "") -> Turn:
    return Turn(note, said, (Run(reply),) if reply else ())


def told(*turns: Turn, persona: str = "Be kind.") -> list[tuple[str, str]]:
    return [(message.role, text_of(message.content)) for message in messages(persona, turns)]


def words(turns: Sequence[Turn]) -> int:
    """A prompt's size in words; ten of them are the persona's."""
    return 10 + sum(len(f"{t.note} {t.said} {text_of(t.reply)}".split()) for t in turns)


def test_persona_question_answer_question() -> None:
    assert told(turn("Hello.", "Hi."), turn("Who are you?")) == [
        ("system", "Be kind."),
        ("user", "Hello."),
        ("assistant", "Hi."),
        ("user", "Who are you?"),
    ]


def test_what_got_no_answer_is_told_together_with_what_was_said_next() -> None:
    assert told(turn("Hello.", "Hi."), turn("Stop."), turn("Tell me more.", note="[cut]")) == [
        ("system", "Be kind."),
        ("user", "Hello."),
        ("assistant", "Hi."),
        ("user", "Stop.\n[cut]\nTell me more."),
    ]


def test_no_persona_is_no_message() -> None:
    assert told(turn("Hello."), persona="  ") == [("user", "Hello.")]


def test_nothing_is_forgotten_while_there_is_room() -> None:
    turns = [turn("one two", "three"), turn("four")]
    assert trimmed(turns, words, 14) == tuple(turns)


def test_the_oldest_turns_are_forgotten_whole_and_several_at_a_time() -> None:
    turns = [turn(f"question {i}", "an answer of five words") for i in range(12)]
    assert trimmed(turns, words, 90) == tuple(turns[6:])


def test_of_one_giant_turn_the_middle_is_left_out_and_the_model_is_told() -> None:
    giant = turn(" ".join(f"w{i}" for i in range(500)))
    (kept,) = trimmed([turn("before", "it"), giant], words, 100)
    assert kept.note == TOO_LONG
    head, tail = kept.said.split(LEFT_OUT)
    assert giant.said.startswith(head) and giant.said.endswith(tail)
    assert words([kept]) <= 100 and len(kept.said.split()) > 70


def test_a_persona_that_fills_the_context_is_refused_with_what_to_do() -> None:
    with pytest.raises(PartnerFailed, match=r"Shorten Persona, raise Context or lower Longest reply"):
        trimmed([turn("Hello.")], words, 10)


@given(
    lengths=st.lists(st.integers(0, 40), min_size=1, max_size=60),
    room=st.integers(60, 300),
)
def test_a_prompt_never_exceeds_its_room_and_its_head_changes_seldom(lengths: list[int], room: int) -> None:
    turns: tuple[Turn, ...] = ()
    heads = 0
    total = 0
    for number, length in enumerate(lengths):
        asked = turn(f"q{number}")
        kept = trimmed((*turns, asked), words, room)
        assert words(kept) <= room
        assert kept == (*turns, asked)[len(turns) + 1 - len(kept) :]
        heads += kept[0] != (*turns, asked)[0]
        answered = Turn("", asked.said, (Run(" ".join(["a"] * length)),))
        total += length + 1
        turns = (*kept[:-1], answered)
    # Each time at least a third of the room becomes free, less the turn that was in the way.
    assert heads <= 1 + total / max(1, 0.4 * room - 51)
