"""The colours keep what the look promises of their contrast."""

from __future__ import annotations

import pytest

from assistant.ui.tokens import DARK, LIGHT, Tokens, contrast

GROUNDS = ("window", "surface", "sunken", "near_soft")
BOTH = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def least(tokens: Tokens, token: str, grounds: tuple[str, ...] = GROUNDS) -> float:
    return min(contrast(getattr(tokens, token), getattr(tokens, ground)) for ground in grounds)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_text_is_far_from_its_ground() -> None:
    assert least(LIGHT, "text") >= 14.3
    assert least(DARK, "text") >= 11.0


@BOTH
def test_softer_text_is_readable_everywhere(tokens: Tokens) -> None:
    assert least(tokens, "text2") >= 6.5
    assert least(tokens, "text3") >= 4.55


@pytest.mark.parametrize("token", ["near", "far", "vad", "duck", "stop"])
def test_signal_colours_are_readable_as_text(token: str) -> None:
    plain = ("window", "surface", "sunken")
    assert least(LIGHT, token, plain) >= 4.55
    assert least(DARK, token, plain) >= 6.6


@BOTH
def test_borders_of_controls_can_be_seen(tokens: Tokens) -> None:
    assert least(tokens, "control", ("window", "surface", "sunken")) >= 3.0


@BOTH
@pytest.mark.parametrize("state", ["near", "far", "stop", "listening", "thinking", "duck_fill", "vad"])
def test_words_on_coloured_grounds_are_readable(tokens: Tokens, state: str) -> None:
    assert contrast(getattr(tokens, f"on_{state}"), getattr(tokens, state)) >= 4.7


@BOTH
def test_the_bubble_is_readable(tokens: Tokens) -> None:
    assert contrast(tokens.on_bubble, tokens.bubble) >= 4.7
    assert contrast(tokens.stop, tokens.stop_soft) >= 4.5
