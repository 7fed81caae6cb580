"""`bench barge-in`: the table, the file and the picture from scenarios that are made here, and its complaints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtSvg import QSvgRenderer

from assistant.__main__ import main
from assistant.speech.espeak import EspeakVoice
from assistant.speech.interrupter import Interrupter

RATE = 16_000
ROOM = {"near": True, "ser_db": 5, "delay_ms": 20}


@pytest.fixture(scope="module")
def voice() -> np.ndarray:
    """Somebody says something; 16 kHz, peak .1."""
    said = Interrupter(EspeakVoice()).utter("Wait a moment, please, what was that?").audio[::3]
    return (said / np.abs(said).max() / 10).astype(np.float32)


@pytest.fixture(scope="module")
def scenarios(voice: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seeds: a voice in a quiet room, a noise, and a voice over the loudspeaker's echo."""
    place = tmp_path_factory.mktemp("scenarios")
    for seed in (1, 2):
        rng = np.random.default_rng(seed)
        quiet = rng.uniform(-3e-4, 3e-4, 5 * RATE).astype(np.float32)
        spoken = quiet.copy()
        spoken[2 * RATE : 2 * RATE + len(voice)] += voice
        speech = [{"onset": 2.0, "offset": 2.0 + len(voice) / RATE}]
        write(place / f"seed-{seed}", "interrupt", spoken, {"snr": "clean"}, speech)
        write(place / f"seed-{seed}", "noise", quiet, {"kind": "fan", "group": "nonspeech"}, [])
        far = rng.normal(0, 0.05, 5 * RATE).astype(np.float32)
        echo = np.concatenate([np.zeros(320, np.float32), far])[: len(far)] / 4
        write(place / f"seed-{seed}", "echo", spoken + echo, ROOM, speech, far=far, echo=echo)
    return place


def write(
    folder: Path, name: str, mic: np.ndarray, cond: dict[str, Any], speech: list[Any], **also: np.ndarray
) -> None:
    (folder / name).mkdir(parents=True)
    told: dict[str, Any] = {"id": name, "set": name, "seconds": len(mic) / RATE, "cond": cond, "speech": speech}
    for part, sound in {"mic": mic, **also}.items():
        told[part] = f"{name}/{part}.wav"
        soundfile.write(folder / told[part], sound, RATE, subtype="FLOAT")
    (folder / name / "one.json").write_text(json.dumps(told))


