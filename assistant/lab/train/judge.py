"""How good a trained detector is on examples it never saw: how soon it notices a voice, how often it is fooled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.settings.sections import FRAME_MS

Floats = npt.NDArray[np.float32]

LEAK = 0.3
"""Share of the evidence that is left after a frame. The network remembers by itself: a sum with a longer memory counts
the same sound twice, and is fooled more often for the same delay."""
LATEST_FRAMES = 62
"""A voice that is not noticed within a second counts as missed."""
REFRACTORY_FRAMES = 124
THRESHOLDS = (2.5, 3.2, 4.0, 5.0, 6.0)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of one threshold on the summed evidence. noticed: share of voices. delays: from the frame that holds the onset.

    fooled_per_hour: of sound without a voice.
    """

    threshold: float
    noticed: float
    delay_p50_ms: float
    delay_p95_ms: float
    fooled_per_hour: float


@dataclass(frozen=True, slots=True)
class Judged:
    """Out of fold, at each of THRESHOLDS, on headphones and on loudspeakers."""

    headphones: tuple[Judgement, ...]
    loudspeakers: tuple[Judgement, ...]


def evidence(logits: Floats) -> Floats:
    """Page's cumulative sum with a leak, (sequences, frames): log-odds added up, never below zero."""
    total = np.zeros(len(logits), np.float32)
    out = np.empty_like(logits)
    for at in range(logits.shape[1]):
        total = np.maximum(0, LEAK * total + np.clip(logits[:, at], -8, 8))
        out[:, at] = total
    return out


def judge(logits: Floats, is_voice: Floats, threshold: float) -> Judgement:
    """logits, is_voice: (sequences, frames)."""
    over = evidence(logits) >= threshold
    delays: list[int] = []
    voices = fooled = silent_frames = 0
    for crossed, voiced in zip(over, is_voice > 0, strict=True):
        if not voiced.any():
            silent_frames += len(voiced)
            last = -REFRACTORY_FRAMES
            for at in np.flatnonzero(crossed):
                if at - last >= REFRACTORY_FRAMES:
                    fooled, last = fooled + 1, int(at)
            continue
        onset = int(np.argmax(voiced))
        if onset < 16 or onset + LATEST_FRAMES > len(voiced):
            continue
        voices += 1
        noticed = np.flatnonzero(crossed[onset : onset + LATEST_FRAMES])
        if len(noticed):
            delays.append(int(noticed[0]))
    hours = silent_frames * FRAME_MS / 3_600_000
    p50, p95 = np.percentile(delays, [50, 95]) * FRAME_MS if delays else (np.nan, np.nan)
    return Judgement(threshold, len(delays) / max(1, voices), float(p50), float(p95), fooled / hours if hours else 0.0)
