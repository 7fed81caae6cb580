"""The threads behind the models page: order, pause, cancel, faults, and what is told of the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from assistant.models.catalogue import Kind, Model, ModelFile
from assistant.models.discover import Found
from assistant.models.download import DownloadFailed, Paused, Progress
from assistant.models.refused import Refused
from assistant.models.shelf import Shelf
from assistant.workers.downloading import Downloading, Looking, NotUsable, Seen
from tests.tiny.voice import make_voice

WAIT_MS = 5000


def model(id: str) -> Model:
    file = ModelFile("a.onnx", 1000, None)
    return Model(id, "voice", id.title(), "A voice.", "CC0", ("en",), "some/where", "main", (file,), 100, "fast")


class Hub:
    """Downloads that go as far as a test lets them. begun: ids in the order they began."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go = threading.Event()
        self.fault: Exception | None = None

    def __call__(
        self, wanted_model: Model, shelf: Shelf, tell: Callable[[Progress], None], wanted: Callable[[], bool]
    ) -> Path:
        self.begun.append(wanted_model.id)
        tell(Progress(wanted_model.id, "downloading", 400, 1000, 1e6))
        while not self.go.wait(0.01):
            if not wanted():
                raise Paused
        if self.fault is not None:
            raise self.fault
        return shelf.folder / wanted_model.id


@contextmanager
def running(thread: Downloading | Looking) -> Iterator[None]:
    thread.start()
    try:
        yield
    finally:
        thread.finish()
        assert thread.wait(WAIT_MS)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


def test_downloads_come_one_after_the_other_and_tell_how_far_they_are(shelf: Shelf, qtbot: QtBot) -> None:
    hub = Hub()
    hub.go.set()
    thread = Downloading(shelf, hub)
    told: list[Progress] = []
    thread.progress.connect(told.append)
    with running(thread), qtbot.waitSignals([thread.got, thread.got], timeout=WAIT_MS):
        thread.get(model("alba"))
        thread.get(model("alan"))
    assert hub.begun == ["alba", "alan"]
    assert [progress.done for progress in told] == [400, 400]


def test_a_download_that_was_asked_for_twice_is_made_once(shelf: Shelf, qtbot: QtBot) -> None:
    hub = Hub()
    thread = Downloading(shelf, hub)
    with running(thread):
        with qtbot.waitSignal(thread.progress, timeout=WAIT_MS):
            thread.get(model("alba"))
        thread.get(model("alba"))
        with qtbot.waitSignal(thread.got, timeout=WAIT_MS):
            hub.go.set()
    assert hub.begun == ["alba"]


def test_a_pause_stops_it_and_another_get_goes_on(shelf: Shelf, qtbot: QtBot) -> None:
    hub = Hub()
    thread = Downloading(shelf, hub)
    with running(thread):
        with qtbot.waitSignal(thread.progress, timeout=WAIT_MS):
            thread.get(model("alba"))
        with qtbot.waitSignal(thread.paused, timeout=WAIT_MS) as paused:
            thread.pause("alba")
        hub.go.set()
        with qtbot.waitSignal(thread.got, timeout=WAIT_MS):
            thread.get(model("alba"))
    assert paused.args == ["alba"]
    assert hub.begun == ["alba", "alba"]


def test_a_cancel_throws_away_what_came(shelf: Shelf, qtbot: QtBot) -> None:
    part = shelf.incoming("alba")
    part.mkdir(parents=True)
    (part / "0.part").write_bytes(b"half")
    thread = Downloading(shelf, Hub())
    told_paused: list[str] = []
    thread.paused.connect(told_paused.append)
    with running(thread):
        with qtbot.waitSignal(thread.progress, timeout=WAIT_MS):
            thread.get(model("alba"))
        with qtbot.waitSignal(thread.dropped, timeout=WAIT_MS) as dropped:
            thread.cancel(model("alba"))
    assert dropped.args == ["alba"]
    assert not part.exists()
    assert told_paused == []


def test_a_fault_is_told_and_the_next_one_is_tried(shelf: Shelf, qtbot: QtBot) -> None:
    hub = Hub()
    hub.fault = DownloadFailed("The hub is away.")
    hub.go.set()
    thread = Downloading(shelf, hub)
    with running(thread):
        with qtbot.waitSignal(thread.failed, timeout=WAIT_MS) as failed:
            thread.get(model("alba"))
        hub.fault = None
        with qtbot.waitSignal(thread.got, timeout=WAIT_MS) as got:
            thread.get(model("alan"))
    assert failed.args == ["alba", "The hub is away."]
    assert got.args == ["alan"]


