"""Heard text: which words of a reply had left the loudspeaker at some sample, and what is still to be said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.brain.partner import Phrase
from assistant.speech.voice import SpokenChunk, WordMark
from assistant.speech.words import word_spans
from assistant.workers.reply import Reply

WORD = 1000
"""Samples a word."""


def spoken(*texts: str, complete: bool = True) -> Reply:
    """A reply whose every word lasts WORD samples. complete: whether its last phrase was synthesized to its end."""
    reply = Reply(7)
    for number, text in enumerate(texts, start=1):
        phrase = reply.begin(Phrase(text, "passage", ""))
        for index, span in enumerate(word_spans(text)):
            mark = WordMark(text[span.at : span.end], span.at, span.length, index * WORD)
            reply.add(phrase, SpokenChunk(np.full(WORD, 0.1, np.float32), (mark,)))
        phrase.complete = complete or number < len(texts)
    return reply


class TestTheHeardText:
    def test_before_the_first_word_nothing_was_heard(self) -> None:
        at = spoken("The lamp was lit.").at(0)
        assert (at.heard, at.unsaid, at.last_word) == ("", "The lamp was lit.", "")

    def test_a_word_counts_once_half_of_it_has_left(self) -> None:
        reply = spoken("The lamp was lit.")
        assert reply.at(2 * WORD + WORD // 2 - 1).last_word == "lamp"
        assert reply.at(2 * WORD + WORD // 2).last_word == "was"

    def test_it_is_cut_between_two_words(self) -> None:
        at = spoken("The lamp, he said, was lit.").at(2 * WORD)
        assert at.heard == "The lamp"
        assert at.unsaid == "he said, was lit."
        assert (at.phrase_heard, at.phrase_cut) == ("The lamp", ", he said, was lit.")
        assert at.played_ms == pytest.approx(2 * WORD / 48)

    def test_earlier_phrases_are_whole(self) -> None:
        at = spoken("One two.", "Three four.", "Five six.").at(3 * WORD)
        assert at.heard == "One two. Three"
        assert at.unsaid == "four. Five six."
        assert (at.phrase_heard, at.last_word) == ("Three", "Three")

    def test_at_the_start_of_a_phrase_the_last_word_is_the_one_before(self) -> None:
        assert spoken("One two.", "Three four.").at(2 * WORD).last_word == "two"

    def test_a_phrase_without_words_hides_no_last_word(self) -> None:
        assert spoken("One two.", "…", "Three four.").at(2 * WORD).last_word == "two"

    def test_at_the_end_nothing_is_unsaid(self) -> None:
        at = spoken("One two.", "Three four.").at(4 * WORD)
        assert (at.heard, at.unsaid, at.last_word) == ("One two. Three four.", "", "four")

    def test_closing_quotes_go_with_the_word_before_and_opening_ones_with_the_word_after(self) -> None:
        text = "He said “stop” (twice) — “now” — and left."
        assert spoken(text).at(3 * WORD).unsaid == "(twice) — “now” — and left."
        assert spoken(text).at(4 * WORD).unsaid == "— “now” — and left."
        assert spoken(text).at(5 * WORD).unsaid == "— and left."

    def test_a_phrase_of_which_no_sound_was_made_yet_is_unsaid(self) -> None:
        reply = spoken("One two.")
        reply.begin(Phrase("Three four.", "passage", ""))
        at = reply.at(2 * WORD)
        assert (at.heard, at.unsaid) == ("One two.", "Three four.")

    def test_a_phrase_whose_synthesis_was_broken_off_is_not_heard_to_its_end(self) -> None:
        reply = spoken("One two.", complete=False)
        whole = "One two three."
        reply.phrases[0].phrase = Phrase(whole, "passage", "")
        at = reply.at(2 * WORD)
        assert at.heard == "One"  # how long “two” lasts is not known: the rest of it was never made
        assert at.unsaid == "two three."

    def test_an_empty_reply_has_nothing(self) -> None:
        at = Reply(1).at(500)
        assert (at.heard, at.unsaid, at.earlier, at.from_phrase, at.last_word) == ("", "", "", "", "")


class TestWhereItGoesOn:
    def test_from_the_start_of_the_phrase_that_was_cut(self) -> None:
        at = spoken("One two.", "Three four.", "Five six.").at(3 * WORD)
        assert (at.earlier, at.from_phrase) == ("One two.", "Three four. Five six.")

    def test_the_sound_that_would_have_come_next_is_that_of_the_phrase(self) -> None:
        reply = spoken("One two.", "Three four.")
        assert len(reply.sound_after(2 * WORD + 300, 5 * WORD)) == 2 * WORD - 300
        assert len(reply.sound_after(2 * WORD + 300, 100)) == 100
        assert len(reply.sound_after(4 * WORD, 100)) == 0

    def test_sound_that_is_over_is_freed_and_its_text_stays(self) -> None:
        reply = spoken("One two.", "Three four.")
        reply.forget_sound(3 * WORD)
        assert len(reply.sound_after(0, 10)) == 0
        assert len(reply.sound_after(3 * WORD, 10)) == 10
        assert reply.at(3 * WORD).heard == "One two. Three"

    def test_after_hours_only_the_newest_hundred_phrases_are_gone_through(self) -> None:
        texts = [f"Sentence {number}." for number in range(300)]
        at = spoken(*texts).at(599 * WORD)
        assert at.heard == " ".join([*texts[200:299], "Sentence"])
        assert (at.unsaid, at.last_word) == ("299.", "Sentence")
        assert at.played_ms == pytest.approx(599 * WORD / 48)


TEXTS = st.lists(
    st.lists(st.sampled_from(["harbour", "I’m", "“yes”", "(no)", "42", "—", "Wait!", "so,"]), min_size=1).map(" ".join),
    min_size=1,
    max_size=4,
)


@given(TEXTS, st.integers(0, 40 * WORD))
def test_heard_and_unsaid_are_the_whole_text_wherever_it_is_cut(texts: list[str], played: int) -> None:
    at = spoken(*texts).at(played)
    words = [text[s.at : s.end] for text in texts for s in word_spans(text)]
    heard = [at.heard[s.at : s.end] for s in word_spans(at.heard)]
    unsaid = [at.unsaid[s.at : s.end] for s in word_spans(at.unsaid)]
    assert heard + unsaid == words
    assert at.last_word == (heard[-1] if heard else "")


@given(TEXTS, st.integers(0, 40 * WORD), st.integers(0, 40 * WORD))
def test_what_was_heard_stays_heard(texts: list[str], one: int, other: int) -> None:
    reply = spoken(*texts)
    assert reply.at(max(one, other)).heard.startswith(reply.at(min(one, other)).heard)


class TestItsFirstSentence:
    def test_is_over_when_its_last_sample_has_left(self) -> None:
        reply = spoken("One two.", "Three.")
        assert not reply.first_sentence_is_over(2 * WORD - 1)
        assert reply.first_sentence_is_over(2 * WORD)

    def test_may_be_several_phrases(self) -> None:
        reply = spoken("Well,", "as it happens,", "it is.”", "And so on.")
        assert [reply.first_sentence_is_over(words * WORD) for words in range(1, 7)] == [False] * 5 + [True]

    def test_is_not_over_while_more_of_its_sound_may_come(self) -> None:
        assert not spoken("One two.", complete=False).first_sentence_is_over(9 * WORD)

    def test_a_reply_without_any_is_not_gone_through_for_ever(self) -> None:
        assert not spoken(*["and"] * 50).first_sentence_is_over(50 * WORD)
        assert spoken(*["and"] * 200).first_sentence_is_over(200 * WORD)
