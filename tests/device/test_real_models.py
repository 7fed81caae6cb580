"""The whole way on real sound: spoken into the mic, understood, answered by a language model, spoken by Piper, cut."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.settings.sections import Voice
from assistant.speech.espeak import EspeakVoice
from assistant.speech.interrupter import INTERRUPTIONS, Interrupter
from assistant.speech.piper import PiperSpeech
from assistant.speech.voice import SpokenChunk, WordMark
from tests.device.driver import Application, Recording, say, screen
from tests.device.text import words_of
from tests.tiny.gguf import make_gguf
from tests.tiny.voice import make_voice
from tests.tiny.whisper import make_whisper
from tests.virtual_audio import AlignedAudio, virtual_audio

TRIALS = 10
SAID = "tell me about the harbour"
ANSWER = (
    "Ships come in with the tide, and boats go out again. Every morning people carry fish along this quay, while gulls "
    "wait above. Later my old lighthouse turns on its lamp, then night falls over quiet water. That is all I know."
)
pytestmark = pytest.mark.device


@dataclass(frozen=True, slots=True)
class Cut:
    """One interrupted reply. sounded_ms: in the recording, from its first to its last sound. stale_ms: after that, how
    long anything sounded before the turn was over."""

    sounded_ms: float
    stale_ms: float


@dataclass(frozen=True, slots=True)
class Run:
    """Ten replies, each interrupted, and the whole story in events."""

    cuts: list[Cut]
    events: list[dict[str, Any]]
    voice: Path
    ended: tuple[int, str, float]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == kind]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    home = tmp_path_factory.mktemp("home")
    models = {
        "--ears.model": make_whisper(home / "whisper", SAID),
        "--brain.model": make_gguf(home / "mind.gguf", ANSWER, context=8192),
        "--voice.model": make_voice(home / "voice.onnx"),
    }
    words = [str(word) for pair in models.items() for word in pair]
    voices, chance = Interrupter(EspeakVoice()), random.Random(3)
    with virtual_audio(AlignedAudio) as sound, screen() as display, sound.recording("room.monitor", 2) as path:
        recording = Recording(path)
        app = Application(sound, display, home, "--seconds", "600", "--brain.context_tokens", "8192", *words)
        try:
            _wait_until_listening(recording, app)
            say(sound, recording, voices.utter(INTERRUPTIONS[0]).audio)
            asked = recording.seconds
            cuts = []
            for trial in range(TRIALS):
                recording.wait_for_speech()
                recording.wait(chance.uniform(0.1, 4.0))
                began = recording.first_sound(asked, recording.seconds)
                said = say(sound, recording, voices.utter(INTERRUPTIONS[trial % len(INTERRUPTIONS)]).audio)
                recording.wait(0.3)
                silent = recording.falls_silent(said.start, said.end + 0.4)
                assert began is not None and silent is not None
                later = np.abs(recording.channel(0, silent + 0.03, said.end + 0.4)) > 1e-3
                cuts.append(Cut((silent - began) * 1000, float(later.sum()) / 48))
                asked = said.end + 0.4
            recording.wait_for_speech()
            events = app.events()
        finally:
            ended = app.close()
    return Run(cuts, events, models["--voice.model"], ended)


def _wait_until_listening(recording: Recording, app: Application) -> None:
    """The models are loaded within a second or two; there is no event for it, because nothing was decided."""
    recording.wait(6.0)
    assert app.is_alive


def test_every_interruption_is_heard_and_the_next_turn_starts(run: Run) -> None:
    assert len(run.of("stop")) >= TRIALS
    assert len(run.of("words")) >= TRIALS + 1
    assert {event["text"] for event in run.of("words")} == {SAID}
    assert len({event["number"] for event in run.of("prompt")}) >= TRIALS + 1


def test_nothing_of_a_reply_sounds_after_its_stop(run: Run) -> None:
    assert [cut.stale_ms for cut in run.cuts] == [0.0] * TRIALS


def test_the_recording_is_as_long_as_what_it_says_was_played(run: Run) -> None:
    for event, cut in zip(run.of("silence"), run.cuts, strict=False):
        pause_ms = 300  # the voice may have been pausing at the cut: behind a clause it does so for four tones
        assert -60 < event["played_ms"] - cut.sounded_ms < pause_ms


def test_the_heard_words_are_those_in_the_recording(run: Run) -> None:
    voice = PiperSpeech(run.voice, Voice())
    for event in run.of("silence"):
        phrase = str(event["heard"]) + str(event["cut"])
        expected, told = words_heard(voice, phrase, event["phrase_ms"]), words_of(str(event["heard"]))
        assert abs(len(expected) - len(told)) <= 1
        assert words_of(phrase)[: len(told)] == told


def test_the_model_is_told_what_was_heard_and_nothing_twice(run: Run) -> None:
    prompts = {event["number"]: str(event["prompt"]) for event in run.of("prompt")}
    latest = prompts[max(prompts)]
    assert latest.count(SAID) >= TRIALS
    assert ANSWER not in latest, "no reply was heard whole"
    for event in run.of("silence"):
        heard = str(event["heard"]).rstrip(" ,.")
        assert heard in latest


def test_it_ends_quickly_in_mid_speech(run: Run) -> None:
    status, printed, seconds = run.ended
    assert status == 0, printed
    assert "Traceback" not in printed
    assert seconds < 4


def words_heard(voice: PiperSpeech, phrase: str, played_ms: float) -> list[str]:
    """The words of which at least half sound in the first `played_ms` of the phrase, spoken anew."""
    marks: list[WordMark] = []
    length = 0

    def keep(chunk: SpokenChunk) -> bool:
        nonlocal length
        marks.extend(chunk.words)
        length += len(chunk.audio)
        return True

    voice.speak(phrase, keep)
    ends = [*(mark.sample for mark in marks[1:]), length]
    return [mark.text for mark, end in zip(marks, ends, strict=True) if (mark.sample + end) / 2 <= played_ms * 48]
