"""Thoughts and end marks of a stream never reach the voice; everything else does, in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.brain.runs import Run, text_of
from assistant.brain.unspoken import Unspoken


def spoken(*parts: str, begins_in_thought: bool = False) -> str:
    unspoken = Unspoken(begins_in_thought=begins_in_thought)
    return text_of([run for part in parts for run in unspoken.feed(Run(part))] + unspoken.finish())


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ("Hello.", "Hello."),
        ("<think>Hm, he asks.</think>Hello.", "Hello."),
        ("Hello.<|im_end|>\n<|im_start|>user\nMore", "Hello."),
        ("[THINK]no[/THINK]Yes", "Yes"),
        ("<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>Yes", "Yes"),
        ("<think>never ends", ""),
        ("2 < 3 and <b>", "2 < 3 and <b>"),
        ("\n</think>\n\nYes", "\n\n\nYes"),
    ],
)
def test_what_is_spoken_of_a_stream_however_it_is_cut(stream: str, said: str) -> None:
    assert spoken(stream) == said
    assert spoken(*stream) == said


def test_a_thought_that_the_template_has_opened() -> None:
    assert spoken(*"He asks.</think>Yes", begins_in_thought=True) == "Yes"


def test_a_word_that_cannot_begin_a_mark_is_let_through_at_once() -> None:
    assert Unspoken().feed(Run("Hello ", (7, 8))) == [Run("Hello ", (7, 8))]


def test_the_turn_is_over_at_its_end_mark() -> None:
    unspoken = Unspoken()
    unspoken.feed(Run("Yes.<|im_end|>"))
    assert unspoken.ended
    assert unspoken.feed(Run("More")) == []


PARTS = st.sampled_from(["<", "<th", "think>", "</think>", "<think>", "a", " b", "|", "im", "[", "<|channel|>"])


@given(parts=st.lists(PARTS, max_size=30))
def test_it_does_not_matter_how_the_stream_comes(parts: list[str]) -> None:
    assert spoken(*parts) == spoken("".join(parts))
