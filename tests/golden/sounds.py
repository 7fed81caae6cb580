"""All that is heard in the scenes, made here: voices by eSpeak NG, and the noises that ship with the program."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import cache

import numpy as np
import numpy.typing as npt
import soxr

from assistant.settings import sections
from assistant.speech.espeak import EspeakVoice
from assistant.speech.sounds import load_sounds
from assistant.speech.voice import VOICE_RATE, SpokenChunk

Floats = npt.NDArray[np.float32]
RATE = 16_000
OWN = ("en-gb", 165, 50)
"""Interject's own voice: language, words a minute, pitch."""
PERSON = ("en-us+f3", 180, 58)
OTHERS = (("en-us+m3", 150, 40), ("de", 170, 60), ("fr", 160, 45), ("en-gb+f2", 190, 65), ("es", 150, 50))
STORY = (
    "The keeper climbed the hundred and twelve steps every evening.",
    "Long after the lamp had been made automatic, he said the stairs kept him honest.",
    "From the gallery he could see the whole harbour, and the ferry coming in.",
    "On most evenings there were nine or ten of them, and he counted them twice.",
)


@cache
def voice(text: str, who: tuple[str, int, int] = PERSON, dbfs: float = -22.0) -> Floats:
    """Somebody says it: (n,) float32, mono 16 kHz, without silence around it. dbfs: level of the loud half of it.

    A new process says it: how eSpeak NG says a sentence depends on all that it said before, in other tests too.
    """
    ways = multiprocessing.get_all_start_methods()
    fresh = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    with ProcessPoolExecutor(1, fresh) as process:
        return at_level(process.submit(_said, text, who).result(), dbfs)


def _said(text: str, who: tuple[str, int, int]) -> Floats:
    language, words_per_minute, pitch = who
    chunks: list[Floats] = []

    def keep(chunk: SpokenChunk) -> bool:
        chunks.append(chunk.audio)
        return True

    EspeakVoice(sections.Voice(language=language, words_per_minute=words_per_minute, pitch=pitch)).speak(text, keep)
    return np.asarray(soxr.resample(np.concatenate(chunks), VOICE_RATE, RATE), np.float32)


def story() -> tuple[Floats, ...]:
    """What Interject reads, sentence by sentence."""
    return tuple(voice(sentence, OWN, -20.0) for sentence in STORY)


@cache
def noise(name: str, dbfs: float = -22.0) -> Floats:
    """One of the shipped noises, (n,) float32, mono 16 kHz."""
    return at_level(soxr.resample(load_sounds()[name], VOICE_RATE, RATE), dbfs)


@cache
def babble(seconds: float, dbfs: float) -> Floats:
    """Five people talk among each other at the other end of the room."""
    mixed = np.zeros(round(seconds * RATE), np.float32)
    for number, who in enumerate(OTHERS):
        said = np.concatenate([voice(sentence, who) for sentence in STORY])
        mixed += np.resize(np.roll(said, -number * RATE), len(mixed))
    return at_level(mixed, dbfs)


@cache
def radio(seconds: float, dbfs: float) -> Floats:
    """One man reads the news, in the corner."""
    said = np.concatenate([voice(sentence, OTHERS[0]) for sentence in STORY])
    return at_level(np.resize(said, round(seconds * RATE)), dbfs)


def at_level(sound: npt.NDArray[np.floating], dbfs: float) -> Floats:
    """Without its silent ends, the RMS of its louder half of 20 ms pieces at `dbfs`."""
    loud = np.flatnonzero(np.abs(sound) > 10 ** (-50 / 20))
    sound = sound[loud[0] : loud[-1] + 1]
    pieces = np.sqrt([np.mean(piece**2) for piece in np.array_split(sound, max(1, len(sound) // 320))])
    level = np.sqrt(np.mean(pieces[pieces >= np.median(pieces)] ** 2))
    return (sound * (10 ** (dbfs / 20) / level)).astype(np.float32)
