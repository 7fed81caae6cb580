"""Several people's voices, all of them eSpeak NG's and none of them the assistant's own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from assistant.lab.train.clips import active_level
from assistant.settings import sections
from assistant.speech.espeak import EspeakVoice
from assistant.speech.voice import VOICE_RATE
from tests.speech.spoken import Spoken

Floats = npt.NDArray[np.float32]

TALKERS = (
    sections.Voice(language="en-us+f3", words_per_minute=180, pitch=58),
    sections.Voice(language="en-us+m3", words_per_minute=170, pitch=38),
    sections.Voice(language="en-gb-scotland+f5", words_per_minute=190, pitch=66),
    sections.Voice(language="en-us-nyc+m7", words_per_minute=185, pitch=45),
    sections.Voice(language="en-029+f2", words_per_minute=160, pitch=50),
    sections.Voice(language="en-us+Andy", words_per_minute=200, pitch=52),
)
RATE = 16_000
"""Of levels and of everything that happens behind the decimator."""


def spoken(text: str, voice: sections.Voice) -> Floats:
    """(n,) float32, mono 48 kHz."""
    heard = Spoken()
    EspeakVoice(voice).speak(text, heard.emit)
    return heard.audio


def level_dbfs(sound: Floats, rate: int = VOICE_RATE) -> float:
    """While it sounds, as the training's clips are measured."""
    return active_level(sound if rate == RATE else soxr.resample(sound, rate, RATE))


def at_level(sound: Floats, dbfs: float, rate: int = VOICE_RATE) -> Floats:
    """As loud as that while it sounds."""
    return (sound * 10 ** ((dbfs - level_dbfs(sound, rate)) / 20)).astype(np.float32)
