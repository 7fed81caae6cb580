"""Words of a phrase, and their samples when a synthesiser names only most of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speech.voice import WordMark
from assistant.speech.words import WordPlacer, word_spans


def words_of(text: str) -> list[str]:
    return [text[span.at : span.end] for span in word_spans(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one two three", ["one", "two", "three"]),
        ("“Of course,” said the keeper.", ["Of", "course", "said", "the", "keeper"]),
        ("I don’t know; it's a well-known 3.5 % …", ["I", "don’t", "know", "it's", "a", "well-known", "3.5"]),
        ("the harbour—and the ferry", ["the", "harbour", "and", "the", "ferry"]),
        ("Grüße, „wahr“ naïve", ["Grüße", "wahr", "naïve"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("你好 ok", ["你", "好", "ok"]),
        ("😀 … — !", []),
        ("", []),
    ],
)
def test_words_stand_without_the_punctuation_around_them(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_word_that_is_named_twice_counts_once() -> None:
    placer = WordPlacer("about 42 ships")
    marks = [*placer.word(0, 0), *placer.word(6, 100), *placer.word(7, 180), *placer.word(9, 300)]
    assert [(mark.text, mark.sample) for mark in marks] == [("about", 0), ("42", 100), ("ships", 300)]


def test_a_swallowed_word_is_put_between_its_neighbours() -> None:
    placer = WordPlacer("one of the men")
    placer.word(0, 0)
    placer.word(4, 1000)
    marks = placer.word(11, 2400)
    assert [(mark.text, mark.sample) for mark in marks] == [("the", 1600), ("men", 2400)]


def test_a_swallowed_word_comes_after_the_last_piece_of_the_word_before_it() -> None:
    placer = WordPlacer("so far that you")
    placer.word(0, 0)
    placer.word(0, 900)
    far, that = placer.word(7, 1000)
    assert (far.text, that.text) == ("far", "that")
    assert 900 <= far.sample <= that.sample == 1000


def test_words_that_nobody_named_lie_before_the_end() -> None:
    placer = WordPlacer("end of it")
    placer.word(0, 0)
    marks = placer.until(9, 900)
    assert [mark.text for mark in marks] == ["of", "it"]
    assert 0 < marks[0].sample < marks[1].sample < 900


@given(
    text=st.text(alphabet="ab, .—’3é\n", max_size=60),
    steps=st.lists(st.tuples(st.booleans(), st.integers(-1, 70), st.integers(0, 500)), max_size=20),
)
def test_every_word_comes_once_in_order_and_never_back_in_time(text: str, steps: list[tuple[bool, int, int]]) -> None:
    placer = WordPlacer(text)
    marks: list[WordMark] = []
    sample = 0
    for is_word, at, later in steps:
        before, sample = sample, sample + later
        fresh = placer.word(at, sample) if is_word else placer.until(min(at, len(text)), sample)
        assert all(before <= mark.sample <= sample for mark in fresh)
        marks += fresh
    marks += placer.until(len(text), sample)
    assert [mark.text for mark in marks] == words_of(text)
    assert [mark.sample for mark in marks] == sorted(mark.sample for mark in marks)
    assert all(text[mark.at : mark.at + mark.length] == mark.text for mark in marks)
