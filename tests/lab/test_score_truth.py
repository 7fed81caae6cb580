"""Reading what happened in scenarios, and finding the folders of the seeds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.lab.score.judged import Heads
from assistant.lab.score.truth import NoTruth, Truth, read_trials, seed_folders
from assistant.lab.sound_file import BadSound
from assistant.speech.head import HeadMissing

NOISE = {"id": "bang", "set": "noise", "seconds": 5.0, "cond": {"kind": "door", "group": "nonspeech"}, "speech": []}
ECHO = {
    "id": "room",
    "set": "echo",
    "seconds": 12.0,
    "cond": {"near": True, "ser_db": -5, "fold": 1},
    "speech": [{"onset": 4.0, "offset": 5.5}],
}


def scenario(folder: Path, told: dict[str, Any], name: str = "one") -> Path:
    place = folder / str(told.get("set", "noise"))
    place.mkdir(parents=True, exist_ok=True)
    file = place / f"{name}.json"
    file.write_text(json.dumps({"mic": f"{place.name}/{name}.wav", **told}))
    return file


def test_the_truth_of_each_scenario_is_read_with_its_sound(tmp_path: Path) -> None:
    scenario(tmp_path / "1", NOISE)
    scenario(tmp_path / "1", ECHO)
    room, bang = read_trials(tmp_path / "1")
    assert room.truth == Truth("room", "echo", 12.0, 4.0, 5.5, has_near=True, ser_db=-5.0, fold=1)
    assert bang.truth == Truth("bang", "noise", 5.0, kind="door")
    assert bang.scenario.mic == tmp_path / "1" / "noise" / "one.wav"
    assert bang.seed == "1"
    assert [trial.truth.set for trial in read_trials(tmp_path / "1", ["noise"])] == ["noise"]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"id": "x"}, "does not tell what happened in it"),
        ({**NOISE, "speech": None}, "does not tell what happened in it"),
        ({**NOISE, "set": "noises"}, "its set is 'noises', not one of interrupt, noise"),
        ({**NOISE, "cond": {}}, "does not tell kind and group"),
        ({**ECHO, "cond": {"near": True}}, "does not tell ser_db"),
        ({**ECHO, "speech": []}, "`speech` does not tell when"),
        ({**ECHO, "speech": [{"onset": 1}]}, "It needs seconds and speech's onset, offset"),
        ({**ECHO, "cond": {"near": True, "ser_db": "loud"}}, "could not convert"),
        ({**NOISE, "set": "short"}, "`speech` does not tell when"),
    ],
)
def test_what_cannot_be_scored_is_refused_by_name(tmp_path: Path, told: dict[str, Any], says: str) -> None:
    file = scenario(tmp_path, told)
    with pytest.raises(NoTruth, match=says) as refused:
        read_trials(tmp_path)
    assert str(file) in str(refused.value)


def test_a_folder_with_sets_in_it_is_a_seed(tmp_path: Path) -> None:
    scenario(tmp_path, NOISE)
    assert seed_folders([tmp_path]) == [tmp_path]
    with pytest.raises(BadSound, match="--seeds picks from a folder that holds one a seed"):
        seed_folders([tmp_path], [1])


def test_a_folder_of_seeds_is_read_by_number_however_they_are_named(tmp_path: Path) -> None:
    for name in ("10", "seed-2", "S1"):
        scenario(tmp_path / name, NOISE)
    (tmp_path / "notes").mkdir()
    (tmp_path / "3").mkdir()
    assert [folder.name for folder in seed_folders([tmp_path])] == ["S1", "seed-2", "10"]
    assert [folder.name for folder in seed_folders([tmp_path], [10, 2])] == ["seed-2", "10"]
    with pytest.raises(BadSound, match=r"holds no seed 3, 4: .* found S1, seed-2, 10"):
        seed_folders([tmp_path], [2, 3, 4])


def test_an_empty_folder_and_none_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSound, match=r"holds no scenarios: .* found none"):
        seed_folders([tmp_path])
    with pytest.raises(BadSound, match="is no folder"):
        seed_folders([tmp_path / "nowhere"])


class TestWhichNetworkJudges:
    def test_the_one_that_was_trained_without_the_scenario_s_fold(self, tmp_path: Path) -> None:
        scenario(tmp_path, ECHO)
        scenario(tmp_path, NOISE)
        room, bang = read_trials(tmp_path)
        for name in ("without-fold-1.onnx", "detector.onnx"):
            (tmp_path / name).touch()
        assert Heads(tmp_path).path(room) == tmp_path / "without-fold-1.onnx"
        assert Heads(tmp_path).path(bang) == tmp_path / "detector.onnx"
        Heads(tmp_path).check([room, bang])

    def test_the_shipped_one_unless_others_are_named(self, tmp_path: Path) -> None:
        scenario(tmp_path, ECHO)
        (room,) = read_trials(tmp_path)
        assert Heads().path(room) is None

    def test_one_that_is_missing_is_told_before_anything_is_replayed(self, tmp_path: Path) -> None:
        scenario(tmp_path, ECHO)
        with pytest.raises(HeadMissing, match=r"without-fold-1\.onnx is missing, room wants it"):
            Heads(tmp_path).check(read_trials(tmp_path))
