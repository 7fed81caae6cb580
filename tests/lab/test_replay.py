"""Deciding recordings again: in audio time, with the echo loop closed, from any sound file, with errors that help."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import soundfile

from assistant.audio.front_end import FrontFrame
from assistant.lab.replay import Replayed, replay
from assistant.lab.scenario import Scenario, find_scenarios
from assistant.lab.sound_file import BadSound, read_sound
from assistant.lab.timeline import WORDS, timeline
from assistant.settings.access import change
from assistant.settings.sections import Settings
from assistant.turns.commands import Command
from tests.turns.conversation import SILERO_ALONE

RATE = 16_000

SETTINGS = change(Settings(), SILERO_ALONE | {"echo.canceller": "off", "echo.margin_db": 0})


class Loud:
    """Takes loud frames for speech; keeps the level of what it heard."""

    def __init__(self, above: float = 0.1) -> None:
        self.above = above
        self.heard: list[float] = []

    def __call__(self, frame: FrontFrame) -> float:
        self.heard.append(float(np.sqrt(np.mean(frame.audio**2))))
        return 0.995 if self.heard[-1] > self.above else 0.02

    def reset(self) -> None:
        pass


def noise(seconds: float, peak: float = 0.001, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-peak, peak, round(seconds * RATE)).astype(np.float32)


def with_speech(sound: np.ndarray, at_s: float, lasts_s: float) -> np.ndarray:
    """Somebody speaks in it: loud noise will do for Loud."""
    sound = sound.copy()
    start = round(at_s * RATE)
    sound[start : start + round(lasts_s * RATE)] += noise(lasts_s, 0.8, seed=2)
    return sound


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "set").mkdir()
    return tmp_path


def scenario(folder: Path, mic: np.ndarray, name: str = "one", **told: Any) -> Path:
    """Writes a scenario as JSON beside its sound; `far` and `echo` are arrays."""
    for part in ("far", "echo"):
        if isinstance(told.get(part), np.ndarray):
            soundfile.write(folder / "set" / f"{name}.{part}.wav", told[part], RATE, subtype="FLOAT")
            told[part] = f"set/{name}.{part}.wav"
    soundfile.write(folder / "set" / f"{name}.wav", mic, RATE, subtype="FLOAT")
    file = folder / "set" / f"{name}.json"
    file.write_text(json.dumps({"id": name, "mic": f"set/{name}.wav"} | told))
    return file


def decided(folder: Path, detector: Loud | None = None, settings: Settings = SETTINGS) -> Replayed:
    (found,) = find_scenarios([folder])
    return replay(found, settings, detector or Loud())


class TestAVoiceOverTheAssistant:
    def test_it_ducks_and_stops_within_the_evidence_it_asks_for(self, folder: Path) -> None:
        scenario(folder, with_speech(noise(4), at_s=2, lasts_s=1))
        events = decided(folder).events()
        assert [event["event"] for event in events][:3] == ["duck", "stop", "speech_start"]
        duck_s, stop_s = events[0]["t"], events[1]["t"]
        assert isinstance(duck_s, float)
        assert isinstance(stop_s, float)
        assert 2 < duck_s <= 2.064, "at the end of the first frame of speech or the one after"
        assert 2.1 < stop_s <= 2.2

    def test_after_the_turn_it_speaks_again(self, folder: Path) -> None:
        scenario(folder, with_speech(noise(5), at_s=2, lasts_s=1))
        names = [event["event"] for event in decided(folder).events()]
        assert names == ["duck", "stop", "speech_start", "speech_end", "resume"]

    def test_a_cough_is_ducked_for_and_no_more(self, folder: Path) -> None:
        scenario(folder, with_speech(noise(4), at_s=2, lasts_s=0.06))
        assert [event["event"] for event in decided(folder).events()] == ["duck", "resume"]

    def test_events_stand_in_the_order_of_time(self, folder: Path) -> None:
        mic = noise(20)
        for at in range(2, 18, 3):
            mic = with_speech(mic, at, 0.9 if at % 2 else 0.1)
        scenario(folder, mic)
        times = [float(str(event["t"])) for event in decided(folder).events()]
        assert len(times) > 10
        assert times == sorted(times)

    def test_the_line_has_what_a_scorer_reads(self, folder: Path) -> None:
        scenario(folder, with_speech(noise(4), at_s=2, lasts_s=1), name="int_001")
        line = decided(folder).line()
        assert json.loads(json.dumps(line)).keys() == {"id", "events", "cpu_s", "audio_s"}
        assert line["id"] == "int_001"
        assert line["audio_s"] == 4.0


class TestTheLoopIsClosed:
    """mic = echo + rest, and the echo leaves the loudspeaker `delay_ms` before it is heard."""

    DELAY = 800

    def heard(self, folder: Path) -> np.ndarray:
        """Levels of the frames as the microphone would have heard them: steady echo, and a voice at 2 s."""
        far = np.full(5 * RATE, 0.05, np.float32)
        echo = np.concatenate([np.zeros(self.DELAY, np.float32), far[: -self.DELAY]])
        voice = with_speech(np.zeros(5 * RATE, np.float32), at_s=2, lasts_s=1)
        scenario(folder, echo + voice, far=far, echo=echo, cond={"delay_ms": self.DELAY * 1000 / RATE})
        loud = Loud(above=0.2)
        decided(folder, loud)
        return np.array(loud.heard)

    def test_a_stop_takes_the_echo_out_of_the_mic_after_the_delay(self, folder: Path) -> None:
        levels = self.heard(folder)
        silent = levels[round(3.1 / 0.016) : round(3.5 / 0.016)]
        assert levels[40] == pytest.approx(0.05, rel=1e-3)
        assert silent.max() < 1e-4

    @pytest.mark.parametrize("duck_db", [-20, -12])
    def test_a_duck_lowers_it_by_as_much_as_it_says_once_the_delay_is_over(self, folder: Path, duck_db: int) -> None:
        far = np.full(4 * RATE, 0.05, np.float32)
        short = with_speech(np.zeros(4 * RATE, np.float32), at_s=2, lasts_s=0.05)
        scenario(folder, far + short, far=far, echo=far, cond={"delay_ms": 200})
        loud = Loud(above=0.2)
        duck = decided(folder, loud, change(SETTINGS, {"barge_in.duck_db": duck_db})).events()[0]
        assert duck["event"] == "duck"
        levels = np.array(loud.heard)
        at = round(float(str(duck["t"])) / 0.016)  # the first frame after the decision
        assert levels[at + 10] == pytest.approx(0.05, rel=1e-3), "160 ms later it is still the old echo"
        assert levels[at + 14] == pytest.approx(0.05 * 10 ** (duck_db / 20), rel=1e-2), "after 200 ms it is lower"

    def test_the_far_end_it_hears_is_ducked_too(self, folder: Path) -> None:
        far = np.full(5 * RATE, 0.05, np.float32)
        scenario(folder, with_speech(noise(5), 2, 1), far=far)
        names = [event["event"] for event in decided(folder).events()]
        assert names[:2] == ["duck", "stop"]


class TestAnySoundFile:
    @pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
    def test_another_rate_is_brought_to_16_khz(self, tmp_path: Path, rate: int) -> None:
        tone = np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype(np.float32) / 2
        soundfile.write(tmp_path / "tone.wav", tone, rate)
        sound = read_sound(tmp_path / "tone.wav")
        assert len(sound) == pytest.approx(RATE, abs=2)
        assert sound.dtype == np.float32
        expected = np.sin(2 * np.pi * 440 * np.arange(len(sound)) / RATE) / 2
        assert np.abs(sound - expected)[200:-200].max() < 0.01

    def test_the_channels_of_stereo_are_averaged(self, tmp_path: Path) -> None:
        soundfile.write(tmp_path / "two.wav", np.tile(np.float32([0.5, 0.1]), (RATE, 1)), RATE, subtype="FLOAT")
        assert read_sound(tmp_path / "two.wav") == pytest.approx(np.full(RATE, 0.3), abs=1e-6)

    def test_of_a_truncated_one_what_is_there_counts(self, tmp_path: Path) -> None:
        whole = tmp_path / "whole.wav"
        soundfile.write(whole, noise(2, 0.5), RATE, subtype="PCM_16")
        whole.write_bytes(whole.read_bytes()[:RATE])
        assert 0 < len(read_sound(whole)) < RATE

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "is not a sound file that can be read"),
            (b"RIFF", "is not a sound file that can be read"),
            (b"Dear diary, today I bought a microphone.", "is not a sound file that can be read"),
            (None, "does not exist. Name a WAV or FLAC file"),
        ],
    )
    def test_what_is_no_sound_is_refused_with_a_remedy(self, tmp_path: Path, content: bytes | None, says: str) -> None:
        file = tmp_path / "not.wav"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(BadSound, match=says) as refused:
            read_sound(file)
        assert str(file) in str(refused.value)

    def test_a_header_without_sound_is_refused(self, tmp_path: Path) -> None:
        soundfile.write(tmp_path / "empty.wav", np.zeros(0, np.float32), RATE)
        with pytest.raises(BadSound, match="holds no sound"):
            read_sound(tmp_path / "empty.wav")

    def test_one_shorter_than_a_frame_decides_nothing(self, tmp_path: Path) -> None:
        soundfile.write(tmp_path / "click.wav", noise(0.01), RATE)
        result = replay(Scenario("click", tmp_path / "click.wav"), SETTINGS, Loud())
        assert result.events() == []
        assert "nothing that could have been an interruption" in timeline(result, SETTINGS)[1]

    def test_broken_samples_count_as_silence(self, tmp_path: Path) -> None:
        broken = np.full(RATE, np.nan, np.float32)
        soundfile.write(tmp_path / "nan.wav", broken, RATE, subtype="FLOAT")
        assert not read_sound(tmp_path / "nan.wav").any()


class TestScenarios:
    def test_they_are_found_below_a_folder_in_order(self, folder: Path) -> None:
        for name in ("b", "a", "c"):
            scenario(folder, noise(0.1), name)
        assert [found.id for found in find_scenarios([folder])] == ["a", "b", "c"]

    def test_a_plain_file_is_headphones(self, tmp_path: Path) -> None:
        (found,) = find_scenarios([tmp_path / "mine.wav"])
        assert (found.id, found.far, found.echo) == ("mine", None, None)

    def test_a_far_end_shorter_than_the_mic_is_silent_at_its_end(self, folder: Path) -> None:
        scenario(folder, noise(2), far=np.ones(RATE, np.float32))
        (found,) = find_scenarios([folder])
        mic, far, echo = found.read()
        assert far is not None
        assert len(far) == len(mic)
        assert not far[RATE:].any()
        assert echo is None

    @pytest.mark.parametrize(
        "text",
        [
            "not json",
            "[]",
            '"text"',
            "null",
            '{"id": "x"}',
            '{"mic": "set/one.wav"}',
            '{"id": "x", "mic": 5}',
            '{"id": "x", "mic": ""}',
            '{"id": "x", "mic": "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p.wav"}',
            '{"id": "x", "mic": "set/one.wav", "far": 7}',
            '{"id": "x", "mic": "set/one.wav", "cond": [1]}',
            '{"id": "x", "mic": "set/one.wav", "cond": {"delay_ms": "long"}}',
            '{"id": "x", "mic": "set/one.wav", "cond": {"delay_ms": -5}}',
            '{"id": "x", "mic": "set/one.wav", "cond": {"delay_ms": NaN}}',
        ],
    )
    def test_what_is_none_is_refused_by_name(self, folder: Path, text: str) -> None:
        (folder / "set" / "bad.json").write_text(text)
        with pytest.raises(BadSound, match=r"bad\.json is no scenario"):
            find_scenarios([folder])

    def test_bytes_that_are_no_text_are_refused_by_name(self, folder: Path) -> None:
        (folder / "set" / "bad.json").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(BadSound, match=r"bad\.json is no scenario"):
            find_scenarios([folder])

    def test_no_delay_and_no_conditions_are_fine(self, folder: Path) -> None:
        scenario(folder, noise(0.1), cond=None)
        assert find_scenarios([folder])[0].delay_s == 0

    def test_an_empty_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BadSound, match="holds no scenarios"):
            find_scenarios([tmp_path])

    def test_one_far_end_goes_with_one_file(self, tmp_path: Path) -> None:
        with pytest.raises(BadSound, match="exactly one"):
            find_scenarios([tmp_path / "a.wav", tmp_path / "b.wav"], far=tmp_path / "far.wav")

    def test_a_refusal_crosses_processes(self) -> None:
        assert str(pickle.loads(pickle.dumps(BadSound("a.wav is empty.")))) == "a.wav is empty."


def test_the_timeline_says_what_when_and_why(folder: Path) -> None:
    scenario(folder, with_speech(noise(5), at_s=2, lasts_s=1))
    lines = timeline(decided(folder), SETTINGS)
    assert lines[0] == "one, 5.0 s"
    assert "▼ ducks" in lines[1]
    assert "■ stops" in lines[2]
    assert " ms " in lines[2]


def test_a_timeline_has_words_for_every_decision() -> None:
    assert set(WORDS) == set(get_args(Command))
