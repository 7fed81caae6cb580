"""Notices: one at a time, errors until they are mended, the others for a while."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from assistant.ui import notice as notices
from assistant.ui.main_window import MainWindow
from assistant.ui.notice import Notice, NoticeBar
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme

LOST = Notice("mic.lost", "error", "The microphone went away", "Interject tries again.", "Choose another")
LATE = Notice("late", "warning", "Sound was late 3 times in a minute", "Blocks of 20 ms help.", "Use 20 ms")
SAVED = Notice("saved", "done", "Saved as “Kitchen”")


@pytest.fixture
def bar(theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[NoticeBar]:
    monkeypatch.setattr(notices, "SHOWN_MS", 30)
    made = NoticeBar(theme)
    qtbot.addWidget(made)
    yield made


def test_nothing_to_tell_takes_no_room(bar: NoticeBar) -> None:
    assert bar.isHidden()


def test_the_newest_waits_its_turn(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.tell(LATE)
    bar.tell(SAVED)
    assert bar.current == LATE
    qtbot.waitUntil(lambda: bar.current == SAVED)
    qtbot.waitUntil(bar.isHidden)


def test_an_error_stays_until_it_is_mended(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.tell(LOST)
    qtbot.wait(80)
    assert bar.current == LOST
    bar.clear("mic.lost")
    assert bar.isHidden()


def test_an_error_gives_way_to_what_is_short_and_comes_back(bar: NoticeBar, qtbot: QtBot) -> None:
    away = Notice("speaker.lost", "error", "The loudspeaker went away")
    bar.tell(LATE)
    bar.tell(LOST)
    bar.tell(away)
    bar.tell(SAVED)
    qtbot.waitUntil(lambda: bar.current == SAVED)
    qtbot.waitUntil(lambda: bar.current == LOST)
    qtbot.wait(80)
    assert bar.current == LOST, "errors do not chase each other away"
    bar.close_button.click()
    assert bar.current == away
    bar.clear("speaker.lost")
    assert bar.isHidden()


def test_the_same_code_takes_the_place_of_the_older(bar: NoticeBar) -> None:
    bar.tell(LOST)
    again = Notice("mic.lost", "error", "The microphone is still away")
    bar.tell(again)
    assert bar.current == again
    bar.clear("mic.lost")
    assert bar.current is None


def test_its_button_says_which_it_was(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.tell(LATE)
    with qtbot.waitSignal(bar.action_chosen) as chosen:
        bar.action.click()
    assert chosen.args == ["late"]
    assert bar.current is None


def test_a_saved_preset_can_be_taken_back_from_its_notice(window: MainWindow, model: SettingsModel) -> None:
    model.set("vad.gate_dbfs", -42)
    model.save_preset("Kitchen")
    shown = window.talk.column.notice
    assert shown.current is not None and shown.current.title == "Saved as “Kitchen”"
    shown.action.click()
    assert "Kitchen" not in model.presets.names()
