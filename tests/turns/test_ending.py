"""When a turn is over: sooner where what was said is a finished sentence."""

from __future__ import annotations

import pytest

from assistant.settings.sections import Endpointing
from assistant.turns.commands import Cause, CloseUtterance, Discard, Prepare
from assistant.turns.ending import is_finished
from assistant.turns.facts import ReplyStarted, WordsHeard
from assistant.turns.states import State
from tests.turns.conversation import FRAME_MS, Conversation, kinds

QUESTION = WordsHeard("How far away is the moon?", final=True)
HALF = WordsHeard("What should I cook tonight, if", final=True)


@pytest.mark.parametrize(
    "text",
    [
        "How far away is the moon?",
        "Tell me about the harbour.",
        "Come in!",
        "He said: “Come in!”",
        "(I mean the old one.)",
        "Yes. No. I think the second.",
        "What is that for?",
        "Where do you come from?",
        "Wo wohnst du denn?",
        "¿Qué hora es?",
        "Quelle heure est-il ?",
        "今日の天気は？",
        "我想知道。",
    ],
)
def test_a_finished_sentence(text: str) -> None:
    assert is_finished(text, Endpointing().open_words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "What should I cook tonight",
        "What should I cook tonight,",
        "I was thinking...",
        "I was thinking…",
        "What I mean is:",
        "I would like to know, and.",
        "Could you give me the.",
        "I would like to.",
        "Um.",
        "So I went there because.",
        "I have to see Dr.",
        "I think I'm.",
        "My number is 0 1 7 2.",
        "It was in 1984.",
        "Ich weiß nicht, ob das geht, weil.",
        "Ich möchte ein.",
        "Je voudrais parce que.",
        "Quiero una.",
    ],
)
def test_not_a_finished_sentence(text: str) -> None:
    assert not is_finished(text, Endpointing().open_words)


def test_a_word_that_only_ends_like_a_listed_one_ends_a_sentence() -> None:
    assert is_finished("Look at that strand.", "and, parce que")
    assert is_finished("Je ne sais pas que.", "and, parce que")


class TestAFinishedSentence:
    def test_ends_the_turn_after_a_shorter_silence(self) -> None:
        talk = Conversation(endpointing__finished_ms=416, endpointing__silence_ms=704)
        talk.hears(1000)
        talk.quiet(256)
        talk.tell(QUESTION)
        talk.quiet(416 - 256 - FRAME_MS)
        assert talk.state is State.HEARING
        (closed,) = talk.quiet(FRAME_MS)
        assert isinstance(closed, CloseUtterance)
        assert closed.reason.cause is Cause.SENTENCE_FINISHED
        assert (closed.reason.quiet_ms, closed.reason.needed_ms) == (416, 416)
        assert closed.reason.words == QUESTION.text
        assert talk.state is State.THINKING

    def test_half_a_sentence_has_its_whole_time(self) -> None:
        talk = Conversation(endpointing__finished_ms=416, endpointing__silence_ms=704)
        talk.hears(1000)
        talk.quiet(256)
        talk.tell(HALF)
        talk.quiet(704 - 256 - FRAME_MS)
        assert talk.state is State.HEARING
        (closed,) = talk.quiet(FRAME_MS)
        assert closed.reason.cause is Cause.TURN_ENDED
        assert closed.reason.needed_ms == 704

    def test_whose_words_come_late_ends_the_turn_as_they_come(self) -> None:
        talk = Conversation(endpointing__finished_ms=416, endpointing__silence_ms=704)
        talk.hears(1000)
        talk.quiet(576)
        talk.tell(QUESTION)
        (closed,) = talk.quiet(FRAME_MS)
        assert isinstance(closed, CloseUtterance)
        assert closed.reason.cause is Cause.SENTENCE_FINISHED
        assert (closed.reason.quiet_ms, closed.reason.needed_ms) == (576 + FRAME_MS, 416)

    def test_counts_for_the_pause_behind_it_only(self) -> None:
        talk = Conversation(endpointing__finished_ms=416, endpointing__silence_ms=704)
        talk.hears(1000)
        talk.quiet(256)
        talk.tell(QUESTION)
        talk.quiet(FRAME_MS)
        assert [type(command) for command in talk.hears(320)] == [Discard]
        assert [type(command) for command in talk.quiet(704 - FRAME_MS)] == [Prepare]
        assert talk.state is State.HEARING

    def test_is_known_only_once_no_more_words_can_come(self) -> None:
        talk = Conversation(endpointing__finished_ms=416, endpointing__silence_ms=704)
        talk.hears(1000)
        talk.tell(WordsHeard("How far away is the moon?"))
        talk.quiet(704 - FRAME_MS)
        assert talk.state is State.HEARING

    def test_is_not_known_where_no_reply_is_prepared(self) -> None:
        talk = Conversation(endpointing__prepare="off", endpointing__finished_ms=416, endpointing__silence_ms=704)
        talk.hears(1000)
        talk.quiet(256)
        talk.tell(QUESTION)
        talk.quiet(704 - 256 - FRAME_MS)
        assert talk.state is State.HEARING

    def test_is_not_a_sign_of_listening_unless_that_answers_a_question(self) -> None:
        for asked, state in ((False, State.HEARING), (True, State.THINKING)):
            talk = Conversation(endpointing__finished_ms=416, endpointing__silence_ms=704)
            talk.hears(400)
            talk.quiet(256)
            talk.tell(WordsHeard("Okay.", asked=asked, final=True))
            talk.quiet(416 - 256)
            assert talk.state is state

    @pytest.mark.parametrize("finished_ms", [704, 2016])
    def test_makes_no_difference_where_it_is_off(self, finished_ms: int) -> None:
        talk = Conversation(endpointing__finished_ms=finished_ms, endpointing__silence_ms=704)
        talk.hears(1000)
        talk.quiet(256)
        talk.tell(QUESTION)
        talk.quiet(704 - 256 - FRAME_MS)
        assert talk.state is State.HEARING
        (closed,) = talk.quiet(FRAME_MS)
        assert closed.reason.cause is Cause.TURN_ENDED

    def test_asks_for_what_the_slider_says_from_the_next_frame_on(self) -> None:
        talk = Conversation(endpointing__finished_ms=608, endpointing__silence_ms=704)
        talk.hears(1000)
        talk.quiet(256)
        talk.tell(QUESTION)
        talk.quiet(192)
        assert talk.state is State.HEARING
        talk.changes("endpointing.finished_ms", 416)
        assert kinds(talk.quiet(FRAME_MS)) == ["CloseUtterance"]


class TestWhoeverGoesOnAfterIt:
    def ended(self) -> Conversation:
        talk = Conversation(endpointing__finished_ms=416, endpointing__silence_ms=704)
        talk.hears(1000)
        talk.quiet(256)
        talk.tell(QUESTION)
        talk.quiet(416 - 256)
        assert talk.state is State.THINKING
        talk.commands = []
        return talk

    def test_takes_the_floor_back_while_nothing_sounds_yet(self) -> None:
        talk = self.ended()
        talk.hears(400)
        assert kinds(talk.commands) == ["CancelReply", "OpenUtterance"]
        assert talk.state is State.HEARING

    def test_stops_what_had_begun_to_sound(self) -> None:
        talk = self.ended()
        talk.tell(ReplyStarted())
        talk.quiet(FRAME_MS)
        talk.hears(400)
        assert kinds(talk.commands) == ["Duck", "Stop", "OpenUtterance"]
        assert talk.state is State.HEARING
