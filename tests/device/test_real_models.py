"""The whole way on real sound: spoken into the mic, understood, answered by a language model, spoken by Piper, cut."""

from __future__ import annotations

import random
import time
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
    long anything sounded before the turn was over. silence: the event that told of it."""

    sounded_ms: float
    stale_ms: float
    silence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """Ten replies, each interrupted, and the whole story in events. missed: interruptions that stopped nothing."""

    cuts: list[Cut]
    missed: int
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
    with virtual_audio(AlignedAudio) as sound, screen() as display, sound.recording("room.monitor", 2) as path:
        recording = Recording(path)
        app = Application(sound, display, home, "--seconds", "600", "--brain.context_tokens", "8192", *words)
        try:
            _wait_until_listening(app)
            cuts, missed = _interrupt(sound, recording, app)
            recording.wait_for_speech()
            events = app.events()
        finally:
            ended = app.close()
    return Run(cuts, missed, events, models["--voice.model"], ended)


def _interrupt(sound: AlignedAudio, recording: Recording, app: Application) -> tuple[list[Cut], int]:
    """Asks, and cuts in while it answers, until that was possible ten times.

    Where the sound system stalled meanwhile, so that the stream was opened anew, nothing is counted: what was said then
    is lost, and the recording has another clock. Returns what was cut, and how many interruptions stopped nothing.
    """
    voices, chance = Interrupter(EspeakVoice()), random.Random(3)
    cuts: list[Cut] = []
    missed = 0
    asked: float | None = None
    for trial in range(2 * TRIALS):
        stalls = app.log().count("sound: reopening")
        audio = voices.utter(INTERRUPTIONS[trial % len(INTERRUPTIONS)]).audio
        if asked is None:
            asked = say(sound, recording, audio).end + 0.4
            if not recording.sounds_within(8.0):
                asked = None
                continue
        try:
            recording.wait_for_speech()
        except AssertionError:
            if app.log().count("sound: reopening") == stalls:
                raise
            asked = None
            continue
        recording.wait(chance.uniform(0.1, 4.0))
        began, known = recording.first_sound(asked, recording.seconds), len(app.events("silence"))
        said = say(sound, recording, audio)
        recording.wait(0.3)
        silent = recording.falls_silent(said.start, said.end + 0.4)
        told = app.events("silence")[known:]
        asked = said.end + 0.4
        if app.log().count("sound: reopening") > stalls:
            asked = None
        elif began is None or silent is None or not told:
            missed += 1
        else:
            later = np.abs(recording.channel(0, silent + 0.03, said.end + 0.4)) > 1e-3
            cuts.append(Cut((silent - began) * 1000, float(later.sum()) / 48, told[0]))
        if len(cuts) == TRIALS:
            break
    return cuts, missed


def _wait_until_listening(app: Application, at_most_s: float = 60.0) -> None:
    """The log says when each model is loaded and when sound comes; there is no event for it: nothing was decided."""
    until = time.monotonic() + at_most_s
    wanted = ("hearing: ", "thinking: ", "speaking: ", "sound: running")
    while missing := [part for part in wanted if part not in app.log()]:
        assert app.is_alive and time.monotonic() < until, f"never came: {missing}"
        time.sleep(0.1)


def test_every_interruption_is_heard_and_the_next_turn_starts(run: Run) -> None:
    assert (len(run.cuts), run.missed) == (TRIALS, 0)
    assert len(run.of("words")) >= TRIALS + 1
    assert {event["text"] for event in run.of("words")} == {SAID}
    assert len({event["number"] for event in run.of("prompt")}) >= TRIALS + 1


def test_nothing_of_a_reply_sounds_after_its_stop(run: Run) -> None:
    assert [cut.stale_ms for cut in run.cuts] == [0.0] * TRIALS


def test_the_recording_is_as_long_as_what_it_says_was_played(run: Run) -> None:
    for cut in run.cuts:
        pause_ms = 300  # the voice may have been pausing at the cut: behind a clause it does so for four tones
        assert -60 < cut.silence["played_ms"] - cut.sounded_ms < pause_ms


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
    for cut in run.cuts:
        heard, unheard = str(cut.silence["heard"]).rstrip(" ,."), str(cut.silence["cut"]).strip(" ,.")
        assert heard in latest
        assert unheard in latest, "what was not said is told"


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
