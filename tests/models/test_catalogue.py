"""The catalogue that ships is whole and honest, and one that is not is refused with the place of the fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.models.catalogue import KINDS, CatalogueFault, UnknownModel, load_catalogue

MODEL = """
[[model]]
id = "a"
kind = "mind"
name = "A"
about = "A mind."
licence = "MIT"
languages = ["en"]
repository = "somebody/a"
revision = "main"
memory_mb = 100
speed = "fast"
files = [{ path = "a.gguf", size = 10 }]
"""
SET = '[[set]]\nid = "s"\nname = "S"\nabout = "A set."\nmodels = ["a", "a", "a"]\n'


def test_there_is_something_of_every_kind_and_three_sets() -> None:
    catalogue = load_catalogue()
    assert {model.kind for model in catalogue.models} == set(KINDS)
    assert [each.id for each in catalogue.sets] == ["light", "balanced", "best"]
    sizes = [catalogue.size(each) for each in catalogue.sets]
    assert sizes == sorted(sizes)


def test_voices_speak_the_main_languages() -> None:
    spoken = {model.languages[0][:2] for model in load_catalogue().models if model.kind == "voice"}
    assert spoken >= {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk", "zh"}


def test_every_recogniser_brings_its_vocabulary() -> None:
    for model in load_catalogue().models:
        if model.kind == "ears":
            names = {file.path for file in model.files}
            assert names >= {"model.bin", "config.json"}, model.id
            assert names & {"vocabulary.txt", "vocabulary.json"}, model.id


def test_every_voice_brings_its_description() -> None:
    for model in load_catalogue().models:
        if model.kind == "voice":
            onnx, description = (file.path for file in model.files)
            assert description == f"{onnx}.json"


def test_nothing_is_a_pickle() -> None:
    names = {file.path.rpartition("/")[2] for model in load_catalogue().models for file in model.files}
    assert not [name for name in names if name.endswith((".pt", ".pth", ".pkl", ".ckpt"))]
    assert "pytorch_model.bin" not in names


def test_models_of_the_sets_are_pinned_or_have_their_digest() -> None:
    catalogue = load_catalogue()
    for model in {model for each in catalogue.sets for model in catalogue.of(each)}:
        pinned = bool(re.fullmatch(r"[0-9a-f]{40}|v[0-9.]+", model.revision))
        largest = max(model.files, key=lambda file: file.size)
        assert pinned or largest.sha256, model.id
        assert largest.sha256, model.id


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[model", "cannot be read"),
        ("", "model is missing"),
        (MODEL, "set is missing"),
        (MODEL.replace('"mind"', '"brain"') + SET, "kind must be one of"),
        (MODEL.replace("memory_mb = 100", "memory_mb = 0") + SET, "memory_mb must be"),
        (MODEL.replace("memory_mb = 100", 'memory_mb = "much"') + SET, "memory_mb must be"),
        (MODEL.replace('"a.gguf"', '"../a.gguf"') + SET, "path cannot be"),
        (MODEL.replace('"a.gguf"', '"a.bin"') + SET, "ends in .gguf"),
        (MODEL.replace("size = 10", 'size = 10, sha256 = "abc"') + SET, "sha256 cannot be"),
        (MODEL.replace('"somebody/a"', '"a"') + SET, "repository cannot be"),
        (MODEL.replace('licence = "MIT"', "") + SET, "licence is missing"),
        (MODEL + "colour = 1\n" + SET, "colour is not known"),
        (MODEL + MODEL + SET, "stands there twice"),
        (MODEL + SET, "one each of ears, mind, voice"),
        (MODEL + SET.replace('"a"]', '"b"]'), "There is no model b"),
        (MODEL + SET + "[more]\n", "more is neither"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(text)
    with pytest.raises(CatalogueFault, match=fault) as told:
        load_catalogue(path)
    assert "catalogue.toml" in str(told.value)


def test_what_does_not_exist_is_said() -> None:
    catalogue = load_catalogue()
    with pytest.raises(UnknownModel, match="models list"):
        catalogue.model("nobody")
    with pytest.raises(UnknownModel, match="light, balanced, best"):
        catalogue.set("huge")
