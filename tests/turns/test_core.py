"""How Interject takes turns, example by example."""

from __future__ import annotations

import pytest

from assistant.turns.commands import (
    Cause,
    CloseUtterance,
    Discard,
    DropUtterance,
    Duck,
    OpenUtterance,
    Overheard,
    Prepare,
    Restore,
    Resume,
    Stop,
)
from assistant.turns.facts import (
    RATE,
    Asked,
    NoReply,
    NoWords,
    ReplyEnded,
    ReplyStarted,
    StopPressed,
    TalkPressed,
    TalkReleased,
    WordsHeard,
)
from assistant.turns.states import State
from tests.turns.conversation import FRAME_MS, FRAME_SAMPLES, Conversation, kinds


class TestSomebodySpeaksOverIt:
    def test_the_first_frame_of_speech_ducks(self) -> None:
        talk = Conversation(barge_in__duck_db=-18).speaks()
        (duck,) = talk.hears(FRAME_MS)
        assert isinstance(duck, Duck)
        assert duck.by_db == -18
        assert duck.reason.onset == duck.at - FRAME_SAMPLES
        assert talk.state is State.DUCKED

    def test_enough_speech_stops(self) -> None:
        talk = Conversation(barge_in__confirm_ms=160).speaks()
        talk.hears(8 * FRAME_MS)
        assert kinds(talk.commands) == ["Duck"]
        (stop,) = talk.hears(FRAME_MS)
        assert isinstance(stop, Stop)
        assert stop.reason.sure_ms == stop.reason.needed_ms == 160
        assert stop.at - stop.reason.onset == 9 * FRAME_SAMPLES, "the first frame tells of two"

    def test_a_short_sound_ducks_and_is_restored(self) -> None:
        talk = Conversation(barge_in__restore_ms=256).speaks()
        talk.hears(64)
        talk.quiet(256 - FRAME_MS)
        assert kinds(talk.commands) == ["Duck"]
        (restore,) = talk.quiet(FRAME_MS)
        assert isinstance(restore, Restore)
        assert restore.reason.cause is Cause.QUIET
        assert talk.state is State.SPEAKING

    def test_a_gap_inside_a_word_is_bridged(self) -> None:
        talk = Conversation(barge_in__confirm_ms=160, barge_in__gap_ms=64).speaks()
        talk.hears(96)
        talk.quiet(64)
        assert kinds(talk.hears(64)) == ["Stop"]

    def test_a_longer_gap_begins_the_count_again(self) -> None:
        talk = Conversation(barge_in__confirm_ms=160, barge_in__gap_ms=64).speaks()
        talk.hears(96)
        talk.quiet(96)
        assert kinds(talk.hears(128)) == []
        assert kinds(talk.hears(FRAME_MS)) == ["Stop"]

    def test_a_sound_that_stays_undecided_is_given_up(self) -> None:
        talk = Conversation(barge_in__longest_duck_ms=512, barge_in__gap_ms=0).speaks()
        for _ in range(6):
            talk.hears(64)
            talk.quiet(64)
        assert kinds(talk.commands)[:2] == ["Duck", "Restore"]
        restore = talk.commands[1]
        assert isinstance(restore, Restore) and restore.reason.cause is Cause.UNDECIDED

    def test_ducking_later_than_the_first_frame_is_a_setting(self) -> None:
        talk = Conversation(barge_in__duck_frames=3).speaks()
        assert kinds(talk.hears(2 * FRAME_MS)) == []
        assert kinds(talk.hears(FRAME_MS)) == ["Duck"]

    def test_what_was_said_becomes_the_next_turn_from_the_first_syllable_on(self) -> None:
        talk = Conversation(endpointing__preroll_ms=400, endpointing__silence_ms=704).speaks()
        talk.quiet(2000)
        onset = talk.frames * FRAME_SAMPLES
        talk.hears(1000)
        talk.quiet(704)
        assert kinds(talk.commands) == ["Duck", "Stop", "OpenUtterance", "CloseUtterance"]
        opened, closed = talk.commands[2], talk.commands[-1]
        assert isinstance(opened, OpenUtterance) and isinstance(closed, CloseUtterance)
        assert opened.start == closed.start == onset - 400 * RATE // 1000
        assert closed.end == talk.frames * FRAME_SAMPLES
        assert closed.speech_ms == 1024
        assert talk.state is State.THINKING


