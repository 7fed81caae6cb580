"""Words that two passes agree on are settled, once and for ever."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.speech.agreement import LocalAgreement, where_ends, words_of

WORDS = st.lists(st.sampled_from(["no", "yes", "well", "the", "red", "house"]), max_size=20)


def heard(*passes: str) -> LocalAgreement:
    agreement = LocalAgreement()
    for hypothesis in passes:
        agreement.add(hypothesis)
    return agreement


def test_one_pass_settles_nothing() -> None:
    agreement = heard(" Turn the")
    assert (agreement.settled, agreement.tentative) == ("", "Turn the")


def test_what_two_passes_agree_on_is_settled_but_the_last_word() -> None:
    agreement = heard(" Turn the li", " Turn the light")
    assert (agreement.settled, agreement.tentative) == ("Turn the", "light")


def test_neither_case_nor_punctuation_is_a_disagreement() -> None:
    agreement = heard(" turn. It on", " Turn it on now")
    assert (agreement.settled, agreement.tentative) == ("Turn it on", "now")


def test_a_pass_that_heard_an_old_word_otherwise_still_brings_its_new_ones() -> None:
    agreement = heard(" turn the light on", " turn the light on", " turn a light on now", " turn a light on now, do")
    assert agreement.settled == "turn the light on now,"


def test_a_pass_that_says_something_else_altogether_is_left_out() -> None:
    agreement = heard(" turn the light on", " turn the light on", " thank you very much for watching")
    assert (agreement.settled, agreement.tentative) == ("turn the light", "on")


def test_words_that_leave_the_window_are_not_said_again() -> None:
    agreement = heard(" one two three four five", " one two three four five")
    agreement.scroll(" one two three")
    agreement.add(" four five six")
    agreement.add(" four five six seven")
    assert (agreement.settled, agreement.tentative) == ("one two three four five six", "seven")


def test_words_that_leave_the_window_are_settled_whether_or_not_they_were() -> None:
    agreement = heard(" one two three", " one two three")
    agreement.scroll("One to three four")
    assert agreement.settled == "one two three four"


def test_scripts_without_spaces_settle_by_the_letter() -> None:
    assert heard("你好吗", "你好吗?").settled == "你好"
    assert words_of("สวัสดี") == ("ส", "วั", "ส", "ดี")


def test_punctuation_alone_is_no_word() -> None:
    assert words_of(" Well - yes , no") == (" Well -", " yes ,", " no")


def test_the_end_of_known_words_is_where_fewest_differ() -> None:
    assert where_ends(["a", "b", "c"], ["a", "x", "c", "d"]).length == 3
    assert where_ends(["a", "b", "c"], ["a", "c", "d"]).length == 2
    assert where_ends([], ["a"]).length == 0


@given(st.lists(WORDS, max_size=8))
def test_what_is_settled_stays_whatever_is_heard_next(passes: list[list[str]]) -> None:
    agreement, before = LocalAgreement(), ""
    for words in passes:
        agreement.add(" ".join(words))
        assert agreement.settled.startswith(before)
        before = agreement.settled
        agreement.scroll(" ".join(words[:2]))
        assert agreement.settled.startswith(before)
        before = agreement.settled


@given(WORDS)
def test_all_words_come_out_once(words: list[str]) -> None:
    agreement = LocalAgreement()
    for end in range(len(words) + 1):
        agreement.add("".join(f" {word}" for word in words[:end]))
    assert f"{agreement.settled} {agreement.tentative}".split() == words
