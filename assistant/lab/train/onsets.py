"""More beginnings of speech than there are phrases: a phrase may be begun at any of its syllables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from assistant.lab.train.clips import HOP, Phrase

AROUND = 4
"""Hops over which the level is smoothed: 20 ms, more than a period of any voice."""
NEAR = 24
"""A syllable's beginning is the lowest point of the 120 ms on either side,"""
RISE_DB = 12.0
"""and from there the level rises by so much within the next 120 ms."""
LEFT = 60
"""Hops of the phrase that must be left: 300 ms, of which its end fades for 100."""
FADE = 2


def begun_inside(phrase: Phrase, rng: np.random.Generator) -> Phrase:
    """The phrase from one of its later syllables on, or as it is where it has none."""
    found = syllables(phrase)
    if not found:
        return phrase
    at = found[int(rng.integers(len(found)))]
    sound = phrase.sound[at * HOP :].copy()
    sound[: FADE * HOP] *= np.linspace(0, 1, FADE * HOP, dtype=np.float32)
    return replace(phrase, sound=sound, active=phrase.active[at:])


def syllables(phrase: Phrase) -> list[int]:
    """Hops at which a syllable begins, without the phrase's own beginning."""
    powers = np.square(phrase.sound[: len(phrase.active) * HOP]).reshape(-1, HOP).mean(1)
    smooth: npt.NDArray[np.float64] = np.convolve(powers, np.ones(AROUND) / AROUND, "same")
    levels = 10 * np.log10(smooth + 1e-12)
    last = len(levels) - LEFT
    return [
        at
        for at in range(int(np.argmax(phrase.active)) + NEAR, last)
        if phrase.active[at]
        and levels[at] == levels[at - NEAR : at + NEAR].min()
        and levels[at : at + NEAR].max() >= levels[at] + RISE_DB
    ]