class TestWhatCountsAsSpeech:
    def test_speech_goes_on_until_the_lower_threshold(self) -> None:
        talk = Conversation(vad__start=0.6, vad__release=0.45, barge_in__restore_ms=64).speaks()
        talk.hears(FRAME_MS, p=0.61)
        assert kinds(talk.hears(480, p=0.46)) == []
        assert kinds(talk.hears(64, p=0.44)) == ["Restore"]

    def test_a_frame_counts_as_much_as_the_detector_is_sure(self) -> None:
        talk = Conversation(vad__sure=0.99, barge_in__confirm_ms=96).speaks()
        assert kinds(talk.hears(160, p=0.9)) == ["Duck"]  # log-odds 2.2 of 4.6: five frames count 76 ms
        assert kinds(talk.hears(64, p=0.9)) == ["Stop"]

    def test_nearer_to_the_noise_less_is_asked_of_a_frame(self) -> None:
        clear = Conversation(vad__clear_db=30, barge_in__confirm_ms=160).speaks()
        assert kinds(clear.hears(160, p=0.95, near_dbfs=-30)) == ["Duck"]  # 35 dB over the noise of -65
        noisy = Conversation(vad__clear_db=30, barge_in__confirm_ms=160).speaks()
        assert kinds(noisy.hears(160, p=0.95, near_dbfs=-50)) == ["Duck", "Stop"]  # 15 dB over it

    def test_under_the_upper_threshold_nothing_begins(self) -> None:
        talk = Conversation(vad__start=0.6).speaks()
        assert kinds(talk.hears(160, p=0.59)) == []

    def test_a_sound_under_the_gate_is_never_speech(self) -> None:
        talk = Conversation(vad__gate_dbfs=-50).speaks()
        assert "Duck" not in kinds(talk.hears(320, near_dbfs=-51))

    def test_its_own_voice_is_not_an_interruption(self) -> None:
        talk = Conversation(echo__margin_db=6).speaks()
        talk.hears(320, near_dbfs=-35, echo_dbfs=-40)
        (overheard,) = talk.quiet(FRAME_MS)
        assert isinstance(overheard, Overheard)
        assert overheard.kind == "own_voice"
        assert overheard.lasted_ms == 320

    def test_a_voice_over_the_echo_is(self) -> None:
        talk = Conversation(echo__margin_db=6).speaks()
        assert kinds(talk.hears(FRAME_MS, near_dbfs=-33, echo_dbfs=-40)) == ["Duck"]

    def test_a_near_miss_is_shown_with_its_numbers(self) -> None:
        talk = Conversation(vad__start=0.6, vad__release=0.45).speaks()
        talk.hears(480, p=0.4)
        talk.hears(128, p=0.52)
        (miss,) = talk.quiet(FRAME_MS)
        assert isinstance(miss, Overheard)
        assert (miss.kind, miss.lasted_ms, miss.reason.p_peak, miss.reason.start) == ("near_miss", 608, 0.52, 0.6)


    def test_a_sound_of_the_reply_before_is_not_told_in_the_next_one(self) -> None:
        talk = Conversation(vad__start=0.6).speaks()
        talk.hears(320, p=0.4)
        talk.tell(ReplyEnded())
        talk.quiet(10_000)
        talk.tell(ReplyStarted())
        assert kinds(talk.quiet(320)) == []


