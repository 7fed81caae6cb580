"""When a part fails: the turn ends, the person is told once what to do, and the conversation goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from assistant.audio.front_end import FrontEnd
from assistant.brain.partner import PartnerFailed, Phrase, UserTurn
from assistant.settings.sections import Settings
from assistant.speech.ears import Around, EarsFailed, Heard
from assistant.speech.voice import SpokenChunk, VoiceFailed
from assistant.turns.states import State
from assistant.workers.session import Session
from tests.workers.talk import LoudIsSpeech, ScriptedEars, Storyteller, Talk, WordVoice

Begin = Callable[..., Talk]


class HoarseVoice(WordVoice):
    """Fails in the middle of its third phrase, once."""

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        super().speak(phrase, emit)
        if len(self.said) == 3:
            raise VoiceFailed("The voice has a cold.")


class ForgetfulPartner(Storyteller):
    """Fails after two phrases of its first reply."""

    def reply(self, turn: UserTurn | None, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        first = not self.turns
        for count, phrase in enumerate(super().reply(turn, cancelled)):
            if first and count == 2:
                raise PartnerFailed("The thread is lost.")
            yield phrase


class DeafEars(ScriptedEars):
    def hear(self, audio: np.ndarray, around: Around, cancelled: Callable[[], bool]) -> Heard:
        raise EarsFailed("The ears are shut.")


class TestAPartFails:
    def test_a_voice_ends_the_turn_and_speaks_the_next_one(self, talk: Begin) -> None:
        told = talk(voice=HoarseVoice())
        told.session.rehearse()
        told.until(lambda: told.state is State.SPEAKING).until(lambda: told.state is State.LISTENING)
        assert [(failure.stage, failure.message) for failure in told.failures] == [("voice", "The voice has a cold.")]
        assert told.failures[0].remedy
        told.session.rehearse()
        told.until(lambda: told.state is State.SPEAKING)

    def test_a_partner_that_fails_has_its_first_phrases_spoken(self, talk: Begin) -> None:
        told = talk(partner=ForgetfulPartner())
        told.session.rehearse()
        told.until(lambda: told.state is State.SPEAKING).until(lambda: told.state is State.LISTENING)
        assert told.voice.words_in(told.far)[-1] == "w1f"
        assert [failure.code for failure in told.failures] == ["partner_failed"]
        told.session.rehearse()
        told.until(lambda: told.state is State.SPEAKING)

    def test_without_ears_the_partner_still_answers_that_somebody_spoke(self, talk: Begin) -> None:
        told = talk(ears=DeafEars()).begin().speaks(600)
        told.until(lambda: len(told.partner.turns) == 2)
        assert told.partner.turns[1].text == ""
        assert told.partner.turns[1].seconds > 0.4
        assert [failure.stage for failure in told.failures] == ["ears"]

    def test_ears_that_cannot_be_loaded_say_why_each_time(self, talk: Begin) -> None:
        told = talk(ears=RuntimeError("no ears on this disk")).begin().speaks(600)
        told.until(lambda: len(told.partner.turns) == 2)
        assert len(told.failures) == 2
        assert all("no ears on this disk" in failure.message for failure in told.failures)

    def test_a_detector_that_fails_for_a_while_silences_it_and_says_so_once(self, talk: Begin) -> None:
        told = talk().begin()
        told.detector.error = RuntimeError("out of memory")
        told.quiet(500)
        assert [failure.stage for failure in told.failures] == ["detector"]
        assert "out of memory" in told.failures[0].message
        assert not told.far[-480:].any(), "it cannot hear whether somebody speaks over it, so it is silent"
        told.detector.error = None
        told.quiet(100)
        assert told.state is State.LISTENING
        told.begin().speaks(200)
        assert told.kinds == ["Duck", "Stop"]


class TestAPartCannotBeLoaded:
    @pytest.mark.parametrize(
        ("part", "stage"), [("voice", "voice"), ("partner", "partner"), ("ears", "ears"), ("detector", "detector")]
    )
    def test_it_is_told_and_the_others_count_as_loaded(self, talk: Begin, part: str, stage: str) -> None:
        told = talk(**{part: RuntimeError("not on this disk")})
        assert len(told.ready) == 4, "whoever waits for everything to be loaded is not kept waiting"
        told.quiet(20)
        assert [(failure.stage, "not on this disk" in failure.message) for failure in told.failures] == [(stage, True)]

    def test_a_turn_without_a_voice_ends_at_once(self, talk: Begin) -> None:
        told = talk(voice=RuntimeError("no voice"))
        told.session.rehearse()
        told.until(lambda: len(told.failures) >= 2).until(lambda: told.state is State.LISTENING)

    def test_what_comes_back_is_used(self, talk: Begin) -> None:
        told = talk(voice=RuntimeError("no voice"))
        told.voice = WordVoice()
        told.session.rehearse()
        told.until(lambda: told.state is State.SPEAKING)


def test_a_loss_that_the_device_tells_of_reaches_the_echo_canceller_once(
    talk: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[FrontEnd] = []

    def note(front_end: FrontEnd) -> None:
        told.append(front_end)

    monkeypatch.setattr(FrontEnd, "sound_lost", note)
    talking = talk().begin().quiet(50)
    assert not told
    talking.loses_sound().quiet(50)
    assert len(told) == 1


class EndlessVoice(WordVoice):
    """Makes sound until it is told to stop."""

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        while emit(SpokenChunk(np.full(480, 0.05, np.float32), ())):
            time.sleep(0.001)


class ThoughtfulPartner(Storyteller):
    """Thinks until it is no longer wanted."""

    def reply(self, turn: UserTurn | None, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        self.turns.append(turn)
        while not cancelled():
            time.sleep(0.001)
        yield Phrase("too late", "answer", "")


class StuckVoice(WordVoice):
    """Hangs in a library until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        self.let_go.wait(30)


class TestTheEnd:
    """`Session.end` waits two seconds and names the threads that did not end by then."""

    def test_in_mid_speech(self, talk: Begin) -> None:
        told = talk().begin()
        assert told.session.end() == ()

    def test_while_the_voice_makes_sound_without_end(self, talk: Begin) -> None:
        told = talk(voice=EndlessVoice())
        told.session.rehearse()
        told.until(lambda: told.state is State.SPEAKING)
        assert told.session.end() == ()

    def test_while_the_partner_thinks(self, talk: Begin) -> None:
        told = talk(partner=ThoughtfulPartner())
        told.session.rehearse()
        told.until(lambda: told.partner.turns)
        assert told.session.end() == ()

    def test_while_it_loads(self, qapp: QApplication) -> None:
        loading = threading.Event()

        class SlowDetector(LoudIsSpeech):
            def __init__(self) -> None:
                super().__init__()
                loading.wait(0.5)

        session = Session(
            Settings(), make_detector=SlowDetector, make_voice=WordVoice, make_partner=lambda _: Storyteller()
        )
        session.start()
        assert session.end() == ()

    def test_a_thread_that_hangs_is_named(self, qapp: QApplication) -> None:
        voice = StuckVoice()
        told = Talk(voice=voice)
        told.session.rehearse()
        told.until(lambda: told.state is State.THINKING).quiet(50)
        time.sleep(0.1)
        assert told.session.end() == ("speaking",)
        voice.let_go.set()

    def test_twice(self, talk: Begin) -> None:
        told = talk()
        assert told.session.end() == ()
        assert told.session.end() == ()
