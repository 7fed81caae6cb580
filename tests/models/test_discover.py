"""What other programs keep on this computer is found, on made-up homes of all three systems."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from assistant.models.discover import Found, Places, discover
from assistant.models.inspect import inspect
from tests.models.test_inspect import whisper_folder, written
from tests.tiny.voice import make_voice


def found(home: Path, platform: str = "linux", **environ: str) -> list[Found]:
    """Only what lies under the home: this computer may hold models, too."""
    return [each for each in discover(Places(home, environ, platform)) if each.path.is_relative_to(home)]


def put_ollama(models: Path, gguf: bytes, name: str = "library/llama3.2/1b") -> Path:
    layers = [
        {"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:" + "1" * 64},
        {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:" + "2" * 64},
    ]
    written(models / "manifests/registry.ollama.ai" / name, json.dumps({"layers": layers}).encode())
    written(models / "blobs" / ("sha256-" + "1" * 64), b"A licence.")
    return written(models / "blobs" / ("sha256-" + "2" * 64), gguf)


def test_nothing_is_found_where_there_is_nothing(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_ollama(tmp_path: Path, gguf: bytes) -> None:
    blob = put_ollama(tmp_path / ".ollama/models", gguf)
    assert found(tmp_path) == [Found("mind", "llama3.2:1b", blob, len(gguf), "Ollama")]
    assert inspect(blob).kind == "mind"


def test_ollama_where_its_variable_says(tmp_path: Path, gguf: bytes) -> None:
    blob = put_ollama(tmp_path / "big disk", gguf)
    assert [each.path for each in found(tmp_path, OLLAMA_MODELS=str(tmp_path / "big disk"))] == [blob]


def test_ollamas_damaged_manifests_are_passed_over(tmp_path: Path, gguf: bytes) -> None:
    models = tmp_path / ".ollama/models"
    for number, content in enumerate(
        (b"", b"[]", b'{"layers": 3}', b'{"layers": [3, {"mediaType": "x"}]}',
         b'{"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": "../../../etc/passwd"}]}',
         b'{"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:missing"}]}')
    ):  # fmt: skip
        written(models / f"manifests/registry.ollama.ai/library/m/{number}", content)
    put_ollama(models, gguf)
    assert [each.name for each in found(tmp_path)] == ["llama3.2:1b"]


@pytest.mark.parametrize(
    ("platform", "place", "where"),
    [
        ("linux", ".lmstudio/models/publisher/repo/m-Q4.gguf", "LM Studio"),
        ("linux", ".cache/lm-studio/models/publisher/repo/m-Q4.gguf", "LM Studio"),
        ("linux", ".local/share/Jan/data/llamacpp/models/publisher/m-Q4/model.gguf", "Jan"),
        ("darwin", "Library/Application Support/Jan/data/llamacpp/models/m-Q4/model.gguf", "Jan"),
        ("win32", "AppData/Roaming/Jan/data/models/m-Q4/model.gguf", "Jan"),
        ("linux", "jan/models/m-Q4/model.gguf", "Jan"),
        ("linux", ".local/share/nomic.ai/GPT4All/m-Q4.gguf", "GPT4All"),
        ("darwin", "Library/Application Support/nomic.ai/GPT4All/m-Q4.gguf", "GPT4All"),
        ("win32", "AppData/Local/nomic.ai/GPT4All/m-Q4.gguf", "GPT4All"),
        ("linux", ".cache/llama.cpp/m-Q4.gguf", "llama.cpp"),
        ("darwin", "Library/Caches/llama.cpp/m-Q4.gguf", "llama.cpp"),
        ("linux", ".cache/huggingface/hub/models--somebody--m/snapshots/0123/m-Q4.gguf", "Hugging Face"),
        ("win32", ".cache/huggingface/hub/models--somebody--m/snapshots/0123/m-Q4.gguf", "Hugging Face"),
    ],
)
def test_language_models(tmp_path: Path, gguf: bytes, platform: str, place: str, where: str) -> None:
    path = written(tmp_path / place, gguf)
    assert found(tmp_path, platform) == [Found("mind", "m-Q4", path, len(gguf), where)]


def test_variables_move_the_folders(tmp_path: Path, gguf: bytes) -> None:
    moved = written(tmp_path / "hf/hub/models--a--b/snapshots/1/x.gguf", gguf)
    also = written(tmp_path / "data/nomic.ai/GPT4All/y.gguf", gguf)
    environ = {"HF_HOME": str(tmp_path / "hf"), "XDG_DATA_HOME": str(tmp_path / "data")}
    assert {each.path for each in found(tmp_path, **environ)} == {moved, also}


def test_only_the_newest_snapshot_of_the_hubs_cache(tmp_path: Path, gguf: bytes) -> None:
    repository = tmp_path / ".cache/huggingface/hub/models--Systran--faster-whisper-base"
    whisper_folder(repository / "snapshots/old")
    os.utime(repository / "snapshots/old", (1, 1))
    newest = whisper_folder(repository / "snapshots/new")
    (only,) = found(tmp_path)
    assert (only.kind, only.name, only.path) == ("ears", "faster-whisper-base", newest)


def test_links_into_the_hubs_blobs_are_followed(tmp_path: Path, gguf: bytes) -> None:
    repository = tmp_path / ".cache/huggingface/hub/models--a--b"
    blob = written(repository / "blobs/abc", gguf)
    link = repository / "snapshots/1/m.gguf"
    link.parent.mkdir(parents=True)
    link.symlink_to(blob)
    assert [(each.path, each.size) for each in found(tmp_path)] == [(link, len(gguf))]


def test_whisper_and_piper_folders(tmp_path: Path) -> None:
    ears = whisper_folder(tmp_path / ".cache/whisper/faster-whisper-small")
    written(tmp_path / ".cache/whisper/tiny.pt", b"PK" + bytes(20_000))
    voices = tmp_path / ".local/share/piper-voices/en/en_GB"
    voices.mkdir(parents=True)
    voice = make_voice(voices / "en_GB-alba-medium.onnx")
    written(voices / "without-description.onnx", b"?")
    assert [(each.kind, each.path, each.where) for each in found(tmp_path)] == [
        ("ears", ears, "Whisper folder"),
        ("voice", voice, "Piper folder"),
    ]


def test_what_stands_beside_models_is_none(tmp_path: Path, gguf: bytes) -> None:
    place = tmp_path / ".lmstudio/models/publisher/repo"
    written(place / "mmproj-model-f16.gguf", gguf)
    written(place / "nomic-embed-text-v1.5.Q8_0.gguf", gguf)
    written(place / "notes.gguf", b"GGUF, as text" + bytes(50))
    written(place / "page.gguf", b"<html>" + bytes(50_000))
    written(place / "big-00002-of-00002.gguf", gguf)
    first = written(place / "big-00001-of-00002.gguf", gguf)
    (only,) = found(tmp_path)
    assert (only.path, only.size) == (first, 2 * len(gguf))


def test_circles_and_locked_folders_do_not_stop_it(tmp_path: Path, gguf: bytes) -> None:
    place = tmp_path / ".lmstudio/models"
    path = written(place / "a/b/m.gguf", gguf)
    (place / "a/circle").symlink_to(place, target_is_directory=True)
    written(place / "/".join("deep" * 1 for _ in range(20)) / "too-deep.gguf", gguf)
    assert [each.path for each in found(tmp_path)] == [path]