class TestAFalseStop:
    def interrupted(self, policy: str) -> Conversation:
        talk = Conversation(
            barge_in__after_false_stop=policy, barge_in__confirm_ms=96, barge_in__false_stop_ms=256
        ).speaks()
        talk.hears(128)
        assert talk.state is State.STOPPED
        return talk

    @pytest.mark.parametrize("policy", ["phrase_start", "where_it_stopped"])
    def test_quiet_again_resumes(self, policy: str) -> None:
        talk = self.interrupted(policy)
        (resume,) = talk.quiet(256)
        assert isinstance(resume, Resume) and resume.where == policy
        talk.tell(ReplyStarted())
        talk.quiet(FRAME_MS)
        assert talk.state is State.SPEAKING

    def test_or_stays_quiet_and_listens_where_that_is_wanted(self) -> None:
        talk = self.interrupted("stay_quiet")
        assert kinds(talk.quiet(256)) == []
        assert talk.state is State.LISTENING

    def test_no_words_in_a_longer_sound_resumes_too(self) -> None:
        talk = self.interrupted("phrase_start")
        talk.hears(500)
        talk.quiet(800)
        assert talk.state is State.THINKING
        talk.tell(NoWords())
        assert kinds(talk.quiet(FRAME_MS)) == ["Resume"]

    @pytest.mark.parametrize("patience_s", [5, 300])
    def test_a_reply_that_was_given_up_is_not_revived_by_a_later_cough(self, patience_s: int) -> None:
        talk = Conversation(brain__patience_s=patience_s).speaks()
        talk.hears(600)
        talk.quiet(704)
        assert kinds(talk.commands)[-1] == "CloseUtterance"
        if patience_s == 300:
            talk.tell(NoReply())
        talk.quiet(60_000)
        talk.hears(160)
        assert kinds(talk.quiet(800)) == ["DropUtterance"]
        assert talk.state is State.LISTENING


class TestTurns:
    def test_a_turn_without_a_reply_to_interrupt(self) -> None:
        talk = Conversation()
        talk.hears(600)
        assert talk.state is State.HEARING
        talk.quiet(704)
        assert kinds(talk.commands) == ["OpenUtterance", "CloseUtterance"]

    def test_a_cough_is_dropped(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96, barge_in__false_stop_ms=256)
        talk.hears(128)
        talk.quiet(704)
        assert kinds(talk.commands) == ["OpenUtterance", "DropUtterance"]
        assert talk.state is State.LISTENING

    def test_a_running_tap_does_not_hold_the_floor(self) -> None:
        talk = Conversation(endpointing__longest_turn_s=10)
        talk.hears(11_000)
        (closed,) = [c for c in talk.commands if isinstance(c, CloseUtterance)]
        assert closed.reason.cause is Cause.TOO_LONG

    def test_speaking_on_while_it_thinks_takes_the_floor_back(self) -> None:
        talk = Conversation(barge_in__confirm_ms=160)
        talk.tell(Asked())
        talk.quiet(FRAME_MS)
        assert kinds(talk.hears(160)) == ["CancelReply", "OpenUtterance"]
        assert talk.state is State.HEARING

    def test_a_cough_while_it_thinks_loses_no_reply(self) -> None:
        talk = Conversation(barge_in__confirm_ms=96)
        talk.tell(Asked())
        assert kinds(talk.hears(64)) == []
        assert talk.state is State.THINKING
        talk.hears(64)
        talk.quiet(704)
        assert kinds(talk.commands) == ["CancelReply", "OpenUtterance", "DropUtterance", "Resume"]

    def test_a_reply_that_never_comes_is_given_up(self) -> None:
        talk = Conversation(brain__patience_s=5)
        talk.tell(Asked())
        talk.quiet(5100)
        assert kinds(talk.commands) == ["CancelReply"]
        assert talk.state is State.LISTENING

    def test_a_failed_reply_ends_the_turn(self) -> None:
        talk = Conversation()
        talk.tell(Asked(), NoReply())
        talk.quiet(FRAME_MS)
        assert talk.state is State.LISTENING

    def test_a_reply_that_ends_while_ducked_leaves_the_candidate_alive(self) -> None:
        talk = Conversation(barge_in__confirm_ms=160).speaks()
        talk.hears(96)
        talk.tell(ReplyEnded())
        assert kinds(talk.hears(64)) == ["Restore", "OpenUtterance"]
        assert talk.state is State.HEARING


