"""A conversation on all its threads: somebody speaks over it, and it yields, says where, and goes on."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from assistant.audio.playout import PlayoutChunk
from assistant.settings.sections import Settings
from assistant.turns.commands import Cause
from assistant.turns.facts import StopPressed, TalkPressed, TalkReleased
from assistant.turns.reasons import sentence
from assistant.turns.states import State
from assistant.workers.jobs import HearJob, SpeakJob, ThinkJob
from assistant.workers.reply import Reply
from assistant.workers.session import Session
from tests.workers.talk import STORY, ScriptedEars, Storyteller, Talk

Begin = Callable[..., Talk]


class TestItSpeaks:
    def test_what_the_partner_says_leaves_the_loudspeaker_word_for_word(self, talk: Begin) -> None:
        told = talk(partner=Storyteller(["One two three.", "Four five."]))
        told.session.rehearse()
        told.until(lambda: told.state is State.SPEAKING).until(lambda: told.state is State.LISTENING)
        assert told.voice.words_in(told.far) == ["One", "two", "three", "Four", "five"]

    def test_a_partner_with_nothing_to_say_leaves_it_listening(self, talk: Begin) -> None:
        told = talk(partner=Storyteller([]))
        told.session.rehearse()
        told.until(lambda: told.partner.turns).until(lambda: told.state is State.LISTENING)
        assert told.kinds == []

    def test_the_volume_scales_what_leaves(self, talk: Begin) -> None:
        told = talk(partner=Storyteller(["One two three."]), audio__volume_db=-20).begin(heard_ms=50)
        assert np.abs(told.far).max() == pytest.approx(told.voice.levels["One"] / 10, rel=0.01)


class TestSomebodySpeaksOverIt:
    def test_it_ducks_then_stops(self, talk: Begin) -> None:
        told = talk().begin().speaks(200)
        assert told.kinds == ["Duck", "Stop"]
        assert told.state is State.STOPPED

    def test_after_the_cut_nothing_of_the_old_reply_sounds_any_more(self, talk: Begin) -> None:
        told = talk().begin()
        generation = told.session.playout.generation
        told.speaks(600).quiet(800).until_spoken()
        playout = told.session.playout
        cut, again = playout.cut_at(generation), playout.started_at(playout.generation)
        assert cut is not None
        assert again is not None
        assert not told.far[cut:again].any(), "silence between the replies"
        before, after = (told.voice.words_in(part) for part in (told.far[:cut], told.far[again:]))
        assert before
        assert after
        assert set(before).isdisjoint(after)

    def test_it_falls_silent_within_a_block_and_a_ramp_of_the_decision(self, talk: Begin) -> None:
        told = talk().begin()
        generation = told.session.playout.generation
        told.until(lambda: "Stop" in told.kinds, speaking=True)
        decided = len(told.far)
        told.quiet(50)
        cut = told.session.playout.cut_at(generation)
        assert cut is not None
        assert cut - decided <= 480 + told.session.playout.ramp_samples

    def test_while_ducked_it_plays_on_more_quietly_and_loses_nothing(self, talk: Begin) -> None:
        told = talk(barge_in__duck_db=-20, barge_in__confirm_ms=480).begin().speaks(60).quiet(90)
        assert told.state is State.DUCKED
        assert told.far[-100:].max() == pytest.approx(told.voice.levels["w2f"] / 10, rel=0.05)
        told.quiet(1500)
        assert told.kinds == ["Duck", "Restore"]
        words = [*told.voice.words_in(told.far), *told.voice.words_in(told.far, gain=0.1)]
        assert sorted(set(words))[:24] == " ".join(STORY[:4]).replace(".", "").split()

    def test_the_partner_is_told_the_words_that_were_heard_and_those_that_were_not(self, talk: Begin) -> None:
        told = talk().begin()
        generation = told.session.playout.generation
        told.speaks(600).until(lambda: len(told.partner.turns) == 2)
        until_cut = told.far[: told.session.playout.cut_at(generation)]
        sounded = [*told.voice.words_in(until_cut), *told.voice.words_in(until_cut, gain=0.1)]
        cut = told.partner.interruption
        heard = cut.heard.replace(".", "").split()
        assert heard == sorted(set(sounded))[: len(heard)]
        assert len(heard) >= len(set(sounded)) - 1, "only a word of which less than half sounded is not counted"
        assert cut.last_word == heard[-1]
        assert f"{cut.heard} {cut.unsaid}".replace(".", "") in " ".join(STORY).replace(".", "")
        assert cut.onset_to_stop_ms == pytest.approx(told.news[1].onset_to_stop_ms)

    def test_the_person_s_words_reach_the_partner_with_the_cut(self, talk: Begin) -> None:
        told = talk(ears=ScriptedEars("what about the harbour")).begin().speaks(600)
        told.until(lambda: len(told.partner.turns) == 2)
        assert told.partner.turns[1].text == told.partner.interruption.said == "what about the harbour"

    def test_the_recogniser_gets_the_first_syllable_too(self, talk: Begin) -> None:
        told = talk(endpointing__preroll_ms=300).begin().speaks(600)
        told.until(lambda: told.ears.utterances)
        utterance = told.ears.utterances[0]
        loud = np.flatnonzero(np.abs(utterance) > 0.1)
        assert loud[0] / 16 == pytest.approx(300, abs=40), "the pre-roll comes first"
        assert (loud[-1] - loud[0]) / 16 == pytest.approx(600, abs=40), "all of it is there"
        assert not utterance.flags.writeable

    def test_the_story_of_the_stop_is_told_with_its_latency(self, talk: Begin) -> None:
        told = talk().begin().speaks(400)
        story = told.news[1]
        assert story.outcome == "stopped"
        assert story.onset_to_stop_ms is not None
        assert 100 < story.onset_to_stop_ms < 250
        assert story.last_word == story.heard.split()[-1]
        assert (story.heard + story.cut) in STORY


class TestAFalseStop:
    def cough(self, told: Talk) -> Talk:
        told.begin().speaks(200)
        assert told.kinds == ["Duck", "Stop"]
        return told.until(lambda: len(told.partner.turns) == 2).until_spoken(150)

    def test_it_goes_on_from_the_start_of_the_phrase(self, talk: Begin) -> None:
        told = self.cough(talk(barge_in__after_false_stop="phrase_start"))
        assert told.partner.turns[1].resumed
        assert told.partner.interruption.unsaid.startswith(STORY[2])
        assert told.voice.words_in(told.far)[-2:] == ["w2a", "w2b"]

    def test_it_goes_on_where_it_stopped(self, talk: Begin) -> None:
        told = self.cough(talk(barge_in__after_false_stop="where_it_stopped"))
        cut = told.partner.interruption
        assert cut.last_word in STORY[2]
        assert cut.heard.endswith(cut.last_word)
        assert cut.heard.startswith(" ".join(STORY[:2]))
        assert told.voice.words_in(told.far)[-2] == cut.unsaid.split()[0]

    def test_it_stays_quiet(self, talk: Begin) -> None:
        told = talk(barge_in__after_false_stop="stay_quiet").begin().speaks(200).quiet(2000)
        assert told.state is State.LISTENING
        assert len(told.partner.turns) == 1
        assert not told.far[-48_000:].any()

    def test_no_words_in_it_is_a_false_stop_too(self, talk: Begin) -> None:
        told = talk(ears=ScriptedEars(None)).begin().speaks(600)
        told.until(lambda: len(told.partner.turns) == 2)
        assert told.partner.turns[1].resumed
        assert told.news[1].outcome == "false_stop"

    def test_its_story_says_so(self, talk: Begin) -> None:
        told = self.cough(talk())
        assert told.news[1].outcome == "false_stop"
        assert told.news[1].revision >= 2

    def test_at_the_next_one_it_waits_and_goes_on_after_quiet_where_it_was(self, talk: Begin) -> None:
        told = self.cough(talk(barge_in__wait_s=2)).speaks(200).quiet(1500)
        assert told.state is State.WAITING
        assert not told.far[-48_000:].any()
        assert told.news[2].outcome == "false_stop"
        assert told.news[2].reason.cause is Cause.STOPPED_AGAIN
        told.until(lambda: len(told.partner.turns) == 3).until_spoken(150)
        assert told.partner.turns[2].resumed
        assert told.partner.interruption.unsaid.startswith(STORY[2])
        assert told.news[2].reason.cause is Cause.LONG_QUIET

    def test_while_it_waits_the_person_can_let_it_go_on(self, talk: Begin) -> None:
        told = self.cough(talk()).speaks(200).quiet(1500)
        told.session.go_on()
        told.until(lambda: len(told.partner.turns) == 3).until_spoken(150)
        assert told.partner.interruption.unsaid.split()[0] in STORY[2]

    def test_who_speaks_while_it_waits_is_told_where_it_was_cut(self, talk: Begin) -> None:
        told = self.cough(talk(ears=ScriptedEars("And then?"))).speaks(200).quiet(1500).speaks(600)
        told.until(lambda: len(told.partner.turns) == 3)
        assert told.partner.turns[2].text == "And then?"
        assert told.partner.interruption.unsaid


SENTENCES = ["One two three,", "four five six.", "Seven eight nine.", "Ten eleven twelve.", *STORY]
"""The first sentence lasts 0.6 s."""


class TestAProtectedSentence:
    def begin(self, talk: Begin, **knobs: float | str) -> Talk:
        ears = ScriptedEars("What about me?")
        return talk(
            partner=Storyteller(SENTENCES), ears=ears, barge_in__protect="first_sentence", **knobs
        ).begin(heard_ms=100)

    def test_is_said_to_its_end_and_then_the_person_has_the_floor(self, talk: Begin) -> None:
        told = self.begin(talk)
        assert told.state is State.PROTECTED
        told.speaks(800)
        assert told.kinds == ["Duck", "Promise", "Stop", "OpenUtterance"]
        assert told.voice.words_in(told.far, gain=0.1)[-1] in ("six", "Seven")
        told.until(lambda: len(told.partner.turns) == 2)
        assert told.partner.turns[1].text == "What about me?"
        assert told.partner.interruption.heard.startswith("One two three, four five six")
        loud = np.flatnonzero(np.abs(told.ears.utterances[0]) > 0.1)
        assert (loud[-1] - loud[0]) / 16 == pytest.approx(800, abs=40), "what was said meanwhile was kept"

    def test_the_story_says_why_it_took_so_long(self, talk: Begin) -> None:
        told = self.begin(talk).speaks(800)
        story = told.news[1]
        assert (story.outcome, story.reason.cause) == ("stopped", Cause.SENTENCE_OVER)
        assert "protected" in sentence(story, told.settings)

    def test_later_sentences_are_not(self, talk: Begin) -> None:
        told = self.begin(talk).until_spoken(800).speaks(200)
        assert told.kinds == ["Duck", "Stop"]

    def test_nor_is_one_that_goes_on(self, talk: Begin) -> None:
        told = self.begin(talk).until_spoken(800).speaks(200)
        told.until(lambda: len(told.partner.turns) == 2)
        told.until(lambda: told.state in (State.SPEAKING, State.PROTECTED))
        assert told.state is State.SPEAKING

    def test_taking_the_protection_away_takes_effect_at_once(self, talk: Begin) -> None:
        told = self.begin(talk).speaks(250)
        assert told.state is State.PROMISED
        told.set("barge_in.protect", "off")
        told.speaks(100)
        assert told.kinds[:3] == ["Duck", "Promise", "Stop"]

    def test_by_default_nothing_is_protected(self, talk: Begin) -> None:
        told = talk(partner=Storyteller(SENTENCES)).begin(heard_ms=100).speaks(200)
        assert told.kinds == ["Duck", "Stop"]


class TestWhileItThinks:
    def test_a_cough_does_not_lose_what_was_asked(self, talk: Begin) -> None:
        told = talk(partner=SlowStoryteller(), ears=ScriptedEars("the question")).begin().speaks(600)
        told.until(lambda: len(told.partner.turns) == 2 and told.state is State.THINKING)
        assert told.state is State.THINKING
        told.speaks(200)
        assert told.kinds[-2:] == ["CancelReply", "OpenUtterance"]
        told.until(lambda: len(told.partner.turns) == 3)
        assert told.partner.turns[2].text == "the question"
        assert not told.partner.turns[2].resumed
        assert told.news[1].outcome == "stopped", "the stop before it was no false one"

    def test_noise_without_words_does_not_lose_what_was_asked(self, talk: Begin) -> None:
        told = talk(partner=SlowStoryteller(), ears=ScriptedEars("the question", None)).begin().speaks(600)
        told.until(lambda: len(told.partner.turns) == 2 and told.state is State.THINKING).speaks(600)
        told.until(lambda: len(told.partner.turns) == 3)
        assert told.partner.turns[2].text == "the question"
        assert len(told.ears.utterances) == 3, "it was heard again: what it had understood went with the reply"

    def test_what_is_said_besides_is_the_new_turn(self, talk: Begin) -> None:
        told = talk(partner=SlowStoryteller(), ears=ScriptedEars("the question", "no, another")).begin().speaks(600)
        told.until(lambda: len(told.partner.turns) == 2 and told.state is State.THINKING).speaks(600)
        told.until(lambda: len(told.partner.turns) == 3)
        assert told.partner.turns[2].text == "no, another"
        assert told.partner.interruption.heard, "and the partner still learns where it was cut"


class SlowStoryteller(Storyteller):
    """Answers everything but its first turn only when it is no longer wanted."""

    def reply(self, turn, cancelled):  # type: ignore[no-untyped-def]
        first = not self.turns
        replies = super().reply(turn, cancelled)
        if first:
            yield from replies
            return
        self.turns.append(turn)
        while not cancelled():
            time.sleep(0.001)


class TestByHand:
    def test_esc_cuts_it_and_it_listens(self, talk: Begin) -> None:
        told = talk().begin()
        told.session.signal(StopPressed())
        told.quiet(100)
        assert told.kinds == ["Stop"]
        assert told.state is State.LISTENING
        assert told.news[1].outcome == "by_hand"
        assert told.news[1].onset_to_stop_ms is None
        assert told.news[1].detect_to_stop_ms is not None
        assert not told.far[-480:].any()

    def test_a_typed_line_cuts_it_and_is_answered(self, talk: Begin) -> None:
        told = talk().begin()
        told.session.ask("next")
        told.until(lambda: len(told.partner.turns) == 2).until_spoken()
        turn = told.partner.turns[1]
        assert (turn.text, turn.typed) == ("next", True)
        assert told.partner.interruption.heard
        assert told.kinds == ["Stop"]

    def test_its_silence_is_told_even_if_the_answer_begins_in_the_same_block(self, talk: Begin) -> None:
        told = talk().begin()
        playout = told.session.playout
        cut = playout.generation
        told.session.ask("next")
        told.until(lambda: "Stop" in told.kinds)
        while not playout.pending_samples:
            time.sleep(0.001)
        told.quiet(10)
        assert playout.cut_at(cut) == playout.started_at(playout.generation)
        told.quiet(10)
        assert told.news[1].silent_at is not None

    def test_a_line_that_was_taken_back_at_once_is_not_answered_later(self, talk: Begin) -> None:
        told = talk()
        told.session.ask("never mind")
        told.session.signal(StopPressed())
        told.quiet(100).speaks(600).until(lambda: told.partner.turns)
        assert [turn.text for turn in told.partner.turns] == [""], "what was spoken is answered, not what was typed"

    def test_the_talk_key_holds_the_floor_however_quiet_one_is(self, talk: Begin) -> None:
        told = talk(ears=ScriptedEars("spoken with the key")).begin()
        told.session.signal(TalkPressed())
        told.quiet(1000)
        assert told.kinds == ["Stop", "OpenUtterance"]
        assert told.state is State.HELD
        told.session.signal(TalkReleased())
        told.until(lambda: len(told.partner.turns) == 2)
        assert told.partner.turns[1].text == "spoken with the key"
        assert len(told.ears.utterances[0]) / 16 == pytest.approx(1400, abs=70), "with its pre-roll"

    def test_a_muted_mic_interrupts_nobody(self, talk: Begin) -> None:
        told = talk().begin()
        told.session.mute(True)
        told.speaks(1000)
        assert told.kinds == []
        told.session.mute(False)
        told.speaks(200)
        assert told.kinds == ["Duck", "Stop"]


class TestASliderIsMoved:
    def test_in_mid_speech_it_acts_on_the_next_frame(self, talk: Begin) -> None:
        told = talk(vad__start=0.6).begin()
        told.detector.p_loud = 0.5
        told.speaks(500)
        assert told.kinds == []
        frames = told.session.trace.frames
        told.set("vad.start", 0.4)
        told.until(lambda: told.session.trace.frames == frames + 1, speaking=True)
        assert told.kinds == ["Duck"]

    def test_the_volume_follows_while_it_speaks(self, talk: Begin) -> None:
        told = talk().begin()
        loud = told.far[-480:].max()
        told.set("audio.volume_db", -20)
        told.quiet(30)
        assert told.far[-480:].max() == pytest.approx(loud / 10, rel=0.01)

    def test_the_voice_takes_it_with_the_next_phrase(self, talk: Begin) -> None:
        told = talk().begin()
        told.set("voice.words_per_minute", 300)
        told.quiet(1500)
        told.until(lambda: told.voice.settings.words_per_minute == 300)


def test_who_spoke_in_the_simulated_room_does_not_speak_on_into_a_microphone(qapp: QApplication) -> None:
    session = Session(Settings())
    session.use_room()
    said = session.callback.injection.play(np.ones(4800, np.float32))
    session.use_devices()
    session.callback(np.zeros((480, 1), np.float32), np.zeros((480, 1), np.float32))
    assert said.ended_at is not None
    assert not session.callback.ring.read(0).near.any()
    assert session.end() == ()


class TestHoweverLongItGoesOn:
    def test_two_hundred_random_interruptions_leave_nothing_behind(self, talk: Begin) -> None:
        told = talk(endpointing__silence_ms=192, barge_in__restore_ms=64)
        told.session.rehearse()
        random = np.random.default_rng(11)
        before = _jobs_alive()
        for _ in range(200):
            told.quiet(random.integers(20, 500))
            match random.integers(8):
                case 0:
                    told.session.ask("typed")
                case 1:
                    told.session.signal(StopPressed())
                    told.quiet(30)
                    told.session.rehearse()
                case 2:
                    told.session.signal(TalkPressed())
                    told.quiet(random.integers(20, 500))
                    told.session.signal(TalkReleased())
                case _:
                    told.speaks(random.integers(20, 700))
            if random.integers(2):  # or hardly a reply would come in time where the other threads are slow
                told.until(lambda: told.state in (State.SPEAKING, State.LISTENING))
        assert len(told.partner.turns) > 50
        told.session.rehearse()  # the button may have slipped last, after which nobody speaks
        told.until(lambda: told.state is State.SPEAKING)
        told.session.signal(StopPressed())
        told.quiet(500)
        assert told.state is State.LISTENING
        assert not told.far[-4800:].any()
        assert _jobs_alive() - before < 20


def _jobs_alive() -> int:
    """Work of earlier turns that something still holds."""
    kinds = (HearJob, ThinkJob, SpeakJob, PlayoutChunk, Reply)
    gc.collect()
    return sum(isinstance(each, kinds) for each in gc.get_objects())
