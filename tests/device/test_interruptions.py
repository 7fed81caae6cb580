"""The main promise, on real sound: speak over it and it falls silent; make a noise and it carries on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.settings.sections import Voice
from assistant.speech.espeak import EspeakVoice
from assistant.speech.interrupter import INTERRUPTIONS, Interrupter
from assistant.speech.sounds import load_sounds
from assistant.speech.voice import SpokenChunk, WordMark
from tests.device.driver import Application, Recording, Said, say, screen
from tests.device.text import words_of
from tests.virtual_audio import AlignedAudio, virtual_audio

TRIALS = 20
TURN_END_S = 0.704
pytestmark = pytest.mark.device


@dataclass(frozen=True, slots=True)
class Trial:
    """One interruption as the recording shows it, and what the application told of it.

    stopped_ms: onset to the speaker's last sound, None for a miss. reply_ms: how long the reply had sounded, NaN where
    its start was not seen. stop, silence: the events, None where there was none.
    """

    said: Said
    stopped_ms: float | None
    reply_ms: float
    stop: dict[str, Any] | None
    silence: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the application: interruptions, then noises."""

    trials: list[Trial]
    stops_by_noise: int
    ended: tuple[int, str, float]

    def detect_to_silence_ms(self) -> list[float]:
        """From the last sample that the decision was made on to the speaker's last sound, both in the recording.

        The application counts the samples that it gets; the onsets that both saw tie its clock to the recording's. Of
        five in a row, because a sound that the system loses to a stall shifts the clocks against each other.
        """
        pairs = [(t.said.start, t.stopped_ms, t.stop) for t in self.trials if t.stopped_ms is not None and t.stop]
        ahead_s = [start - stop["numbers"]["onset"] / 16_000 for start, _, stop in pairs]
        near = [float(np.median(ahead_s[max(0, i - 2) : i + 3])) for i in range(len(pairs))]
        return [
            (start - ahead - stop["sample"] / 16_000) * 1000 + stopped_ms
            for ahead, (start, stopped_ms, stop) in zip(near, pairs, strict=True)
        ]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    home: Path = tmp_path_factory.mktemp("home")
    voices = Interrupter(EspeakVoice())
    utterances = [voices.utter(INTERRUPTIONS[n % len(INTERRUPTIONS)]).audio for n in range(TRIALS)]
    noises = [sound for name, sound in sorted(load_sounds().items()) if name != "throat clearing"]
    with virtual_audio(AlignedAudio) as sound, screen() as display, sound.recording("room.monitor", 2) as path:
        recording = Recording(path)
        app = Application(sound, display, home, "--rehearse", "--brain.report", "shown")
        try:
            recording.wait_for_speech()
            recording.wait(2.0)
            trials = _interrupt(sound, recording, app, utterances)
            stops = len(app.events("stop"))
            for n in range(TRIALS):
                recording.wait_for_speech()
                say(sound, recording, noises[n % len(noises)])
                recording.wait(0.4)
            stops_by_noise = len(app.events("stop")) - stops
        finally:
            ended = app.close()
    return Run(trials, stops_by_noise, ended)


def _interrupt(
    sound: AlignedAudio, recording: Recording, app: Application, utterances: list[np.ndarray]
) -> list[Trial]:
    """Cuts in until each utterance was said once.

    Where the sound system stalled meanwhile, so that the stream was opened anew, it is said again: what was said then
    is lost, and so is the beginning of the reply.
    """
    trials: list[Trial] = []
    silent_from = 0.0
    for _ in range(2 * len(utterances)):
        if len(trials) == len(utterances):
            break
        audio, stalls = utterances[len(trials)], app.log().count("sound: reopening")
        recording.wait_for_speech()
        recording.wait(0.3)
        began = recording.first_sound(silent_from, recording.seconds)
        before = {kind: len(app.events(kind)) for kind in ("stop", "silence")}
        said = say(sound, recording, audio)
        recording.wait(0.2)
        # After a stop nothing sounds until the turn has ended, so the last sound before that is the end.
        last = recording.last_sound(said.start - 0.3, said.end + 0.3)
        stopped = last is not None and last < said.end + 0.1
        if app.log().count("sound: reopening") > stalls:
            recording.wait(TURN_END_S)
            silent_from = 0.0
            continue
        stop, silence = (next(iter(app.events(kind)[known:]), None) for kind, known in before.items())
        trials.append(
            Trial(
                said,
                (last - said.start) * 1000 if stopped and last is not None else None,
                (last - began) * 1000 if stopped and last and began and silent_from else float("nan"),
                stop,
                silence,
            )
        )
        silent_from = said.end + 0.3
    return trials


def test_it_stops_for_a_voice(run: Run) -> None:
    stopped = [trial.stopped_ms for trial in run.trials if trial.stopped_ms is not None]
    missed = len(run.trials) - len(stopped)
    print(
        f"\n{len(run.trials)} interruptions, {missed} missed, {run.stops_by_noise} stops by {TRIALS} noises; in the "
        f"recording, onset to silence: {_spread(stopped)}; detection to silence: {_spread(run.detect_to_silence_ms())}"
    )
    assert len(run.trials) == TRIALS, "the sound system stalled again and again"
    assert missed <= 0.05 * TRIALS


def _spread(values_ms: list[float]) -> str:
    return f"p50 {np.percentile(values_ms, 50):.0f} ms, p95 {np.percentile(values_ms, 95):.0f} ms"


def test_it_carries_on_through_noises(run: Run) -> None:
    assert run.stops_by_noise <= 1


def test_what_it_says_it_took_is_what_the_recording_shows(run: Run) -> None:
    pairs = [(trial.silence["onset_to_stop_ms"], trial.stopped_ms) for trial in run.trials if trial.silence]
    differences = [t - s for t, s in pairs if isinstance(t, float) and s is not None]
    assert len(differences) >= 0.9 * len(run.trials)
    # Where the voice happened to pause as it was cut, its last sound came earlier than the silence was reached.
    assert abs(np.median(differences)) < 60


def test_what_it_says_was_heard_is_what_the_recording_holds(run: Run) -> None:
    compared = 0
    for trial in run.trials:
        event = trial.silence
        if event is None or np.isnan(trial.reply_ms):
            continue
        played_ms = event["played_ms"]
        pause_ms = 500  # the voice may have been pausing at the cut, and leads in with a little silence
        assert -60 < played_ms - trial.reply_ms < pause_ms
        heard, cut = str(event["heard"]), str(event["cut"])
        phrase_ms = event["phrase_ms"]
        assert words_of(heard) == words_heard(heard + cut, phrase_ms)
        compared += 1
    assert compared >= TRIALS // 2


def words_heard(phrase: str, played_ms: float) -> list[str]:
    """The words of which at least half sound in the first `played_ms` of the phrase, spoken anew."""
    marks: list[WordMark] = []
    length = 0

    def keep(chunk: SpokenChunk) -> bool:
        nonlocal length
        marks.extend(chunk.words)
        length += len(chunk.audio)
        return True

    EspeakVoice(Voice()).speak(phrase, keep)
    ends = [*(mark.sample for mark in marks[1:]), length]
    return [mark.text for mark, end in zip(marks, ends, strict=True) if (mark.sample + end) / 2 <= played_ms * 48]


def test_it_ends_quickly_in_mid_speech(run: Run) -> None:
    status, printed, seconds = run.ended
    assert status == 0, printed
    assert "Traceback" not in printed
    assert seconds < 4