class TestByHand:
    def test_stop_silences_at_the_next_frame(self) -> None:
        talk = Conversation().speaks()
        talk.tell(StopPressed())
        assert kinds(talk.quiet(FRAME_MS)) == ["Stop"]
        assert talk.state is State.LISTENING

    def test_what_is_done_by_hand_has_no_sound_before_it(self) -> None:
        talk = Conversation().speaks()
        talk.hears(32)
        talk.quiet(60_000)
        talk.tell(StopPressed())
        (stop,) = talk.quiet(FRAME_MS)
        assert stop.reason.onset == stop.at

    def test_holding_the_key_takes_the_floor_whatever_the_detector_says(self) -> None:
        talk = Conversation().speaks()
        talk.tell(TalkPressed())
        assert kinds(talk.quiet(2000)) == ["Stop", "OpenUtterance"]
        talk.tell(TalkReleased())
        assert kinds(talk.quiet(FRAME_MS)) == ["CloseUtterance"]

    def test_a_slip_of_the_key_is_nothing(self) -> None:
        talk = Conversation()
        talk.tell(TalkPressed())
        talk.quiet(FRAME_MS)
        talk.tell(TalkReleased())
        assert kinds(talk.quiet(FRAME_MS)) == ["DropUtterance"]
        assert talk.state is State.LISTENING

    def test_a_setting_takes_effect_at_the_frame_after_it(self) -> None:
        talk = Conversation(barge_in__confirm_ms=480).speaks()
        talk.hears(128)
        talk.changes("barge_in.confirm_ms", 160)
        assert kinds(talk.hears(FRAME_MS)) == ["Stop"]


UNSURE = 0.6
"""Speech of which the detector alone would not become sure before it is undecided for too long."""


