"""Slider rows: dragging, keys, typing, resetting, and the two thresholds on one groove."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from assistant.settings.access import KNOBS
from assistant.ui.bubble import Bubble
from assistant.ui.knob_row import KnobRow
from assistant.ui.main_window import SETTINGS, MainWindow
from assistant.ui.range_row import RangeRow
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from tests.ui.looking import settle, visible

CONFIRM = "barge_in.confirm_ms"
LEFT = Qt.MouseButton.LeftButton


def row_of(window: MainWindow, key: str) -> KnobRow:
    row = window.talk.tuning.rows[key]
    assert isinstance(row, KnobRow)
    return row


def test_dragging_changes_the_setting_while_it_moves(window: MainWindow, model: SettingsModel) -> None:
    slider = row_of(window, CONFIRM).slider
    told: list[int] = []
    model.changed.connect(lambda s: told.append(s.barge_in.confirm_ms))
    middle = slider.height() // 2
    QTest.mousePress(slider, LEFT, pos=QPoint(round(slider.knob_x()), middle))
    QTest.mouseMove(slider, QPoint(slider.width() // 2, middle))
    QTest.mouseMove(slider, QPoint(slider.width() - 1, middle))
    assert told and told[-1] == 480
    assert window.bubble.isVisible()
    QTest.mouseRelease(slider, LEFT, pos=QPoint(slider.width() - 1, middle))
    assert not window.bubble.isVisible()
    model.undo()
    assert model.value(CONFIRM) == KNOBS[CONFIRM].default


def test_keys_move_by_what_can_take_effect(window: MainWindow, model: SettingsModel) -> None:
    slider = row_of(window, CONFIRM).slider
    before = model.value(CONFIRM)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert model.value(CONFIRM) - before == KNOBS[CONFIRM].step
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert model.value(CONFIRM) == 32


def test_a_reader_sees_the_range_in_the_unit_and_lands_on_the_grid(window: MainWindow, model: SettingsModel) -> None:
    slider = row_of(window, "barge_in.gap_ms").slider
    assert (slider.minimum(), slider.maximum()) == (0, 320)
    slider.setValue(70)
    assert slider.value() == model.value("barge_in.gap_ms") == 64


def test_a_changed_row_is_reset_by_its_arrow_and_by_a_double_click(window: MainWindow, model: SettingsModel) -> None:
    row = row_of(window, CONFIRM)
    assert not row.reset.isVisible()
    model.set(CONFIRM, 400)
    assert row.reset.isVisible() and row.slider.changed_by_hand
    row.reset.click()
    assert model.value(CONFIRM) == KNOBS[CONFIRM].default
    model.set(CONFIRM, 400)
    QTest.mouseDClick(row.slider, LEFT)
    assert model.value(CONFIRM) == KNOBS[CONFIRM].default
    assert not row.reset.isVisible()


def test_typing_takes_a_value_and_refuses_one_out_of_range(window: MainWindow, model: SettingsModel) -> None:
    figure = row_of(window, CONFIRM).value
    QTest.mouseClick(figure, LEFT)
    assert figure.field is not None
    figure.field.setText("5000")
    QTest.keyClick(figure.field, Qt.Key.Key_Return)
    assert figure.refusal is not None and figure.refusal.text() == "32 to 480"
    figure.field.setText("200")
    QTest.keyClick(figure.field, Qt.Key.Key_Return)
    assert model.value(CONFIRM) == 200
    assert figure.field is None and figure.refusal is None
    assert figure.text() == "200"


def test_escape_leaves_the_field_and_stops_the_speech_all_the_same(
    window: MainWindow, model: SettingsModel, qtbot: QtBot
) -> None:
    figure = row_of(window, CONFIRM).value
    before = model.value(CONFIRM)
    window.activateWindow()
    settle()
    QTest.mouseClick(figure, LEFT)
    assert figure.field is not None
    figure.field.setText("200")
    with qtbot.waitSignal(window._controls.stop_speaking):
        QTest.keyClick(figure.field, Qt.Key.Key_Escape)
    settle()
    assert figure.field is None and model.value(CONFIRM) == before


def test_pointing_at_a_row_names_its_setting(window: MainWindow) -> None:
    told: list[str] = []
    window.knob_hovered.connect(told.append)
    window.activateWindow()
    settle()
    row_of(window, CONFIRM).slider.setFocus(Qt.FocusReason.TabFocusReason)
    row_of(window, "barge_in.duck_db").slider.setFocus(Qt.FocusReason.TabFocusReason)
    window.talk.column.composer.line.setFocus(Qt.FocusReason.TabFocusReason)
    assert told[0] == CONFIRM
    assert "barge_in.duck_db" in told
    assert told[-1] == ""


def test_a_setting_that_is_not_in_effect_says_why(window: MainWindow) -> None:
    row = window.talk.tuning.rows["echo.margin_db"]
    window.hinder("echo.margin_db", "Only with speakers; you are on headphones.")
    assert "you are on headphones" in row.tooltip_text()
    window.hinder("echo.margin_db", "")
    assert "you are on headphones" not in row.tooltip_text()


@pytest.fixture
def range_row(theme: Theme, model: SettingsModel, qtbot: QtBot) -> RangeRow:
    model.apply({"vad.start": 0.60, "vad.release": 0.45})
    row = RangeRow(theme, model)
    qtbot.addWidget(row)
    row.resize(378, 26)
    row.show()
    model.changed.connect(row.refresh)
    return row


def test_the_two_handles_push_each_other(range_row: RangeRow, model: SettingsModel) -> None:
    track = range_row.track
    middle = track.height() // 2
    QTest.mousePress(track, LEFT, pos=QPoint(round(track.knob_x(60)), middle))
    QTest.mouseMove(track, QPoint(round(track.knob_x(30)), middle))
    QTest.mouseRelease(track, LEFT, pos=QPoint(round(track.knob_x(30)), middle))
    assert model.value("vad.start") == pytest.approx(0.30, abs=0.02)
    assert model.value("vad.release") == pytest.approx(model.value("vad.start") - 0.05)
    assert track.release.value() == round(model.value("vad.release") * 100)


def test_the_handles_are_sliders_to_keys_and_readers(range_row: RangeRow, model: SettingsModel) -> None:
    assert range_row.track.start.accessibleName() == "Speech from, percent"
    assert range_row.track.release.accessibleName() == "Speech until, percent"
    QTest.keyClick(range_row.track.start, Qt.Key.Key_Right)
    assert model.value("vad.start") == pytest.approx(0.61)
    QTest.keyClick(range_row.track.release, Qt.Key.Key_PageDown)
    assert model.value("vad.release") == pytest.approx(0.40)


def test_both_figures_can_be_typed(range_row: RangeRow, model: SettingsModel) -> None:
    assert (range_row.value.text(), range_row.unit.text()) == (".60", "/ .45")
    range_row.unit.edit()
    assert range_row.unit.field is not None
    range_row.unit.field.setText(".3")
    QTest.keyClick(range_row.unit.field, Qt.Key.Key_Return)
    assert model.value("vad.release") == pytest.approx(0.3)


def test_the_drag_bubble_stays_in_the_window(theme: Theme, window: MainWindow) -> None:
    bubble = Bubble(theme, window)
    bubble.show_over(window, QPoint(window.width(), 200), "480 ms")
    assert window.rect().contains(bubble.geometry())


def test_every_setting_has_its_row_on_the_settings_page(window: MainWindow, model: SettingsModel) -> None:
    window.show_page(SETTINGS)
    page = window.settings_page
    assert page is not None
    page.build_all()
    assert set(page.rows) == set(KNOBS)
    page.search.setText("confirm stop")
    settle()
    assert [row.knob.key for row in visible(page, KnobRow)] == [CONFIRM]
    page.search.setText("zebra")
    assert page.none.isVisible()
    page.search.setText("")
    model.set(CONFIRM, 200)
    shown = page.rows[CONFIRM]
    assert isinstance(shown, KnobRow) and shown.value.text() == "200"
