"""A loader first opens a file in a child process: what crashes, hangs or eats memory there is refused here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assistant.models import trial
from assistant.models.catalogue import Kind
from assistant.models.refused import Refused
from assistant.models.shelf import Shelf
from assistant.models.trial import Allowed, admit, try_model
from tests.models.test_inspect import whisper_folder, written
from tests.tiny.voice import make_voice
from tests.tiny.whisper import make_whisper

ENOUGH = Allowed(seconds=60, memory_mb=4_000)


def python(program: str) -> object:
    return lambda kind, path: [sys.executable, "-c", program]


def why_not(kind: Kind, path: Path, allowed: Allowed = ENOUGH, program: str = "") -> str:
    with pytest.raises(Refused) as told:
        try_model(kind, path, allowed, python(program) if program else None)  # type: ignore[arg-type]
    return str(told.value)


def test_a_language_model_that_works(tmp_path: Path, gguf: bytes) -> None:
    try_model("mind", written(tmp_path / "m.gguf", gguf), ENOUGH)


def test_a_voice_that_works(tmp_path: Path) -> None:
    try_model("voice", make_voice(tmp_path / "v.onnx", speakers=2), ENOUGH)


def test_a_recogniser_that_works(tmp_path: Path) -> None:
    try_model("ears", make_whisper(tmp_path / "w", "yes"), ENOUGH)


def test_an_architecture_that_llama_cpp_does_not_know(tmp_path: Path, gguf: bytes) -> None:
    path = written(tmp_path / "m.gguf", gguf.replace(b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0zebra"))
    assert "zebra" in why_not("mind", path)


def test_right_outlines_with_nothing_in_them(tmp_path: Path) -> None:
    assert why_not("ears", whisper_folder(tmp_path / "base"))


def test_a_crash_is_a_refusal(tmp_path: Path) -> None:
    assert "crashed" in why_not("mind", tmp_path, program="import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")


def test_a_hang_is_ended(tmp_path: Path) -> None:
    told = why_not("mind", tmp_path, Allowed(seconds=0.2, memory_mb=1_000), "import time; time.sleep(60)")
    assert "not loaded within" in told


def test_one_that_eats_memory_is_ended(tmp_path: Path) -> None:
    program = "held = []\nwhile len(held) < 400: held.append(bytearray(b'x') * 1_000_000)\nimport time; time.sleep(60)"
    assert "of memory" in why_not("mind", tmp_path, Allowed(seconds=30, memory_mb=100), program)


def test_its_last_words_are_the_reason(tmp_path: Path) -> None:
    program = "print('noise'); print('Refused: the moon is full.'); raise SystemExit(3)"
    assert "the moon is full." in why_not("mind", tmp_path, program=program)


def test_a_model_is_tried_once(tmp_path: Path, gguf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, path = Shelf(tmp_path / "models"), written(tmp_path / "m.gguf", gguf)
    tried: list[Path] = []
    monkeypatch.setattr(trial, "try_model", lambda kind, path, allowed: tried.append(path))
    admit(shelf, "mind", path)
    admit(shelf, "mind", path)
    assert tried == [path]
    path.write_bytes(gguf[:-1] + b"\0")
    admit(shelf, "mind", path)
    assert tried == [path, path]


def test_what_is_damaged_is_not_even_tried(tmp_path: Path, gguf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "try_model", lambda *_: pytest.fail("it was tried"))
    with pytest.raises(Refused):
        admit(Shelf(tmp_path / "models"), "mind", written(tmp_path / "m.gguf", gguf[:-1000]))


def test_the_child_of_a_frozen_program_is_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert trial._command("mind", Path("m.gguf"))[1:] == ["models", "trial", "mind", "m.gguf"]