class TestWordsTakePartInTheDecision:
    def test_words_stop_it_where_the_sound_alone_was_not_sure_enough(self) -> None:
        talk = Conversation().speaks()
        talk.hears(256, UNSURE)
        assert kinds(talk.commands) == ["Duck"]
        talk.tell(WordsHeard("what about the"))
        (stop,) = talk.hears(FRAME_MS, UNSURE)
        assert isinstance(stop, Stop)
        assert stop.reason.cause is Cause.HEARD_WORDS
        assert stop.reason.words == "what about the"

    def test_but_never_before_the_least_duration(self) -> None:
        talk = Conversation(barge_in__confirm_ms=160).speaks()
        talk.hears(64, UNSURE)
        talk.tell(WordsHeard("stop"))
        talk.hears(64, UNSURE)
        assert kinds(talk.commands) == ["Duck"]
        (stop,) = talk.hears(FRAME_MS, UNSURE)
        assert isinstance(stop, Stop)
        assert stop.reason.speech_ms == stop.reason.needed_ms == 160

    def test_a_stop_word_that_is_understood_late_still_stops(self) -> None:
        talk = Conversation(barge_in__restore_ms=256).speaks()
        talk.hears(192, UNSURE)
        talk.quiet(256)
        assert kinds(talk.commands) == ["Duck", "Restore"]
        assert talk.core.listening_since is not None
        talk.quiet(200)
        talk.tell(WordsHeard("Stop!"))
        (stop,) = talk.quiet(FRAME_MS)
        assert isinstance(stop, Stop)
        assert stop.reason.cause is Cause.STOP_WORD
        talk.quiet(1500)
        assert kinds(talk.commands)[2:] == ["Stop", "OpenUtterance", "CloseUtterance"]

    def test_other_words_that_are_understood_late_do_not(self) -> None:
        talk = Conversation(barge_in__restore_ms=256).speaks()
        talk.hears(192, UNSURE)
        talk.quiet(256)
        talk.tell(WordsHeard("What?"))
        talk.quiet(3000)
        assert kinds(talk.commands) == ["Duck", "Restore"]
        assert talk.core.listening_since is None

    @pytest.mark.parametrize("text", ["Mm-hm.", "Yeah, right.", "okay", "Genau!"])
    def test_a_sign_of_listening_carries_on(self, text: str) -> None:
        talk = Conversation().speaks()
        talk.hears(160, UNSURE)
        talk.tell(WordsHeard(text))
        (restore,) = talk.hears(FRAME_MS, UNSURE)
        assert isinstance(restore, Restore)
        assert restore.reason.cause is Cause.BACKCHANNEL

    def test_unless_it_had_asked_something(self) -> None:
        talk = Conversation().speaks()
        talk.hears(160, UNSURE)
        talk.tell(WordsHeard("Yeah.", asked=True))
        (stop,) = talk.hears(FRAME_MS, UNSURE)
        assert isinstance(stop, Stop)

    def test_a_sign_of_listening_that_stopped_it_lets_it_go_on_as_soon_as_it_is_quiet(self) -> None:
        talk = Conversation(barge_in__restore_ms=256).speaks()
        talk.hears(480)
        talk.tell(WordsHeard("Mm-hm"))
        talk.quiet(256)
        assert kinds(talk.commands) == ["Duck", "Stop", "OpenUtterance", "DropUtterance", "Resume"]
        assert talk.commands[-1].reason.cause is Cause.BACKCHANNEL

    def test_or_once_it_is_understood_after_the_turn(self) -> None:
        talk = Conversation().speaks()
        talk.hears(480)
        talk.quiet(800)
        assert talk.state is State.THINKING
        talk.tell(WordsHeard("Mm-hm.", final=True))
        (resume,) = talk.quiet(FRAME_MS)
        assert isinstance(resume, Resume)

    def test_its_own_words_are_echo(self) -> None:
        talk = Conversation().speaks()
        talk.hears(160, UNSURE)
        talk.tell(WordsHeard("lies the harbour", own_words="There lies the harbour, grey and still."))
        (restore,) = talk.hears(FRAME_MS, UNSURE)
        assert isinstance(restore, Restore)
        assert restore.reason.cause is Cause.OWN_WORDS

    def test_each_utterance_is_judged_by_itself(self) -> None:
        talk = Conversation().speaks()
        talk.hears(160, UNSURE)
        talk.tell(WordsHeard("mm-hm"))
        talk.quiet(600)
        talk.hears(160, UNSURE)
        assert kinds(talk.commands) == ["Duck", "Restore", "Duck"]

    def test_a_short_answer_that_was_understood_is_a_turn(self) -> None:
        talk = Conversation()
        talk.hears(192)
        talk.tell(WordsHeard("Yes please"))
        talk.quiet(800)
        assert kinds(talk.commands) == ["OpenUtterance", "CloseUtterance"]


class TestAReplyIsPreparedAhead:
    def test_at_a_pause_and_used_when_the_turn_ends(self) -> None:
        talk = Conversation(endpointing__prepare_ms=160, endpointing__silence_ms=704)
        talk.hears(1000)
        (prepare,) = talk.quiet(160)
        assert isinstance(prepare, Prepare)
        assert prepare.end == prepare.at
        closed = talk.quiet(704)[-1]
        assert isinstance(closed, CloseUtterance)
        assert (closed.start, closed.speech_ms) == (prepare.start, prepare.speech_ms)

    def test_thrown_away_when_the_person_goes_on_and_prepared_again(self) -> None:
        talk = Conversation(endpointing__prepare_ms=160)
        talk.hears(1000)
        talk.quiet(320)
        talk.hears(320)
        talk.quiet(320)
        told = [type(command) for command in talk.commands if isinstance(command, Prepare | Discard)]
        assert told == [Prepare, Discard, Prepare]

    def test_only_once_a_pause_and_not_for_a_cough(self) -> None:
        talk = Conversation(endpointing__prepare_ms=96, endpointing__silence_ms=2016)
        talk.hears(192)
        assert not any(isinstance(command, Prepare) for command in talk.quiet(1000))
        talk.hears(320)
        assert [type(command) for command in talk.quiet(1500)] == [Prepare]

    def test_not_where_it_is_off(self) -> None:
        talk = Conversation(endpointing__prepare="off")
        talk.hears(1000)
        assert [type(command) for command in talk.quiet(800)] == [CloseUtterance]

    def test_a_dropped_utterance_leaves_nothing_prepared(self) -> None:
        talk = Conversation(endpointing__prepare_ms=96).speaks()
        talk.hears(480)
        talk.tell(WordsHeard("Mm-hm"))
        talk.quiet(300)
        assert isinstance(talk.commands[-2], DropUtterance)


