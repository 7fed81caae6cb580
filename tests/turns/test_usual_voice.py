"""A voice that is softer than the person's: who is meant, and what still stops it."""

from __future__ import annotations

import pytest

from assistant.turns.commands import Cause, Command, Duck, Restore
from assistant.turns.facts import SILENCE_DBFS, NoWords, ReplyEnded, ReplyStarted, StopPressed, WordsHeard
from assistant.turns.states import State
from assistant.turns.usual_voice import LEAST_MS, PAUSE_MS, SPAN_MS, UsualVoice
from tests.turns.conversation import FRAME_MS, LOUD_DBFS, Conversation, kinds

SOFT_DBFS = LOUD_DBFS - 10
BY_DB = 7.0


def spoken_to(dbfs: float = LOUD_DBFS, **knobs: float | str) -> Conversation:
    """One turn at that level has been answered, and the answer is being spoken."""
    talk = Conversation(barge_in__softer_db=BY_DB, **knobs)
    turn(talk, dbfs)
    return talk.speaks()


def turn(talk: Conversation, dbfs: float = LOUD_DBFS) -> None:
    talk.hears(1000, near_dbfs=dbfs)
    talk.quiet(1500)
    assert talk.state is State.THINKING


class TestSomebodyElse:
    def test_who_is_much_softer_than_the_person_only_ducks_it(self) -> None:
        talk = spoken_to()
        assert kinds(talk.hears(3000, near_dbfs=SOFT_DBFS)) == ["Duck", "Restore"]
        duck, restore = talk.commands
        assert isinstance(duck, Duck) and isinstance(restore, Restore)
        assert restore.reason.cause is Cause.SOFTER
        assert restore.reason.usual_dbfs - restore.reason.sound_dbfs == pytest.approx(10)
        assert (restore.at - duck.at) / 16 <= SPAN_MS

    def test_the_person_stops_it_as_soon_as_ever(self) -> None:
        known, unknown = spoken_to(), Conversation().speaks()
        assert known.hears(320)[1].at - known.commands[0].at == unknown.hears(320)[1].at - unknown.commands[0].at
        assert kinds(known.commands) == kinds(unknown.commands)

    def test_a_word_that_begins_softly_stops_it_once_it_is_loud(self) -> None:
        talk = spoken_to()
        assert kinds(talk.hears(128, near_dbfs=SOFT_DBFS)) == ["Duck"]
        assert kinds(talk.hears(96)) == ["Stop"]

    def test_the_person_stops_it_over_somebody_else(self) -> None:
        talk = spoken_to()
        talk.hears(2000, near_dbfs=SOFT_DBFS)
        assert kinds(talk.hears(176))[:2] == ["Duck", "Stop"]

    def test_one_loud_syllable_of_somebody_else_is_not_enough(self) -> None:
        talk = spoken_to()
        talk.hears(2000, near_dbfs=SOFT_DBFS)
        assert kinds(talk.hears(480, near_dbfs=LOUD_DBFS - BY_DB + 1)) == []

    def test_after_a_pause_it_may_be_anybody(self) -> None:
        talk = spoken_to()
        talk.hears(2000, near_dbfs=SOFT_DBFS)
        talk.quiet(PAUSE_MS)
        assert kinds(talk.hears(480, near_dbfs=LOUD_DBFS - BY_DB + 1))[:2] == ["Duck", "Stop"]

    def test_its_words_are_not_for_us(self) -> None:
        talk = spoken_to()
        talk.hears(160, near_dbfs=SOFT_DBFS)
        talk.tell(WordsHeard("rain moves in tonight"))
        assert kinds(talk.hears(320, near_dbfs=SOFT_DBFS)) == ["Restore"]

    def test_but_a_stop_word_is(self) -> None:
        talk = spoken_to()
        talk.hears(160, near_dbfs=SOFT_DBFS)
        talk.tell(WordsHeard("stop"))
        assert kinds(talk.hears(FRAME_MS, near_dbfs=SOFT_DBFS)) == ["Stop"]

    def test_and_also_one_that_was_understood_after_it_carried_on(self) -> None:
        talk = spoken_to()
        talk.hears(480, near_dbfs=SOFT_DBFS)
        assert talk.state is State.SPEAKING
        talk.tell(WordsHeard("stop it"))
        assert kinds(talk.hears(FRAME_MS, near_dbfs=SOFT_DBFS)) == ["Stop"]

    def test_who_only_began_as_loud_as_the_person_gives_the_floor_back(self) -> None:
        talk = spoken_to()
        talk.hears(128, near_dbfs=LOUD_DBFS - BY_DB + 1)
        assert kinds(talk.commands) == ["Duck", "Stop"]
        talk.hears(1000, near_dbfs=LOUD_DBFS - 12)
        assert kinds(talk.commands) == ["Duck", "Stop", "OpenUtterance", "DropUtterance", "Resume"]
        assert talk.commands[-1].reason.cause is Cause.SOFTER
        talk.tell(ReplyStarted())
        assert kinds(talk.hears(2000, near_dbfs=LOUD_DBFS - 12)) == []
        assert talk.state is State.SPEAKING

    def test_but_not_who_said_a_stop_word_softly(self) -> None:
        talk = spoken_to()
        talk.hears(160, near_dbfs=SOFT_DBFS)
        talk.tell(WordsHeard("stop"))
        talk.hears(800, near_dbfs=SOFT_DBFS)
        assert kinds(talk.commands) == ["Duck", "Stop", "OpenUtterance"]
        assert talk.state is State.HEARING

    def test_but_not_the_person_who_ends_softly(self) -> None:
        talk = spoken_to()
        talk.hears(400)
        talk.hears(600, near_dbfs=SOFT_DBFS)
        talk.quiet(1500)
        assert kinds(talk.commands) == ["Duck", "Stop", "OpenUtterance", "CloseUtterance"]

    def test_a_turn_that_cuts_nothing_is_anybody_s(self) -> None:
        talk = spoken_to()
        talk.tell(ReplyEnded())
        talk.quiet(1000)
        turn(talk, LOUD_DBFS - 15)

    def test_does_not_throw_away_a_reply_that_is_being_made(self) -> None:
        talk = spoken_to()
        talk.tell(ReplyEnded())
        talk.quiet(1000)
        turn(talk)
        assert kinds(talk.hears(1000, near_dbfs=SOFT_DBFS)) == []
        assert talk.state is State.THINKING
        assert kinds(talk.hears(320)) == ["CancelReply", "OpenUtterance"]

    def test_a_protected_sentence_goes_on_at_full_level(self) -> None:
        talk = Conversation(barge_in__softer_db=BY_DB, barge_in__protect="first_sentence")
        turn(talk)
        talk.speaks(protected=True)
        assert kinds(talk.hears(1000, near_dbfs=SOFT_DBFS)) == ["Duck", "Restore"]
        assert talk.state is State.PROTECTED

    def test_how_much_softer_is_a_setting(self) -> None:
        talk = spoken_to()
        talk.changes("barge_in.softer_db", 12)
        assert kinds(talk.hears(320, near_dbfs=SOFT_DBFS))[:2] == ["Duck", "Stop"]


