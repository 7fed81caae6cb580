"""What holds for every test: no screen, a home of its own, nothing left running, no error logged unawares."""

from __future__ import annotations

import gc
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # as the package does, also where a test imports onnxruntime before it
if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import hypothesis
import pytest
from PySide6.QtCore import QThread
from shiboken6 import isValid

hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

_PATIENCE_S = 2.0
"""How long a test's threads may take to end after it."""
_home = pytest.StashKey["tempfile.TemporaryDirectory[str]"]()


def pytest_configure(config: pytest.Config) -> None:
    # Before any test module is read: some look for the person's files while they are imported.
    config.stash[_home] = tempfile.TemporaryDirectory(prefix="interject-tests-", ignore_cleanup_errors=True)
    os.environ["INTERJECT_HOME"] = config.stash[_home].name


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_home].cleanup()


@pytest.fixture(autouse=True)
def nothing_is_left_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that ends before the threads it started. In the manner of napari's conftest."""
    started: list[QThread] = []
    start = QThread.start

    def noted(thread: QThread, *priority: QThread.Priority) -> None:
        started.append(thread)
        start(thread, *priority)

    monkeypatch.setattr(QThread, "start", noted)
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + _PATIENCE_S
    while (left := [*_running(started), *_alive(before)]) and time.monotonic() < until:
        time.sleep(0.01)
    assert not left, f"left running: {', '.join(left)}"


def _running(threads: list[QThread]) -> list[str]:
    return [f"QThread “{thread.objectName()}”" for thread in threads if isValid(thread) and thread.isRunning()]


def _alive(before: set[threading.Thread]) -> list[str]:
    # A QThread that ran Python code leaves a dummy here for ever; it was looked after above.
    fresh = [t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]
    return [f"thread “{thread.name}”" for thread in fresh]


@pytest.fixture(autouse=True)
def no_error_is_logged(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test during which an error was logged, unless it takes `error_log` and judges it itself."""
    yield
    if "error_log" in request.fixturenames:
        return
    records = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    errors = [record.getMessage() for record in records if record.levelno >= logging.ERROR]
    assert not errors, f"logged at ERROR: {errors}"


@pytest.fixture
def error_log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """For a test in which something is to be logged at ERROR."""
    return caplog


@pytest.fixture
def python_as_it_was() -> Iterator[None]:
    """Takes back what a running app asks of the interpreter."""
    interval, hook, threads_hook = sys.getswitchinterval(), sys.excepthook, threading.excepthook
    yield
    sys.setswitchinterval(interval)
    sys.excepthook, threading.excepthook = hook, threads_hook
    gc.unfreeze()
    gc.enable()
