"""Settings that are texts: chosen from what is there, or written in a box of several lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.settings.access import KNOBS
from assistant.speech import libespeak
from assistant.ui.kept_dialog import KeptDialog
from assistant.ui.key_button import KeyButton
from assistant.ui.main_window import SETTINGS, MainWindow
from assistant.ui.offers import Offers
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from assistant.ui.text_rows import OfferRow, ProseRow
from tests.ui.looking import settle


@pytest.fixture
def offers(qapp: QApplication) -> Iterator[Offers]:
    yield Offers()


def listed(row: OfferRow) -> list[str]:
    return [row.combo.itemText(at) for at in range(row.combo.count())]


def test_devices_are_chosen_from_those_that_are_there(
    theme: Theme, model: SettingsModel, offers: Offers, qtbot: QtBot
) -> None:
    model.set("audio.input", "Desk mic")
    row = OfferRow(theme, model, KNOBS["audio.input"], offers)
    qtbot.addWidget(row)
    offers.offer("audio.input", (("Built-in", "Built-in"), ("USB", "USB")))
    assert listed(row) == ["System default", "Built-in", "USB", "Desk mic, not here"]
    assert row.combo.currentText() == "Desk mic, not here"
    row.combo.activated.emit(2)
    row.refresh()
    assert model.value("audio.input") == "USB" and row.combo.currentText() == "USB"
    row.combo.activated.emit(0)
    assert model.value("audio.input") == ""


def test_the_window_hands_its_devices_to_the_settings(window: MainWindow) -> None:
    window.show_page(SETTINGS)
    assert window.settings_page is not None
    window.settings_page.build_all()
    window.show_devices(["Built-in"], ["Headphones"])
    row = window.settings_page.rows["audio.output"]
    assert isinstance(row, OfferRow) and listed(row) == ["System default", "Headphones"]


def test_the_voices_of_espeak_are_offered_by_name(offers: Offers) -> None:
    offers.look()
    choices = offers.choices("voice.language", "en-gb")
    assert choices["en-gb"] == "English (Great Britain) (en-gb)" and "de" in choices and "" not in choices
    assert "The lighthouse" in offers.choices("brain.passage", "")
    assert offers.choices("voice.language", "en-gb+f3")["en-gb+f3"] == "en-gb+f3"


def test_the_window_does_not_wait_for_a_voice_that_speaks(offers: Offers, qtbot: QtBot) -> None:
    offers._retry.setInterval(5)
    with libespeak.LOCK:
        offers.look()
        assert not offers.has("voice.language")
    with qtbot.waitSignal(offers.changed):
        pass
    assert offers.has("voice.language")


def test_the_persona_is_written_in_a_box_and_taken_when_it_is_left(
    theme: Theme, model: SettingsModel, qtbot: QtBot
) -> None:
    row = ProseRow(theme, model, KNOBS["brain.persona"])
    qtbot.addWidget(row)
    row.box.setPlainText(" You are a pirate.\nBe brief. ")
    assert model.value("brain.persona") == KNOBS["brain.persona"].default
    row.box.left.emit()
    assert model.value("brain.persona") == "You are a pirate.\nBe brief."
    model.undo()
    row.refresh()
    assert row.box.toPlainText() == KNOBS["brain.persona"].default


def test_a_new_line_in_a_list_of_words_is_a_new_entry(theme: Theme, model: SettingsModel, qtbot: QtBot) -> None:
    row = ProseRow(theme, model, KNOBS["barge_in.stop_words"])
    qtbot.addWidget(row)
    row.box.setPlainText("stop, wait,\nhalt\n\n")
    row.box.left.emit()
    assert model.value("barge_in.stop_words") == "stop, wait, halt"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERJECT_HOME", str(tmp_path))


@pytest.mark.usefixtures("home")
def test_kept_conversations_are_shown_from_the_settings(request: pytest.FixtureRequest) -> None:
    window: MainWindow = request.getfixturevalue("window")
    window.show_page(SETTINGS)
    page = window.settings_page
    assert page is not None
    page.build_all()
    links = [button for button in page.findChildren(KeyButton) if button.text() == "Show kept conversations"]
    links[0].click()
    settle()
    assert window.findChild(KeptDialog) is not None
