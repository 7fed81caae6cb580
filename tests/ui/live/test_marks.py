"""Marks and the labels beside them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.live.labels import Label, place
from assistant.ui.live.marks import KIND_OF_SETTING, marks_of
from assistant.ui.tuning import DECIDING

RIGHT = 600


def placed(*labels: Label[str], glyphs: tuple[int, ...] = ()) -> dict[str, int]:
    return {one.mark: one.left for one in place(labels, glyphs, reach=8, right=RIGHT)}


def stop(x: int, name: str = "stop") -> Label[str]:
    return Label(name, x, 90, before=False, rank=0)


def duck(x: int, name: str = "duck") -> Label[str]:
    return Label(name, x, 80, before=True, rank=1)


def restore(x: int, name: str = "restore") -> Label[str]:
    return Label(name, x, 120, before=False, rank=2)


def test_a_stop_has_its_label_behind_and_a_duck_before() -> None:
    assert placed(duck(300), stop(310), glyphs=(300, 310)) == {"duck": 300 - 8 - 80, "stop": 318}


def test_a_label_that_would_leave_the_row_is_flipped() -> None:
    assert placed(duck(40)) == {"duck": 48}
    assert placed(stop(560)) == {"stop": 560 - 8 - 90}


def test_a_flipped_duck_gives_way_to_the_stop() -> None:
    assert placed(duck(40), stop(50), glyphs=(40, 50)) == {"stop": 58}


def test_a_label_is_dropped_rather_than_put_over_another_mark() -> None:
    assert "restore" not in placed(restore(100), glyphs=(100, 150))
    assert "stop" in placed(stop(100), glyphs=(100, 150))


def test_of_two_of_one_kind_the_newer_wins() -> None:
    assert placed(stop(300, "older"), stop(350, "newer")) == {"newer": 358}


@given(st.lists(st.tuples(st.sampled_from([stop, duck, restore]), st.integers(0, RIGHT)), max_size=12))
def test_no_two_labels_overlap_and_none_leaves_the_row(wanted) -> None:
    labels = [make(x, str(number)) for number, (make, x) in enumerate(wanted)]
    spans = sorted((one.left, one.left + labels[int(one.mark)].width) for one in place(labels, [], 8, RIGHT))
    assert all(start >= 0 and end <= RIGHT for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_a_stop_shows_onset_duck_and_silence(cut_in) -> None:
    episode = cut_in()
    assert [(mark.kind, mark.at, mark.text) for mark in marks_of(episode)] == [
        ("onset", episode.onset, ""),
        ("duck", episode.duck_at, "ducked 78 ms"),
        ("stop", episode.silent_at, "stopped 142 ms"),
    ]


def test_until_the_silence_is_known_the_stop_stands_at_its_decision(cut_in) -> None:
    episode = cut_in(silent_at=None, onset_to_stop_ms=None)
    assert (marks_of(episode)[-1].at, marks_of(episode)[-1].text) == (episode.decided_at, "stopped")


def test_a_restore_tells_how_long_it_was_lowered(carried_on) -> None:
    assert [mark.text for mark in marks_of(carried_on())] == ["", "ducked", "restored after 0.29 s"]


@pytest.mark.parametrize(
    ("outcome", "text"), [("near_miss", "near miss"), ("own_voice", "own voice"), ("too_quiet", "too quiet")]
)
def test_what_did_not_make_it_yield_is_named_at_its_onset(cut_in, outcome: str, text: str) -> None:
    episode = cut_in(outcome=outcome, duck_at=None, silent_at=None, onset_to_duck_ms=None, onset_to_stop_ms=None)
    assert [(mark.kind, mark.text) for mark in marks_of(episode)] == [("onset", text)]


def test_a_stop_by_hand_has_no_onset(cut_in) -> None:
    episode = cut_in(outcome="by_hand", duck_at=None, onset_to_stop_ms=None, onset_to_duck_ms=None)
    assert [(mark.kind, mark.text) for mark in marks_of(episode)] == [("stop", "stopped")]


def test_a_row_and_its_mark_on_the_trace_are_of_one_kind() -> None:
    for key, mark in DECIDING:
        if mark in ("duck", "stop", "restore"):
            assert KIND_OF_SETTING[key] == mark
