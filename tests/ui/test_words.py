"""Values as people read and type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.settings.access import KNOBS
from assistant.settings.knob import Knob
from assistant.ui import words

NUMBERS = [knob for knob in KNOBS.values() if knob.ge is not None]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("vad.start", 0.6, ".60"),
        ("vad.gate_dbfs", -50.0, "−50 dBFS"),
        ("barge_in.duck_frames", 1, "1 frame"),
        ("barge_in.duck_frames", 2, "2 frames"),
        ("barge_in.confirm_ms", 160, "160 ms"),
        ("panel.text_scale", 1.0, "1.0"),
        ("barge_in.after_false_stop", "phrase_start", "From phrase start"),
        ("panel.calm", True, "Yes"),
    ],
)
def test_values_with_their_units(key: str, value: object, said: str) -> None:
    assert words.with_unit(KNOBS[key], value) == said


def test_a_screen_reader_hears_the_unit() -> None:
    assert words.accessible_name(KNOBS["barge_in.confirm_ms"]) == "Confirm a stop after, milliseconds"
    assert words.accessible_name(KNOBS["vad.start"]) == "Speech from, percent"


@pytest.mark.parametrize("typed", ["5000", "31", "-1", "nan", "inf", "", "lots", "160 apples"])
def test_what_cannot_be_taken_names_the_range(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^32 to 480$"):
        words.read(KNOBS["barge_in.confirm_ms"], typed)


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("vad.gate_dbfs", "−50 dBFS", -50),
        ("vad.start", ".6", 0.6),
        ("vad.start", "0,6", 0.6),
        ("barge_in.gap_ms", "70", 64),
        ("barge_in.gap_ms", " 96 ms ", 96),
    ],
)
def test_what_is_typed_is_taken_on_the_grid_that_acts(key: str, typed: str, value: float) -> None:
    assert words.read(KNOBS[key], typed) == value


@given(knob=st.sampled_from(NUMBERS), share=st.floats(0, 1))
def test_what_is_shown_can_be_typed_again(knob: Knob, share: float) -> None:
    assert knob.ge is not None and knob.le is not None
    value = words.snapped(knob, knob.ge + (knob.le - knob.ge) * share)
    assert knob.ge <= value <= knob.le
    assert words.read(knob, words.with_unit(knob, value)) == value


@pytest.mark.parametrize("knob", NUMBERS, ids=lambda knob: knob.key)
def test_the_tooltip_says_range_and_how_to_reset(knob: Knob) -> None:
    text = words.tooltip(knob, knob.default)
    assert words.range_words(knob) in text
    assert text.endswith("Double-click resets.</p>")
    assert knob.help in text


def test_a_drag_says_what_it_moves() -> None:
    confirm = KNOBS["barge_in.confirm_ms"]
    assert words.with_effect(confirm, 160, 96) == "160 ms, stop +64 ms"
    assert words.with_effect(confirm, 64, 96) == "64 ms, stop −32 ms"
    assert words.with_effect(confirm, 96, 96) == "96 ms"
    assert words.with_effect(KNOBS["barge_in.duck_frames"], 3, 1) == "3 frames, duck +32 ms"
