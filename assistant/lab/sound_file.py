"""Reads sound files of any rate and channel count as mono 16 kHz, with errors that say what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from assistant.turns.facts import RATE

Floats = npt.NDArray[np.float32]


class BadSound(ValueError):
    """A file that cannot be used as sound. The text names the file and the remedy."""


def read_sound(path: Path) -> Floats:
    """(n,) float32, mono 16 kHz, ±1.0. Several channels are averaged, other rates resampled. Raises BadSound."""
    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        if not path.exists():
            raise BadSound(f"{path} does not exist. Name a WAV or FLAC file, or a folder of scenarios.") from None
        raise BadSound(f"{path} is not a sound file that can be read ({error}). Convert it to WAV or FLAC.") from error
    if not len(sound):
        raise BadSound(f"{path} holds no sound: it is empty or was cut off. Record it again.")
    mono = np.nan_to_num(sound.mean(axis=1))
    return mono if rate == RATE else np.asarray(soxr.resample(mono, rate, RATE), np.float32)
