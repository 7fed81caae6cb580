"""Meters rise at once and fall steadily; the axis counts back from now, or tells the clock."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QRect

from assistant.ui.live.axis import clock_ticks, live_ticks
from assistant.ui.live.meters import FALL_DB_PER_S, Meter, figure, level_at, level_y
from assistant.ui.live.view import View


def test_a_meter_rises_at_once_and_falls_steadily() -> None:
    meter = Meter()
    meter.feed([-40.0, -12.0], 1.0)
    assert meter.level_dbfs == -12
    meter.feed([-60.0], 2.0)
    assert meter.level_dbfs == pytest.approx(-12 - FALL_DB_PER_S)


def test_the_peak_is_held_for_a_second() -> None:
    meter = Meter()
    meter.feed([-12.0], 1.0)
    meter.feed([-60.0], 1.9)
    assert meter.peak_dbfs == -12
    meter.feed([-60.0], 2.1)
    assert meter.peak_dbfs < -30


def test_no_sound_for_half_a_second_is_shown() -> None:
    meter = Meter()
    meter.feed([-30.0], 1.0)
    meter.feed([], 1.4)
    assert not meter.stale
    meter.feed([], 1.6)
    assert meter.stale


def test_a_window_that_was_busy_is_no_lack_of_sound() -> None:
    meter = Meter()
    meter.feed([-30.0], 1.0)
    meter.feed([-30.0], 9.0)
    assert not meter.stale


def test_the_figure_changes_five_times_a_second_and_keeps_the_loudest() -> None:
    meter = Meter()
    meter.feed([-30.0], 1.0)
    assert meter.figure == "−30 dB"
    meter.feed([-10.0], 1.1)
    assert meter.figure == "−30 dB"
    meter.feed([-50.0], 1.25)
    assert meter.figure == "−10 dB"
    assert figure(-80) == "silent"


def test_a_level_and_its_row_belong_together() -> None:
    where = QRect(0, 100, 8, 160)
    assert level_y(where, -80) == where.bottom() + 1
    assert level_y(where, 0) == where.top()
    assert level_at(where, level_y(where, -55)) == pytest.approx(-55, abs=0.5)


def test_the_axis_counts_back_from_now() -> None:
    ticks = live_ticks(View.of(640, 8, 320_000, 625), 1.0)
    assert [tick.text for tick in ticks] == ["now", *(f"−{s} s" for s in range(1, 9))]
    assert ticks[0].x == 640
    assert ticks[1].x - ticks[2].x == 80


def test_a_narrow_axis_drops_labels_and_keeps_lines() -> None:
    ticks = live_ticks(View.of(600, 30, 960_000, 1875), 1.0)
    assert len(ticks) == 31
    assert [tick.text for tick in ticks if tick.text] == ["now", *(f"−{s} s" for s in range(5, 31, 5))]


def test_a_frozen_axis_tells_the_clock() -> None:
    view = View.of(640, 8, 160_000, 312)
    ticks = clock_ticks(view, 1.0, datetime(2026, 11, 22, 12, 4, 33, 500_000), view.end)
    assert [tick.text for tick in ticks] == [f"12:04:{s}" for s in range(26, 34)]
    assert abs(ticks[-1].x - (640 - 40)) <= 1
