"""The master slider moves the decision's settings along a small table."""

from itertools import pairwise
from pathlib import Path

import pytest

from assistant.settings.access import KNOBS, change, value
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import OnSpeakers, Price, along, moved, price, read_rows, shipped

MEASURED = """
[[row]]
position = 0
vad.start = 0.80
barge_in.confirm_ms = 320
stop_p50_ms = 300
stop_p95_ms = 500
false_stops_per_hour = 0.5
[[row]]
position = 60
stop_p50_ms = 150
stop_p95_ms = 350
false_stops_per_hour = 1.5
[[row]]
position = 100
barge_in.confirm_ms = 64
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.toml"
    path.write_text(MEASURED)
    return path


def test_the_middle_is_the_defaults() -> None:
    assert moved(Settings(), 50) == Settings()


def test_the_ends_are_the_rows_of_the_table() -> None:
    first, *_, last = shipped()
    assert along(0) == first.values
    assert along(100) == last.values
    assert all(first.values[key] >= last.values[key] for key in first.values)


def test_another_detector_has_no_price() -> None:
    assert price(Settings()) is not None
    assert price(change(Settings(), {"vad.detector": "silero"})) is None


def test_every_position_is_allowed_and_on_its_settings_steps() -> None:
    for position in range(101):
        settings = moved(Settings(), position)
        assert settings.barge_in.sensitivity == position
        for key in along(position):
            knob = KNOBS[key]
            assert knob.step is not None and knob.ge is not None
            steps = (value(settings, key) - knob.ge) / knob.step
            assert steps == pytest.approx(round(steps), abs=1e-6), key


def test_more_sensitive_never_asks_for_more() -> None:
    for lower, higher in pairwise(along(position) for position in range(101)):
        assert all(higher[key] <= lower[key] for key in lower)


def test_other_settings_stay() -> None:
    mine = change(Settings(), {"panel.theme": "dark", "vad.gate_dbfs": -40})
    assert change(moved(mine, 80), along(50) | {"barge_in.sensitivity": 50}) == mine


def test_what_was_not_measured_has_no_price(table: Path) -> None:
    rows = read_rows(table)
    assert price(change(Settings(), along(100, rows) | {"barge_in.sensitivity": 100}), rows) is None
    assert price(change(Settings(), along(80, rows) | {"barge_in.sensitivity": 80}), rows) is None


def test_a_measured_row_has_its_price_and_between_two_it_is_reckoned(table: Path) -> None:
    rows = read_rows(table)
    on_row = change(Settings(), along(60, rows) | {"barge_in.sensitivity": 60})
    assert price(on_row, rows) == Price(150, 350, 1.5, measured=True)
    between = change(Settings(), along(30, rows) | {"barge_in.sensitivity": 30})
    assert price(between, rows) == Price(225, 425, 1.0, measured=False)


def test_the_price_on_loudspeakers_is_there_where_it_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "table.toml"
    cost = "stop_p50_ms = {0}\nstop_p95_ms = 1\nfalse_stops_per_hour = 1\n"
    speakers = "speakers_stop_p50_ms = {0}\nspeakers_stop_p95_ms = 500\nspeakers_hit_percent = 99\n"
    row = "[[row]]\nposition = {1}\n" + cost + speakers + "speakers_self_stops_per_minute = 0\n"
    path.write_text(row.format(300, 0) + row.format(200, 100))
    rows = read_rows(path)
    middle = price(change(Settings(), {"barge_in.sensitivity": 50}), rows)
    assert middle is not None
    assert middle.on_speakers == OnSpeakers(250, 500, 99, 0)
    path.write_text(row.format(300, 0) + "[[row]]\nposition = 100\n" + cost.format(200))
    middle = price(change(Settings(), {"barge_in.sensitivity": 50}), read_rows(path))
    assert middle is not None
    assert middle.on_speakers is None


def test_a_slider_moved_off_the_table_has_no_price(table: Path) -> None:
    rows = read_rows(table)
    on_row = change(Settings(), along(60, rows) | {"barge_in.sensitivity": 60})
    assert price(change(on_row, {"barge_in.confirm_ms": 400}), rows) is None
    assert price(change(on_row, {"barge_in.restore_ms": 512}), rows) == Price(150, 350, 1.5, measured=True)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("[[row]]\nposition = 0\n[[row]]\nposition = 90\n", "reach from position 0 to 100"),
        ("[[row]]\nposition = 0\nvad.strat = 1\n[[row]]\nposition = 100\n", "no setting vad.strat"),
        ("[[row]]\nposition = 0\nvad.start = 2\n[[row]]\nposition = 100\n", "vad.start is 2, allowed"),
        ("[[row]]\nposition = 0\nstop_p50_ms = 2\n[[row]]\nposition = 100\n", "give all of stop_p50_ms"),
        ("[[row]]\nposition = 0\nspeakers_hit_percent = 2\n[[row]]\nposition = 100\n", "give all of speakers_stop"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(tmp_path: Path, wrong: str, why: str) -> None:
    path = tmp_path / "table.toml"
    path.write_text(wrong)
    with pytest.raises(ValueError, match=why):
        read_rows(path)
