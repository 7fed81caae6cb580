"""`replay`: exit codes, what it prints, what it writes, and the same result with one process or two."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.__main__ import main
from assistant.speech.espeak import EspeakVoice
from assistant.speech.interrupter import Interrupter


@pytest.fixture(scope="module")
def said() -> np.ndarray:
    """Somebody says something into a quiet room after two seconds; 48 kHz."""
    utterance = Interrupter(EspeakVoice()).utter("Wait a moment, please, what was that?").audio
    room = np.random.default_rng(1).uniform(-3e-4, 3e-4, 2 * 48_000 + len(utterance) + 48_000).astype(np.float32)
    room[96_000 : 96_000 + len(utterance)] += utterance / 10
    return room


@pytest.fixture(scope="module")
def wav(said: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sound") / "said.wav"
    soundfile.write(file, said, 48_000)
    return file


def ran(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Exit status, what it printed, and what it complained of."""
    status = main(["replay", *map(str, words)])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_a_recording_is_told_as_a_timeline(capsys: pytest.CaptureFixture[str], wav: Path) -> None:
    status, out, err = ran(capsys, wav)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("said, ")
    assert re.search(r"2\.\d+ s  ▼ ducks", out)
    assert re.search(r"2\.\d+ s  ■ stops", out)
    assert re.fullmatch(r"1 replayed: 0\.\d minutes in \d+\.\d s of processor, \d+ × real time", lines[-1])


def test_a_setting_or_preset_for_this_run_acts(capsys: pytest.CaptureFixture[str], wav: Path) -> None:
    assert "■ stops" not in ran(capsys, wav, "--set", "vad.gate_dbfs=-20")[1]
    assert ran(capsys, wav, "--preset", "Speakers")[0] == 0


def test_the_person_s_own_settings_do_not_count(
    capsys: pytest.CaptureFixture[str], wav: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text("[vad]\ngate_dbfs = -20\n")
    monkeypatch.setenv("INTERJECT_HOME", str(tmp_path))
    monkeypatch.setenv("INTERJECT_VAD_GATE_DBFS", "-20")
    assert "■ stops" in ran(capsys, wav)[1]


def test_events_are_written_one_line_a_recording(capsys: pytest.CaptureFixture[str], wav: Path, tmp_path: Path) -> None:
    out_file = tmp_path / "out.jsonl"
    status, out, _ = ran(capsys, wav, "--events", out_file)
    assert status == 0
    (line,) = [json.loads(line) for line in out_file.read_text().splitlines()]
    assert line["id"] == "said"
    assert {"duck", "stop"} <= {event["event"] for event in line["events"]}
    assert len(out.splitlines()) == 1, "the timeline is for the eye, and left out"


def test_two_processes_give_what_one_gives(
    capsys: pytest.CaptureFixture[str], said: np.ndarray, tmp_path: Path
) -> None:
    for number in range(4):
        soundfile.write(tmp_path / f"s{number}.wav", said[number * 7_000 :], 48_000)
        (tmp_path / f"s{number}.json").write_text(json.dumps({"id": f"s{number}", "mic": f"s{number}.wav"}))
    results = []
    for jobs in (1, 2):
        events = tmp_path / f"out{jobs}.jsonl"
        assert ran(capsys, tmp_path, "--jobs", jobs, "--events", events)[0] == 0
        lines = [json.loads(line) for line in events.read_text().splitlines()]
        results.append([(line["id"], line["events"], line["audio_s"]) for line in lines])
    assert [each[0] for each in results[0]] == [f"s{number}" for number in range(4)]
    assert results[0] == results[1]


class TestItRefuses:
    def test_what_is_no_sound(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        (tmp_path / "letter.wav").write_text("Dear diary")
        status, _, err = ran(capsys, tmp_path / "letter.wav")
        assert status == 1
        assert err.startswith("interject: ")
        assert "letter.wav is not a sound file that can be read" in err

    def test_what_is_not_there(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        status, _, err = ran(capsys, tmp_path / "nothing.wav")
        assert status == 1
        assert "does not exist" in err

    def test_a_folder_without_scenarios(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        status, _, err = ran(capsys, tmp_path)
        assert status == 1
        assert "holds no scenarios" in err

    def test_a_file_of_events_that_cannot_be_written(
        self, capsys: pytest.CaptureFixture[str], wav: Path, tmp_path: Path
    ) -> None:
        status, _, err = ran(capsys, wav, "--events", tmp_path / "no" / "where.jsonl")
        assert status == 1
        assert "where.jsonl" in err

    @pytest.mark.parametrize(
        ("flags", "says"),
        [
            (["--vad.start", "7"], "vad.start is 7, allowed"),
            (["--set", "vad.strat=.5"], "There is no setting vad.strat"),
            (["--set", "vad.start"], "key=value"),
            (["--preset", "Cathedral"], "There is no preset Cathedral. There are Headphones"),
        ],
    )
    def test_a_setting_that_is_none(
        self, capsys: pytest.CaptureFixture[str], wav: Path, flags: list[str], says: str
    ) -> None:
        status, _, err = ran(capsys, wav, *flags)
        assert status == 2
        assert says in err

    def test_nothing_to_replay(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as refused:
            main(["replay"])
        assert refused.value.code == 2
        assert "SCENARIOS|WAV" in capsys.readouterr().err
