"""What the lanes paint, pixel for pixel."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from assistant.signal.trace import BIN, PeakSlice
from assistant.ui.live.lanes import LaneInks, Lanes, Unplayed, ink
from assistant.ui.live.layout import Layout
from assistant.ui.live.ring import Ring
from assistant.ui.live.view import View
from assistant.ui.tokens import LIGHT

LAYOUT = Layout.of(500, 240, 1.0, 1.0)
INKS = LaneInks.of(LIGHT)
LANES = Lanes(LAYOUT, INKS, start=0.6, start_over_echo=0.6)


def lane(pixels, which: QRect):
    top = which.top() - LAYOUT.lanes.top()
    return pixels[top : top + which.height()]


def test_pieces_and_the_whole_are_the_same_picture(talk) -> None:
    talk.goes_on(1.0, near=0.4, p=0.9)
    talk.goes_on(1.0, near=0.01, p=0.3)
    whole = LANES.paint(talk.trace, (), 0, 150, 202)
    pieces = [LANES.paint(talk.trace, (), first, first + 3, 202) for first in range(0, 150, 3)]
    assert np.array_equal(whole, np.concatenate(pieces, axis=1))


def test_a_loud_peak_is_taller_and_a_clipped_one_is_red(talk) -> None:
    talk.goes_on(0.32, near=0.05)
    talk.goes_on(0.32, near=0.5)
    talk.trace.add_sound(np.tile(np.float32([1, -1]), 256), np.zeros(512, np.float32))
    mic = lane(LANES.paint(talk.trace, (), 0, 53, 202), LAYOUT.mic)
    heights = (mic == INKS.near).sum(axis=0)
    assert 0 < heights[5] < heights[35]
    assert (mic[:, 52] == INKS.clipped).any()
    assert not (mic[:, :50] == INKS.clipped).any()


def test_silence_is_the_centre_line_alone(talk) -> None:
    talk.goes_on(0.5, far=0.0)
    playback = lane(LANES.paint(talk.trace, (), 0, 30, 202), LAYOUT.playback)
    assert (playback[len(playback) // 2] == INKS.centre).all()
    assert (playback != 0).sum() == 30


def test_ducked_playback_is_visibly_low(talk) -> None:
    talk.goes_on(0.32, far=0.5)
    talk.goes_on(0.32, far=0.05)
    heights = (lane(LANES.paint(talk.trace, (), 0, 50, 202), LAYOUT.playback) == INKS.far).sum(axis=0)
    assert heights[35] < 0.4 * heights[10]


def test_what_was_not_played_stands_faint_where_nothing_sounds(talk) -> None:
    talk.goes_on(0.32, far=0.5)
    talk.goes_on(0.64, far=0.0)
    talk.goes_on(0.32, far=0.5)
    bins = round(0.96 * 16_000) // BIN
    rest = Unplayed(5120, PeakSlice(0, np.full(bins, -0.3, np.float32), np.full(bins, 0.3, np.float32)))
    playback = lane(LANES.paint(talk.trace, (rest,), 0, 100, 202), LAYOUT.playback)
    faint = (playback == INKS.unplayed).any(axis=0)
    assert not faint[:25].any()
    assert faint[30:70].all()
    assert not faint[78:].any()  # it speaks again


def test_the_part_above_the_start_line_is_filled_darker(talk) -> None:
    talk.goes_on(0.64, p=0.9)
    rows = lane(LANES.paint(talk.trace, (), 10, 20, 202), LAYOUT.probability)[:, 5]
    start = LAYOUT.p_y(0.6) - LAYOUT.probability.top()
    top = LAYOUT.p_y(0.9) - LAYOUT.probability.top()
    assert rows[top] == INKS.vad
    assert (rows[top + 2 : start] == INKS.speech).all()
    assert (rows[start + 1 : -3] == INKS.fill).all()
    moved = Lanes(LAYOUT, INKS, start=0.95, start_over_echo=0.95).paint(talk.trace, (), 10, 20, 202)
    assert not (moved == INKS.speech).any()


def test_while_an_echo_is_expected_the_darker_part_begins_at_what_is_asked_then(talk) -> None:
    talk.goes_on(0.64, p=0.9)
    talk.goes_on(0.64, p=0.9, echo_dbfs=-40.0)
    pixels = Lanes(LAYOUT, INKS, start=0.6, start_over_echo=0.75).paint(talk.trace, (), 0, 100, 202)
    alone, over_echo = (lane(pixels, LAYOUT.probability)[:, column] for column in (20, 80))
    start, higher = (LAYOUT.p_y(p) - LAYOUT.probability.top() for p in (0.6, 0.75))
    assert (alone == INKS.speech).sum() > (over_echo == INKS.speech).sum() > 0
    assert alone[start - 1] == INKS.speech
    assert over_echo[start - 1] == INKS.fill
    assert over_echo[higher - 1] == INKS.speech
    assert over_echo[higher] == INKS.vad_soft
    assert INKS.vad_soft not in alone[start - 3 : -3]


@pytest.mark.parametrize("opacity", [1.0, 0.22, 0.45])
def test_an_ink_is_premultiplied(opacity: float) -> None:
    alpha, red = ink("#FF8000", opacity) >> 24, ink("#FF8000", opacity) >> 16 & 255
    assert alpha == red == round(255 * opacity)


@pytest.mark.parametrize("dpr", [1.0, 1.25, 1.5, 2.0])
def test_lanes_are_odd_in_device_pixels_and_fill_the_height(dpr: float) -> None:
    layout = Layout.of(786, 241, dpr, 1.0)
    assert layout.mic.height() % 2 == layout.playback.height() % 2 == 1
    assert layout.axis.bottom() + 1 <= layout.height
    assert layout.p_y(1.0) < layout.p_y(0.6) < layout.p_y(0.0)
    assert abs(layout.p_at(layout.p_y(0.6)) - 0.6) < 0.02


def picture(ring: Ring, view: View) -> QImage:
    shown = QImage(view.columns, LAYOUT.lanes.height(), QImage.Format.Format_ARGB32_Premultiplied)
    shown.fill(0)
    painter = QPainter(shown)
    ring.show(painter, QRect(0, 0, view.columns, LAYOUT.lanes.height()))
    painter.end()
    return shown


def test_columns_move_and_never_change(qapp, talk) -> None:
    ring, columns = Ring(), LAYOUT.columns
    talk.goes_on(10.0, near=0.3, p=0.5)
    before = View.of(columns, 8, talk.trace.samples, talk.trace.frames)
    ring.bring(LANES, talk.trace, (), before)
    old = picture(ring, before)
    for _ in range(9):  # past the seam of the ring would take long; past many frames is enough
        talk.goes_on(0.2, near=0.6, p=0.9)
        view = View.of(columns, 8, talk.trace.samples, talk.trace.frames)
        painted = ring.bring(LANES, talk.trace, (), view)
        assert painted <= 12
    moved = view.head - before.head
    assert moved > 50
    new = picture(ring, view)
    height = LAYOUT.lanes.height()
    assert old.copy(moved, 0, columns - moved, height) == new.copy(0, 0, columns - moved, height)


def test_the_ring_after_its_seam_equals_a_fresh_one(qapp, talk) -> None:
    worn, view = Ring(), View(0, 1, 0)
    for _ in range(60):
        talk.goes_on(0.3, near=0.3, p=0.7)
        view = View.of(LAYOUT.columns, 8, talk.trace.samples, talk.trace.frames)
        worn.bring(LANES, talk.trace, (), view)
    fresh = Ring()
    fresh.bring(LANES, talk.trace, (), view)
    assert picture(worn, view) == picture(fresh, view)


def test_what_is_forgotten_is_painted_again(qapp, talk) -> None:
    ring = Ring()
    talk.goes_on(10.0)
    view = View.of(LAYOUT.columns, 8, talk.trace.samples, talk.trace.frames)
    assert ring.bring(LANES, talk.trace, (), view) == view.columns
    assert ring.bring(LANES, talk.trace, (), view) == 0
    ring.forget(view.end - 16_000)
    assert 0 < ring.bring(LANES, talk.trace, (), view) <= 16_000 // view.per_column + 1
    ring.forget()
    assert ring.bring(LANES, talk.trace, (), view) == view.columns
