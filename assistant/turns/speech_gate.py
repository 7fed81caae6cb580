"""Is this frame somebody speaking? Hysteresis on the probability, a level gate, and a margin over our own echo."""

from __future__ import annotations

from typing import Literal

from assistant.settings.sections import Settings
from assistant.turns.facts import FrameFacts
from assistant.turns.own_echo import asked, is_echo_expected, stands_out

Verdict = Literal["speech", "not_speech", "too_quiet", "own_voice"]


class SpeechGate:
    """Remembers only whether the last frame was speech: that is the hysteresis."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._speaking = False

    def change(self, settings: Settings) -> None:
        self._settings = settings

    def judge(self, facts: FrameFacts) -> Verdict:
        """What most tells against speech comes first: a noise is "not_speech" however near it is to the echo's level,
        but what half resembles speech and is no louder than the echo is Interject's own voice.
        """
        vad = self._settings.vad
        needed = asked(vad.release if self._speaking else vad.start, facts, self._settings)
        knows_echo = vad.detector == "learned"  # then a margin would only make it wait
        like_echo = not knows_echo and is_echo_expected(facts) and not stands_out(facts, self._settings.echo)
        verdict: Verdict = "speech"
        if like_echo and facts.p_speech >= vad.start / 2:
            verdict = "own_voice"
        elif facts.p_speech < needed:
            verdict = "not_speech"
        elif facts.near_dbfs < vad.gate_dbfs:
            verdict = "too_quiet"
        self._speaking = verdict == "speech"
        return verdict
