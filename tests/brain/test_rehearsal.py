"""Rehearsal reads, yields, says what happened and goes on where it stopped."""

from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.brain.partner import Interruption, Partner, PartnerFailed, Phrase, UserTurn
from assistant.brain.passages import Passage
from assistant.brain.rehearsal import GREETING, ONLY_READING, STOPPED, RehearsalPartner, report
from assistant.settings import sections

TEA = Passage("Tea", ("The water sang.", "She poured it slowly, and nobody spoke.", "Then the rain began."))
SALT = Passage("Salt", ("A pinch is enough.", "It is always enough."))


def coach(**brain: object) -> RehearsalPartner:
    return RehearsalPartner((TEA, SALT), sections.Brain.model_validate(brain))


def never() -> bool:
    return False


def hears(partner: Partner, turn: UserTurn | None, phrases: int) -> list[Phrase]:
    return list(islice(partner.reply(turn, never), phrases))


def texts(phrases: list[Phrase]) -> list[str]:
    return [phrase.text for phrase in phrases]


def cut(unsaid: str, last_word: str = "slowly", ms: float | None = 142.0) -> UserTurn:
    return UserTurn("", 0.8, Interruption("…", unsaid, last_word, ms, ""))


def typed(text: str, interruption: Interruption | None = None) -> UserTurn:
    return UserTurn(text, 0.0, interruption, typed=True)


def test_it_greets_names_the_passage_and_reads() -> None:
    phrases = hears(coach(), None, 5)
    assert texts(phrases) == [*GREETING, "This is Tea.", "The water sang.", "She poured it slowly, and nobody spoke."]
    assert [phrase.kind for phrase in phrases] == ["greeting"] * 3 + ["passage"] * 2
    assert {phrase.caption for phrase in phrases} == {"Tea, 1 of 2"}


def test_it_reads_one_passage_after_the_other_without_end() -> None:
    phrases = hears(coach(), None, 3 + 3 + 3 + 4)[6:]
    assert texts(phrases) == ["The next one is Salt.", *SALT.sentences, "The next one is Tea.", *TEA.sentences]
    assert [phrase.caption for phrase in phrases[:4]] == ["Salt, 2 of 2"] * 3 + ["Tea, 1 of 2"]


def test_after_an_interruption_it_says_what_happened_and_goes_on_with_what_was_not_said() -> None:
    partner = coach()
    hears(partner, None, 6)
    phrases = hears(partner, cut("and nobody spoke. Then the rain began."), 4)
    assert texts(phrases) == [
        "You stopped me after “slowly”, 140 milliseconds.",
        "and nobody spoke.",
        "Then the rain began.",
        "The next one is Salt.",
    ]
    assert [phrase.kind for phrase in phrases] == ["report", "passage", "passage", "greeting"]


def test_shown_only_means_not_a_word_about_it() -> None:
    partner = coach(report="shown")
    hears(partner, None, 6)
    assert texts(hears(partner, cut("and nobody spoke. Then the rain began."), 1)) == ["and nobody spoke."]


@pytest.mark.parametrize(
    ("last_word", "ms", "said"),
    [
        ("harbour", 142.0, "You stopped me after “harbour”, 140 milliseconds."),
        ("harbour", 145.0, "You stopped me after “harbour”, 150 milliseconds."),
        ("harbour", 3.0, "You stopped me after “harbour”, 10 milliseconds."),
        ("harbour", None, "You stopped me after “harbour”."),
        ("", 142.0, "You stopped me before my first word."),
    ],
)
def test_the_report_rounds_to_ten_and_claims_nothing_that_was_not_measured(
    last_word: str, ms: float | None, said: str
) -> None:
    assert report(Interruption("", "", last_word, ms, "")) == said


def test_a_report_that_was_cut_is_not_said_again() -> None:
    partner = coach()
    hears(partner, None, 6)
    hears(partner, cut("and nobody spoke. Then the rain began."), 3)
    again = cut("“slowly”, 140 milliseconds. and nobody spoke. Then the rain began.", last_word="after")
    assert texts(hears(partner, again, 3)) == [
        "You stopped me after “after”, 140 milliseconds.",
        "and nobody spoke.",
        "Then the rain began.",
    ]