class TestWhatIsLearnt:
    def test_before_the_first_answer_everybody_interrupts(self) -> None:
        talk = Conversation().speaks()
        assert kinds(talk.hears(480, near_dbfs=-45))[:2] == ["Duck", "Stop"]

    def test_while_it_is_silent_everybody_is_listened_to_and_learnt_from(self) -> None:
        talk = spoken_to()
        for _ in range(2):  # the person has gone to the other end of the room
            talk.tell(ReplyEnded())
            talk.quiet(1000)
            turn(talk, SOFT_DBFS)
            talk.speaks()
        assert kinds(talk.hears(320, near_dbfs=SOFT_DBFS))[:2] == ["Duck", "Stop"]

    def test_who_speaks_now_louder_and_now_softer_is_known_by_the_softer_turns(self) -> None:
        talk = spoken_to()
        for dbfs in (LOUD_DBFS + 6, SOFT_DBFS, LOUD_DBFS - 6, LOUD_DBFS):
            talk.tell(ReplyEnded())
            talk.quiet(1000)
            turn(talk, dbfs)
            talk.speaks()
        assert talk.core.usual_voice.dbfs == pytest.approx(LOUD_DBFS - 6)

    def test_one_answer_to_a_radio_changes_little(self) -> None:
        talk = spoken_to()
        for dbfs in (LOUD_DBFS, LOUD_DBFS, -45):
            talk.tell(ReplyEnded())
            talk.quiet(1000)
            turn(talk, dbfs)
            talk.speaks()
        assert talk.core.usual_voice.dbfs == pytest.approx(LOUD_DBFS)

    @pytest.mark.parametrize("end", [NoWords(), StopPressed()])
    def test_nothing_from_a_turn_that_was_not_answered(self, end: NoWords | StopPressed) -> None:
        talk = Conversation()
        turn(talk)
        talk.tell(end)
        talk.quiet(500)
        talk.speaks()
        assert talk.core.usual_voice.dbfs == SILENCE_DBFS

    def test_an_interruption_is_a_turn_too_and_all_of_it_counts(self) -> None:
        talk = Conversation().speaks()
        talk.hears(500)
        talk.quiet(1500)
        assert talk.state is State.THINKING
        talk.speaks()
        assert talk.core.usual_voice.dbfs == pytest.approx(LOUD_DBFS)

    def test_a_reply_that_goes_on_after_a_false_stop_teaches_nothing(self) -> None:
        talk = spoken_to()
        commands: list[Command] = talk.slams()
        assert "Resume" in kinds(commands)
        talk.tell(ReplyStarted())
        talk.quiet(FRAME_MS)
        assert talk.core.usual_voice.dbfs == pytest.approx(LOUD_DBFS)

    def test_a_word_is_too_little_to_learn_from(self) -> None:
        talk = Conversation()
        talk.hears(LEAST_MS - 2 * FRAME_MS)
        talk.quiet(1500)
        assert talk.state is State.THINKING
        talk.speaks()
        assert talk.core.usual_voice.dbfs == SILENCE_DBFS

    def test_levels_are_means_of_power(self) -> None:
        voice = UsualVoice()
        for _ in range(SPAN_MS // FRAME_MS):
            voice.add(-20.0, True, BY_DB)
            voice.add(-90.0, False, BY_DB)
        assert voice.sound_dbfs == pytest.approx(-20)
        for _ in range(SPAN_MS // FRAME_MS):
            voice.add(-30.0, True, BY_DB)
        assert voice.sound_dbfs == pytest.approx(-30)

    def test_another_one_takes_it_over(self) -> None:
        voice = UsualVoice()
        voice.take_over(-24.0)
        assert voice.dbfs == -24
        voice.take_over(SILENCE_DBFS)
        voice.add(-70.0, True, BY_DB)
        assert voice.dbfs == SILENCE_DBFS
        assert not voice.is_softer
