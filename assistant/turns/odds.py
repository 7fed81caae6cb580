"""The learned detector's evidence: log-odds that are added up and fade, a sequential test with a short memory.

The detector is a recurrent network and has gathered most of the evidence itself, so the sum needs little memory: a
longer one was slower at the same false stops. Wald, Sequential Tests of Statistical Hypotheses (1945); the sum is cut
at 0 as in Page's CUSUM (Biometrika 41, 1954).
"""

from __future__ import annotations

import math

from assistant.settings.sections import WINDOW_MS, Settings

MEMORY = 0.3
"""Least share of the sum that is left a frame later; measured with the detector's training (resources/detector)."""
_ROOM = 1.4
"""How far above what a stop needs the sum of sure speech settles: a sum that fades must still be able to get there."""
MOST = 8.0
"""Log-odds of a frame beyond which none is surer: the network was never measured there."""


def grown(sure_ms: float, p_speech: float, settings: Settings, share: float) -> float:
    """The evidence one frame on, in milliseconds of sure speech: a frame of exactly `vad.sure` adds a window's.

    share: of the log-odds of `vad.sure` that suffice for that.
    """
    odds = max(-MOST, min(MOST, log_odds(p_speech)))
    memory = max(MEMORY, 1 - WINDOW_MS / (_ROOM * settings.barge_in.confirm_ms))
    return max(0.0, memory * sure_ms + WINDOW_MS * odds / (share * log_odds(settings.vad.sure)))


def log_odds(p: float) -> float:
    """Of a probability, natural; certainty is cut to where it can still be reckoned with."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def probability(told: float) -> float:
    """Of log-odds."""
    return 1 / (1 + math.exp(-told))
