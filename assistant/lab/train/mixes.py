"""Makes situations to learn from: a user, noises, and Interject's own voice, on headphones and on loudspeakers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import soxr

from assistant.lab.train.clips import HOP, Clip, Phrase, active_level
from assistant.lab.train.loudspeaker import convolved, echo_of, room_response
from assistant.lab.train.onsets import begun_inside
from assistant.lab.train.throat import STRETCHES, with_throat

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
T = TypeVar("T")

RATE = 16_000
SECONDS = 9.984
"""624 frames."""
DUCK = 0.1
FAR_DBFS = -20.0
OTHER_THROATS, OTHER_NOISES = 0.7, 0.3
"""Share of the users and of the noises whose formants are moved: few recordings stand for all there are."""


@dataclass(frozen=True, slots=True)
class Mix:
    """near, far: (n,) float32, 16 kHz. voice: (n // HOP,) bool, where the user speaks. fold: of all clips in it.

    on_loudspeaker: near holds an echo of far.
    """

    near: Floats
    far: Floats
    voice: Flags
    fold: int
    on_loudspeaker: bool


@dataclass(frozen=True, slots=True)
class Variety:
    """How far situations stray from a room at rest and from what was recorded.

    restlessness: how often the echo's path or the volume changes, 0 to 1. losses: how often some of the sound is lost.
    noise_speeds: between which every other noise is played, pitch and all.
    inner_onsets: share of the phrases that begin at one of their later syllables.
    """

    restlessness: float = 0.3
    losses: float = 0.0
    noise_speeds: tuple[float, float] = (0.85, 1.18)
    inner_onsets: float = 0.0


class MixMaker:
    """Draws situations. The same seed makes the same ones, whichever others were made before."""

    def __init__(
        self, phrases: Sequence[Phrase], noises: Sequence[Clip], seed: int, variety: Variety | None = None
    ) -> None:
        self._folds = sorted({phrase.clip.fold for phrase in phrases} & {noise.fold for noise in noises})
        self._voices = {fold: _by_speaker([p for p in phrases if p.clip.fold == fold]) for fold in self._folds}
        self._noises = {fold: _by_kind([n for n in noises if n.fold == fold]) for fold in self._folds}
        self._seed = seed
        self._variety = variety or Variety()
        self._length = int(SECONDS * RATE)

    def make(self, number: int) -> Mix:
        """The mix of that number: every other one has a loudspeaker."""
        rng = np.random.default_rng([self._seed, number])
        fold = self._folds[number // 2 % len(self._folds)]
        return self._loudspeaker(fold, rng) if number % 2 else self._headphones(fold, rng)

    def _headphones(self, fold: int, rng: np.random.Generator) -> Mix:
        near = self._floor(rng)
        voice = np.zeros(self._length // HOP, bool)
        level = rng.uniform(-40, -18)
        what = rng.random()
        if what < 0.55:
            self._speak(near, voice, level, fold, rng)
            if rng.random() < 0.65:
                near += self._bed(fold, rng, level - rng.uniform(2, 25))
            if rng.random() < 0.2:
                self._noise_events(near, fold, rng, (-36, -18), rng.uniform(2, 6))
        elif what < 0.63:
            near += self._babble(fold, rng, rng.uniform(-42, -22))
        else:
            self._noise_events(near, fold, rng, (-36, -14), rng.uniform(0.2, 1.5))
        far = self._far(fold, rng) if rng.random() < 0.4 else np.zeros(self._length, np.float32)
        return Mix(np.clip(near, -1, 1), far, voice, fold, on_loudspeaker=False)

    def _loudspeaker(self, fold: int, rng: np.random.Generator) -> Mix:
        far = self._far(fold, rng)
        voice = np.zeros(self._length // HOP, bool)
        user = np.zeros(self._length, np.float32)
        level = rng.uniform(-38, -20)
        over_echo_db = rng.uniform(-12, 12)
        starts: list[int] = []
        if rng.random() < 0.55:
            starts = self._speak(user, voice, level, fold, rng)
        far = far * self._ducks(starts, rng)
        echo = echo_of(far, rng, self._variety.restlessness, self._variety.losses)
        echo *= 10 ** ((level - over_echo_db - active_level(echo)) / 20)
        near = user + echo + self._floor(rng)
        if rng.random() < 0.4:
            near += self._bed(fold, rng, level - rng.uniform(8, 30))
        if rng.random() < 0.55:
            louder = level - over_echo_db
            self._noise_events(near, fold, rng, (louder - 14, louder + 7), rng.uniform(0.6, 2.5))
        elif rng.random() < 0.1:
            near += self._babble(fold, rng, level - over_echo_db - rng.uniform(0, 15))
        return Mix(np.clip(near, -1, 1), far, voice, fold, on_loudspeaker=True)

    def _speak(self, near: Floats, voice: Flags, level_dbfs: float, fold: int, rng: np.random.Generator) -> list[int]:
        """Adds phrases of one speaker, with pauses. Returns their first samples."""
        speakers = self._voices[fold]
        own = speakers[int(rng.integers(len(speakers)))]
        speed = rng.uniform(0.85, 1.2) if rng.random() < 0.85 else rng.uniform(1.2, 1.45)
        stretch = rng.uniform(*STRETCHES) if rng.random() < OTHER_THROATS else 1.0
        tilt = rng.uniform(-6, 6)
        response = room_response(rng, rng.uniform(0.12, 0.5), rng.uniform(0, 12)) if rng.random() < 0.4 else None
        at = int(rng.uniform(0.3, 4.5) * RATE)
        starts = []
        while at < self._length - RATE // 4:
            phrase = own[int(rng.integers(len(own)))]
            if self._variety.inner_onsets and rng.random() < self._variety.inner_onsets:
                phrase = begun_inside(phrase, rng)
            sound = np.asarray(soxr.resample(phrase.sound, RATE * speed, RATE), np.float32)
            if stretch != 1:
                sound = with_throat(sound, stretch)
            grid = (np.arange(len(sound) // HOP) * speed).astype(int)
            active = phrase.active[np.minimum(grid, len(phrase.active) - 1)]
            sound = _tilted(sound * 10 ** ((level_dbfs - phrase.level_dbfs + rng.uniform(-3, 3)) / 20), tilt)
            if response is not None:
                sound = convolved(sound, response)
            at -= at % HOP
            n = min(len(sound), self._length - at)
            near[at : at + n] += sound[:n]
            marks = active[: n // HOP]
            voice[at // HOP : at // HOP + len(marks)] |= marks
            starts.append(at + int(np.argmax(active)) * HOP)
            at += len(sound) + int(rng.choice([rng.uniform(0.05, 0.5), rng.uniform(1, 4)]) * RATE)
        return starts

    def _noise_events(
        self, near: Floats, fold: int, rng: np.random.Generator, levels_dbfs: tuple[float, float], longest_gap_s: float
    ) -> None:
        at = int(rng.uniform(0.1, 1.5) * RATE)
        while at < self._length - RATE // 8:
            sound = self._noise(fold, rng)
            sound = sound[: int(rng.uniform(1, 8) * RATE)]
            sound = sound * 10 ** ((rng.uniform(*levels_dbfs) - active_level(sound)) / 20)
            sound *= min(1.0, 0.95 / (np.abs(sound).max() + 1e-9))
            n = min(len(sound), self._length - at)
            near[at : at + n] += sound[:n]
            at += n + int(rng.uniform(0.1, longest_gap_s + 0.1) * RATE)

    def _noise(self, fold: int, rng: np.random.Generator) -> Floats:
        kinds = self._noises[fold]
        kind = kinds[int(rng.integers(len(kinds)))]
        sound = kind[int(rng.integers(len(kind)))].sound
        start = int(rng.integers(max(1, len(sound) - 4 * RATE)))
        if rng.random() < 0.5:
            speed = rng.uniform(*self._variety.noise_speeds)
            sound = np.asarray(soxr.resample(sound[start : start + 10 * RATE], RATE * speed, RATE), np.float32)
        else:
            sound = sound[start:].copy()
        if rng.random() < OTHER_NOISES:
            sound = with_throat(sound[: 10 * RATE], rng.uniform(*STRETCHES))
        sound = _tilted(sound, rng.uniform(-4, 4))
        if rng.random() < 0.25:
            sound = convolved(sound, room_response(rng, rng.uniform(0.1, 0.5), rng.uniform(0, 12)))
        return sound

    def _bed(self, fold: int, rng: np.random.Generator, level_dbfs: float) -> Floats:
        sound = self._noise(fold, rng)
        for _ in range(20):
            if len(sound) > 2 * RATE:
                break
            sound = self._noise(fold, rng)
        bed = np.tile(sound, -(-self._length // len(sound)))[: self._length]
        return np.asarray(bed * 10 ** ((level_dbfs - active_level(bed)) / 20), np.float32)

    def _babble(self, fold: int, rng: np.random.Generator, level_dbfs: float) -> Floats:
        """Several talkers at once, in the room's reverberation: nobody who speaks to us."""
        sum_ = np.zeros(self._length, np.float32)
        for _ in range(int(rng.integers(4, 9))):
            sum_ += self._talk(fold, rng, (0.0, 0.6)) * 10 ** (rng.uniform(-6, 0) / 20)
        sum_ = convolved(sum_, room_response(rng, rng.uniform(0.3, 0.9), rng.uniform(-10, 3)))
        return np.asarray(sum_ * 10 ** ((level_dbfs - active_level(sum_)) / 20), np.float32)

    def _far(self, fold: int, rng: np.random.Generator) -> Floats:
        far = self._talk(fold, rng, (0.05, 0.7))
        return np.asarray(np.clip(far * 10 ** (rng.uniform(-6, 3) / 20), -0.99, 0.99), np.float32)

    def _talk(self, fold: int, rng: np.random.Generator, gaps_s: tuple[float, float]) -> Floats:
        """One speaker without end, at FAR_DBFS."""
        speakers = self._voices[fold]
        own = speakers[int(rng.integers(len(speakers)))]
        out = np.zeros(self._length, np.float32)
        at = int(rng.uniform(0, 0.8) * RATE)
        while at < self._length - RATE // 8:
            phrase = own[int(rng.integers(len(own)))]
            n = min(len(phrase.sound), self._length - at)
            out[at : at + n] += phrase.sound[:n] * 10 ** ((FAR_DBFS - phrase.level_dbfs) / 20)
            at += n + int(rng.uniform(*gaps_s) * RATE)
        return out

    def _ducks(self, starts: list[int], rng: np.random.Generator) -> Floats:
        """Playback's gain: ducks that the detector may cause itself, right and wrong ones, and stops."""
        gain = np.ones(self._length, np.float32)
        at = [start + int(rng.uniform(0.03, 0.3) * RATE) for start in starts if rng.random() < 0.6]
        at += [int(rng.uniform(0, SECONDS) * RATE) for _ in range(int(rng.integers(0, 4)))]
        for start in at:
            gain[start : start + int(rng.uniform(0.15, 1.0) * RATE)] = DUCK
        if starts and rng.random() < 0.3:
            gain[starts[0] + int(rng.uniform(0.1, 0.5) * RATE) :] = 0
        ramp = np.ones(128, np.float32) / 128
        return np.asarray(np.convolve(np.pad(gain, (127, 0), mode="edge"), ramp, "valid"), np.float32)

    def _floor(self, rng: np.random.Generator) -> Floats:
        """The microphone's own noise: pink, seldom so little that it is digital silence."""
        spectrum = np.fft.rfft(rng.standard_normal(self._length))
        spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
        pink = np.fft.irfft(spectrum, self._length)
        level_dbfs = rng.uniform(-72, -50)
        return np.asarray(pink / pink.std() * 10 ** (level_dbfs / 20), np.float32)


def _by_speaker(phrases: list[Phrase]) -> list[list[Phrase]]:
    """A speaker with much speech counts as several, so that single recordings do not outweigh a corpus."""
    speakers = _grouped(phrases, [phrase.clip.folder for phrase in phrases])
    return [own[at::share] for own in speakers for share in [max(1, min(8, len(own) // 10))] for at in range(share)]


def _by_kind(noises: list[Clip]) -> list[list[Clip]]:
    """A kind with many clips is drawn more often, but not in proportion."""
    kinds = _grouped(noises, [noise.folder for noise in noises])
    return [own[at::share] for own in kinds for share in [max(1, len(own) // 3)] for at in range(share)]


def _grouped(things: list[T], names: list[str]) -> list[list[T]]:
    return [[t for t, n in zip(things, names, strict=True) if n == name] for name in sorted(set(names))]


def _tilted(sound: Floats, tilt_db: float) -> Floats:
    """Tilts the spectrum by so much from 200 Hz to 6 kHz."""
    hz = np.clip(np.fft.rfftfreq(len(sound), 1 / RATE), 200, 6000)
    gain = 10 ** (tilt_db * (np.log2(hz / 1100) / np.log2(30)) / 20)
    return np.asarray(np.fft.irfft(np.fft.rfft(sound) * gain, len(sound)), np.float32)
