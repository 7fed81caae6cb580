"""What other settings would have decided is asked for while a setting moves, and then goes away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.settings.access import change
from assistant.settings.sections import Settings
from assistant.ui.live.whatif import SHOWN_S, WhatIf, instead_words

SLOWER = change(Settings(), {"barge_in.confirm_ms": 224})


@pytest.fixture
def later(cut_in):
    """The same interruption, stopped 64 ms later."""
    real = cut_in()
    return replace(
        real, decided_at=real.decided_at + 1024, silent_at=real.silent_at + 1024, onset_to_stop_ms=206.0
    )


def test_it_asks_once_a_tick_however_fast_the_slider_moves(later) -> None:
    asked: list[Settings] = []
    what_if = WhatIf(lambda settings: asked.append(settings) or [later], Settings())
    for confirm_ms in (192, 224, 256):
        what_if.settings_changed(change(Settings(), {"barge_in.confirm_ms": confirm_ms}), 10.0)
    assert what_if.tick(10.01)
    assert [settings.barge_in.confirm_ms for settings in asked] == [256]
    assert not what_if.tick(10.2)


def test_it_is_shown_for_a_while_and_then_gone(later) -> None:
    what_if = WhatIf(lambda _: [later], Settings())
    what_if.settings_changed(SLOWER, 10.0)
    what_if.tick(10.0)
    assert what_if.episodes
    assert not what_if.tick(10.0 + SHOWN_S - 0.1)
    assert what_if.tick(10.0 + SHOWN_S + 0.1)
    assert what_if.episodes == []


def test_a_setting_that_decides_nothing_asks_nothing() -> None:
    what_if = WhatIf(lambda _: pytest.fail("asked"), Settings())
    what_if.settings_changed(change(Settings(), {"panel.seconds": "15"}), 10.0)
    assert not what_if.tick(11.0)


def test_without_a_way_to_decide_again_nothing_happens() -> None:
    what_if = WhatIf(None, Settings())
    what_if.settings_changed(SLOWER, 10.0)
    assert not what_if.tick(10.0)


def test_only_differences_are_drawn_and_all_after_the_first_are_guesses(cut_in, later) -> None:
    same = cut_in(number=2, at_s=2.0)
    second = cut_in(number=3, at_s=9.0)
    what_if = WhatIf(lambda _: [same, later, second], Settings())
    what_if.settings_changed(SLOWER, 10.0)
    what_if.tick(10.0)
    guesses = what_if.guesses([same, cut_in()])
    assert [(guess.stops, guess.certain) for guess in guesses] == [(True, True), (True, False)]
    assert guesses[0].at == later.silent_at


def test_the_card_says_what_it_would_have_been(cut_in, later, carried_on) -> None:
    what_if = WhatIf(lambda _: [later], Settings())
    what_if.settings_changed(SLOWER, 10.0)
    what_if.tick(10.0)
    assert what_if.moved == "224 ms"
    assert what_if.instead_of(cut_in()) == later
    assert what_if.instead_of(cut_in(at_s=9.0)) is None
    assert instead_words("224 ms", cut_in(), later) == "With 224 ms it would have been 206 ms."
    assert instead_words("224 ms", cut_in(), carried_on()) == "With 224 ms it would have carried on."
    assert instead_words("224 ms", cut_in(), cut_in()) == ""


def test_two_settings_moved_are_not_named(later) -> None:
    what_if = WhatIf(lambda _: [later], Settings())
    what_if.settings_changed(SLOWER, 10.0)
    what_if.settings_changed(change(SLOWER, {"barge_in.duck_frames": 3}), 11.0)
    assert what_if.moved == "these settings"


def test_decisions_at_the_same_frame_are_alike_whatever_came_of_them(cut_in) -> None:
    what_if = WhatIf(lambda _: [cut_in(silent_at=91_000)], Settings())
    what_if.settings_changed(SLOWER, 10.0)
    what_if.tick(10.0)
    real = cut_in()
    assert what_if.guesses([replace(real, outcome="false_stop", decided_at=real.decided_at + 30)]) == []
    assert len(what_if.guesses([replace(real, duck_at=None)])) == 1
