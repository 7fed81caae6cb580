"""Every sentence about as loud as the last, and as loud as the person set it, whatever voice speaks it.

Loudness is that of ITU-R BS.1770-4: K-weighted power in blocks of 400 ms every 100 ms, those below -70 LUFS and then
those 10 LU below the mean left out. The weighting is applied to the spectrum of each 100 ms, which has no memory
between chunks and agrees with the filters of the recommendation to 0.1 LU on speech.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from assistant.settings import sections
from assistant.speech.voice import VOICE_RATE, SpokenChunk, Voice

_STEP_S = 0.1
_BLOCK_STEPS = 4
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = 10.0

# The two filters of BS.1770-4, Annex 1, tables 1 and 2, for 48 kHz: (b0, b1, b2), (1, a1, a2).
_HEAD = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_RUMBLE = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))

TRUST_S = 0.7
"""So much speech of a phrase weighs as much as all that the voice said before it. Less, and a "Yes." is blown up to the
power of a sentence; more, and a quiet sentence is over before it has been lifted."""
MEMORY_S = 10.0
"""How much speech the voice's own level is an average of."""
_LARGEST_CHANGE_DB = 6.0  # of a phrase against its voice: a whisper stays one
_KNEE, _CEILING = 10 ** (-4 / 20), 10 ** (-1 / 20)


def loudness_lufs(audio: npt.NDArray[np.float32], rate: int) -> float:
    """Gated loudness; -inf for silence. audio: (n,) float32, mono ±1.0, at `rate`."""
    size = round(rate * _STEP_S)
    steps = [_weighted_power(audio[at : at + size], rate) for at in range(0, len(audio) - size + 1, size)]
    power, _ = gated(steps or [_weighted_power(audio, rate)])
    return _lufs(power)


def gated(steps: list[float]) -> tuple[float, float]:
    """steps: K-weighted power of each 100 ms. The mean power of what is speech in them, and its seconds."""
    window = min(_BLOCK_STEPS, len(steps))
    if not window:
        return 0.0, 0.0
    blocks = np.convolve(steps, np.full(window, 1 / window), mode="valid")
    blocks = blocks[blocks > _power(_ABSOLUTE_GATE_LUFS)]
    if len(blocks):
        blocks = blocks[blocks >= blocks.mean() * 10 ** (-_RELATIVE_GATE_LU / 10)]
    return (float(blocks.mean()), len(blocks) * _STEP_S) if len(blocks) else (0.0, 0.0)


class Leveller:
    """The gain of one voice, moved slowly enough that nobody hears it move. Owned by the speaking thread.

    A phrase begins with the gain that its voice has needed so far and drifts to the one it needs itself.
    """

    def __init__(self, usual_lufs: float) -> None:
        """usual_lufs: about how loud the voice is by itself, until it has been heard."""
        self._power = _power(usual_lufs)
        self._target_lufs = usual_lufs
        self._gain = 1.0
        self._steps: list[float] = []
        self._rest = np.zeros(0, np.float32)

    def aim(self, target_lufs: float) -> None:
        """Take effect with the next phrase."""
        self._target_lufs = target_lufs

    def begin(self) -> None:
        """A phrase begins."""
        self._steps, self._rest = [], np.zeros(0, np.float32)
        self._gain = self._gain_for(self._power)

    def apply(self, audio: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """audio: the next (n,) float32 of the phrase, 48 kHz. The same, louder or softer, below -1 dBFS, read-only."""
        waiting = np.concatenate((self._rest, audio))
        size = round(VOICE_RATE * _STEP_S)
        whole = len(waiting) // size * size
        self._steps += [_weighted_power(waiting[at : at + size], VOICE_RATE) for at in range(0, whole, size)]
        self._rest = waiting[whole:]
        gain = self._gain_for(self._blended(TRUST_S))
        ramp = np.linspace(self._gain, gain, len(audio), dtype=np.float32)
        self._gain = gain
        levelled = limited(audio * ramp)
        levelled.setflags(write=False)
        return levelled

    def end(self) -> None:
        """The phrase is over, or was cut."""
        self._power = self._blended(MEMORY_S)

    def _blended(self, before_s: float) -> float:
        power, seconds = gated(self._steps)
        return (self._power * before_s + power * seconds) / (before_s + seconds)

    def _gain_for(self, power: float) -> float:
        change_db = _lufs(self._power) - _lufs(power)
        change_db = min(_LARGEST_CHANGE_DB, max(-_LARGEST_CHANGE_DB, change_db))
        return 10 ** ((self._target_lufs - _lufs(self._power) + change_db) / 20)


class Levelled:
    """A voice at an even loudness. Owned by the speaking thread."""

    def __init__(self, voice: Voice, usual_lufs: float) -> None:
        """usual_lufs: how loud `voice` is by itself, about."""
        self._voice = voice
        self._leveller = Leveller(usual_lufs)
        self._leveller.aim(sections.Voice().loudness_lufs)

    @property
    def name(self) -> str:
        return self._voice.name

    def configure(self, voice: sections.Voice) -> None:
        self._leveller.aim(voice.loudness_lufs)
        self._voice.configure(voice)

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        """As Voice.speak."""
        leveller = self._leveller
        leveller.begin()
        try:
            self._voice.speak(phrase, lambda chunk: emit(SpokenChunk(leveller.apply(chunk.audio), chunk.words)))
        finally:
            leveller.end()


def limited(audio: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Peaks above -4 dBFS bent so that they stay under -1 dBFS: no memory, so nothing pumps and no border clicks."""
    size = np.abs(audio)
    if not len(audio) or size.max() <= _KNEE:
        return audio
    room = _CEILING - _KNEE
    bent = np.copysign(_KNEE + room * np.tanh((size - _KNEE) / room), audio)
    return np.where(size > _KNEE, bent, audio).astype(np.float32)


def _weighted_power(audio: npt.NDArray[np.float32], rate: int) -> float:
    if not len(audio):
        return 0.0
    spectrum = np.fft.rfft(audio)
    power = (spectrum.real**2 + spectrum.imag**2) * _weights(len(audio), rate)
    return float(power.sum()) * 2 / len(audio) ** 2


@cache
def _weights(length: int, rate: int) -> npt.NDArray[np.float64]:
    """|K(f)|² at the frequencies of a real transform of `length` samples; the constant component counts nothing."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(length, 1 / rate) / VOICE_RATE)
    weights = np.ones(len(z))
    for above, below in (_HEAD, _RUMBLE):
        weights *= np.abs(np.polyval(above[::-1], z) / np.polyval(below[::-1], z)) ** 2
    return weights


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power) if power > 0 else -math.inf


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))
