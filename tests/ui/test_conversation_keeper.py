"""Conversations on disk: only while the person wants it, and to be deleted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.lab.kept_conversations import KeptConversations
from assistant.ui.controls import Controls
from assistant.ui.conversation import ConversationView
from assistant.ui.conversation_keeper import ConversationKeeper
from assistant.ui.kept_dialog import KeptDialog
from assistant.ui.notice import Notice
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from tests.ui.looking import settle

KEEP = "panel.keep_conversations"


@pytest.fixture
def kept(tmp_path: Path) -> KeptConversations:
    return KeptConversations(tmp_path / "conversations")


@pytest.fixture
def view(theme: Theme, controls: Controls, qtbot: QtBot) -> Iterator[ConversationView]:
    made = ConversationView(theme, controls)
    qtbot.addWidget(made)
    yield made


@pytest.fixture
def keeper(view: ConversationView, model: SettingsModel, kept: KeptConversations) -> ConversationKeeper:
    return ConversationKeeper(view, model, kept)


def says(view: ConversationView, text: str) -> int:
    number = view.begin("you", "12:00:00")
    view.say(number, text)
    return number


def written(kept: KeptConversations) -> list[list[str]]:
    return [[said.text for said in kept.read(one.path)] for one in kept.all()]


def test_nothing_is_written_unless_it_was_asked_for(
    view: ConversationView, keeper: ConversationKeeper, kept: KeptConversations
) -> None:
    says(view, "a secret")
    keeper.write()
    assert not kept.folder.exists()
    assert not keeper._timer.isActive()


def test_what_was_said_before_and_while_it_was_off_is_not_in_the_file(
    view: ConversationView, keeper: ConversationKeeper, kept: KeptConversations, model: SettingsModel
) -> None:
    says(view, "before")
    model.set(KEEP, True)
    kept_one = says(view, "kept")
    keeper.write()
    model.set(KEEP, False)
    view.say(kept_one, "kept, and more that is not to be kept")
    says(view, "while it was off")
    keeper.write()
    assert written(kept) == [["kept"]]
    model.set(KEEP, True)
    says(view, "kept as well")
    keeper.write()
    assert written(kept) == [["kept", "kept as well"]]


def test_a_change_is_written_by_itself(
    view: ConversationView, keeper: ConversationKeeper, kept: KeptConversations, model: SettingsModel, qtbot: QtBot
) -> None:
    keeper._timer.setInterval(5)
    model.set(KEEP, True)
    number = view.begin("interject", "12:00:00")
    view.append(number, "He counted the steps.")
    view.cut(number, 10, "142 ms")
    qtbot.waitUntil(lambda: bool(kept.all()))
    assert kept.read(kept.all()[0].path)[0].heard == "He counted"


def test_only_the_person_may_read_it(
    view: ConversationView, keeper: ConversationKeeper, kept: KeptConversations, model: SettingsModel
) -> None:
    model.set(KEEP, True)
    says(view, "mine")
    keeper.write()
    assert keeper.path is not None
    if sys.platform != "win32":
        assert keeper.path.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_one_notice(
    view: ConversationView, model: SettingsModel, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    keeper = ConversationKeeper(view, model, KeptConversations(tmp_path / "file" / "conversations"))
    told: list[Notice] = []
    keeper.told.connect(told.append)
    model.set(KEEP, True)
    for text in ("one", "two", "three"):
        says(view, text)
        keeper.write()
    assert [notice.title for notice in told] == ["The conversation is not being kept"]
    (tmp_path / "file").unlink()
    keeper.write()
    assert written(keeper.kept) == [["one", "two", "three"]]


def test_one_is_read_and_deleted_and_the_present_one_does_not_come_back(
    view: ConversationView, keeper: ConversationKeeper, kept: KeptConversations, model: SettingsModel, theme: Theme,
    qtbot: QtBot,
) -> None:
    model.set(KEEP, True)
    says(view, "Read to me.")
    keeper.write()
    dialog = KeptDialog(theme, kept, view)
    dialog.deleted.connect(lambda path: keeper.forget() if path == keeper.path else None)
    assert "You: Read to me." in dialog.text.toPlainText() and dialog.list.item(0).text().endswith("Read to me.")
    dialog.delete.click()
    assert kept.all() == () and dialog.list.count() == 0 and "Nothing is kept" in dialog.where.text()
    says(view, "something new")
    keeper.write()
    assert written(kept) == [["something new"]]


def test_deleting_all_asks_once_more_in_the_button(
    view: ConversationView, kept: KeptConversations, theme: Theme
) -> None:
    for second in range(3):
        kept.write(kept.folder / f"2026-03-04 12-00-0{second}.jsonl", "")
    dialog = KeptDialog(theme, kept, view)
    dialog.delete_all.click()
    assert dialog.delete_all.text() == "Delete all 3 for good" and len(kept.all()) == 3
    dialog.list.setCurrentRow(1)
    assert dialog.delete_all.text() == "Delete all"
    dialog.delete_all.click()
    dialog.delete_all.click()
    assert kept.all() == ()
    dialog.close()
    settle()


def test_a_damaged_file_says_so_and_can_be_deleted(
    view: ConversationView, kept: KeptConversations, theme: Theme
) -> None:
    kept.write(kept.folder / "2026-03-04 12-00-00.jsonl", "half a li")
    dialog = KeptDialog(theme, kept, view)
    assert "line 1: not an utterance" in dialog.text.toPlainText() and not dialog.save.isEnabled()
    dialog.delete.click()
    assert kept.all() == ()


def test_what_was_said_last_is_written_when_the_program_ends(
    view: ConversationView, keeper: ConversationKeeper, kept: KeptConversations, model: SettingsModel,
    qapp: QApplication,
) -> None:
    model.set(KEEP, True)
    says(view, "goodbye")
    qapp.aboutToQuit.emit()
    assert written(kept) == [["goodbye"]]
