"""What can be done with what was said: copying, saving, the prompt, saying it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from assistant.brain.partner import Thought
from assistant.ui.controls import Controls
from assistant.ui.conversation_actions import ConversationActions
from assistant.ui.main_window import MainWindow
from assistant.ui.notice import Notice
from assistant.ui.prompt_view import figures
from assistant.ui.shortcuts import KEYS
from tests.ui.looking import settle


@pytest.fixture
def talked(window: MainWindow) -> Iterator[MainWindow]:
    view = window.conversation
    view.say(view.begin("you", "12:00:00"), "How many steps?")
    view.thoughts.tell(Thought(1, "<user>How many steps?", 40, 8, 12, 0.2, 0.5))
    view.thoughts.begin_reply()
    reply = view.begin("interject", "12:00:01")
    view.thoughts.lead_to(reply)
    view.append(reply, "A hundred and twelve.")
    settle()
    yield window


def offered(menu: QMenu) -> list[str]:
    return [action.text().split("\t")[0] for action in menu.actions() if action.text()]


def newest(window: MainWindow) -> int:
    said = window.conversation.record.newest()
    assert said is not None
    return said.number


def test_the_bar_comes_with_the_first_words_and_offers_what_is_possible(window: MainWindow) -> None:
    bar, view = window.talk.column.reply_bar, window.conversation
    assert not bar.isVisible()
    view.say(view.begin("you", "12:00:00"), "Hello?")
    assert bar.isVisible()
    assert [b.isEnabled() for b in (bar.again, bar.go_on, bar.prompt)] == [False, False, False]
    reply = view.begin("interject", "12:00:01")
    view.append(reply, "Good morning to you.")
    assert [b.isEnabled() for b in (bar.again, bar.go_on, bar.prompt)] == [True, False, False]
    view.cut(reply, 4, "142 ms")
    assert bar.go_on.isEnabled()


def test_again_and_go_on_have_keys_and_do_nothing_while_there_is_nothing(
    window: MainWindow, controls: Controls, qtbot: QtBot
) -> None:
    keys = {key.wish: key.keys for key in KEYS}
    assert (keys["again"], keys["go_on"]) == (("F6",), ("F7",))
    told: list[str] = []
    controls.repeat_asked.connect(lambda: told.append("again"))
    controls.continue_asked.connect(lambda: told.append("go on"))
    wishes = window._wishes()
    wishes["again"]()
    wishes["go_on"]()
    assert told == []
    view = window.conversation
    reply = view.begin("interject", "12:00:00")
    view.append(reply, "Good morning.")
    wishes["again"]()
    view.cut(reply, 4, "Esc")
    wishes["go_on"]()
    assert told == ["again", "go on"]


def test_the_menu_offers_what_fits_the_place(talked: MainWindow) -> None:
    actions = talked.talk.column.actions_on_it
    whole = ["Copy conversation", "Save conversation as…"]
    assert offered(actions.menu(None)) == whole
    assert offered(actions.menu(1)) == ["Copy what was said", *whole]
    assert offered(actions.menu(newest(talked))) == ["Copy what was said", "Prompt", "Say it again", *whole]
    talked.conversation.cut(newest(talked), 9, "Esc")
    assert "Go on" in offered(actions.menu(newest(talked)))


def test_copies_hold_what_was_heard_and_what_was_not(talked: MainWindow) -> None:
    talked.conversation.cut(newest(talked), 9, "142 ms")
    actions = talked.talk.column.actions_on_it
    actions.copy_one(newest(talked))
    copied = QGuiApplication.clipboard().text()
    assert copied == "A hundred [cut off after 142 ms, not heard: and twelve.]"
    actions.copy_all()
    assert [line.split(" ", 1)[1] for line in QGuiApplication.clipboard().text().splitlines()] == [
        "You: How many steps?", f"Interject: {copied}",
    ]


def saving(window: MainWindow, controls: Controls, theme: object, path: Path | None) -> Notice | None:
    column = window.talk.column
    asked: list[str] = []

    def answer(name: str) -> Path | None:
        asked.append(name)
        return path

    actions = ConversationActions(
        column._theme, controls, column.view, column.reply_bar, column.notice, ask_path=answer
    )
    actions.save_as()
    assert asked and asked[0].startswith("Conversation ") and asked[0].endswith(".md")
    return column.notice.current


def test_a_saved_conversation_is_told(talked: MainWindow, controls: Controls, theme: object, tmp_path: Path) -> None:
    told = saving(talked, controls, theme, tmp_path / "talk.md")
    assert told is not None and told.title == "Saved as “talk.md”"
    assert "A hundred and twelve." in (tmp_path / "talk.md").read_text(encoding="utf-8")


def test_one_that_cannot_be_saved_says_why(
    talked: MainWindow, controls: Controls, theme: object, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    told = saving(talked, controls, theme, tmp_path / "file" / "talk.md")
    assert told is not None and told.severity == "warning" and "talk.md" in told.text


def test_who_cancels_saves_nothing(talked: MainWindow, controls: Controls, theme: object) -> None:
    assert saving(talked, controls, theme, None) is None


def test_the_prompt_can_be_read_and_copied(talked: MainWindow) -> None:
    actions = talked.talk.column.actions_on_it
    talked.talk.column.reply_bar.prompt.click()
    shown = actions.prompt_view
    assert shown is not None and shown.text.toPlainText() == "<user>How many steps?"
    assert shown.text.isReadOnly()
    shown.copy.click()
    assert QGuiApplication.clipboard().text() == "<user>How many steps?"
    shown.close()
    settle()
    assert actions.prompt_view is None


def test_after_a_reply_that_needed_no_model_the_prompt_before_it_is_shown(talked: MainWindow) -> None:
    view, column = talked.conversation, talked.talk.column
    view.thoughts.begin_reply()
    again = view.begin("interject", "12:00:09")
    view.thoughts.lead_to(again)
    view.append(again, "A hundred and twelve.")
    assert "needed no language model" in column.reply_bar.prompt.toolTip()
    column.reply_bar.prompt.click()
    shown = column.actions_on_it.prompt_view
    assert shown is not None and shown.text.toPlainText() == "<user>How many steps?"
    shown.close()


def test_the_figures_of_a_prompt() -> None:
    assert figures(Thought(1, "", 40, 8, 12, 0.2, 0.5)) == (
        "Prompt 48 tokens: 40 reused, 8 evaluated in 0.20 s, 40 tokens/s. Reply 12 tokens in 0.50 s, 24.0 tokens/s."
    )
    assert figures(Thought(1, "", 40, 0, 0, 0.0, 0.0)) == "Prompt 40 tokens: 40 reused, 0 evaluated in 0.00 s."