def ran(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Exit status, what it printed, and what it complained of."""
    status = main(["bench", "barge-in", *map(str, words)])
    told = capsys.readouterr()
    return status, told.out, told.err


@pytest.fixture(scope="module")
def everything(scenarios: Path, qapp: QGuiApplication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all that one run wrote."""
    out = tmp_path_factory.mktemp("out")
    words = ["--scenarios", scenarios, "--json", out / "figures.json", "--picture", out / "front.svg"]
    assert main(["bench", "barge-in", *map(str, words)]) == 0
    return out


def test_the_table_shows_every_set_with_its_intervals_and_aims(
    capsys: pytest.CaptureFixture[str], scenarios: Path
) -> None:
    status, out, err = ran(capsys, "--scenarios", scenarios, "--seeds", "2", "--set", "vad.start=.7")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert max(map(len, lines)) <= 100
    assert "3 scenarios, 0 minutes, from seed-2" in out
    assert "With vad.start 0.7" in out
    assert "shipped network, which may have heard some of these clips" in out
    for title in ("Headphones, by bed", "Loudspeakers, by speech to echo", "By kind of noise"):
        assert title in out
    voice = next(line for line in lines if line.startswith("  all "))
    assert voice.split()[1:4] == ["1", "100", "0"]  # a trial, hits, premature
    assert any(line.split()[:4] == ["fan", "0.1", "0", "0…2157"] for line in lines)
    assert "interrupt   hits" in out


def test_the_file_holds_every_figure_of_all_seeds(everything: Path) -> None:
    told = json.loads((everything / "figures.json").read_text())
    assert (told["scenarios"], told["changed_settings"]) == (6, {})
    assert [Path(folder).name for folder in told["folders"]] == ["seed-1", "seed-2"]
    assert told["sets"]["interrupt"]["all"]["trials"] == 2
    hit = told["sets"]["interrupt"]["all"]["figures"]["hit"]
    assert (hit["value"], hit["unit"]) == (100, "%")
    assert hit["low"] == pytest.approx(100 * 0.05**0.5)
    assert told["sets"]["echo"]["+5 dB"]["figures"]["hit"]["value"] is not None
    assert set(told["processor"]) == {"headphones", "loudspeakers"}
    assert any(aim["set"] == "noise" and aim["is_met"] for aim in told["aims"])


def test_the_picture_is_drawn(everything: Path) -> None:
    picture = QSvgRenderer(str(everything / "front.svg"))
    assert picture.isValid()
    assert (picture.viewBox().width(), picture.viewBox().height()) == (1000, 468)
    assert "<text" not in (everything / "front.svg").read_text()  # Inter is not everywhere


def test_a_picture_of_pixels_and_one_without_all_sets(
    capsys: pytest.CaptureFixture[str], scenarios: Path, tmp_path: Path, qapp: QGuiApplication
) -> None:
    alone = tmp_path / "seed"
    alone.mkdir()
    (alone / "noise").symlink_to(scenarios / "seed-1" / "noise")
    assert ran(capsys, "--scenarios", alone, "--picture", tmp_path / "front.png")[0] == 0
    assert QImage(str(tmp_path / "front.png")).width() == 2000


def test_networks_that_have_not_heard_the_clips_judge(
    capsys: pytest.CaptureFixture[str], scenarios: Path, tmp_path: Path
) -> None:
    status, _, err = ran(capsys, "--scenarios", scenarios, "--heads", tmp_path)
    assert status == 1
    assert "detector.onnx is missing" in err
    one = ("--scenarios", scenarios, "--seeds", 1, "--jobs", 2)
    status, out, _ = ran(capsys, *one, "--heads", tmp_path, "--preset", "Silero alone")
    assert status == 0
    assert "Silero alone: nothing in it was trained here." in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "needs recorded scenarios: --scenarios DIR"),
        (["--scenarios", "{here}", "--set", "vad.strat=1"], "no setting vad.strat"),
        (["--scenarios", "{here}", "--preset", "Nobody's"], "Nobody's"),
        (["--scenarios", "{here}", "--picture", "front.gif"], "neither .svg nor .png"),
        (["--scenarios", "{here}", "--json", "{here}/no/such/file.json"], "is no folder"),
        (["core", "--scenarios", "{here}"], "measured by itself"),
    ],
)
def test_what_cannot_be_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], says: str
) -> None:
    status, _, err = ran(capsys, *(word.format(here=tmp_path) for word in words))
    assert status == 2
    assert says in err


@pytest.mark.parametrize("seeds", ["", "one", "5-1", "1-"])
def test_seeds_are_numbers(capsys: pytest.CaptureFixture[str], tmp_path: Path, seeds: str) -> None:
    with pytest.raises(SystemExit):
        ran(capsys, "--scenarios", tmp_path, "--seeds", seeds)
    assert "names no seeds" in capsys.readouterr().err


def test_scenarios_that_cannot_be_scored_or_read(
    capsys: pytest.CaptureFixture[str], scenarios: Path, tmp_path: Path
) -> None:
    status, _, err = ran(capsys, "--scenarios", tmp_path)
    assert (status, "holds no scenarios" in err) == (1, True)
    (tmp_path / "noise").mkdir()
    file = tmp_path / "noise" / "one.json"
    file.write_text('{"id": "one", "mic": "noise/mic.wav"}')
    status, _, err = ran(capsys, "--scenarios", tmp_path)
    assert (status, "does not tell what happened in it" in err) == (1, True)
    file.write_text((scenarios / "seed-1" / "noise" / "one.json").read_text())
    status, _, err = ran(capsys, "--scenarios", tmp_path)
    assert (status, "mic.wav does not exist" in err) == (1, True)
