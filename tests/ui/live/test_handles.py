"""The thresholds and the gate, dragged on the trace or moved by keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt

from assistant.ui.live.handles import pushed_apart
from assistant.ui.live.scope import Scope


@pytest.fixture
def scope(qtbot, theme, model, talk, clock) -> Scope:
    talk.goes_on(9.0)
    made = Scope(theme, lambda: talk.trace, model, clock)
    qtbot.addWidget(made)
    made.resize(788, 240)
    made.show()
    made.tick()
    return made


def line(scope: Scope, p: float) -> int:
    """The height of a probability, in the scope's logical pixels."""
    return round(scope.layout_now.p_y(p) / scope.layout_now.dpr)


def drag(qtbot, widget, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(widget, pos=end)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def test_dragging_the_line_anywhere_moves_the_setting(qtbot, scope, model) -> None:
    drag(qtbot, scope, QPoint(300, line(scope, 0.6) - 5), QPoint(320, line(scope, 0.8) - 5))
    assert model.current.vad.start == pytest.approx(0.8, abs=0.02)
    assert model.current.vad.release == 0.45


def test_the_setting_follows_while_it_is_dragged_and_the_drag_is_one_step_of_undo(qtbot, scope, model) -> None:
    seen = []
    model.changed.connect(lambda settings: seen.append(settings.vad.start))
    qtbot.mousePress(scope, Qt.MouseButton.LeftButton, pos=QPoint(300, line(scope, 0.6)))
    for p in (0.65, 0.7, 0.75):
        qtbot.mouseMove(scope, pos=QPoint(300, line(scope, p)))
    assert len(set(seen)) >= 3
    qtbot.mouseRelease(scope, Qt.MouseButton.LeftButton, pos=QPoint(300, line(scope, 0.75)))
    model.undo()
    assert model.current.vad.start == 0.6


def test_the_lines_push_each_other(qtbot, scope, model) -> None:
    drag(qtbot, scope, QPoint(300, line(scope, 0.6)), QPoint(300, line(scope, 0.3)))
    vad = model.current.vad
    assert vad.start == pytest.approx(0.3, abs=0.02)
    assert vad.release == pytest.approx(vad.start - 0.05)
    drag(qtbot, scope, QPoint(300, line(scope, vad.release) + 4), QPoint(300, line(scope, 0.7) + 4))
    vad = model.current.vad
    assert vad.start == pytest.approx(vad.release + 0.05)


def test_a_press_beside_the_lines_moves_nothing(qtbot, scope, model) -> None:
    before = model.current
    drag(qtbot, scope, QPoint(300, line(scope, 0.9)), QPoint(300, line(scope, 0.2)))
    assert model.current == before


def test_a_handle_is_dragged_like_its_line(qtbot, scope, model) -> None:
    start, _, gate = scope.handles.all
    middle = start.rect().center()
    drag(qtbot, start, middle, middle + QPoint(0, line(scope, 0.8) - line(scope, 0.6)))
    assert model.current.vad.start == pytest.approx(0.8, abs=0.02)
    middle = gate.rect().center()
    drag(qtbot, gate, middle, middle - QPoint(0, 10))
    assert model.current.vad.gate_dbfs > -45


def test_keys_move_in_small_and_large_steps(qtbot, scope, model) -> None:
    start = scope.handles.start
    qtbot.keyClick(start, Qt.Key.Key_Up)
    assert model.current.vad.start == 0.61
    qtbot.keyClick(start, Qt.Key.Key_PageDown)
    assert model.current.vad.start == 0.56


def test_a_key_at_the_end_of_the_range_leaves_handle_and_setting_together(qtbot, scope, model) -> None:
    model.set("vad.start", 0.1)
    qtbot.keyClick(scope.handles.start, Qt.Key.Key_Down)
    assert model.current.vad.start == 0.1
    assert scope.handles.start.value() == 10


def test_a_double_click_goes_back(qtbot, scope, model) -> None:
    model.set("vad.start", 0.9)
    qtbot.mouseDClick(scope, Qt.MouseButton.LeftButton, pos=QPoint(300, line(scope, 0.9)))
    assert model.current.vad.start == model.baseline("vad.start")


def test_handles_say_what_they_are(scope) -> None:
    assert [handle.words for handle in scope.handles.all] == ["from .60", "until .45", "gate −55"]
    assert [handle.accessibleName() for handle in scope.handles.all] == [
        "Speech from, percent",
        "Speech until, percent",
        "Ignore sound below, decibels full scale",
    ]
    assert [handle.value() for handle in scope.handles.all] == [60, 45, -55]


def test_tab_goes_from_handle_to_handle(qtbot, scope) -> None:
    start, release, gate = scope.handles.all
    assert start.nextInFocusChain() is release
    assert release.nextInFocusChain() is gate


def test_pills_never_cover_each_other(scope, model) -> None:
    model.set("vad.release", 0.55)
    start, release, _ = scope.handles.all
    assert release.y() - start.y() >= 18


@given(st.floats(0, 200), st.floats(0, 200))
def test_pushing_apart_keeps_order_distance_and_bounds(one: float, other: float) -> None:
    upper, lower = pushed_apart((min(one, other), max(one, other)), 18, 20, 180)
    assert lower - upper >= 18 - 1e-9
    assert upper >= 20 - 1e-9
    assert lower <= 180 + 1e-9
