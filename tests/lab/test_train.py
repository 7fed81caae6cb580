"""`python -m assistant.lab.train`: folders of sound in, network and model card out."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.lab.train.__main__ import main
from assistant.lab.train.card import MOST_NAMED
from assistant.lab.train.clips import RATE
from assistant.speech.head import INPUTS, Head


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    t = np.arange(RATE) / RATE
    for speaker in range(4):
        buzz = sum(np.sin(2 * np.pi * (110 + 20 * speaker) * k * t) / k for k in range(1, 12))
        sound = np.concatenate([np.zeros(RATE // 3), 0.1 * buzz, np.zeros(RATE // 3)])
        _write(tmp_path / "speech" / f"speaker{speaker}" / "a.wav", sound + 1e-5 * rng.standard_normal(len(sound)))
        _write(tmp_path / "noise" / ("sneeze" if speaker < 2 else "hiss") / f"{speaker}.wav", _hiss(rng))
    return tmp_path


def _hiss(rng: np.random.Generator) -> np.ndarray:
    return 0.05 * rng.standard_normal(3 * RATE)


def _write(path: Path, sound: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, sound.astype(np.float32), RATE)


def _train(folders: Path, *more: str) -> int:
    places = ["--speech", str(folders / "speech"), "--noise", str(folders / "noise"), "--out", str(folders / "out")]
    small = ["--mixes", "4", "--hard-mixes", "4", "--talkers", "2", "--synthetic-mixes", "2", "--epochs", "1"]
    return main([*places, *small, "--folds", "2", "--work", str(folders / "work"), *more])


def test_it_writes_a_network_that_runs_and_a_card_that_tells_of_it(folders: Path) -> None:
    (folders / "notes.md").write_text("All of it was made by a test.")
    assert _train(folders, "--notes", str(folders / "notes.md")) == 0
    assert np.isfinite(Head(folders / "out" / "detector.onnx")(np.zeros(INPUTS, np.float32)))
    card = (folders / "out" / "model-card.md").read_text()
    assert "4 talkers" in card
    assert "sneeze (2)" in card
    assert card.rstrip().endswith("made by a test.")


def test_a_second_run_uses_what_the_first_kept_and_gives_the_same_weights(folders: Path) -> None:
    assert _train(folders) == 0
    first = (folders / "out" / "detector.onnx").read_bytes()
    assert _train(folders) == 0
    assert (folders / "out" / "detector.onnx").read_bytes() == first


def test_several_processes_make_the_same_weights(folders: Path) -> None:
    assert _train(folders, "--jobs", "2") == 0
    first = {path.name: path.read_bytes() for path in (folders / "out").iterdir()}
    assert {"detector.onnx", "without-fold-0.onnx", "without-fold-1.onnx", "model-card.md"} <= first.keys()
    shutil.rmtree(folders / "work")
    assert _train(folders) == 0
    assert {path.name: path.read_bytes() for path in (folders / "out").iterdir()} == first


def test_it_learns_from_recordings_alone_too(folders: Path) -> None:
    assert _train(folders, "--talkers", "0", "--hard-mixes", "0") == 0
    assert "0 talkers" in (folders / "out" / "model-card.md").read_text()


def test_more_talkers_and_noises_are_learnt_from_and_judge_nothing(folders: Path) -> None:
    assert _train(folders) == 0
    first = (folders / "out" / "model-card.md").read_text()
    _write(folders / "more" / "someone" / "a.wav", 1.1 * soundfile.read(folders / "speech" / "speaker0" / "a.wav")[0])
    _write(folders / "more-noise" / "sneeze" / "a.wav", _hiss(np.random.default_rng(9)))
    more = ["--more-speech", str(folders / "more"), "--more-noise", str(folders / "more-noise"), "--more-mixes", "2"]
    assert _train(folders, *more) == 0
    card = (folders / "out" / "model-card.md").read_text()
    assert "by 1 talkers" in card
    assert "More speech: someone (1)." in card
    assert "More noise: sneeze (1)." in card
    assert len(list((folders / "work" / "more").iterdir())) == 1
    assert "More speech" not in first


def test_many_folders_of_a_family_are_counted_in_the_card(folders: Path) -> None:
    for number in range(MOST_NAMED + 1):
        _write(folders / "noise" / f"room_{number}" / "a.wav", _hiss(np.random.default_rng(number)))
    assert _train(folders) == 0
    card = (folders / "out" / "model-card.md").read_text()
    assert f"Noise: hiss (2), {MOST_NAMED + 1} folders room_… ({MOST_NAMED + 1}), sneeze (2)." in card


def test_a_folder_without_sound_is_told(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folders / "empty").mkdir()
    assert main(["--speech", str(folders / "empty"), "--noise", str(folders / "noise"), "--out", str(folders)]) == 1
    assert "put WAV" in capsys.readouterr().err


def test_more_noise_without_more_speech_is_refused(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _train(folders, "--more-noise", str(folders / "noise"))
    assert "give that folder, too" in capsys.readouterr().err
