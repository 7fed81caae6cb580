"""Loading a model that is on disk opens no socket, and the switch for that is not taken for the person's own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.models.offline import is_offline_wanted, keep_loaders_offline
from tests.models.test_inspect import written
from tests.tiny.voice import make_voice
from tests.tiny.whisper import make_whisper

PROGRAM = """
import json, sys
opened = []
def watch(event, arguments):
    if event in ("socket.__new__", "socket.connect", "socket.getaddrinfo", "socket.bind"):
        opened.append(event)
sys.addaudithook(watch)
import assistant.models.trial as trial
status = trial.main(sys.argv[1:])
print("\\n" + json.dumps([status, opened]))
"""
HEAVY = """
import sys
import assistant.models.catalogue, assistant.models.shelf, assistant.models.download, assistant.models.discover
import assistant.models.trial, assistant.models.inspect, assistant.models.recommend
heavy = {"huggingface_hub", "httpx2", "gguf", "numpy", "llama_cpp", "faster_whisper", "PySide6"}
print(*sorted(heavy & set(sys.modules)))
"""


def test_loading_opens_no_socket(tmp_path: Path, gguf: bytes) -> None:
    models = {
        "ears": make_whisper(tmp_path / "w", "yes"),
        "mind": written(tmp_path / "m.gguf", gguf),
        "voice": make_voice(tmp_path / "v.onnx"),
    }
    for kind, path in models.items():
        command = [sys.executable, "-c", PROGRAM, kind, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout.splitlines()[-1]) == [0, []], kind


def test_reading_about_models_imports_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", HEAVY], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_loaders_are_kept_offline_and_downloads_are_not() -> None:
    environ: dict[str, str] = {}
    keep_loaders_offline(environ)
    keep_loaders_offline(environ)
    assert environ["HF_HUB_OFFLINE"] == "1"
    assert not is_offline_wanted(environ)


@pytest.mark.parametrize("name", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_the_persons_own_wish_is_kept(name: str) -> None:
    environ = {name: "true"}
    keep_loaders_offline(environ)
    assert is_offline_wanted(environ)