class TestTheLearnedEvidence:
    """Log-odds are added up and fade; the learned detector is the default, the rule by hand a preset."""

    def talk(self, **knobs: float | str) -> Conversation:
        values = {"vad__detector": "learned", "vad__start": 0.65, "vad__release": 0.6, "vad__sure": 0.952}
        return Conversation(**values | {"barge_in__confirm_ms": 32} | knobs).speaks()

    def test_one_sure_frame_stops(self) -> None:
        assert kinds(self.talk().hears(FRAME_MS, 0.97)) == ["Duck", "Stop"]

    def test_several_less_sure_ones_add_up_and_fade_meanwhile(self) -> None:
        talk = self.talk()
        assert kinds(talk.hears(FRAME_MS, 0.9)) == ["Duck"]
        assert kinds(talk.hears(FRAME_MS, 0.93)) == ["Stop"]
        talk = self.talk()
        talk.hears(FRAME_MS, 0.9)
        talk.hears(FRAME_MS, 0.3)
        assert kinds(talk.hears(FRAME_MS, 0.93)) == []

    def test_a_sound_that_only_may_be_speech_ducks_and_is_restored(self) -> None:
        talk = self.talk()
        talk.hears(200, 0.7)
        talk.quiet(256)
        assert kinds(talk.commands) == ["Duck", "Restore"]

    def test_it_knows_the_echo_by_itself(self) -> None:
        assert kinds(self.talk().hears(FRAME_MS, 0.97, near_dbfs=-30, echo_dbfs=-30)) == ["Duck", "Stop"]

    def test_what_stands_out_over_the_echo_is_asked_for_less(self) -> None:
        def heard(over_db: float, **knobs: float) -> list[str]:
            talk = self.talk(echo__margin_db=6, **{"echo__evidence": 0.75} | knobs)
            return kinds(talk.hears(FRAME_MS, 0.92, near_dbfs=-30, echo_dbfs=-30 - over_db))

        assert heard(7) == ["Duck", "Stop"]  # log-odds of .92 are .82 of those of .952
        assert heard(5) == ["Duck"]
        assert heard(7, echo__evidence=0.85) == ["Duck"]

    def test_where_no_echo_is_expected_all_of_the_evidence_is_asked_for(self) -> None:
        assert kinds(self.talk(echo__evidence=0.5).hears(FRAME_MS, 0.92, near_dbfs=-30)) == ["Duck"]

    def test_over_the_echo_a_sound_must_be_so_many_times_likelier_to_be_speech(self) -> None:
        def heard(p_speech: float, **more: float) -> list[str]:
            return kinds(self.talk(echo__odds=3).hears(FRAME_MS, p_speech, near_dbfs=-30, **more))

        assert heard(0.66) == ["Duck"]
        assert heard(0.84, echo_dbfs=-50) == [], "odds of 5.25 against .65, 1.86 times three"
        assert heard(0.86, echo_dbfs=-50) == ["Duck"]

    def test_over_the_echo_a_voice_adds_up_frame_by_frame(self) -> None:
        talk = self.talk(echo__odds=3)
        heard = [kinds(talk.hears(FRAME_MS, 0.76, near_dbfs=-30, echo_dbfs=-50)) for _ in range(4)]
        assert [] in heard and ["Duck"] in heard, "odds of 3.2 against .65, 1.7 times: not one frame, but several"
        scattered = self.talk(echo__odds=3)
        for _ in range(20):
            assert kinds(scattered.hears(FRAME_MS, 0.76, near_dbfs=-30, echo_dbfs=-50)) == []
            assert kinds(scattered.hears(5 * FRAME_MS, 0.2, near_dbfs=-30, echo_dbfs=-50)) == []

    def test_what_may_all_be_echo_does_not_add_up(self) -> None:
        talk = self.talk(echo__odds=3, echo__margin_db=6)
        assert kinds(talk.hears(1000, 0.76, near_dbfs=-30, echo_dbfs=-35)) == []
        assert kinds(talk.hears(FRAME_MS, 0.86, near_dbfs=-30, echo_dbfs=-35)) == ["Duck"], "by itself it counts"

    def test_a_doubt_that_lasts_never_becomes_a_certainty(self) -> None:
        assert kinds(self.talk(echo__odds=3).hears(5000, 0.67, near_dbfs=-30, echo_dbfs=-50)) == []

    def test_what_was_suspected_over_the_echo_is_forgotten_with_it(self) -> None:
        talk = self.talk(echo__odds=3)
        talk.hears(FRAME_MS, 0.83, near_dbfs=-30, echo_dbfs=-50)
        talk.hears(FRAME_MS, 0.1, near_dbfs=-30)
        assert kinds(talk.hears(FRAME_MS, 0.83, near_dbfs=-30, echo_dbfs=-50)) == []

    @pytest.mark.parametrize(
        ("surest", "words", "then"),
        [
            (0.8, "a quay with fish", []),
            (0.86, "a quay with fish", ["Stop"]),
            (0.8, "stop", ["Stop"]),
        ],
        ids=["its own, misheard", "somebody was heard once", "a stop word"],
    )
    def test_over_the_echo_words_do_not_make_up_for_a_sound_that_never_stood_out(
        self, surest: float, words: str, then: list[str]
    ) -> None:
        talk = self.talk(echo__odds=3)
        assert kinds(talk.hears(2 * FRAME_MS, surest, near_dbfs=-30, echo_dbfs=-50)) == ["Duck"]
        talk.tell(WordsHeard(words))
        assert kinds(talk.hears(FRAME_MS, 0.76, near_dbfs=-30, echo_dbfs=-50)) == then

    def test_over_the_echo_the_card_tells_what_was_asked_there(self) -> None:
        talk = self.talk(echo__odds=3)
        (duck,) = talk.hears(FRAME_MS, 0.86, near_dbfs=-30, echo_dbfs=-50)
        assert duck.reason.start == pytest.approx(0.848, abs=1e-3)
        talk = self.talk(echo__odds=3)
        (duck,) = talk.hears(2 * FRAME_MS, 0.8, near_dbfs=-30, echo_dbfs=-50)
        assert 0.65 < duck.reason.start < 0.8, "less, for what the frame before told"

    def test_a_very_sure_frame_is_still_one_frame(self) -> None:
        talk = self.talk(barge_in__confirm_ms=64)
        assert kinds(talk.hears(2 * FRAME_MS, 1.0)) == ["Duck"]
        assert kinds(talk.hears(FRAME_MS, 1.0)) == ["Stop"]

    def test_what_is_too_quiet_for_the_gate_adds_nothing(self) -> None:
        talk = self.talk(vad__gate_dbfs=-50, barge_in__gap_ms=0)
        assert kinds(talk.hears(FRAME_MS, 0.75)) == ["Duck"]
        assert kinds(talk.hears(320, 1.0, near_dbfs=-56)) == ["Restore"]

    def test_more_is_asked_for_while_it_thinks(self) -> None:
        talk = self.talk(barge_in__confirm_thinking_ms=64)
        talk.tell(ReplyEnded())
        talk.quiet(32)
        talk.hears(320)
        talk.quiet(1000)
        assert talk.state is State.THINKING
        talk.hears(FRAME_MS, 0.98)
        assert talk.state is State.THINKING
        talk.hears(64)
        assert talk.state is State.HEARING

    @pytest.mark.parametrize("confirm_ms", [32, 64, 120, 240, 480])
    def test_whatever_is_asked_for_sure_speech_gets_there(self, confirm_ms: int) -> None:
        assert kinds(self.talk(barge_in__confirm_ms=confirm_ms).hears(8 * confirm_ms, 0.96))[:2] == ["Duck", "Stop"]
