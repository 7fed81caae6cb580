"""Headphones or loudspeaker? Judged by what the canceller takes out."""

import pytest

from assistant.signal.presence import EchoPath, EchoPresence


def after(*erle_db: float) -> EchoPresence:
    presence = EchoPresence()
    for value in erle_db:
        presence.update(value)
    return presence


def test_before_anything_played_an_echo_is_expected() -> None:
    assert EchoPresence().is_possible and not EchoPresence().is_worth_cancelling
    assert EchoPresence().erle_db == 0


def test_on_headphones_no_echo_is_expected_after_a_second() -> None:
    headphones = [-3.0, -0.5, 0.0, -8.0]
    assert after(*headphones * 15).is_possible
    assert not after(*headphones * 16).is_possible


def test_a_canceller_that_only_adds_is_passed_by_until_it_takes_away() -> None:
    assert not after(*[-3.0] * 20).is_worth_cancelling
    assert after(*[-3.0] * 20, *[4.0] * 3).is_worth_cancelling


def test_a_user_who_speaks_meanwhile_hides_no_echo() -> None:
    assert after(*[12.0] * 24, *[-0.2] * 160).is_possible


def test_a_loudspeaker_that_is_switched_on_is_noticed_within_a_third_of_a_second() -> None:
    assert after(*[-1.0] * 188, *[3.0] * 20).is_possible


def test_the_median_is_what_is_shown() -> None:
    assert after(1.0, 20.0, 15.0).erle_db == 15.0


def test_what_it_comes_to_is_told_once_it_is_known() -> None:
    assert EchoPresence().path == EchoPath("unknown")
    assert after(*[-1.0] * 61).path == EchoPath("unknown")
    assert after(*[-1.0] * 62).path == EchoPath("headphones")
    assert after(*[14.0] * 5).path == EchoPath("loudspeakers", taken_db=14.0)


def test_what_the_person_says_comes_before_what_is_heard() -> None:
    echoes, silent = after(*[14.0] * 80), after(*[-1.0] * 80)
    echoes.told, silent.told = "headphones", "loudspeakers"
    assert not echoes.is_possible and not echoes.is_worth_cancelling
    assert echoes.path == EchoPath("headphones", told=True)
    assert silent.is_possible and not silent.is_worth_cancelling
    assert silent.path == EchoPath("loudspeakers", told=True)
    echoes.told = "auto"
    assert echoes.path.heard_on == "loudspeakers"


@pytest.mark.parametrize("told", ["headphones", "loudspeakers"])
def test_another_stream_does_not_change_what_the_person_said(told: str) -> None:
    presence = EchoPresence(told)  # type: ignore[arg-type]
    presence.reset()
    assert presence.path == EchoPath(told, told=True)  # type: ignore[arg-type]


def test_another_way_of_the_echo_is_new_until_three_seconds_of_it_were_played() -> None:
    presence = after(*[14.0] * 188)
    presence.begin_anew()
    assert presence.path.is_new and presence.path.heard_on == "loudspeakers"
    for _ in range(187):
        presence.update(10.0)
    assert presence.path.is_new
    presence.update(10.0)
    assert presence.path == EchoPath("loudspeakers", taken_db=10.0)


def test_on_headphones_no_way_is_new() -> None:
    presence = after(*[-1.0] * 80)
    presence.begin_anew()
    assert presence.path == EchoPath("headphones")
    presence = after(*[14.0] * 80)
    presence.begin_anew()
    presence.told = "headphones"
    assert presence.path == EchoPath("headphones", told=True)
