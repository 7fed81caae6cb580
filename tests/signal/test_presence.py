"""Headphones or loudspeaker? Judged by what the canceller takes out."""

from assistant.signal.presence import EchoPresence


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
    assert after(*headphones * 7).is_possible
    assert not after(*headphones * 8).is_possible


def test_a_canceller_that_only_adds_is_passed_by_until_it_takes_away() -> None:
    assert not after(*[-3.0] * 20).is_worth_cancelling
    assert after(*[-3.0] * 20, *[4.0] * 3).is_worth_cancelling


def test_a_user_who_speaks_meanwhile_hides_no_echo() -> None:
    assert after(*[12.0] * 12, *[-0.2] * 80).is_possible


def test_a_loudspeaker_that_is_switched_on_is_noticed_within_ten_frames() -> None:
    assert after(*[-1.0] * 94, *[3.0] * 10).is_possible


def test_the_median_is_what_is_shown() -> None:
    assert after(1.0, 20.0, 15.0).erle_db == 15.0
