"""While models load: a row for each, and a way out of what takes long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from assistant.ui import loading_rows
from assistant.ui.controls import Controls
from assistant.ui.loading_rows import Load, LoadingRows
from assistant.ui.style import Theme


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    told = [100.0]
    monkeypatch.setattr(loading_rows, "monotonic", lambda: told[0])
    return told


@pytest.fixture
def rows(theme: Theme, controls: Controls, qtbot: QtBot, now: list[float]) -> Iterator[LoadingRows]:
    made = LoadingRows(theme, controls)
    qtbot.addWidget(made)
    yield made


def test_each_model_has_a_row_with_its_time(rows: LoadingRows, now: list[float]) -> None:
    assert rows.isHidden()
    rows.show_load(Load("ears", "Whisper base.en", "ready", 0.9))
    rows.show_load(Load("mind", "Qwen2.5 1.5B", "loading", expected_s=4))
    rows.show_load(Load("voice", "Lessac, medium", "waiting"))
    now[0] += 2
    rows._tick()
    assert [row.words for row in rows.rows.values()] == ["ready, 0.9 s", "loading, 2 s", "waiting"]
    assert [row._bar._share for row in rows.rows.values()] == [1.0, 0.5, 0.0]
    assert not rows.isHidden()


def test_a_bar_never_says_ready_before_it_is(rows: LoadingRows, now: list[float]) -> None:
    rows.show_load(Load("mind", "Qwen", "loading", expected_s=4))
    rows.show_load(Load("voice", "Lessac", "loading"))
    now[0] += 60
    rows._tick()
    assert [row._bar._share for row in rows.rows.values()] == [loading_rows.MOST, 0.0]


def test_what_takes_long_can_be_given_up(
    rows: LoadingRows, now: list[float], controls: Controls, qtbot: QtBot
) -> None:
    rows.show_load(Load("mind", "Qwen", "loading"))
    rows._tick()
    assert rows.rows["mind"].cancel.isHidden()
    now[0] += 10
    rows._tick()
    assert not rows.rows["mind"].cancel.isHidden()
    with qtbot.waitSignal(controls.cancel_loading) as given_up:
        rows.rows["mind"].cancel.click()
    assert given_up.args == ["mind"]


def test_they_leave_when_everything_is_ready(rows: LoadingRows, qtbot: QtBot) -> None:
    rows._leaving.setInterval(5)
    rows.show_load(Load("ears", "Whisper", "loading"))
    rows.show_load(Load("ears", "Whisper", "ready", 1.0))
    qtbot.waitUntil(rows.isHidden)
    assert rows.rows == {}
    rows.show_load(Load("ears", "Whisper small", "failed"))
    assert not rows.isHidden() and rows.rows["ears"].words == "failed"
