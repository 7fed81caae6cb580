"""Notices a sound that did not make Interject yield, and says once why not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from assistant.settings.sections import FRAME_MS
from assistant.turns.facts import FrameFacts
from assistant.turns.speech_gate import Verdict

WORTH_SHOWING_MS = 192
"""A short word lasts about 200 ms; anything shorter that changed nothing is not worth a card."""

WhyNot = Literal["own_voice", "too_quiet", "near_miss"]
_WHY_NOT: dict[Verdict, WhyNot] = {"not_speech": "near_miss", "too_quiet": "too_quiet", "own_voice": "own_voice"}


@dataclass(frozen=True, slots=True)
class PassedSound:
    """A sound that changed nothing. why_not: what most of its frames failed at. onset: 16 kHz sample.

    peak: the highest probability among those frames.
    """

    why_not: WhyNot
    onset: int
    peak: float
    lasted_ms: int


class Overhearing:
    """Follows one sound at a time, from where it resembles speech until it no longer does."""

    def __init__(self) -> None:
        self._frames: Counter[Verdict] = Counter()
        self._peaks: dict[Verdict, float] = {}
        self._onset = 0

    def add(self, facts: FrameFacts, verdict: Verdict, start: float) -> PassedSound | None:
        """Take in one frame; returns the sound that ended with it, if it was long enough to be shown.

        start: the probability that a frame needed. From half of it on a frame resembles speech. Frames that did count
        as speech end the sound: what becomes of them is decided elsewhere.
        """
        if facts.p_speech >= start / 2 and verdict != "speech":
            if not self._frames:
                self._onset, self._peaks = facts.rise_sample, {}
            self._frames[verdict] += 1
            self._peaks[verdict] = max(self._peaks.get(verdict, 0.0), facts.p_speech)
            return None
        frames, self._frames = self._frames, Counter()
        lasted_ms = frames.total() * FRAME_MS
        if verdict == "speech" or lasted_ms < WORTH_SHOWING_MS:
            return None
        verdict = frames.most_common(1)[0][0]
        return PassedSound(_WHY_NOT[verdict], self._onset, self._peaks[verdict], lasted_ms)
