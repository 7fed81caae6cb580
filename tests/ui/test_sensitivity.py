"""The price tag beside the master slider: what a position costs, on headphones and on speakers."""

from __future__ import annotations

import pytest

from assistant.settings.sensitivity import OnSpeakers, Price
from assistant.ui import sensitivity
from assistant.ui.main_window import MainWindow
from assistant.ui.sensitivity import tag
from tests.ui.looking import settle

DEAR = Price(288.4, 777, 12.2, measured=True, on_speakers=OnSpeakers(488, 888, 99, 0))


def test_both_delays_and_what_noises_do() -> None:
    assert tag(DEAR) == ("Stops in about 288 ms, on speakers 488 ms", "About 12 false stops an hour of noise")
    assert tag(DEAR, short=True) == ("About 288 ms, speakers 488 ms", "About 12 false stops an hour")


@pytest.mark.parametrize(
    ("false_stops", "says"),
    [
        (0, "No false stop in the measured noise"),
        (1, "About 1 false stop an hour of noise"),
        (1.64, "About 1.6 false stops an hour of noise"),
    ],
)
def test_without_speakers_only_what_was_measured(false_stops: float, says: str) -> None:
    assert tag(Price(106, 277, false_stops, measured=False)) == ("Stops in about 106 ms", says)


def test_off_the_table_there_is_no_number() -> None:
    assert not any(letter.isdigit() for letter in "".join(tag(None)))


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1920, 1080)], ids=lambda size: f"{size[0]}")
def test_the_whole_tag_can_be_read(window: MainWindow, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensitivity, "price", lambda _: DEAR)
    window.resize(*size)
    settle()
    (row,) = window.findChildren(sensitivity.Sensitivity)
    row.refresh()
    settle()
    for line in (row.price, row.price_rest):
        assert line.text_width <= line.width()
    assert row.slider.width() > 150
