"""Hearing, thinking and speaking one by one: work of an old generation falls through the floor at every door."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from assistant.audio.playout import Playout
from assistant.brain.partner import Interruption, Phrase, UserTurn
from assistant.settings.sections import Settings
from assistant.speech.ears import Around, Heard
from assistant.speech.voice import SpokenChunk
from assistant.turns.facts import NoReply, NoWords
from assistant.workers.failure import Failure
from assistant.workers.hearing import Hearing
from assistant.workers.jobs import HearJob, SpeakJob, ThinkJob, Told, Understood
from assistant.workers.speaking import Speaking
from assistant.workers.stopwatch import Stopwatch
from assistant.workers.thinking import Thinking
from assistant.workers.worker import Worker
from tests.workers.talk import ScriptedEars, Storyteller, WordVoice

AUDIO = np.zeros(16_000, np.float32)
TURN = UserTurn("", 1.0, Interruption("Heard.", "Unsaid.", "Heard", 140.0, ""))


class Outbox:
    """What a stage handed on, while generation 5 is the present one."""

    def __init__(self) -> None:
        self.present = 5
        self.jobs: list[Any] = []
        self.told: list[Told | Understood] = []

    def wanted(self, generation: int) -> bool:
        return generation == self.present

    def take(self, job: Any) -> bool:
        if job.generation == self.present:
            self.jobs.append(job)
        return bool(job.generation == self.present)


@pytest.fixture
def out() -> Outbox:
    return Outbox()


class TestHearing:
    def hearing(self, out: Outbox, ears: Any) -> Hearing:
        stage = Hearing(
            lambda: ears, lambda: Settings().ears, out.told.append, out.take, out.take, out.wanted, Stopwatch()
        )
        assert stage.load() == ears.name
        return stage

    def test_words_go_to_the_partner_with_the_turn_and_the_cut(self, out: Outbox) -> None:
        self.hearing(out, ScriptedEars("hello")).do(HearJob(5, AUDIO, TURN, Around()))
        (job,) = out.jobs
        assert isinstance(job, ThinkJob)
        assert job.turn is not None
        assert (job.generation, job.turn.text, job.turn.seconds) == (5, "hello", 1.0)
        assert job.turn.interruption is not None
        assert (job.turn.interruption.said, job.turn.interruption.heard) == ("hello", "Heard.")

    def test_no_words_are_told_and_nobody_answers(self, out: Outbox) -> None:
        self.hearing(out, ScriptedEars(None)).do(HearJob(5, AUDIO, TURN, Around()))
        assert (out.jobs, out.told) == ([], [Told(NoWords(), 5)])

    def test_where_nobody_can_tell_the_partner_answers(self, out: Outbox) -> None:
        self.hearing(out, ScriptedEars()).do(HearJob(5, AUDIO, TURN, Around()))
        assert [job.turn.text for job in out.jobs] == [""]

    def test_ears_are_told_once_nobody_waits_for_them(self, out: Outbox) -> None:
        class Patient(ScriptedEars):
            def hear(self, audio: np.ndarray, around: Around, cancelled: Callable[[], bool]) -> Heard:
                assert not cancelled()
                out.present = 6
                assert cancelled()
                return Heard("half of", 1.0, True)

        self.hearing(out, Patient()).do(HearJob(5, AUDIO, TURN, Around()))
        assert out.jobs == []


class TestThinking:
    def thinking(self, out: Outbox, partner: Any) -> Thinking:
        stage = Thinking(
            lambda: partner, lambda: Settings().brain, out.told.append, out.take, out.wanted, Stopwatch()
        )
        stage.load()
        return stage

    def test_phrases_go_to_the_voice_and_then_the_end(self, out: Outbox) -> None:
        self.thinking(out, Storyteller(["One.", "Two."])).do(ThinkJob(5, None))
        assert [job.phrase and job.phrase.text for job in out.jobs] == ["One.", "Two.", None]

    def test_nothing_to_say_is_told(self, out: Outbox) -> None:
        self.thinking(out, Storyteller([])).do(ThinkJob(5, None))
        assert (out.jobs, out.told) == ([], [Told(NoReply(), 5)])

    def test_it_makes_no_phrase_more_once_it_is_not_wanted(self, out: Outbox) -> None:
        made: list[str] = []

        class Counting(Storyteller):
            def reply(self, turn: UserTurn | None, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
                for phrase in super().reply(turn, cancelled):
                    made.append(phrase.text)
                    if len(made) == 3:
                        out.present = 6
                    yield phrase

        self.thinking(out, Counting()).do(ThinkJob(5, None))
        assert (len(made), len(out.jobs)) == (3, 2)

    def test_what_was_handed_on_before_a_failure_is_still_spoken(self, out: Outbox) -> None:
        self.thinking(out, Storyteller()).give_up(ThinkJob(5, None))
        assert out.jobs == [SpeakJob(5, None)]


class TestSpeaking:
    def speaking(self, out: Outbox, voice: Any, playout: Playout) -> Speaking:
        stage = Speaking(lambda: voice, playout, Settings, out.told.append, Stopwatch())
        stage.load()
        return stage

    def rendered(self, playout: Playout, samples: int = 96_000) -> np.ndarray:
        sound = np.empty(samples, np.float32)
        playout.render(sound, 0)
        return sound

    def test_a_phrase_sounds_and_is_kept_with_its_words(self, out: Outbox) -> None:
        playout, voice = Playout(), WordVoice()
        stage = self.speaking(out, voice, playout)
        stage.do(SpeakJob(0, Phrase("One two.", "answer", "")))
        stage.do(SpeakJob(0, None))
        assert voice.words_in(self.rendered(playout)) == ["One", "two"]
        assert playout.finished(0) == 2 * 4800
        assert stage.reply.at(4800).heard == "One"

    def test_a_reply_without_a_sound_is_no_reply(self, out: Outbox) -> None:
        stage = self.speaking(out, WordVoice(), Playout())
        stage.do(SpeakJob(0, Phrase("…", "answer", "")))
        stage.do(SpeakJob(0, None))
        assert out.told == [Told(NoReply(), 0)]

    def test_a_chunk_made_after_the_cut_never_sounds(self, out: Outbox) -> None:
        playout = Playout()

        class Slow(WordVoice):
            def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
                chunk = SpokenChunk(np.full(480, 0.5, np.float32), ())
                assert emit(chunk)
                playout.advance()
                assert not emit(chunk), "and the voice is told to stop"

        stage = self.speaking(out, Slow(), playout)
        stage.do(SpeakJob(0, Phrase("One two three.", "answer", "")))
        assert not self.rendered(playout).any()
        assert not stage.reply.phrases[0].complete

    def test_it_works_ahead_of_the_loudspeaker_but_not_far(self, out: Outbox) -> None:
        playout, voice = Playout(), WordVoice()
        stage = self.speaking(out, voice, playout)
        stage.do(SpeakJob(0, Phrase("a b c d e f g h i j.", "answer", "")))
        second = threading.Thread(target=stage.do, args=(SpeakJob(0, Phrase("k l m.", "answer", "")),))
        second.start()
        time.sleep(0.1)
        assert len(voice.said) == 1, "a second is in store"
        self.rendered(playout, 24_000)
        second.join(5)
        assert len(voice.said) == 2, "half a second is not enough"

    def test_who_waits_for_the_loudspeaker_is_let_go_by_a_cut(self, out: Outbox) -> None:
        playout, voice = Playout(), WordVoice()
        stage = self.speaking(out, voice, playout)
        stage.do(SpeakJob(0, Phrase("a b c d e f g h i j.", "answer", "")))
        second = threading.Thread(target=stage.do, args=(SpeakJob(0, Phrase("k l m.", "answer", "")),))
        second.start()
        playout.advance()
        second.join(5)
        assert not second.is_alive()


class Notes:
    """A stage that notes its jobs; `gate` holds it up."""

    name = "notes"

    def __init__(self) -> None:
        self.done: list[int] = []
        self.gave_up: list[int] = []
        self.gate = threading.Event()
        self.began = threading.Event()

    def load(self) -> str:
        return "Notes"

    def do(self, job: HearJob) -> None:
        self.began.set()
        assert self.gate.wait(5)
        if len(job.audio) == 0:
            raise ValueError("nothing in it")
        self.done.append(job.generation)

    def give_up(self, job: HearJob) -> None:
        self.gave_up.append(job.generation)

    def explain(self, error: Exception) -> Failure:
        return Failure("ears", "test", str(error))


@pytest.fixture
def worker(qapp: QApplication, out: Outbox) -> Iterator[tuple[Worker, Notes]]:
    notes = Notes()
    worker = Worker(notes, lambda: out.present, room=1)
    worker.start()
    yield worker, notes
    notes.gate.set()
    worker.finish()
    assert worker.wait(2000)


class TestAThread:
    def test_an_old_job_is_not_taken(self, worker: tuple[Worker, Notes]) -> None:
        assert not worker[0].give(HearJob(4, AUDIO, TURN, Around()))

    def test_a_job_that_grows_old_in_the_inbox_is_not_done(self, worker: tuple[Worker, Notes], out: Outbox) -> None:
        thread, notes = worker
        assert thread.give(HearJob(5, AUDIO, TURN, Around()))
        assert notes.began.wait(5)
        assert thread.give(HearJob(5, AUDIO, TURN, Around()))
        out.present = 6
        notes.gate.set()
        while not thread.give(HearJob(6, AUDIO, TURN, Around())):
            pass
        while 6 not in notes.done:
            time.sleep(0.001)
        assert notes.done == [5, 6]

    def test_a_full_inbox_holds_the_giver_back_until_its_job_is_old(
        self, worker: tuple[Worker, Notes], out: Outbox
    ) -> None:
        thread, notes = worker
        assert thread.give(HearJob(5, AUDIO, TURN, Around()))
        assert notes.began.wait(5)
        assert thread.give(HearJob(5, AUDIO, TURN, Around()))
        taken: list[bool] = []
        giver = threading.Thread(target=lambda: taken.append(thread.give(HearJob(5, AUDIO, TURN, Around()))))
        giver.start()
        giver.join(0.15)
        assert giver.is_alive(), "one is being done, one waits: there is no room"
        out.present = 6
        giver.join(5)
        assert taken == [False]

    def test_an_error_is_told_and_the_next_job_is_done(self, worker: tuple[Worker, Notes]) -> None:
        thread, notes = worker
        failures: list[Failure] = []
        thread.failed.connect(failures.append)
        notes.gate.set()
        thread.give(HearJob(5, AUDIO[:0], TURN, Around()))
        thread.give(HearJob(5, AUDIO, TURN, Around()))
        while not notes.done:
            time.sleep(0.001)
        QCoreApplication.processEvents()
        assert [failure.message for failure in failures] == ["nothing in it"]
        assert notes.gave_up == [5]

    def test_once_it_is_to_end_it_takes_nothing(self, worker: tuple[Worker, Notes]) -> None:
        worker[0].finish()
        assert not worker[0].give(HearJob(5, AUDIO, TURN, Around()))
