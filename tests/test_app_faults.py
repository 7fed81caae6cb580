"""The real application, window and all, where something is missing, broken or taken away."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLockFile, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from assistant import app
from assistant.__main__ import main
from assistant.audio.devices import NO_DEVICE_REMEDY, DeviceUnavailable, list_devices
from assistant.settings.overrides import resolve
from assistant.settings.paths import MissingResource, config_file, state_folder
from assistant.settings.store import load
from assistant.turns.states import State
from assistant.ui import frame, style
from assistant.ui.main_window import MainWindow
from assistant.workers import session
from tests.tiny.gguf import make_gguf
from tests.tiny.voice import make_voice
from tests.tiny.whisper import make_whisper
from tests.virtual_audio import VirtualAudio, virtual_audio

Steps = Generator[Callable[[], object], None, None]
LONGEST_STEP_S = 12.0


class NoDevice:
    """What PortAudio is on a machine without sound."""

    input_name = output_name = failure = ""
    input_latency_s = output_latency_s = input_lag_s = 0.0
    block_ms = 10.0

    def __init__(self, *_: object) -> None:
        pass

    def open(self, _on_block: object) -> None:
        raise DeviceUnavailable("No microphone was found.", NO_DEVICE_REMEDY)

    def close(self) -> None:
        pass


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INTERJECT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def visit(
    home: Path, qapp: QApplication, python_as_it_was: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., int]]:
    """Opens the application without sound devices, lets a visitor do things in it, and closes it after the last."""
    monkeypatch.setattr(session, "PortAudioDevice", NoDevice)
    hangs: list[int] = []
    monkeypatch.setattr(os, "_exit", hangs.append)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(steps: Callable[[MainWindow], Steps], rehearse: bool = False, room: bool = False) -> int:
        visitor = Visitor(steps)
        effective = resolve(load(config_file()), {})
        opening = app.open_empty()
        assert opening is not None
        status = app.run_window(opening, effective, rehearse=rehearse, room=room, events=None, seconds=None)
        assert visitor.done, visitor.where
        assert hangs == [], "a thread did not end within two seconds"
        return status

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for handler in tuple(app.log.handlers):
        app.log.removeHandler(handler)
        handler.close()
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Visitor:
    """Does one step after the other; each `yield` waits until what it yields is true. Then closes the window."""

    def __init__(self, steps: Callable[[MainWindow], Steps]) -> None:
        self.done = False
        self.where = "the window never opened"
        self._make = steps
        self._steps: Steps | None = None
        self._reached: Callable[[], object] = lambda: True
        self._window: MainWindow | None = None
        self._since = time.monotonic()
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(20)

    def _look(self) -> None:
        if self._steps is None:
            windows = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
            shown = [each for each in windows if each.isVisible() and each.is_furnished]
            if not shown:
                return
            self._window, self._steps = shown[0], self._make(shown[0])
        late = time.monotonic() - self._since > LONGEST_STEP_S
        if not self._reached() and not late:
            return
        try:
            if late:
                self.where = f"not reached: {self._reached.__code__}"
                raise StopIteration
            self._reached = next(self._steps)
            self._since = time.monotonic()
        except StopIteration:
            self.done = not late
            self._timer.stop()
            assert self._window is not None
            self._window.close()


def notice(window: MainWindow) -> str:
    """The title of the notice that is shown."""
    shown = window.talk.column.notice.current
    return shown.title if shown is not None and window.talk.column.notice.isVisible() else ""


def state(window: MainWindow) -> str:
    return window.talk.column.composer.state.text()


def said(window: MainWindow) -> str:
    return window.conversation.page.toPlainText()


def test_without_a_sound_device_one_notice_offers_the_room_and_there_it_speaks(
    visit: Callable[..., int],
) -> None:
    def steps(window: MainWindow) -> Steps:
        bar = window.talk.column.notice
        yield lambda: notice(window) == "No sound device here"
        assert "No microphone was found." in bar.text.text()
        assert bar.action.text() == "Open the room"
        assert not bar._waiting, "one notice, not two"
        bar.action.click()
        yield lambda: state(window) == State.SPEAKING.value
        yield lambda: "I read to you" in said(window)
        assert notice(window) == ""

    assert visit(steps, rehearse=True) == 0


def test_closing_the_window_in_mid_speech_ends_every_thread(visit: Callable[..., int]) -> None:
    def steps(window: MainWindow) -> Steps:
        yield lambda: state(window) == State.SPEAKING.value

    assert visit(steps, rehearse=True, room=True) == 0
    assert not [thread for thread in threading.enumerate() if thread.name == "sound opening"]


def test_a_voice_that_is_missing_is_a_notice_and_the_room_opens_without_its_interrupter(
    visit: Callable[..., int], monkeypatch: pytest.MonkeyPatch, error_log: pytest.LogCaptureFixture
) -> None:
    def missing() -> None:
        raise session.VoiceFailed("The library espeak-ng is missing.")

    monkeypatch.setattr(session, "EspeakVoice", missing)

    def steps(window: MainWindow) -> Steps:
        yield lambda: notice(window) == "The voice broke off"
        assert "espeak-ng is missing" in window.talk.column.notice.text.text()
        window._controls.start_rehearsal.emit()
        yield lambda: state(window) == State.SPEAKING.value

    assert visit(steps, room=True) == 0


def test_models_that_are_broken_are_notices_that_lead_to_others_and_it_speaks_all_the_same(
    home: Path, visit: Callable[..., int], error_log: pytest.LogCaptureFixture
) -> None:
    torn = {"ears": make_whisper(home / "w", "hello") / "model.bin", "brain": make_gguf(home / "mind.gguf", "Hello.")}
    torn["voice"] = make_voice(home / "voice.onnx")
    for path in torn.values():
        path.write_bytes(path.read_bytes()[:-1000])
    torn["ears"] = torn["ears"].parent
    chosen = "".join(f'[{section}]\nmodel = "{path}"\n' for section, path in torn.items())
    (home / "settings.toml").write_text(chosen)
    titles = {
        "The recogniser cannot be used",
        "The language model cannot be used",
        "Another voice speaks for now",
    }

    def steps(window: MainWindow) -> Steps:
        bar = window.talk.column.notice
        seen: set[str] = set()

        def all_told() -> bool:
            if bar.current is not None and bar.current.title in titles - seen:
                assert bar.action.text() == "Open Models"
                seen.add(bar.current.title)
                bar.close_button.click()
            return seen == titles

        yield all_told
        window._controls.start_rehearsal.emit()
        yield lambda: state(window) == State.SPEAKING.value
        window._controls.notice_action.emit("voice_broke")
        assert window.pages.currentWidget() is window.models_page

    assert visit(steps, room=True) == 0


def test_who_answers_stands_above_the_conversation_before_anything_was_said(
    home: Path, visit: Callable[..., int]
) -> None:
    home.mkdir()
    make_gguf(home / "mind.gguf", "Hello.")
    (home / "settings.toml").write_text(f'[brain]\nmodel = "{home / "mind.gguf"}"\n')

    def steps(window: MainWindow) -> Steps:
        yield lambda: window.talk.column.partner.name.text() == "tiny"
        assert said(window) == ""

    assert visit(steps, room=True) == 0


class TestTheHome:
    def test_a_settings_file_that_is_no_toml_is_kept_aside_and_told(
        self, home: Path, visit: Callable[..., int]
    ) -> None:
        home.mkdir()
        (home / "settings.toml").write_bytes(b"[vad\nstart = \xff")

        def steps(window: MainWindow) -> Steps:
            yield lambda: "settings" in notice(window).lower()

        assert visit(steps, room=True) == 0
        kept = [file for file in home.iterdir() if file.is_file() and file.read_bytes() == b"[vad\nstart = \xff"]
        assert kept, "what the person wrote is not lost"

    def test_one_value_out_of_range_costs_only_itself(self, home: Path, visit: Callable[..., int]) -> None:
        home.mkdir()
        (home / "settings.toml").write_text("[vad]\nstart = 7\ngate_dbfs = -44\n")

        def steps(window: MainWindow) -> Steps:
            yield lambda: bool(notice(window))
            assert "vad.start" in window.talk.column.notice.text.text()
            assert window._model.value("vad.gate_dbfs") == -44

        assert visit(steps, room=True) == 0

    def test_a_home_that_cannot_be_written_is_one_notice_when_something_was_to_be_kept(
        self, tmp_path: Path, visit: Callable[..., int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("not a folder, whoever runs this")
        monkeypatch.setenv("INTERJECT_HOME", str(tmp_path / "file" / "home"))

        def steps(window: MainWindow) -> Steps:
            yield lambda: state(window) == State.LISTENING.value
            window._model.set("vad.gate_dbfs", -44)
            yield lambda: notice(window) == "Settings could not be saved"
            window.talk.column.notice.close_button.click()
            window._model.set("vad.gate_dbfs", -43)
            changed = time.monotonic()
            yield lambda: time.monotonic() - changed > 1.2  # it is saved once a second
            assert notice(window) == "", "once is enough"

        assert visit(steps, room=True) == 0

    def test_what_was_changed_is_there_the_next_time(self, home: Path, visit: Callable[..., int]) -> None:
        def steps(window: MainWindow) -> Steps:
            yield lambda: state(window) == State.LISTENING.value
            window._model.set("vad.gate_dbfs", -44)

        assert visit(steps, room=True) == 0
        assert load(config_file()).settings.vad.gate_dbfs == -44


class TestASecondInstance:
    def test_it_says_so_and_leaves_the_first_alone(
        self, home: Path, visit: Callable[..., int], capsys: pytest.CaptureFixture[str]
    ) -> None:
        state_folder().mkdir(parents=True)
        first = QLockFile(str(state_folder() / "running.lock"))
        assert first.tryLock(0)
        boxes: list[str] = []

        def accept() -> None:
            box = QApplication.activeModalWidget()
            if isinstance(box, QMessageBox):
                boxes.append(box.text())
                box.accept()

        timer = QTimer()
        timer.timeout.connect(accept)
        timer.start(20)
        assert main(["run", "--room"]) == 1
        assert boxes == ["Interject is already running. Close its window first, or talk there."]
        assert "already running" in capsys.readouterr().err
        assert first.isLocked()
        first.unlock()

    def test_one_that_was_killed_does_not_count(self, home: Path, visit: Callable[..., int]) -> None:
        state_folder().mkdir(parents=True)
        lock = str(state_folder() / "running.lock")
        take = f"import os; from PySide6.QtCore import QLockFile; l = QLockFile({lock!r}); l.tryLock(0); os._exit(9)"
        assert subprocess.run([sys.executable, "-c", take], check=False).returncode == 9
        assert Path(lock).exists()

        def steps(window: MainWindow) -> Steps:
            yield lambda: state(window) == State.LISTENING.value

        assert visit(steps, room=True) == 0


def test_what_is_missing_of_the_program_itself_is_not_blamed_on_the_events_file(
    visit: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise MissingResource("resources/fonts is missing. Install Interject again.")

    monkeypatch.setattr(style, "load_fonts", missing)
    assert main(["run", "--room"]) == 1
    assert capsys.readouterr().err == "interject: resources/fonts is missing. Install Interject again.\n"


def test_not_even_an_empty_window_without_its_icon(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Path:
        raise MissingResource(f"resources/{name} is missing. Install Interject again.")

    monkeypatch.setattr(frame, "resource", missing)
    assert main(["run"]) == 1
    assert capsys.readouterr().err == "interject: resources/icons/interject.svg is missing. Install Interject again.\n"


def test_an_events_file_that_cannot_be_written_is_refused_with_its_name(
    tmp_path: Path, visit: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    (tmp_path / "file").write_text("")
    assert main(["run", "--room", "--events", str(tmp_path / "file" / "events.jsonl")]) == 1
    complaint = capsys.readouterr().err
    assert "events.jsonl" in complaint
    assert "Choose another place for --events." in complaint


def test_an_error_that_nobody_foresaw_is_a_notice_and_a_line_in_the_log(
    home: Path, visit: Callable[..., int], error_log: pytest.LogCaptureFixture
) -> None:
    def steps(window: MainWindow) -> Steps:
        yield lambda: state(window) == State.LISTENING.value

        def fail() -> None:
            raise LookupError("the keys")

        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        yield lambda: notice(window) == "Something went wrong inside"
        assert "LookupError: the keys" in window.talk.column.notice.text.text()

    assert visit(steps, room=True) == 0
    logged = (home / "state" / "interject.log").read_text()
    assert "Traceback" in logged
    assert [record.levelno for record in error_log.get_records("call")].count(logging.ERROR) == 1


@pytest.fixture
def sound() -> Iterator[VirtualAudio]:
    with virtual_audio() as sound:
        found = list_devices(look_again=True)
        if not found.devices:
            pytest.skip(f"{found.reason} {found.remedy} (ALSA's pulse plugin: apt install libasound2-plugins)")
        yield sound


@pytest.mark.device
def test_a_device_that_goes_away_in_mid_speech_is_a_notice_and_it_goes_on_when_it_is_back(
    sound: VirtualAudio, visit: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.audio.stream import PortAudioDevice

    monkeypatch.setattr(session, "PortAudioDevice", PortAudioDevice)

    def steps(window: MainWindow) -> Steps:
        yield lambda: state(window) == State.SPEAKING.value
        yield lambda: "I read to you" in said(window)
        sound.remove_mic()
        sound.remove_speaker()
        yield lambda: notice(window) == "The sound device went away"
        before = said(window)
        sound.add_speaker()
        sound.add_mic()
        yield lambda: notice(window) == ""
        yield lambda: len(said(window)) > len(before)

    assert visit(steps, rehearse=True) == 0


@pytest.mark.device
def test_another_device_is_taken_while_it_speaks(
    sound: VirtualAudio, visit: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.audio.stream import PortAudioDevice

    opened: list[tuple[str, str]] = []

    class Noted(PortAudioDevice):
        def __init__(self, input_name: str, output_name: str, block_ms: int) -> None:
            opened.append((input_name, output_name))
            super().__init__(input_name, output_name, block_ms)

    monkeypatch.setattr(session, "PortAudioDevice", Noted)

    def steps(window: MainWindow) -> Steps:
        yield lambda: "I read to you" in said(window)
        picker = window.top.output
        yield lambda: picker.count() > 1
        picker.setFocus()
        QTest.keyClick(picker, Qt.Key.Key_Down)
        name = picker.itemData(picker.currentIndex())
        assert name
        yield lambda: opened[-1] == ("", name)
        assert window._model.value("audio.output") == name
        before = said(window)
        yield lambda: len(said(window)) > len(before)
        assert notice(window) == "", "nothing went wrong"

    assert visit(steps, rehearse=True) == 0
    assert len(opened) == 2
