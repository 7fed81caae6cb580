"""The window: names, sizes, keys, the timer, and what it tells the application."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from assistant.settings.access import KNOBS
from assistant.turns.states import State
from assistant.ui import main_window
from assistant.ui.choice import Choice
from assistant.ui.composer import STATE_LOOKS
from assistant.ui.controls import Controls
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.main_window import CALM_FRAME_MS, FRAME_MS, SETTINGS, MainWindow
from assistant.ui.metrics import COMPACT, ROOMY
from assistant.ui.notice import Notice
from assistant.ui.settings_model import SettingsModel
from assistant.ui.shortcuts import KEYS, KeyList
from assistant.ui.status_bar import LEFT, RIGHT, StatusFigures
from assistant.ui.style import Theme
from assistant.ui.tokens import DARK, LIGHT
from assistant.ui.wrapped import Wrapped
from tests.ui.looking import settle, visible

SIZES = pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1920, 1080)], ids=lambda size: f"{size[0]}")


def fill(window: MainWindow) -> None:
    """Everything that can be shown at once, with the longest usual words."""
    window.show_partner("Rehearsal", "The lighthouse, 2 of 9")
    window.set_noises(["Cough", "Door"])
    window.show_devices(["Built-in microphone"], ["Headphones"], "Built-in microphone", "Headphones")
    window.show_state(State.SPEAKING, "Just talk to cut in.")
    window.show_notice(Notice("late", "warning", "Sound was late 3 times in a minute", "Blocks help.", "Use 20 ms"))
    window.show_status(StatusFigures("48 kHz, 10 ms", 8, 18, 0.8, 0, 9, "eSpeak NG", "Rehearsal", 212))
    for key, value in (("vad.start", 0.7), ("barge_in.confirm_ms", 400), ("endpointing.silence_ms", 1984)):
        window._model.set(key, value)


def too_narrow(window: QWidget) -> list[str]:
    labels = [label.text() for label in visible(window, Label) if label.text_width > label.width() + 1]
    buttons = [b.text() for b in visible(window, KeyButton) if b.sizeHint().width() > b.width()]
    return labels + buttons


@SIZES
def test_no_label_is_wider_than_its_box(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    fill(window)
    settle()
    assert too_narrow(window) == []
    assert window.width() == size[0] and window.height() == size[1]


@SIZES
def test_no_label_of_the_settings_is_wider_than_its_box(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.show_page(SETTINGS)
    assert window.settings_page is not None
    window.settings_page.build_all()
    settle()
    assert too_narrow(window.settings_page) == []


@pytest.mark.parametrize("text_scale", [0.9, 1.2, 1.5])
def test_larger_text_keeps_the_rows_whole(window: MainWindow, model: SettingsModel, text_scale: float) -> None:
    window.resize(1280, 800)
    model.set("panel.text_scale", text_scale)
    fill(window)
    settle()
    assert too_narrow(window.talk.tuning) == []
    assert window.height() == 800


def test_nothing_scrolls_in_the_smallest_window(window: MainWindow) -> None:
    window.resize(1024, 700)
    settle()
    scrolling = [bar for bar in visible(window.talk.panel, QScrollBar) if bar.maximum() > 0]
    assert scrolling == []
    assert len(window.talk.tuning.rows) == 11
    assert all(row.visibleRegion().boundingRect() == row.rect() for row in window.talk.tuning.rows.values())


def test_every_widget_that_takes_the_keyboard_has_a_name(window: MainWindow) -> None:
    fill(window)
    window.show_page(SETTINGS)
    assert window.settings_page is not None
    window.settings_page.build_all()
    nameless = []
    for widget in window.findChildren(QWidget):
        in_popup = widget.window() is not window
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not in_popup:
            reader = QAccessible.queryAccessibleInterface(widget)
            if not reader.text(QAccessible.Text.Name).strip():
                nameless.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
    assert nameless == []


def test_tab_reaches_every_part_in_reading_order(window: MainWindow) -> None:
    fill(window)
    window.activateWindow()
    settle()
    window.top.pages[0].setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[QWidget] = []
    widget: QWidget | None = window.focusWidget()
    while widget is not None and widget not in reached:
        reached.append(widget)
        window.focusNextChild()
        widget = window.focusWidget()
    composer, tuning = window.talk.column.composer, window.talk.tuning
    order = [
        window.top.input,
        window.talk.column.partner.more,
        composer.stop,
        composer.line,
        composer.talk,
        tuning.bar.segments[0],
        tuning.save,
        tuning.sensitivity.slider,
        tuning.rows["barge_in.duck_frames"].handle(),
        tuning.rows["vad.gate_dbfs"].handle(),
        tuning.link,
    ]
    places = [reached.index(part) for part in order]
    assert places == sorted(places)


def test_a_small_window_is_compact_and_a_large_one_roomy(window: MainWindow) -> None:
    for size, metrics in (((1280, 800), ROOMY), ((1024, 700), COMPACT), ((1400, 740), COMPACT), ((1180, 800), ROOMY)):
        window.resize(*size)
        settle()
        assert window.top.height() == metrics.top_bar, size
        assert window.status.height() == metrics.status_bar
        assert window.talk.column.width() == metrics.conversation


def test_the_tick_stops_with_the_window_and_slows_when_calm(
    window: MainWindow, model: SettingsModel, qtbot: QtBot
) -> None:
    assert window._timer.interval() == FRAME_MS
    with qtbot.waitSignal(window.frame):
        pass
    model.set("panel.calm", True)
    assert window._timer.interval() == CALM_FRAME_MS
    window.hide()
    assert not window._timer.isActive()
    window.show()
    assert window._timer.isActive()


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_words(window: MainWindow, state: State) -> None:
    window.show_state(state, "Stopped 1.1 s ago.")
    assert window.talk.column.composer.state.text() == STATE_LOOKS[state][0]


def test_a_theme_waits_until_the_sound_is_silent(window: MainWindow, model: SettingsModel, theme: Theme) -> None:
    window.show_state(State.SPEAKING)
    model.set("panel.theme", "dark")
    assert not theme.tokens.dark
    window.show_state(State.LISTENING)
    assert theme.tokens.dark


def test_the_button_of_the_theme_says_that_it_waits(window: MainWindow) -> None:
    window.show_state(State.SPEAKING)
    window.top.theme_button.click()
    told = window.talk.column.notice.current
    assert told is not None and told.title == "The colours change at the next pause"


def test_something_can_be_announced_to_a_screen_reader(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    class Reader:
        @staticmethod
        def updateAccessibility(event: QAccessibleAnnouncementEvent) -> None:
            said.append(event.message())

    monkeypatch.setattr(main_window, "QAccessible", Reader)
    window.announce("Stopped after 142 milliseconds.")
    assert said == ["Stopped after 142 milliseconds."]


def test_the_status_leaves_out_what_is_not_known(window: MainWindow) -> None:
    window.show_status(StatusFigures(audio="48 kHz, 10 ms", xruns=0))
    assert window.status.said(LEFT) == [("Audio", "48 kHz, 10 ms"), ("Xruns", "0")]
    assert window.status.said(RIGHT) == []


def test_devices_can_be_chosen_and_one_that_went_away_is_named(window: MainWindow, controls: Controls) -> None:
    chosen: list[str] = []
    controls.choose_input.connect(chosen.append)
    window.show_devices(["Built-in", "USB"], ["Headphones"], "Desk mic", "")
    picker: Choice = window.top.input
    assert picker.currentText() == "Desk mic, not here"
    picker.activated.emit(picker.findData("USB"))
    picker.activated.emit(0)
    assert chosen == ["USB", ""]


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window, key, modifier)


CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def test_keys_do_what_the_list_says(
    window: MainWindow, model: SettingsModel, controls: Controls, qtbot: QtBot
) -> None:
    window.activateWindow()
    settle()
    with qtbot.waitSignal(controls.stop_speaking):
        press(window, Qt.Key.Key_Escape)
    with qtbot.waitSignal(controls.start_rehearsal):
        press(window, Qt.Key.Key_R, CTRL)
    with qtbot.waitSignal(controls.mute) as muted:
        press(window, Qt.Key.Key_M, CTRL)
    assert muted.args == [True]
    with qtbot.waitSignal(window.freeze_asked):
        press(window, Qt.Key.Key_F9)
    with qtbot.waitSignal(window.card_asked) as card:
        press(window, Qt.Key.Key_Left, ALT)
    assert card.args == [-1]
    press(window, Qt.Key.Key_Up, CTRL)
    assert model.value("barge_in.sensitivity") == 51
    press(window, Qt.Key.Key_Z, CTRL)
    assert model.value("barge_in.sensitivity") == 50
    press(window, Qt.Key.Key_2, ALT)
    assert model.preset == "Speakers"
    press(window, Qt.Key.Key_B, CTRL)
    assert not window.talk.column.isVisible()
    press(window, Qt.Key.Key_J, CTRL)
    assert window.talk.column.isVisible() and not window.talk.panel.isVisible()
    assert window.width() == 440
    press(window, Qt.Key.Key_J, CTRL)
    assert window.talk.panel.isVisible() and window.width() >= 1024
    press(window, Qt.Key.Key_3, CTRL)
    assert window.pages.currentWidget() is window.settings_page
    press(window, Qt.Key.Key_L, CTRL)
    assert window.focusWidget() is window.talk.column.composer.line


def test_f1_lists_every_key(window: MainWindow) -> None:
    window.activateWindow()
    settle()
    press(window, Qt.Key.Key_F1)
    listed = window.findChild(KeyList)
    assert listed is not None
    texts = {label.text() for label in listed.findChildren(QLabel)}
    assert {key.text for key in KEYS} <= texts
    assert too_narrow(listed) == []


def test_hold_to_talk_ends_once_however_it_ends(window: MainWindow, controls: Controls) -> None:
    told: list[str] = []
    controls.talk_pressed.connect(lambda: told.append("down"))
    controls.talk_released.connect(lambda: told.append("up"))
    line = window.talk.column.composer.line
    line.setFocus()
    QTest.keyPress(line, Qt.Key.Key_F8)
    QTest.keyRelease(line, Qt.Key.Key_F8)
    assert told == ["down", "up"]
    QTest.mousePress(window.talk.column.composer.talk, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(window.talk.column.composer.talk, Qt.MouseButton.LeftButton)
    assert told == ["down", "up"] * 2
    QTest.keyPress(window, Qt.Key.Key_F8)
    window.close()
    assert told == ["down", "up"] * 3


def test_what_is_typed_goes_out_once_and_blanks_do_not(window: MainWindow, controls: Controls) -> None:
    told: list[str] = []
    controls.typed.connect(told.append)
    line = window.talk.column.composer.line
    for text in ("go on", "   "):
        line.setText(text)
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert told == ["go on"]


def test_noises_are_offered_by_name(window: MainWindow, controls: Controls, qtbot: QtBot) -> None:
    partner = window.talk.column.partner
    assert not partner.noise.isEnabled()
    window.set_noises(["Cough", "Door"])
    with qtbot.waitSignal(controls.play_noise) as played:
        partner.noises.actions()[1].trigger()
    assert played.args == ["Door"]


def test_the_window_keeps_its_place(
    theme: Theme, model: SettingsModel, controls: Controls, tmp_path: Path, qtbot: QtBot
) -> None:
    for expected in (None, 400):
        window = MainWindow(tmp_path / "window.ini")
        window.furnish(theme, model, controls)
        qtbot.addWidget(window)
        window.show()
        assert window.talk.conversation_width == expected
        window.talk.restore_width(400)
        window.close()


def test_a_damaged_place_is_not_used(
    theme: Theme, model: SettingsModel, controls: Controls, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "window.ini").write_bytes(b"[General]\ngeometry=@ByteArray(\\0)\nconversation=wide\n\xff\x00")
    window = MainWindow(tmp_path / "window.ini")
    window.furnish(theme, model, controls)
    qtbot.addWidget(window)
    window.show()
    room = window.screen().availableSize()
    assert (window.width(), window.height()) == (max(1024, min(1280, room.width())), max(700, min(800, room.height())))
    assert window.talk.conversation_width is None


def test_buttons_have_room_for_a_finger(window: MainWindow) -> None:
    fill(window)
    small = [
        f"{type(b).__name__} {b.accessibleName()} {b.width()}×{b.height()}"
        for b in visible(window, QAbstractButton)
        if b.width() < 24 or b.height() < 24
    ]
    assert small == []


@SIZES
def test_no_sentence_of_the_settings_is_cut(window: MainWindow, size: tuple[int, int], qtbot: QtBot) -> None:
    window.resize(*size)
    window.show_page(SETTINGS)
    page = window.settings_page
    assert page is not None
    qtbot.waitUntil(lambda: len(page.rows) == len(KNOBS))
    settle()
    cut = [w.text() for w in visible(page, Wrapped) if w.heightForWidth(w.width()) > w.height()]
    assert cut == []


class TestTheEmptyWindow:
    """There at once, before anything is in it."""

    def test_it_is_on_the_screen_when_that_returns(self, qtbot: QtBot) -> None:
        window = MainWindow()
        qtbot.addWidget(window)
        window.show_at_once()
        assert window.is_painted
        assert not window.is_furnished

    def test_reading_it_reads_nothing_heavy(self) -> None:
        look = "import assistant.app, sys; print(*{'numpy', 'pydantic', 'onnxruntime'} & set(sys.modules))"
        assert subprocess.run([sys.executable, "-c", look], capture_output=True, check=True, text=True).stdout == "\n"

    def test_keys_sizes_and_closing_come_to_nothing(self, tmp_path: Path, qtbot: QtBot) -> None:
        window = MainWindow(tmp_path / "window.ini")
        qtbot.addWidget(window)
        window.show_at_once()
        qtbot.keyClick(window, Qt.Key.Key_F8)
        window.resize(1024, 720)
        window.close()
        assert MainWindow(tmp_path / "window.ini").height() == 720

    def test_it_has_the_colours_of_the_last_time(
        self, theme: Theme, model: SettingsModel, controls: Controls, tmp_path: Path, qtbot: QtBot
    ) -> None:
        model.set("panel.theme", "dark")
        for ground in (LIGHT.window, DARK.window):
            window = MainWindow(tmp_path / "window.ini")
            qtbot.addWidget(window)
            assert window.palette().color(QPalette.ColorRole.Window).name().upper() == ground
            window.furnish(theme, model, controls)
            window.close()
