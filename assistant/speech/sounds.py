"""The noises that ship with the program, for trying out what makes it yield."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from assistant.settings.paths import resource
from assistant.speech.voice import VOICE_RATE


class SoundsUnreadable(RuntimeError):
    """A shipped noise cannot be read. The text says which and what to do."""


def load_sounds(folder: Path | None = None) -> dict[str, npt.NDArray[np.float32]]:
    """Every noise by its name in words ("door knock"), in the order of the names.

    Each is (n,) float32, mono 48 kHz, ±1.0, read-only; its loudest 50 ms are near -18 dBFS.
    folder: where the FLAC files lie; None takes those that ship. Raises SoundsUnreadable, and MissingResource.
    """
    folder = folder or resource("sounds")
    sounds = {}
    for path in sorted(folder.glob("*.flac")):
        try:
            audio, rate = soundfile.read(path, dtype="float32")
        except soundfile.LibsndfileError as error:
            raise SoundsUnreadable(f"{path} cannot be read ({error}). Install Interject again.") from error
        if rate != VOICE_RATE or audio.ndim != 1:
            raise SoundsUnreadable(f"{path} is not mono sound at 48 kHz. Install Interject again.")
        audio.setflags(write=False)
        sounds[path.stem.replace("-", " ")] = audio
    if not sounds:
        raise SoundsUnreadable(f"There are no noises in {folder}. Install Interject again.")
    return sounds
