"""A file that is not what it claims is refused with the reason; nothing of it is loaded."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import pytest

from assistant.models.inspect import inspect
from assistant.models.refused import Refused
from tests.tiny.voice import make_voice

HEAD = struct.Struct("<4sIQQ")


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def entry(key: str, value: str | int) -> bytes:
    if isinstance(value, str):
        return text(key) + struct.pack("<I", 8) + text(value)
    return text(key) + struct.pack("<II", 4, value)


def tensor(name: str, elements: int, kind: int = 0, offset: int = 0) -> bytes:
    return text(name) + struct.pack("<IQIQ", 1, elements, kind, offset)


def gguf_head(
    *entries: bytes, tensors: tuple[bytes, ...] = (), magic: bytes = b"GGUF", version: int = 3, keys: int | None = None
) -> bytes:
    return HEAD.pack(magic, version, len(tensors), len(entries) if keys is None else keys) + b"".join(entries + tensors)


LLAMA = (entry("general.architecture", "llama"), entry("tokenizer.ggml.model", "llama"))


def refusal(path: Path, **how: object) -> str:
    with pytest.raises(Refused) as told:
        inspect(path, **how)  # type: ignore[arg-type]
    return str(told.value)


def written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def whisper_folder(folder: Path, *, name: str = "WhisperSpec", version: int = 6, weights: int = 100) -> Path:
    """Files with the right outlines and nothing in them."""
    spec = name.encode() + b"\0"
    model = struct.pack("<IH", version, len(spec)) + spec + struct.pack("<II", 3, 1)
    model += struct.pack("<H", 2) + b"w\0" + struct.pack("<BIBI", 1, weights, 0, 4 * weights) + bytes(4 * weights)
    written(folder / "model.bin", model + struct.pack("<I", 0))
    (folder / "vocabulary.json").write_text(json.dumps(["a", "", "<|endoftext|>", "<|startoftranscript|>"]))
    (folder / "config.json").write_text("{}")
    return folder


def test_a_language_model_says_what_it_is(tmp_path: Path, gguf: bytes) -> None:
    inspected = inspect(written(tmp_path / "m.gguf", gguf), memory_mb=8_000)
    assert (inspected.kind, inspected.name, inspected.size) == ("mind", "tiny", len(gguf))
    assert "llama" in inspected.about and "2048" in inspected.about


def test_a_language_model_without_a_suffix_is_one_too(tmp_path: Path, gguf: bytes) -> None:
    assert inspect(written(tmp_path / "sha256-0123", gguf)).kind == "mind"


def test_a_folder_with_one_model_stands_for_it(tmp_path: Path, gguf: bytes) -> None:
    path = written(tmp_path / "m.gguf", gguf)
    assert inspect(tmp_path).path == path
    written(tmp_path / "n.gguf", gguf)
    assert "2 models" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "only 0 bytes"),
        (b"GGUF", "only 4 bytes"),
        (b"PK\x03\x04" + bytes(99), "PyTorch"),
        (b"\x80\x02" + bytes(99), "PyTorch"),
        (b"lmgg" + bytes(99), "old format"),
        (b"version https://git-lfs.github.com/spec/v1\n", "pointer"),
        (b"<!doctype html>" + bytes(99), "page"),
        (gguf_head(*LLAMA, version=1) + bytes(99), "version 1"),
        (gguf_head(*LLAMA, version=7) + bytes(99), "version 7"),
        (gguf_head(*LLAMA, version=3 << 24) + bytes(99), "other way round"),
        (gguf_head(*LLAMA, keys=5), "ends too soon"),
        (gguf_head(*LLAMA, keys=1 << 60), "damaged"),
        (gguf_head(*LLAMA), "no weights"),
        (gguf_head(LLAMA[0], tensors=(tensor("w", 1),)) + bytes(99), "no vocabulary"),
        (gguf_head(LLAMA[1], tensors=(tensor("w", 1),)) + bytes(99), "which architecture"),
        (gguf_head(*LLAMA, tensors=(tensor("w", 1 << 30),)) + bytes(99), "4.3 GB"),
        (gguf_head(*LLAMA, tensors=(tensor("w", 1 << 63, offset=1 << 63),)) + bytes(99), "not copied"),
        (gguf_head(*LLAMA, tensors=(tensor("w", 1, kind=250),)) + bytes(99), "type 250"),
        (gguf_head(entry("general.architecture", "bert"), tensors=(tensor("w", 1),)) + bytes(99), "holds bert"),
        (gguf_head(*LLAMA, entry("general.type", "mmproj"), tensors=(tensor("w", 1),)) + bytes(99), "holds mmproj"),
        (gguf_head(*LLAMA, text("k") + struct.pack("<IIQ", 9, 4, 1 << 61)), "ends too soon"),
        (gguf_head(*LLAMA, text("k") + struct.pack("<IIQ", 9, 8, 1 << 61)), "ends too soon"),
        (gguf_head(*LLAMA, text("k") + struct.pack("<IIQ", 9, 9, 1)), "array of type 9"),
        (gguf_head(*LLAMA, text("k") + struct.pack("<I", 77)), "value of type 77"),
        (gguf_head(*LLAMA, struct.pack("<Q", 1 << 50)), "damaged"),
        (gguf_head(*LLAMA, tensors=(text("w") + struct.pack("<I", 4_000_000),)), "4000000 dimensions"),
    ],
)
def test_a_language_model_that_is_none(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason in refusal(written(tmp_path / "m.gguf", content))


@hypothesis.given(share=st.floats(0, 0.999))
@hypothesis.settings(
    max_examples=40, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture], deadline=None
)
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, gguf: bytes, share: float) -> None:
    refusal(written(tmp_path / "m.gguf", gguf[: int(share * len(gguf))]))


@hypothesis.given(at=st.integers(0, 3000), byte=st.integers(0, 255))
@hypothesis.settings(
    max_examples=100, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture], deadline=None
)
def test_a_flipped_byte_is_refused_or_harmless(tmp_path: Path, gguf: bytes, at: int, byte: int) -> None:
    damaged = bytearray(gguf)
    damaged[at] = byte
    try:
        inspect(written(tmp_path / "m.gguf", bytes(damaged)))
    except Refused as refused:
        assert str(refused)


def test_all_parts_must_be_there(tmp_path: Path, gguf: bytes) -> None:
    first = written(tmp_path / "m-00001-of-00002.gguf", gguf)
    assert "m-00002-of-00002.gguf is missing" in refusal(first)
    second = written(tmp_path / "m-00002-of-00002.gguf", gguf)
    assert inspect(first).size == 2 * len(gguf)
    assert "first part" in refusal(second)


def test_too_big_for_the_memory(tmp_path: Path, gguf: bytes) -> None:
    assert "Choose a smaller" in refusal(written(tmp_path / "m.gguf", gguf), memory_mb=200)


def test_another_kind_than_was_asked_for(tmp_path: Path, gguf: bytes) -> None:
    assert "is a language model, not a voice" in refusal(written(tmp_path / "m.gguf", gguf), kind="voice")


def test_a_whisper_folder_says_what_it_is(tmp_path: Path) -> None:
    inspected = inspect(whisper_folder(tmp_path / "base"))
    assert (inspected.kind, inspected.name, inspected.languages) == ("ears", "base", ("*",))
    assert inspect(tmp_path / "base" / "model.bin").path == tmp_path / "base"


def test_a_whisper_folder_in_the_hubs_cache_is_named_by_its_repository(tmp_path: Path) -> None:
    folder = whisper_folder(tmp_path / "models--Systran--faster-whisper-base" / "snapshots" / "0123abc")
    assert inspect(folder).name == "faster-whisper-base"


def test_a_whisper_folder_that_lacks_something(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no model.bin" in refusal(tmp_path / "empty")
    written(tmp_path / "torch" / "pytorch_model.bin", b"PK")
    assert "CTranslate2" in refusal(tmp_path / "torch")
    (whisper_folder(tmp_path / "a") / "config.json").unlink()
    assert "config.json is missing" in refusal(tmp_path / "a")
    (whisper_folder(tmp_path / "b") / "vocabulary.json").unlink()
    assert "neither vocabulary.json nor vocabulary.txt" in refusal(tmp_path / "b")
    vocabulary = whisper_folder(tmp_path / "c") / "vocabulary.json"
    for content in ("<html>", "[" * 100_000, "{}", "[1, 2]", '["a", "b"]'):
        vocabulary.write_text(content)
        assert "vocabulary" in refusal(tmp_path / "c")


def test_vocabularies_as_lists_of_lines(tmp_path: Path) -> None:
    folder = whisper_folder(tmp_path / "base.en")
    (folder / "vocabulary.json").unlink()
    (folder / "vocabulary.txt").write_text("a\nb\n<|endoftext|>\n<|startoftranscript|>\n")
    assert inspect(folder).languages == ("en",)


def test_weights_that_are_not_whispers(tmp_path: Path) -> None:
    assert "holds TransformerSpec" in refusal(whisper_folder(tmp_path / "t", name="TransformerSpec"))
    assert "this version knows" in refusal(whisper_folder(tmp_path / "v", version=99))
    others = {b"PK\x03\x04": "PyTorch", b"\x80\x02..": "PyTorch", b"lmgg": "whisper.cpp", b"": "this version knows"}
    for content, reason in others.items():
        written(whisper_folder(tmp_path / "w") / "model.bin", content)
        assert reason in refusal(tmp_path / "w")
    model = whisper_folder(tmp_path / "cut") / "model.bin"
    written(model, model.read_bytes()[:-50])
    assert "ends too soon" in refusal(tmp_path / "cut")


def test_a_voice_says_what_it_is(tmp_path: Path) -> None:
    path = make_voice(tmp_path / "en_GB-somebody-low.onnx", speakers=3)
    inspected = inspect(path)
    assert (inspected.kind, inspected.name, inspected.languages) == ("voice", "en_GB-somebody-low", ("en-us",))
    assert "3 speakers" in inspected.about
    assert inspect(path.with_name(path.name + ".json")).path == path


def test_a_voice_that_is_none(tmp_path: Path) -> None:
    path = make_voice(tmp_path / "v.onnx")
    whole, description = path.read_bytes(), path.with_name("v.onnx.json")
    for content in (whole[:-10], whole[: len(whole) // 2], b"\xff" * 50, b"PK\x03\x04" + bytes(50), b""):
        path.write_bytes(content)
        assert refusal(path)
    path.write_bytes(whole.replace(b"input_lengths", b"input_maskings"[:13]))
    assert "no Piper voice" in refusal(path)
    path.write_bytes(whole)
    described = json.loads(description.read_text())
    description.write_text(json.dumps({**described, "audio": {"sample_rate": 3}}))
    assert "3 Hz" in refusal(path)
    description.write_text(json.dumps({"name": "something else"}))
    assert "phoneme_id_map" in refusal(path)
    description.unlink()
    assert "v.onnx.json is missing" in refusal(path)


@pytest.mark.parametrize("name", ["model.pt", "model.pkl", "checkpoint.ckpt", "weights.pth"])
def test_a_pickle_is_never_opened(tmp_path: Path, name: str) -> None:
    assert "not opened" in refusal(written(tmp_path / name, b"cos\nsystem\n(S'echo no'\ntR."))


def test_what_is_nothing(tmp_path: Path) -> None:
    assert "There is nothing" in refusal(tmp_path / "nowhere.gguf")
    assert "no model that can be used" in refusal(written(tmp_path / "letter.txt", b"Dear"))