def test_a_fault_that_nobody_foresaw_is_told_and_logged(
    shelf: Shelf, qtbot: QtBot, error_log: pytest.LogCaptureFixture
) -> None:
    hub = Hub()
    hub.fault = KeyError("x")
    hub.go.set()
    thread = Downloading(shelf, hub)
    with running(thread), qtbot.waitSignal(thread.failed, timeout=WAIT_MS) as failed:
        thread.get(model("alba"))
    assert "KeyError" in failed.args[1] and "Try again." in failed.args[1]
    assert "download of alba" in error_log.text


def test_it_ends_in_the_middle_of_a_download_and_tells_nothing(shelf: Shelf, qtbot: QtBot) -> None:
    thread = Downloading(shelf, Hub())
    told: list[str] = []
    thread.paused.connect(told.append)
    with running(thread), qtbot.waitSignal(thread.progress, timeout=WAIT_MS):
        thread.get(model("alba"))
    assert told == []


def nothing_else() -> tuple[Found, ...]:
    return ()


def admit(shelf: Shelf, kind: Kind, path: Path) -> None:
    """Everything works."""


def test_it_tells_the_shelf_first_and_then_what_lies_elsewhere(shelf: Shelf, qtbot: QtBot, tmp_path: Path) -> None:
    elsewhere = Found("mind", "llama", tmp_path / "llama.gguf", 10, "Ollama")
    part = shelf.incoming("alba")
    part.mkdir(parents=True)
    (part / "0.part").write_bytes(b"half")
    thread = Looking(shelf, (model("alba"),), lambda: (elsewhere,), admit)
    told: list[Seen] = []
    thread.seen.connect(told.append)
    with running(thread), qtbot.waitSignals([thread.seen, thread.seen], timeout=WAIT_MS):
        thread.look()
    assert [seen.found for seen in told] == [(), (elsewhere,)]
    assert told[0].parts == {"alba": 4}
    assert told[0].machine.cores >= 1


def test_what_is_no_model_is_refused_with_the_reason(shelf: Shelf, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "holiday.gguf"
    path.write_bytes(b"JPEG" * 10_000)
    tried: list[Path] = []
    thread = Looking(shelf, (), nothing_else, lambda shelf, kind, path: tried.append(path))
    with running(thread), qtbot.waitSignal(thread.refused, timeout=WAIT_MS) as refused:
        thread.take(path)
    told: NotUsable = refused.args[0]
    assert told.path == path and "GGUF" in told.reason
    assert tried == [], "no loader may see it"


def test_what_a_loader_fails_with_is_refused_and_not_kept(shelf: Shelf, qtbot: QtBot, a_voice: Path) -> None:
    def crash(shelf: Shelf, kind: Kind, path: Path) -> None:
        raise Refused("its loader crashed (-11)")

    thread = Looking(shelf, (), nothing_else, crash)
    with running(thread), qtbot.waitSignal(thread.refused, timeout=WAIT_MS) as refused:
        thread.take(a_voice)
    assert "crashed" in refused.args[0].reason
    assert shelf.installed() == ()


def test_a_file_is_used_where_it_lies_and_forgotten_again(shelf: Shelf, qtbot: QtBot, a_voice: Path) -> None:
    thread = Looking(shelf, (), nothing_else, admit)
    with running(thread):
        with qtbot.waitSignal(thread.taken, timeout=WAIT_MS) as taken:
            thread.take(a_voice, "voice", "My voice")
        entry = taken.args[0]
        with qtbot.waitSignal(thread.removed, timeout=WAIT_MS):
            thread.remove(entry.id)
    assert (entry.name, entry.path, entry.origin) == ("My voice", a_voice, "in_place")
    assert a_voice.exists() and shelf.installed() == ()


def test_removing_what_is_not_there_is_told(shelf: Shelf, qtbot: QtBot) -> None:
    thread = Looking(shelf, (), nothing_else, admit)
    with running(thread), qtbot.waitSignal(thread.failed, timeout=WAIT_MS) as failed:
        thread.remove("nobody")
    assert "nobody" in failed.args[0]


@pytest.fixture
def a_voice(tmp_path: Path) -> Path:
    return make_voice(tmp_path / "tones.onnx")
