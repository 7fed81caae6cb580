"""Words while they are spoken, and replies made before the turn is over."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from assistant.settings.sections import Endpointing
from assistant.turns.commands import Cause, Stop
from assistant.turns.states import State
from tests.workers.talk import FollowingEars, ScriptedEars, Storyteller, Talk, WordVoice, stands_until

Begin = Callable[..., Talk]
QUESTION = "where is the old harbour and who built it"


class TestWordsWhileTheyAreSpoken:
    def test_they_are_told_as_they_come_and_once_more_at_the_end(self, talk: Begin) -> None:
        told = talk(ears=FollowingEars(QUESTION)).speaks(1800)
        told.until(lambda: told.state is State.THINKING)
        told.until(lambda: told.words and told.words[-1].final)
        texts = [words.text for words in told.words if not words.final]
        assert len(texts) >= 3
        assert all(QUESTION.startswith(text) for text in texts)
        assert {words.utterance for words in told.words} == {told.words[0].utterance}
        assert told.words[-1].text == QUESTION

    def test_what_is_settled_reaches_the_partner_before_the_end(self, talk: Begin) -> None:
        told = talk(ears=FollowingEars(QUESTION)).speaks(1800)
        assert told.partner.turns == []
        assert told.partner.warmed
        assert all(QUESTION.startswith(turn.text) for turn in told.partner.warmed)

    def test_unless_only_pauses_are_to_be_used(self, talk: Begin) -> None:
        told = talk(ears=FollowingEars(QUESTION), endpointing__prepare="at_pause").speaks(1800)
        assert told.partner.warmed == []

    def test_a_stop_word_stops_what_the_sound_alone_would_not(self, talk: Begin) -> None:
        told = talk(ears=FollowingEars("stop it now")).begin()
        told.detector.p_loud = 0.55
        told.until(lambda: told.state is State.STOPPED, speaking=True)
        QCoreApplication.processEvents()
        stops = [decision.command for decision in told.decisions if isinstance(decision.command, Stop)]
        assert [stop.reason.cause for stop in stops] == [Cause.STOP_WORD]

    def test_a_sign_of_listening_carries_on(self, talk: Begin) -> None:
        told = talk(ears=FollowingEars("mm-hm yeah okay right")).begin()
        told.detector.p_loud = 0.55
        told.until(lambda: told.state is State.DUCKED, speaking=True)
        told.until(lambda: told.state is State.SPEAKING, speaking=True)
        QCoreApplication.processEvents()
        assert "Stop" not in told.kinds
        assert told.decisions[-1].command.reason.cause is Cause.BACKCHANNEL

    def test_the_ears_are_told_what_it_was_saying(self, talk: Begin) -> None:
        ears = FollowingEars(QUESTION)
        talk(ears=ears).begin().speaks(600)
        assert any("w2" in around.own_words for around in ears.around)


class TestARepliesIsPrepared:
    def test_and_sounds_the_moment_the_turn_ends(self, talk: Begin) -> None:
        told = talk(ears=ScriptedEars("the question")).speaks(600)
        told.until(lambda: told.voice.said)
        assert told.state is State.HEARING
        assert not told.far.any(), "nothing of it may sound yet"
        told.until(lambda: told.state is State.SPEAKING)
        told.quiet(100)
        assert told.kinds == ["OpenUtterance", "Prepare", "CloseUtterance"]
        assert len(told.partner.turns) == 1
        (times,) = told.times
        assert times.prepared
        assert times.saved_ms > 0

    def test_and_thrown_away_unheard_when_the_person_goes_on(self, talk: Begin) -> None:
        told = talk(ears=ScriptedEars("the question", "the question and more")).speaks(600)
        told.until(lambda: told.voice.said)
        first = list(told.voice.said)
        told.speaks(600)
        told.until(lambda: told.state is State.SPEAKING)
        told.quiet(1500)
        assert told.kinds == ["OpenUtterance", "Prepare", "Discard", "Prepare", "CloseUtterance"]
        heard = told.voice.words_in(told.far)
        assert not set(heard) & {word.strip(".") for phrase in first for word in phrase.split()}
        before, after = told.partner.turns
        assert before.number == after.number
        assert after.text == "the question and more"
        assert told.times[-1].wasted == 1

    def test_nothing_is_prepared_where_it_is_off(self, talk: Begin) -> None:
        told = talk(ears=ScriptedEars("the question"), endpointing__prepare="off").speaks(600)
        told.until(lambda: told.state is State.THINKING)
        assert told.kinds == ["OpenUtterance", "CloseUtterance"]
        told.until(lambda: told.times)
        assert not told.times[0].prepared

    def test_no_words_are_no_turn_though_they_were_sought_early(self, talk: Begin) -> None:
        told = talk(ears=ScriptedEars(None)).speaks(600).quiet(1200)
        assert told.partner.turns == []
        assert told.state is State.LISTENING

    def test_a_partner_with_nothing_to_say_ends_the_turn(self, talk: Begin) -> None:
        told = talk(partner=Storyteller([]), ears=ScriptedEars("stop")).speaks(600).quiet(1200)
        assert told.state is State.LISTENING

    def test_a_prepared_reply_can_be_cut_like_any_other(self, talk: Begin) -> None:
        told = talk(ears=ScriptedEars("the question", "no")).speaks(600)
        told.until_spoken(900)
        told.speaks(600)
        told.until(lambda: told.partner.turns[-1].text == "no")
        assert told.partner.interruption.heard

    def test_the_partner_forgets_what_was_prepared_for_no_turn(self, talk: Begin) -> None:
        told = talk(ears=FollowingEars("mm-hm", "mm-hm"), endpointing__prepare_ms=96).begin()
        told.until(lambda: told.state is State.HEARING, speaking=True).speaks(300)
        told.until(lambda: len(told.partner.turns) == 2 or told.state is State.THINKING)
        told.until(lambda: told.state is State.SPEAKING)
        turns = [turn for turn in told.partner.turns if turn is not None]
        assert turns[-1].resumed
        assert [turn.number for turn in turns[:-1]] in ([], [turns[-1].forgets])

    def test_speaking_on_while_it_thinks_tells_that_nothing_was_heard(self, talk: Begin) -> None:
        class Slow(WordVoice):
            def speak(self, phrase, emit):  # type: ignore[no-untyped-def]
                if len(told.partner.turns) > 1:
                    super().speak(phrase, emit)

        told = talk(ears=ScriptedEars("the question", "and another"), voice=Slow()).speaks(600)
        told.until(lambda: told.state is State.THINKING)
        told.speaks(600)
        told.until(lambda: len(told.partner.turns) == 2)
        first, second = told.partner.turns
        assert (first.unheard, second.unheard) == (False, True)
        assert first.number != second.number


class TestAFinishedSentenceIsAnsweredSooner:
    def prepared(self, told: Talk) -> Talk:
        """Somebody has spoken, and it stands still until the partner was asked."""
        told.speaks(600).until(lambda: "Prepare" in told.kinds)
        stands_until(lambda: told.partner.turns)
        return told

    def test_than_half_a_one(self, talk: Begin) -> None:
        silence_ms = {}
        for said in ("where is the old harbour?", "where is the old harbour, and"):
            told = self.prepared(talk(ears=ScriptedEars(said)))
            told.until(lambda told=told: told.times)
            silence_ms[said[-1]] = told.times[0].silence_ms
            assert told.times[0].prepared
        knobs = Endpointing()
        assert knobs.finished_ms <= silence_ms["?"] < knobs.silence_ms <= silence_ms["d"]

    def test_and_is_none_if_its_words_come_after_the_person_went_on(self, talk: Begin) -> None:
        listens, may_hear = threading.Event(), threading.Semaphore(0)

        class Slow(ScriptedEars):
            def hear(self, audio, around, cancelled):  # type: ignore[no-untyped-def]
                listens.set()
                assert may_hear.acquire(timeout=10)
                return super().hear(audio, around, cancelled)

        told = talk(ears=Slow("it is old.", "it is old. where is the")).speaks(600)
        told.until(lambda: "Prepare" in told.kinds)
        stands_until(listens.is_set)
        told.speaks(600).until(lambda: told.kinds.count("Prepare") == 2)
        listens.clear()
        may_hear.release()
        stands_until(listens.is_set)
        told.until(lambda: told.state is State.THINKING)
        may_hear.release()
        told.until(lambda: told.partner.turns)
        assert told.kinds == ["OpenUtterance", "Prepare", "Discard", "Prepare", "CloseUtterance"]
        assert told.decisions[-1].command.reason.cause is Cause.TURN_ENDED
        assert [words.text for words in told.words if words.final] == ["it is old. where is the"]

    def test_and_a_person_who_goes_on_then_is_answered_on_all_they_said(self, talk: Begin) -> None:
        class NeverInTime(WordVoice):
            def speak(self, phrase, emit):  # type: ignore[no-untyped-def]
                if len(told.partner.turns) > 1:
                    super().speak(phrase, emit)

        told = talk(ears=ScriptedEars("where is it?", "I mean the harbour."), voice=NeverInTime())
        self.prepared(told).until(lambda: told.state is State.THINKING)
        assert told.kinds[-1] == "CloseUtterance"
        assert told.decisions[-1].command.reason.cause is Cause.SENTENCE_FINISHED
        told.speaks(600).until(lambda: len(told.partner.turns) == 2)
        first, second = told.partner.turns
        assert (first.text, second.text, second.unheard) == ("where is it?", "I mean the harbour.", True)

    def test_or_stops_its_first_words_and_it_is_told_what_was_heard_of_them(self, talk: Begin) -> None:
        told = self.prepared(talk(ears=ScriptedEars("where is it?", "I mean the harbour.")))
        told.until_spoken(250).speaks(600)
        told.until(lambda: len(told.partner.turns) == 2)
        first, second = told.partner.turns
        assert (first.text, second.text, second.unheard) == ("where is it?", "I mean the harbour.", False)
        assert second.interruption.heard.startswith("w0a w0b")


class TestByHand:
    def test_it_says_the_newest_reply_again(self, talk: Begin) -> None:
        told = talk(partner=Storyteller(["w0a w0b.", "w1a w1b."]))
        told.session.ask("hello")
        told.until(lambda: told.state is State.SPEAKING).until(lambda: told.state is State.LISTENING)
        told.session.repeat()
        told.until(lambda: told.state is State.SPEAKING).until(lambda: told.state is State.LISTENING)
        assert told.voice.words_in(told.far) == ["w0a", "w0b", "w1a", "w1b"] * 2
        typed, button = told.times
        assert typed.number > 0 and button.number == 0

    def test_another_model_is_loaded_without_a_new_start(self, talk: Begin) -> None:
        told = talk()
        told.ready.clear()
        told.set("ears.model", "another")
        told.until(lambda: QCoreApplication.processEvents() or told.ready)
        assert list(told.ready) == ["hearing"]
