"""Is this frame somebody speaking? Hysteresis on the probability, a level gate, and a margin over our own echo."""

from __future__ import annotations

from typing import Literal

from assistant.settings.sections import Settings
from assistant.turns.facts import FrameFacts
from assistant.turns.own_echo import Suspicion, asked, is_echo_expected, stands_out

Verdict = Literal["speech", "not_speech", "too_quiet", "own_voice"]


class SpeechGate:
    """Remembers whether the last frame was speech, that is the hysteresis, and over its own echo what was suspected.

    start: the probability from which on the last frame began speech.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._speaking = False
        self._suspicion = Suspicion()
        self.start = settings.vad.start

    def change(self, settings: Settings) -> None:
        self._settings = settings

    def judge(self, facts: FrameFacts) -> Verdict:
        """What most tells against speech comes first: a noise is "not_speech" however near it is to the echo's level,
        but what half resembles speech and is no louder than the echo is Interject's own voice.
        """
        vad = self._settings.vad
        knows_echo = vad.detector == "learned"  # then a margin would only make it wait
        self.start = self._begun(facts, knows_echo)
        needed = min(self.start, asked(vad.release, facts, self._settings)) if self._speaking else self.start
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

    def _begun(self, facts: FrameFacts, knows_echo: bool) -> float:
        if not knows_echo or not is_echo_expected(facts):
            self._suspicion.forget()
            return self._settings.vad.start
        needed = self._suspicion.needed(self._settings)
        # While the filter learns the room much of its own voice is left, but little stands out over what may be left.
        self._suspicion.add(facts.p_speech if stands_out(facts, self._settings.echo) else 0.5, self._settings)
        return needed