@given(replies=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 30), st.booleans()), max_size=6))
@example(replies=[(4, 28, False), (5, 19, False), (1, 1, False)])  # the one word heard comes again two words later
def test_nothing_is_skipped_or_repeated_however_often_it_is_cut(replies: list[tuple[int, int, bool]]) -> None:
    """Each reply: phrases handed out, words of them heard, whether those behind the cut phrase reached the voice."""
    partner = RehearsalPartner((TEA, SALT), sections.Brain(report="shown"))
    everything = " ".join((*GREETING, "This is Tea.", *TEA.sentences, "The next one is Salt.", *SALT.sentences))
    heard: list[str] = []
    turn = None
    for ahead, at_most, all_reached_the_voice in replies:
        phrases = texts(hears(partner, turn, ahead))
        words = " ".join(phrases).split()
        count = min(at_most, len(words))
        heard += words[:count]
        reached = " ".join(phrases) if all_reached_the_voice else up_to_the_phrase_of(phrases, count)
        turn = UserTurn("", 0.5, Interruption(" ".join(words[:count]), " ".join(reached.split()[count:]), "", None, ""))
    while len(heard) < len(everything.split()):
        for phrase in hears(partner, turn, 20):
            heard += phrase.text.split()
    assert " ".join(heard).startswith(everything)


def up_to_the_phrase_of(phrases: list[str], count: int) -> str:
    reached = ""
    for phrase in phrases:
        reached += phrase + " "
        if len(reached.split()) > count:
            break
    return reached


def test_typed_next_goes_to_the_passage_after_the_one_at_the_ear() -> None:
    partner = coach()
    hears(partner, None, 3 + 3 + 2)  # handed out as far as Salt, heard as far as Tea
    in_tea = Interruption("", "Then the rain began. The next one is Salt. A pinch is enough.", "spoke", None, "")
    assert texts(hears(partner, typed("Next.", in_tea), 2)) == ["The next one is Salt.", "A pinch is enough."]


def test_typed_stop_ends_the_reading_until_it_is_started_again() -> None:
    partner = coach()
    hears(partner, None, 5)
    in_tea = Interruption("", "and nobody spoke.", "slowly", 90.0, "")
    assert texts(list(partner.reply(typed("stop", in_tea), never))) == [STOPPED]
    assert hears(partner, UserTurn("", 0.5, None), 1) == []
    assert texts(hears(partner, None, 2)) == ["and nobody spoke.", "Then the rain began."]


def test_other_typed_text_is_acknowledged_in_a_sentence_and_reading_goes_on() -> None:
    partner = coach()
    hears(partner, None, 5)
    in_tea = Interruption("", "and nobody spoke.", "slowly", 90.0, "")
    phrases = hears(partner, typed("How old is the tea?", in_tea), 2)
    assert texts(phrases) == [ONLY_READING, "and nobody spoke."]
    assert phrases[0].kind == "answer"


def test_started_again_without_knowing_what_was_heard_it_begins_the_passage_again() -> None:
    partner = coach()
    hears(partner, None, 5)
    assert texts(hears(partner, None, 1)) == ["The water sang."]


def test_a_cancelled_reply_ends_and_its_next_phrase_is_not_lost() -> None:
    partner = coach()
    answers = iter([False, False, False, False, True])
    assert texts(list(partner.reply(None, lambda: next(answers))))[-1] == "The water sang."
    last_heard = UserTurn("", 0.4, Interruption(f"{GREETING[0]} … The water sang.", "", "sang", None, ""))
    assert texts(hears(partner, last_heard, 2)) == ["You stopped me after “sang”.", TEA.sentences[1]]


def test_the_first_passage_is_chosen_by_its_title() -> None:
    assert texts(hears(coach(passage="salt"), None, 4))[2:] == ["This is Salt.", "A pinch is enough."]


def test_another_first_passage_acts_at_the_next_start() -> None:
    partner = coach()
    hears(partner, None, 4)
    partner.configure(sections.Brain(passage="Salt"))
    assert texts(hears(partner, None, 2)) == ["This is Salt.", "A pinch is enough."]


def test_an_unknown_title_names_those_there_are() -> None:
    phrases: Iterator[Phrase] = coach(passage="Pepper").reply(None, never)
    with pytest.raises(PartnerFailed, match=r"no passage “Pepper”\. Choose one of: Tea, Salt\."):
        next(phrases)
