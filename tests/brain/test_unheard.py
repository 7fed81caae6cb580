"""What nobody has heard, of the phrases that were handed out."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.brain.partner import Interruption, Phrase
from assistant.brain.unheard import unheard

READ = tuple(
    Phrase(text, "passage", "Tea, 1 of 1")
    for text in ("They drank tea at the top.", "It passed over the water, and the roofs.", "They drank tea.")
)
TEXT = " ".join(phrase.text for phrase in READ)


def rest(heard: str, unsaid: str) -> list[str]:
    return [phrase.text for phrase in unheard(READ, Interruption(heard, unsaid, "", None, ""))]


def test_the_cut_phrase_begins_with_the_next_word() -> None:
    assert rest("They drank tea at the top. It passed over the water", ", and the roofs. They drank tea.") == [
        "and the roofs.",
        "They drank tea.",
    ]


def test_phrases_that_never_reached_the_voice_are_not_lost() -> None:
    assert rest("They drank", "tea at the top.") == ["tea at the top.", READ[1].text, READ[2].text]
    assert rest("They drank tea at the top.", "") == [READ[1].text, READ[2].text]


def test_of_two_like_places_the_one_after_what_was_heard_counts() -> None:
    assert rest("It passed over the water, and the roofs.", "They drank tea") == ["They drank tea."]


def test_nothing_heard_leaves_everything_and_everything_heard_nothing() -> None:
    assert rest("", TEXT) == [phrase.text for phrase in READ]
    assert rest("", "") == [phrase.text for phrase in READ]
    assert rest(TEXT, "") == []


def test_a_text_that_was_never_handed_out_is_said_as_it_is_in_sentences() -> None:
    assert rest("Hello.", "“Not known.” Is it?  Yes, 3.5 times.") == ["“Not known.”", "Is it?", "Yes, 3.5 times."]


@given(cut=st.integers(0, len(TEXT.split())))
def test_heard_and_unheard_make_the_whole_wherever_it_is_cut(cut: int) -> None:
    words = TEXT.split()
    heard, unsaid = " ".join(words[:cut]), " ".join(words[cut:])
    assert " ".join(rest(heard, unsaid)) == unsaid


LIKE_EACH_OTHER = st.lists(
    st.lists(st.sampled_from(("No", "no", "oh no")), min_size=1, max_size=4).map(lambda words: " ".join(words) + "."),
    min_size=1,
    max_size=5,
)


@given(texts=LIKE_EACH_OTHER, chance=st.data())
def test_the_place_is_found_however_much_a_reply_repeats_itself(texts: list[str], chance: st.DataObject) -> None:
    words = " ".join(texts).split()
    cut = chance.draw(st.integers(1, len(words)))
    reached = chance.draw(st.integers(cut, len(words)))
    told = Interruption(" ".join(words[:cut]), " ".join(words[cut:reached]), "", None, "")
    left = unheard([Phrase(text, "passage", "") for text in texts], told)
    assert " ".join(phrase.text for phrase in left).split() == words[cut:]


def test_a_cut_that_is_told_again_leaves_what_it_left() -> None:
    left = unheard(READ[1:], Interruption("They drank tea at the top.", "It passed", "top", None, ""))
    assert tuple(left) == READ[1:]
    again = [Phrase(text, "passage", "") for text in ("enough.", "It is always enough.")]
    assert list(unheard(again, Interruption("A pinch is", "enough.", "is", None, ""))) == again
