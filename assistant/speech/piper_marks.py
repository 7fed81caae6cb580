"""Where the words of a run begin in its sound: by the model's own lengths, or estimated by the phonemes."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.speech.piper_phonemes import STRESS, VOWELS, Run

# How long a phoneme lasts against a short vowel without stress: fitted to the lengths of words that eSpeak NG speaks.
_VOWEL, _CONSONANT, _LONG, _STRESSED = 1.0, 1.5, 0.3, 1.5
_CLAUSE, _SENTENCE = 6.0, 6.0
_FRAME_S = 0.01
_QUIET_DB = 35.0


def starts_by_lengths(run: Run, first_ids: Sequence[int], lengths: npt.NDArray[np.int64]) -> list[int]:
    """The sample at which each word of the run begins.

    first_ids: for each symbol of the run its first id, and at last how many ids there are. lengths: (n,), samples of
    each id.
    """
    ends = np.concatenate(([0], np.cumsum(lengths)))
    return [int(ends[min(first_ids[symbol], len(lengths))]) for symbol, _ in run.words]


def starts_by_phonemes(run: Run, sound: npt.NDArray[np.float32], rate: int) -> list[int]:
    """The same, estimated: every phoneme by its kind, between the first sound and the last. sound: of the whole run."""
    first, last = _sounding(sound, rate)
    weights = phoneme_weights(run.symbols)
    while weights and run.symbols[len(weights) - 1] in ".,;:!?… ":
        weights.pop()  # what follows the last sound is silence
    ends = np.concatenate(([0.0], np.cumsum(weights)))
    scale = (last - first) / ends[-1] if ends[-1] > 0 else 0.0
    return [int(first + scale * ends[min(symbol, len(weights))]) for symbol, _ in run.words]


def phoneme_weights(symbols: Sequence[str]) -> list[float]:
    """For each symbol about how long it lasts; a mark of stress or length counts for the vowel that it belongs to."""
    weights = []
    for symbol in symbols:
        if symbol in STRESS:
            weights.append(_STRESSED)
        elif symbol in "ːˑ":
            weights.append(_LONG)
        elif symbol in ",;:":
            weights.append(_CLAUSE)
        elif symbol in ".?!…":
            weights.append(_SENTENCE)
        elif symbol[0] in VOWELS:
            weights.append(_VOWEL)
        else:
            weights.append(_CONSONANT if unicodedata.category(symbol[0]) == "Ll" else 0.0)
    return weights


def _sounding(sound: npt.NDArray[np.float32], rate: int) -> tuple[int, int]:
    """From where to where there is more than silence, in samples."""
    size = round(rate * _FRAME_S)
    frames = sound[: len(sound) // size * size].reshape(-1, size)
    if not len(frames):
        return 0, len(sound)
    levels = np.abs(frames).max(axis=1)
    loud = np.flatnonzero(levels > levels.max() * 10 ** (-_QUIET_DB / 20))
    return (int(loud[0]) * size, (int(loud[-1]) + 1) * size) if len(loud) else (0, len(sound))
