"""The conversation: heard text, struck text, chips, and what is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from assistant.ui.chips import NUMBER, OBJECT
from assistant.ui.chips import TEXT as CHIP_TEXT
from assistant.ui.controls import Controls
from assistant.ui.conversation import MOST_PARAGRAPHS, ConversationView
from assistant.ui.latency_strip import in_words, saved_words
from assistant.ui.style import Theme
from assistant.workers.reply_times import ReplyTimes
from tests.ui.looking import settle

TIMES = ReplyTimes(1, 512, 90, 60, 80, 50, 20)
SENTENCE = "he counted the passengers the way other men count sheep."


@pytest.fixture
def view(theme: Theme, controls: Controls, qtbot: QtBot) -> Iterator[ConversationView]:
    made = ConversationView(theme, controls)
    qtbot.addWidget(made)
    made.resize(440, 500)
    made.show()
    settle()
    yield made


def runs(view: ConversationView) -> list[tuple[str, bool]]:
    """(text, whether struck) of the last paragraph; chips as [label]."""
    found: list[tuple[str, bool]] = []
    piece = view.page.document().lastBlock().begin()
    while not piece.atEnd():
        shape = piece.fragment().charFormat()
        text = f"[{shape.property(CHIP_TEXT)}]" if OBJECT in piece.fragment().text() else piece.fragment().text()
        found.append((text, shape.fontStrikeOut()))
        piece += 1
    return found


def test_words_come_in_one_after_another(view: ConversationView) -> None:
    number = view.begin("interject", "12:03:41")
    for word in ("From ", "the ", "gallery"):
        view.append(number, word)
    assert runs(view) == [("From the gallery", False)]


def test_tentative_words_are_replaced(view: ConversationView) -> None:
    number = view.begin("you", "now")
    view.tentative(number, "weight")
    view.tentative(number, "wait how")
    view.append(number, "Wait, how many?")
    assert runs(view) == [("Wait, how many?", False)]


def test_what_was_not_heard_is_struck_behind_the_chip(view: ConversationView) -> None:
    number = view.begin("interject", "12:04:25")
    view.append(number, SENTENCE)
    view.cut(number, SENTENCE.index("the passengers"), "142 ms", card=3)
    assert runs(view) == [
        ("he counted ", False),
        ("[142 ms]", False),
        ("the passengers the way other men count sheep.", True),
    ]


def test_text_that_arrives_after_the_cut_is_struck_too(view: ConversationView) -> None:
    number = view.begin("interject", "12:04:25")
    view.append(number, "he counted ")
    view.cut(number, 11, "142 ms")
    view.append(number, "the passengers")
    assert runs(view)[-1] == ("the passengers", True)


def test_chips_do_not_shift_the_count_of_characters(view: ConversationView) -> None:
    number = view.begin("interject", "12:04:25")
    view.append(number, SENTENCE)
    view.duck_chip(number, 3, "0.29 s, noise")
    view.duck_chip(number, 30, "0.41 s")
    view.cut(number, SENTENCE.index("the passengers"), "142 ms")
    assert [text for text, struck in runs(view) if struck] == ["the passengers the ", "way other men count sheep."]
    assert "".join(text for text, _ in runs(view) if not text.startswith("[")) == SENTENCE


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    heard=st.integers(-5, len(SENTENCE) + 5),
    ducks=st.lists(st.integers(0, len(SENTENCE)), max_size=4),
    late=st.lists(st.integers(0, len(SENTENCE)), max_size=2),
)
def test_no_letter_is_lost_wherever_it_is_cut(
    view: ConversationView, heard: int, ducks: list[int], late: list[int]
) -> None:
    number = view.begin("interject", "12:00:00")
    view.append(number, SENTENCE)
    for at in ducks:
        view.duck_chip(number, at, "0.3 s")
    view.cut(number, heard, "142 ms")
    for at in late:
        view.duck_chip(number, at, "0.4 s")
    said = [(text, struck) for text, struck in runs(view) if not text.startswith("[")]
    assert "".join(text for text, _ in said) == SENTENCE
    assert "".join(text for text, struck in said if struck).strip() == SENTENCE[max(0, heard) :].strip()


def test_a_click_on_a_chip_names_its_card(view: ConversationView, qtbot: QtBot) -> None:
    number = view.begin("interject", "12:04:25")
    view.append(number, SENTENCE)
    view.cut(number, 11, "142 ms", card=7)
    settle()
    chip = QTextCursor(view.page.document())
    while chip.charFormat().property(NUMBER) != 7:
        assert chip.movePosition(QTextCursor.MoveOperation.Right)
    behind = view.page.cursorRect(chip)
    for off in (-10, -50):
        with qtbot.waitSignal(view.chip_clicked) as clicked:
            place = QPoint(behind.left() + off, behind.center().y())
            QTest.mouseClick(view.page.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert clicked.args == [7]
    told: list[int] = []
    view.chip_clicked.connect(told.append)
    place = QPoint(view.page.cursorRect(chip).left() - 120, behind.center().y())
    QTest.mouseClick(view.page.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told == []


def test_carried_on_has_a_line_of_its_own(view: ConversationView) -> None:
    view.line_carried_on("“mm-hm”: ducked 0.41 s, carried on", "12:04:12")
    assert view.page.toPlainText() == "▲  “mm-hm” at 12:04:12: ducked 0.41 s, carried on"


def test_only_the_last_paragraphs_are_kept(view: ConversationView) -> None:
    numbers = []
    for at in range(90):
        number = view.begin("you" if at % 2 else "interject", "12:00:00")
        view.append(number, f"words {at}")
        if at % 7 == 0:
            view.line_carried_on("noise: ducked 0.3 s", "12:00:01")
        numbers.append(number)
    assert view.page.document().blockCount() <= MOST_PARAGRAPHS
    assert "words 89" in view.page.toPlainText() and "words 3\n" not in view.page.toPlainText()
    before = view.page.toPlainText()
    view.append(numbers[0], "too late")
    view.cut(numbers[1], 2, "142 ms")
    assert view.page.toPlainText() == before
    view.append(numbers[-1], " and more")
    assert view.page.toPlainText().endswith("words 89 and more")


def test_it_follows_the_words_unless_somebody_scrolled_up(view: ConversationView) -> None:
    bar = view.page.verticalScrollBar()
    for at in range(30):
        view.append(view.begin("interject", "12:00:00"), f"{SENTENCE} {at}")
    settle()
    assert bar.maximum() > 0 and bar.value() == bar.maximum()
    bar.setValue(bar.maximum() // 2)
    kept = bar.value()
    view.append(view.begin("interject", "12:00:01"), SENTENCE)
    settle()
    assert bar.value() == kept
    bar.setValue(bar.maximum())
    view.append(view.begin("interject", "12:00:02"), SENTENCE)
    settle()
    assert bar.value() == bar.maximum()


def test_an_empty_conversation_offers_what_to_do(
    view: ConversationView, controls: Controls, qtbot: QtBot
) -> None:
    assert view.nothing.isVisible()
    with qtbot.waitSignal(controls.start_rehearsal):
        view.nothing.start.click()
    view.begin("interject", "12:00:00")
    assert not view.nothing.isVisible()


def test_another_theme_colours_all_runs_anew(view: ConversationView, theme: Theme) -> None:
    number = view.begin("interject", "12:00:00")
    view.append(number, SENTENCE)
    view.cut(number, 11, "142 ms")
    before = runs(view)
    theme.set("dark", 1.0)
    piece = view.page.document().lastBlock().begin()
    assert piece.fragment().charFormat().foreground().color().name().upper() == theme.tokens.text
    assert runs(view) == before


def blocks(view: ConversationView) -> list[str]:
    document = view.page.document()
    return [document.findBlockByNumber(number).text() for number in range(document.blockCount())]


def test_words_that_turned_out_to_be_others_are_replaced(view: ConversationView) -> None:
    number = view.begin("you", "now")
    view.say(number, "wait how many")
    view.tentative(number, " steps was")
    view.say(number, "wait, how many steps?")
    view.settle_clock(number, "12:04:31")
    assert blocks(view) == ["You  12:04:31", "wait, how many steps?"]
    assert [said.text for said in view.record.lines] == ["wait, how many steps?"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.text("ab ", max_size=6), max_size=6))
def test_what_stands_there_is_what_was_said_last(view: ConversationView, said: list[str]) -> None:
    number = view.begin("you", "now")
    for text in said:
        view.say(number, text)
        view.tentative(number, " and")
    view.append(number, "")
    assert blocks(view)[-1] == (said[-1] if said else "")


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_dropped_utterance_leaves_the_others_as_they_were(view: ConversationView, which: int) -> None:
    numbers = []
    for at, who in enumerate(("you", "interject", "you")):
        numbers.append(view.begin("you" if who == "you" else "interject", f"12:00:0{at}"))
        view.append(numbers[-1], f"words {at}")
    view.reply_times(numbers[0], TIMES)
    whole = blocks(view)
    spans = [(0, 3), (3, 5), (5, 7)]
    shapes = [view.page.document().findBlockByNumber(n).blockFormat().topMargin() for n in range(7)]
    start, end = spans[which]
    view.drop(numbers[which])
    assert blocks(view) == whole[:start] + whole[end:]
    kept = [view.page.document().findBlockByNumber(n).blockFormat().topMargin() for n in range(7 - (end - start))]
    assert kept == shapes[:start] + shapes[end:]
    for other in numbers:
        view.append(other, "!")
    assert [text for text in blocks(view) if text.endswith("!")] == [
        f"words {at}!" for at in range(3) if at != which
    ]


def test_when_nothing_is_left_it_offers_what_to_do_again(view: ConversationView) -> None:
    view.drop(view.begin("you", "now"))
    assert view.nothing.isVisible() and view.page.toPlainText() == ""
    view.append(view.begin("you", "now"), "again")
    assert blocks(view) == ["You  now", "again"]


def test_strips_go_with_the_words_above_them(view: ConversationView) -> None:
    for at in range(80):
        number = view.begin("you", "12:00:00")
        view.append(number, f"words {at}")
        view.reply_times(number, TIMES)
    found = blocks(view)
    assert len(found) <= MOST_PARAGRAPHS and found[0].startswith("You") and found[-1] == OBJECT
    assert len(view.record.lines) == 80


def test_more_about_a_reply_leaves_the_paragraphs_below_as_they_were(view: ConversationView) -> None:
    def shapes() -> list[tuple[float, float, float]]:
        found = []
        block = view.page.document().begin()
        while block.isValid():
            shape = block.blockFormat()
            found.append((shape.topMargin(), shape.bottomMargin(), shape.lineHeight()))
            block = block.next()
        return found

    first = view.begin("you", "12:00:00")
    view.append(first, "one")
    view.reply_times(first, TIMES)
    view.append(view.begin("interject", "12:00:01"), "two")
    view.append(view.begin("interject", "12:00:02"), "three")
    before = shapes()
    view.reply_times(first, replace(TIMES, device_ms=40))
    assert shapes() == before


def test_a_place_belongs_to_the_utterance_that_stands_there(view: ConversationView) -> None:
    view.day("Sunday")
    first, second = view.begin("you", "12:00:00"), view.begin("interject", "12:00:01")
    view.append(first, "one")
    view.append(second, "two")
    view.reply_times(first, TIMES)
    document = view.page.document()
    owners = [
        view.utterance_at(document.findBlockByNumber(n).position()) for n in range(document.blockCount())
    ]
    assert owners == [None, first, first, first, second, second]


def test_the_strip_says_what_was_saved_and_wasted(view: ConversationView) -> None:
    assert saved_words(TIMES) == ""
    assert saved_words(replace(TIMES, prepared=True, saved_ms=412.3, wasted=1)) == (
        "Saved 412 ms by preparing. 1 prepared reply thrown away."
    )
    assert in_words(TIMES) == (
        "Answered after 812 milliseconds: silence 512, words 90, prompt 60, clause 80, voice 50, device 20."
    )


@pytest.mark.parametrize("width", [336, 440, 900])
def test_a_strip_is_never_wider_than_the_text(view: ConversationView, width: int) -> None:
    view.resize(width, 400)
    number = view.begin("you", "12:00:00")
    view.append(number, "words")
    view.reply_times(number, replace(TIMES, prepared=True, saved_ms=412))
    settle()
    block = view.page.document().lastBlock()
    line = block.layout().lineAt(0)
    assert 100 < line.naturalTextWidth() <= line.width()
    assert block.layout().lineCount() == 1
    view.grab()
