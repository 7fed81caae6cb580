"""A protected sentence is said to the end; whoever speaks over it has the floor after it, with all they said."""

from __future__ import annotations

import pytest

from assistant.turns.commands import Cause, CloseUtterance, Duck, OpenUtterance, Promise, Restore, Stop
from assistant.turns.facts import RATE, ProtectedSaid, ReplyEnded, StopPressed, TalkPressed, WordsHeard
from assistant.turns.states import State
from tests.turns.conversation import FRAME_MS, FRAME_SAMPLES, Conversation, kinds


def protected(**knobs: float | str) -> Conversation:
    return Conversation(**{"barge_in__confirm_ms": 96} | knobs).speaks(protected=True)


class TestWhileItIsSpoken:
    def test_a_voice_ducks_it_and_does_not_stop_it(self) -> None:
        talk = protected()
        assert kinds(talk.hears(3000)) == ["Duck", "Promise"]
        assert talk.state is State.PROMISED
        promise = talk.commands[-1]
        assert isinstance(promise, Promise)
        assert promise.reason.cause is Cause.CONFIRMED
        assert promise.reason.speech_ms == 96

    def test_a_cough_ducks_it_and_nothing_is_promised(self) -> None:
        talk = protected()
        talk.hears(64)
        talk.quiet(300)
        assert kinds(talk.commands) == ["Duck", "Restore"]
        assert talk.state is State.PROTECTED

    def test_a_longer_noise_is_promised_the_floor_and_loses_it_again(self) -> None:
        talk = protected(barge_in__false_stop_ms=256)
        talk.hears(128)
        talk.quiet(300)
        assert kinds(talk.commands) == ["Duck", "Promise", "Restore"]
        assert talk.state is State.PROTECTED
        talk.tell(ProtectedSaid())
        assert kinds(talk.quiet(FRAME_MS)) == []
        assert talk.state is State.SPEAKING

    def test_who_has_spoken_hears_the_rest_at_full_level(self) -> None:
        talk = protected()
        talk.hears(600)
        talk.quiet(300)
        assert kinds(talk.commands) == ["Duck", "Promise", "Restore"]
        assert talk.state is State.OWED
        assert kinds(talk.hears(FRAME_MS)) == ["Duck"], "who goes on speaking ducks it again"
        assert talk.state is State.PROMISED

    def test_a_sign_of_listening_is_promised_nothing(self) -> None:
        talk = protected()
        talk.hears(480)
        talk.tell(WordsHeard("Mm-hm"))
        (restore,) = talk.hears(FRAME_MS)
        assert isinstance(restore, Restore)
        assert restore.reason.cause is Cause.BACKCHANNEL
        assert talk.state is State.PROTECTED

    def test_nor_once_it_is_understood_after_the_sound(self) -> None:
        talk = protected()
        talk.hears(480)
        talk.quiet(300)
        talk.tell(WordsHeard("Mm-hm"))
        assert kinds(talk.quiet(FRAME_MS)) == ["DropUtterance"]
        assert talk.state is State.PROTECTED

    def test_words_make_up_for_doubts_as_ever(self) -> None:
        talk = protected()
        talk.hears(256, 0.6)
        talk.tell(WordsHeard("what about the"))
        (promise,) = talk.hears(FRAME_MS, 0.6)
        assert isinstance(promise, Promise)
        assert promise.reason.cause is Cause.HEARD_WORDS


class TestWhenItIsOver:
    def test_who_still_speaks_has_the_floor_at_once_with_all_they_said(self) -> None:
        talk = protected(endpointing__preroll_ms=400)
        talk.quiet(2000)
        onset = talk.frames * FRAME_SAMPLES
        talk.hears(1000)
        talk.quiet(200)
        talk.hears(1000)
        talk.tell(ProtectedSaid())
        stop, opened = talk.hears(FRAME_MS)
        assert isinstance(stop, Stop) and isinstance(opened, OpenUtterance)
        assert stop.reason.cause is Cause.SENTENCE_OVER
        assert opened.start == onset - 400 * RATE // 1000
        assert stop.reason.onset == onset, "and this is what the stop is measured from"
        talk.hears(500)
        closed = talk.quiet(800)[-1]
        assert isinstance(closed, CloseUtterance)
        assert closed.start == opened.start

    def test_who_has_spoken_and_waits_is_answered_at_once(self) -> None:
        talk = protected()
        talk.hears(800)
        talk.quiet(1500)
        talk.tell(ProtectedSaid())
        talk.quiet(2 * FRAME_MS)
        assert kinds(talk.commands) == ["Duck", "Promise", "Restore", "Stop", "OpenUtterance", "CloseUtterance"]

    def test_who_is_just_being_noticed_is_judged_as_ever(self) -> None:
        talk = protected()
        talk.hears(64)
        talk.tell(ProtectedSaid())
        assert kinds(talk.hears(FRAME_MS)) == ["Stop"]
        assert talk.commands[-1].reason.cause is Cause.CONFIRMED

    def test_who_comes_later_cuts_in_as_ever(self) -> None:
        talk = protected()
        talk.tell(ProtectedSaid())
        talk.quiet(1000)
        assert kinds(talk.hears(128)) == ["Duck", "Stop"]

    @pytest.mark.parametrize("quiet_ms", [0, 1000])
    def test_where_the_reply_ends_with_it_the_person_has_the_floor_without_a_stop(self, quiet_ms: int) -> None:
        talk = protected()
        talk.hears(600)
        talk.quiet(quiet_ms)
        talk.tell(ReplyEnded())
        talk.quiet(800)
        assert kinds(talk.commands) == ["Duck", "Promise", "Restore", "OpenUtterance", "CloseUtterance"]


class TestWhatCutsItAllTheSame:
    @pytest.mark.parametrize("quiet_ms", [0, 300])
    def test_a_stop_word(self, quiet_ms: int) -> None:
        talk = protected()
        talk.hears(480)
        talk.quiet(quiet_ms)
        talk.tell(WordsHeard("Stop it"))
        (stop, *_) = talk.quiet(FRAME_MS)
        assert isinstance(stop, Stop)
        assert stop.reason.cause is Cause.STOP_WORD

    def test_a_stop_word_that_is_understood_late(self) -> None:
        talk = protected()
        talk.hears(192, 0.6)
        talk.quiet(400)
        assert talk.state is State.PROTECTED
        talk.tell(WordsHeard("Stop!"))
        (stop,) = talk.quiet(FRAME_MS)
        assert isinstance(stop, Stop)

    @pytest.mark.parametrize("spoken_ms", [0, 32, 600])
    @pytest.mark.parametrize("signal", [StopPressed(), TalkPressed()])
    def test_a_key(self, signal: StopPressed | TalkPressed, spoken_ms: int) -> None:
        talk = protected()
        talk.hears(spoken_ms)
        talk.tell(signal)
        (stop, *_) = talk.quiet(FRAME_MS)
        assert isinstance(stop, Stop)


def test_a_false_claim_to_the_floor_lets_the_reply_go_on() -> None:
    talk = protected()
    talk.hears(128)
    talk.tell(ProtectedSaid())
    assert kinds(talk.quiet(400)) == ["Stop", "Resume"]


def test_ducks_and_restores_take_turns() -> None:
    talk = protected()
    for _ in range(3):
        talk.hears(300)
        talk.quiet(300)
    assert [type(command) for command in talk.commands if isinstance(command, Duck | Restore)] == [Duck, Restore] * 3
