"""Situations on a loudspeaker that are made up as they are wanted: our voice, the room, what goes wrong, a person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import soxr

from assistant.brain.passages import load_passages
from assistant.lab.train.loudspeaker import RATE, band_limited, convolved, room_response
from assistant.settings.sections import Voice
from assistant.speech.interrupter import INTERRUPTIONS
from assistant.speech.loudness import loudness_lufs
from assistant.speech.voice import VOICE_RATE
from tests.talkers import TALKERS, at_level, level_dbfs, spoken

Floats = npt.NDArray[np.float32]

AUDIBLE = 10 ** (-60 / 20)
USER_DBFS = -24.0
NOISE_DBFS = -65.0
OTHERS = {"babble": 10.0, "radio": 10.0, "far babble": 14.0, "far radio": 14.0}
"""Talk in the room that is not meant for the assistant, from the event on: of several people, or of one on a radio. So
many decibels under the person."""
CHILD = "child"
"""Nothing goes wrong, but who cuts in has a voice that is higher by CHILD_RATIO, pitch and formants."""
CHILD_RATIO = 1.35
FAULTS = (
    *("none", "drift 50 ppm", "drift 100 ppm", "moved", "clipping", "louder 12 dB", "softer 12 dB"),
    *("5 ms lost", "150 ms lost", "15 ms unheard", "cold start", *OTHERS, CHILD),
)
"""Lost sound was not played: from then on the echo comes later. Unheard sound the mic lacks: it comes sooner."""
EVENT_S = 6.0
"""Until then it speaks undisturbed, so that the filter has settled; a cold start is the first word itself."""


@dataclass(frozen=True, slots=True)
class Made:
    """One situation, as `replay` takes it. All sound is (n,) float32 at 16 kHz.

    event_s: when it goes wrong. onset_s, offset_s: of the person's voice, None where nobody speaks.
    """

    id: str
    mic: Floats
    far: Floats
    echo: Floats
    near: Floats
    delay_s: float
    event_s: float
    onset_s: float | None
    offset_s: float | None

    def read(self) -> tuple[Floats, Floats, Floats]:
        return self.mic, self.far, self.echo


def make(fault: str, number: int, after_s: float | None, ratio_db: float, seconds: float = 14.0) -> Made:
    """The same `number` has the same room, words and voices. after_s: of the event, when somebody cuts in; None never.

    ratio_db: of the person's voice to the echo, both measured while they sound, before anything goes wrong.
    """
    event_s = 0.0 if fault == "cold start" else EVENT_S
    seconds = seconds if event_s else seconds - EVENT_S
    rng = np.random.default_rng([7, number])
    far = far_speech(number, int(seconds * RATE))
    echo, delay = _echo(far, fault, int(event_s * RATE), USER_DBFS - ratio_db, rng)
    near = np.zeros_like(far)
    onset_s = offset_s = None
    if after_s is not None:
        voice = _person(number, CHILD_RATIO if fault == CHILD else 1.0)
        at = int((event_s + after_s) * RATE) + _first(far) * (not event_s)
        voice = voice[: len(near) - at]
        near[at : at + len(voice)] = voice
        audible = np.flatnonzero(np.abs(near) > AUDIBLE)
        onset_s, offset_s = float(audible[0]) / RATE, float(audible[-1] + 1) / RATE
    noise = rng.standard_normal(len(far)).astype(np.float32) * np.float32(10 ** (NOISE_DBFS / 20))
    mic = np.clip(near + echo + noise + _others(fault, number, int(event_s * RATE), len(far)), -1, 1)
    event_s = event_s or _first(far) / RATE
    return Made(f"{fault} {number} {after_s}", mic, far, echo, near, delay / RATE, event_s, onset_s, offset_s)


@cache
def far_speech(number: int, length: int) -> Floats:
    """The assistant reading, as it is handed to the loudspeaker."""
    passages = load_passages()
    sentences = passages[number % len(passages)].sentences
    voice = Voice()
    parts: list[Floats] = []
    for sentence in sentences[number % 3 :] + sentences:
        own = spoken(sentence, voice)
        own = own * 10 ** ((voice.loudness_lufs - loudness_lufs(own, VOICE_RATE)) / 20)
        parts.append(soxr.resample(own, VOICE_RATE, RATE).astype(np.float32))
        if sum(map(len, parts)) >= length:
            break
    return np.concatenate(parts)[:length]


def _first(sound: Floats) -> int:
    return int(np.argmax(np.abs(sound) > AUDIBLE))


def _person(number: int, higher: float = 1.0) -> Floats:
    text, voice = INTERRUPTIONS[number % len(INTERRUPTIONS)], TALKERS[number // 2 % len(TALKERS)]
    sound = soxr.resample(spoken(text, voice), VOICE_RATE * higher, RATE)
    response = room_response(np.random.default_rng([8, number]), 0.25, 6.0)
    return at_level(convolved(np.pad(sound, (0, RATE // 5)), response), USER_DBFS, RATE)


def _others(fault: str, number: int, start: int, length: int) -> Floats:
    """(length,) float32 at 16 kHz: the talk of others from `start` on, silence where there is none."""
    out = np.zeros(length, np.float32)
    if fault not in OTHERS:
        return out
    count = 5 if fault.endswith("babble") else 1
    rng = np.random.default_rng([9, number])
    sounds = [_talk((number + 1 + one) % len(TALKERS), length - start) for one in range(count)]
    mixed = np.sum([np.roll(sound, int(rng.integers(length))) for sound in sounds], axis=0)
    if fault.endswith("radio"):
        mixed = band_limited(mixed, 250, 4500)
    mixed = convolved(mixed.astype(np.float32), room_response(rng, 0.5, 0.0))
    out[start:] = at_level(mixed, USER_DBFS - OTHERS[fault], RATE)
    return out


@cache
def _talk(talker: int, length: int) -> Floats:
    """One of TALKERS reading without end."""
    sentences = load_passages()[talker % len(load_passages())].sentences
    parts: list[Floats] = []
    while sum(map(len, parts)) < length:
        sound = spoken(sentences[len(parts) % len(sentences)], TALKERS[talker])
        parts.append(at_level(soxr.resample(sound, VOICE_RATE, RATE).astype(np.float32), USER_DBFS, RATE))
    return np.concatenate(parts)[:length]


def _echo(far: Floats, fault: str, event: int, dbfs: float, rng: np.random.Generator) -> tuple[Floats, int]:
    """What the mic hears of it, and how late. dbfs: its level before the event."""
    low_hz, high_hz = rng.uniform(120, 320), rng.uniform(4500, 7500)
    reverberation_s, direct_db, delay = rng.uniform(0.15, 0.5), rng.uniform(-3, 9), int(rng.uniform(0.02, 0.15) * RATE)
    here, there = room_response(rng, reverberation_s, direct_db), room_response(rng, reverberation_s, direct_db)
    drive = 10.0 if fault == "clipping" else 2.0
    volume = np.ones(len(far), np.float32)
    if fault.endswith("12 dB"):
        volume[event:] = 10 ** ((12 if fault.startswith("louder") else -12) / 20)

    def heard(gain: npt.NDArray[np.float32] | float, response: Floats) -> Floats:
        driven = np.tanh(drive / 0.5 * far * gain) * (0.5 / drive)
        return convolved(band_limited(driven.astype(np.float32), low_hz, high_hz), response)

    echo = heard(volume, here)
    loudness = level_dbfs(heard(1.0, here), RATE)
    if fault == "moved":
        share = np.clip((np.arange(len(far)) - event) / (0.2 * RATE), 0, 1).astype(np.float32)
        echo = echo * (1 - share) + heard(volume, there) * share
    if fault.startswith("drift"):
        ppm = float(fault.split()[1])
        echo = np.pad(soxr.resample(echo, RATE, RATE * (1 + ppm * 1e-6)), (0, RATE))[: len(far)].astype(np.float32)
    echo = np.concatenate([np.zeros(delay, np.float32), echo])[: len(far)] * np.float32(10 ** ((dbfs - loudness) / 20))
    if fault.endswith("lost"):  # by a stalled machine
        lost = _milliseconds(fault)
        echo[event:] = echo[event - lost : len(echo) - lost].copy()
        delay += lost
    if fault.endswith("unheard"):
        lost = _milliseconds(fault)
        echo[event:] = np.pad(echo[event + lost :], (0, lost))
        delay -= lost
    return echo.astype(np.float32), delay


def _milliseconds(fault: str) -> int:
    """In samples."""
    return int(float(fault.split(maxsplit=1)[0]) / 1000 * RATE)
