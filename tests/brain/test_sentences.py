"""A reply leaves in pieces: its first clause at once, then sentences; nothing lost, nothing twice."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.brain.sentences import SentenceSplitter, ends_sentence, word_count


def pieces(text: str) -> list[str]:
    splitter = SentenceSplitter()
    return [*splitter.feed(text), *splitter.finish()]


def said(text: str) -> list[str]:
    return [piece.strip() for piece in pieces(text) if piece.strip()]


def test_the_first_clause_leaves_before_its_sentence_is_complete() -> None:
    assert SentenceSplitter().feed("If you want it crisp, ") == ["If you want it crisp,"]


def test_an_opening_word_is_said_at_once_and_then_a_clause_of_few_words_waits_for_more() -> None:
    assert SentenceSplitter().feed("Well, yes, ") == ["Well,"]
    assert said("Well, yes, that is how it is done, and it is easy. Try.")[:2] == [
        "Well,",
        "yes, that is how it is done,",
    ]


def test_after_the_first_clause_come_whole_sentences() -> None:
    assert said("You take some salt, then some smoke, then time. First, wash it, and dry it. Then, well, wait.") == [
        "You take some salt,",
        "then some smoke, then time.",
        "First, wash it, and dry it.",
        "Then, well, wait.",
    ]


def test_a_short_first_sentence_leaves_and_the_next_clause_follows_it_soon() -> None:
    assert said("Sure! First you take the salt, and then the rest of it. Done.") == [
        "Sure!",
        "First you take the salt,",
        "and then the rest of it.",
        "Done.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Weber met Mrs. Hill and Prof. Lang at St. Mary's on Jan. 5 at nine.",
        "It costs 3.50 or 1,000 or 2.5 million dollars in the U.S. Government shop.",
        "Take fruit, e.g. Apples are fine.",
        "Das gilt z. B. Für Äpfel und ca. 5 Birnen.",
        "It is on example.com or at version 2.0 of it.",
    ],
)
def test_full_stops_inside_a_sentence_do_not_end_it(sentence: str) -> None:
    assert " ".join(said("So it is then. " + sentence)[1:]) == sentence
    assert len(said("So it is then. " + sentence)) == 2


def test_emphasis_does_not_hide_the_end_of_a_sentence() -> None:
    assert said("**Never do that.** It is *very* hot. Wait.") == ["**Never do that.**", "It is *very* hot.", "Wait."]


def test_each_line_of_a_list_is_a_piece_and_its_number_stays_with_it() -> None:
    assert said("Two things:\n1. Salt. Much.\n2. Smoke\n- and time\n") == [
        "Two things:",
        "1. Salt.",
        "Much.",
        "2. Smoke",
        "- and time",
    ]


def test_code_between_fences_is_one_piece() -> None:
    assert said("Like this:\n```python\nprint('a. B, c')\n\nx = 1\n```\nThere.") == [
        "Like this:",
        "```python\nprint('a. B, c')\n\nx = 1\n```",
        "There.",
    ]


def test_a_link_or_a_bracket_is_not_cut_in_two() -> None:
    assert said("Look at [this good page, it helps](http://a.b), and then (if you like, later) read, please, all.") == [
        "Look at [this good page, it helps](http://a.b),",
        "and then (if you like, later) read, please, all.",
    ]


def test_a_sentence_without_end_is_spoken_by_its_clauses_and_then_by_its_words() -> None:
    words = " ".join(f"word{i}" for i in range(200))
    lengths = [word_count(piece) for piece in pieces(words)]
    assert max(lengths) <= 61 and sum(lengths) == 200
    assert said("One. " + "and so, " * 60)[2].count("so,") == 15


def test_scripts_without_spaces_are_cut_at_their_own_marks() -> None:
    assert said("今天天气非常好，我们可以出去走走。你想去哪里？好。") == [
        "今天天气非常好，",
        "我们可以出去走走。",
        "你想去哪里？",
        "好。",
    ]


PARTS = st.sampled_from(
    ["Yes", "and so", " ", " ", " ", "\n", "\n\n", ". ", ", ", "! ", "…", "Dr.", "3.14", "**", "`", "```", "- ", "1. ",
     "(", ")", "[", "](x)", "|", "。", "，", "你好", "# ", "é", "😀", "*", "Then", "\t"]
)  # fmt: skip


@given(text=st.lists(PARTS, max_size=60).map("".join))
def test_nothing_is_lost_and_nothing_comes_twice(text: str) -> None:
    assert "".join(pieces(text)) == text


@given(text=st.text(max_size=200))
def test_no_text_at_all_breaks_it(text: str) -> None:
    assert "".join(pieces(text)) == text


@given(parts=st.lists(PARTS, max_size=60))
def test_it_does_not_matter_how_the_text_comes(parts: list[str]) -> None:
    splitter = SentenceSplitter()
    arrived = [piece for part in parts for piece in splitter.feed(part)] + splitter.finish()
    assert arrived == pieces("".join(parts))


@given(words=st.lists(st.from_regex(re.compile(r"[a-z]{1,8}[.,;!?]?"), fullmatch=True), min_size=1, max_size=200))
def test_no_piece_is_endless(words: list[str]) -> None:
    assert all(word_count(piece) <= 62 for piece in pieces(" ".join(words)))


@pytest.mark.parametrize("piece", ["It is.", "Is it?", "“It is!”", "So it is (really).", "是的。", "**Done.**"])
def test_a_piece_that_ends_its_sentence_is_known(piece: str) -> None:
    assert ends_sentence(piece)


@pytest.mark.parametrize("piece", ["Well,", "If you want it crisp:", "Well…", "and then", ""])
def test_from_one_that_ends_a_clause(piece: str) -> None:
    assert not ends_sentence(piece)
