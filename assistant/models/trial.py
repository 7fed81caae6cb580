"""A loader's first look at a file happens in a child process, which may crash, hang or eat memory without harm.

    python -m assistant.models.trial KIND PATH
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.models.bounded import in_words, read_json
from assistant.models.catalogue import KINDS, Kind
from assistant.models.inspect import SHARE_OF_MEMORY, inspect
from assistant.models.machine import this_machine
from assistant.models.offline import keep_loaders_offline
from assistant.models.refused import Refused
from assistant.models.shelf import Shelf, ShelfFault
from assistant.models.whisper_folder import read_vocabulary

LOADERS: dict[Kind, str] = {"ears": "ctranslate2", "mind": "llama-cpp-python", "voice": "onnxruntime"}
_WORKED, _SAID = 0, 3
_REASON = "Refused: "
_LOOK_EVERY_S = 0.05
_LEAST_S = 90.0
_SLOWEST_DISK = 30e6
"""Bytes a second of a slow hard disk that is busy: a large model is given the time that it takes to be read."""
_TAIL = 4000
_ERROR = 4
"""GGML_LOG_LEVEL_ERROR of ggml.h."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a trial may take before it is ended. memory_mb counts all of the child's memory."""

    seconds: float
    memory_mb: float


def admit(shelf: Shelf, kind: Kind, path: Path) -> None:
    """Looks at a model and tries it, once for these files and this version of the loader. Blocks. Raises Refused."""
    memory_mb = this_machine(shelf.folder).memory_mb
    inspected = inspect(path, kind, memory_mb)
    loader = f"{LOADERS[kind]} {importlib.metadata.version(LOADERS[kind])}"
    if shelf.was_tried(inspected.path, loader):
        return
    try_model(kind, inspected.path, Allowed(_LEAST_S + inspected.size / _SLOWEST_DISK, SHARE_OF_MEMORY * memory_mb))
    with contextlib.suppress(ShelfFault):  # a folder that cannot be written costs the same trial next time, no more
        shelf.remember_tried(inspected.path, loader)


def try_model(
    kind: Kind, path: Path, allowed: Allowed, command: Callable[[Kind, Path], list[str]] | None = None
) -> None:
    """Loads the model in a child process and lets it do one step of its work. Blocks. Raises Refused.

    command: what to start, for tests.
    """
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            (command or _command)(kind, path),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            ended = _watch(child, allowed)
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
        said.seek(max(0, said.tell() - _TAIL))
        words = said.read().decode("utf-8", errors="replace")
    if ended:
        raise Refused(f"{path.name} was tried and given up: {ended}. Choose another model.")
    if child.returncode != _WORKED:
        raise Refused(f"{path.name} cannot be used: {_reason(child.returncode, words)}. Choose another model.")


def _watch(child: subprocess.Popen[bytes], allowed: Allowed) -> str:
    """Waits for its end. Returns why it was not waited for any longer, or ""."""
    import psutil

    until = time.monotonic() + allowed.seconds
    process = psutil.Process(child.pid)
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_LOOK_EVERY_S)
            return ""
        if time.monotonic() > until:
            return f"it was not loaded within {allowed.seconds:.0f} s"
        with contextlib.suppress(psutil.Error):  # it ended between the two looks
            taken = process.memory_info().rss
            if taken > allowed.memory_mb * 1e6:
                return f"it took {in_words(taken)} of memory, more than it may"


def _reason(status: int, words: str) -> str:
    for line in reversed(words.splitlines()):
        if line.startswith(_REASON):
            return line.removeprefix(_REASON).rstrip(".")
    if status < 0 or status > 255:  # a signal; on Windows, an exception's number
        return f"its loader crashed ({status})"
    return f"its loader gave up ({status})"


def _command(kind: Kind, path: Path) -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "models", "trial", kind, str(path)]
    return [sys.executable, "-m", "assistant.models.trial", kind, str(path)]


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    keep_loaders_offline(environment)
    root = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    environment["OMP_NUM_THREADS"] = "1"
    return environment


def main(arguments: list[str]) -> int:
    """In the child: loads the model, does one step, and says on standard output what went wrong."""
    kind, path = arguments[0], Path(arguments[1])
    if kind not in KINDS:
        return _SAID
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)  # a conversation may be going on
    keep_loaders_offline()
    try:
        {"ears": _hear, "mind": _think, "voice": _speak}[kind](path)
    except Exception as fault:  # whatever a loader raises is the reason
        sys.stdout.write(f"\n{_REASON}{' '.join(str(fault).split()) or type(fault).__name__}\n")
        return _SAID
    return _WORKED


def _hear(path: Path) -> None:
    import ctranslate2
    import numpy as np

    model = ctranslate2.models.Whisper(str(path), device="cpu", compute_type="int8", inter_threads=1, intra_threads=1)
    silence = np.zeros((1, model.n_mels, 100), np.float32)  # one second: 100 frames of the mel spectrogram
    heard = model.encode(ctranslate2.StorageView.from_array(silence))
    model.generate(heard, [[read_vocabulary(path).index("<|startoftranscript|>")]], max_length=4, beam_size=1)


def _think(path: Path) -> None:
    import ctypes

    import llama_cpp

    log: list[str] = []

    def collect(level: int, text: bytes, user: ctypes.c_void_p) -> None:
        if level >= _ERROR:
            log.append(text.decode("utf-8", errors="replace").strip())

    listener = llama_cpp.llama_log_callback(collect)  # llama.cpp keeps only its address: this name keeps it alive
    try:
        llama_cpp.llama_log_set(listener, ctypes.c_void_p(0))
        model = llama_cpp.Llama(str(path), n_ctx=256, n_batch=32, n_threads=1, n_gpu_layers=0, verbose=True)
        model.eval(model.tokenize(b"Hello"))
    except Exception as fault:  # what it raises is always the same; the reason stands in its log
        raise Refused(log[0].rpartition("error loading model: ")[2] if log else str(fault)) from fault


def _speak(path: Path) -> None:
    import numpy as np
    import onnxruntime

    settings = read_json(path.with_name(path.name + ".json"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    inputs = {
        "input": np.array([[1, 0, 2]], np.int64),  # Piper's marks of a beginning, a pause and an end
        "input_lengths": np.array([3], np.int64),
        "scales": np.array([0.667, 1.0, 0.8], np.float32),
    }
    if isinstance(settings, dict) and any(each.name == "sid" for each in session.get_inputs()):
        inputs["sid"] = np.array([0], np.int64)
    sound = session.run(None, inputs)[0]
    if sound.dtype != np.float32 or not np.isfinite(sound).all():
        raise Refused("what it speaks is no sound")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
