"""Makes the noises in resources/sounds from nothing but numpy: python packaging/make_sounds.py [FOLDER].

Each is a mono FLAC at 48 kHz. The same numbers come out every time: every sound has a random generator of its own.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

Samples = npt.NDArray[np.float64]
RATE = 48_000
LOUDEST_DBFS = -18.0
"""RMS of the loudest 50 ms of a sound: a little over speech, as such noises are."""
PEAK = 10 ** (-1 / 20)


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE))


def add(into: Samples, sound: Samples, at_s: float, gain: float = 1.0) -> None:
    """Mix `sound` in from `at_s` on; what would stand past the end is dropped."""
    start = int(at_s * RATE)
    count = min(len(sound), len(into) - start)
    into[start : start + count] += gain * sound[:count]


def coloured(random: np.random.Generator, seconds: float, points: tuple[tuple[float, float], ...]) -> Samples:
    """Noise whose spectrum goes through `points` (Hz, dB), straight over log frequency; RMS 1."""
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(random.standard_normal(count))
    hz = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 1.0)
    level_db = np.interp(np.log(hz), np.log([p[0] for p in points]), [p[1] for p in points])
    noise: Samples = np.fft.irfft(spectrum * 10 ** (level_db / 20), count)
    noise /= np.sqrt(np.mean(noise**2))
    return noise


def struck(seconds: float, modes: tuple[tuple[float, float, float], ...]) -> Samples:
    """Something hit: a sum of decaying sines. modes: (Hz, time constant in s, amplitude)."""
    t = np.arange(int(seconds * RATE)) / RATE
    ringing: Samples = np.sum([a * np.sin(2 * np.pi * hz * t) * np.exp(-t / tau) for hz, tau, a in modes], axis=0)
    return ringing


def swell(sound: Samples, points: tuple[tuple[float, float], ...]) -> Samples:
    """`sound` under an envelope through `points` (s, gain)."""
    t = np.arange(len(sound)) / RATE
    return sound * np.interp(t, [p[0] for p in points], [p[1] for p in points])


def throat(
    random: np.random.Generator, hz: Samples, formants: tuple[tuple[float, float], ...], breath: float
) -> Samples:
    """A buzz of pitch `hz` (one value a sample) through `formants` (Hz, width in Hz), with a share of breath noise."""
    phase = np.cumsum(hz / RATE)
    harmonics = np.arange(1, 60)
    buzz = np.sum([np.sin(2 * np.pi * k * phase) / k * (k * hz < 12_000) for k in harmonics], axis=0)
    source = buzz / np.sqrt(np.mean(buzz**2)) + breath * random.standard_normal(len(hz))
    frequencies = np.fft.rfftfreq(len(hz), 1 / RATE)
    tract = 0.02 + sum(1 / (1 + ((frequencies - f) / width) ** 2) for f, width in formants)
    return np.fft.irfft(np.fft.rfft(source) * tract, len(hz))


def door_knock(random: np.random.Generator) -> Samples:
    sound = silence(1.3)
    for at_s, strength in ((0.02, 0.9), (0.25, 1.0), (0.47, 0.8)):
        detune = 1 + 0.02 * random.standard_normal()
        wood = ((118, 0.045, 1.0), (187, 0.04, 0.8), (291, 0.03, 0.6), (433, 0.02, 0.4), (760, 0.012, 0.3))
        add(sound, struck(0.35, tuple((hz * detune, tau, a) for hz, tau, a in wood)), at_s, strength)
        knuckle = coloured(random, 0.012, ((200, 0), (1500, 0), (6000, -20)))
        add(sound, swell(knuckle, ((0, 1), (0.012, 0))), at_s, 0.35 * strength)
    return sound


def keyboard(random: np.random.Generator) -> Samples:
    sound = silence(2.2)
    at_s = 0.03
    while at_s < 2.0:
        strength = random.uniform(0.5, 1.0)
        for delay_s, share in ((0.0, 0.5), (0.012, 1.0), (random.uniform(0.07, 0.1), 0.35)):
            click = coloured(random, 0.008, ((300, -12), (2500, 0), (5000, 0), (12_000, -18)))
            add(sound, swell(click, ((0, 1), (0.008, 0))), at_s + delay_s, share * strength)
        add(sound, struck(0.04, ((210, 0.008, 0.8), (540, 0.005, 0.5))), at_s + 0.012, strength)
        at_s += random.uniform(0.09, 0.2) + (0.25 if random.random() < 0.15 else 0.0)
    return sound


def cough(random: np.random.Generator) -> Samples:
    sound = silence(1.2)
    for at_s, strength in ((0.02, 1.0), (0.52, 0.75)):
        burst = coloured(random, 0.38, ((150, -12), (450, 0), (1500, -2), (3200, -8), (9000, -24)))
        envelope = ((0, 0), (0.006, 1), (0.05, 0.7), (0.09, 0.28), (0.22, 0.14), (0.38, 0))
        add(sound, swell(burst, envelope), at_s, strength)
        count = int(0.16 * RATE)
        pitch = np.linspace(190, 120, count) * (1 + 0.06 * coloured(random, 0.16, ((10, 0), (80, -40))))
        rasp = throat(random, pitch, ((620, 120), (1350, 180), (2500, 300)), breath=0.8)
        add(sound, swell(rasp, ((0, 0), (0.03, 1), (0.09, 0.6), (0.16, 0))), at_s + 0.1, 0.25 * strength)
    return sound


def throat_clearing(random: np.random.Generator) -> Samples:
    """The hardest of all: a voice without words."""
    sound = silence(1.1)
    for at_s, seconds, strength in ((0.02, 0.34, 1.0), (0.5, 0.42, 0.9)):
        t = np.arange(int(seconds * RATE)) / RATE
        pitch = np.interp(t, (0, 0.08, seconds), (96, 128, 88)) * (
            1 + 0.05 * coloured(random, seconds, ((10, 0), (60, -20), (300, -60)))
        )
        rasp = throat(random, pitch, ((480, 90), (1180, 130), (2450, 250), (3400, 300)), breath=0.35)
        flutter = 1 + 0.5 * np.sin(2 * np.pi * 31 * t + random.uniform(0, 6))
        add(sound, swell(rasp * flutter, ((0, 0), (0.03, 1), (0.6 * seconds, 0.8), (seconds, 0))), at_s, strength)
    return sound


def bark(random: np.random.Generator) -> Samples:
    sound = silence(1.1)
    for at_s, strength in ((0.02, 1.0), (0.5, 0.85)):
        t = np.arange(int(0.2 * RATE)) / RATE
        pitch = np.interp(t, (0, 0.05, 0.12, 0.2), (330, 610, 520, 300))
        pitch *= 1 + 0.05 * coloured(random, 0.2, ((10, 0), (150, -30)))
        voice = throat(random, pitch, ((780, 160), (1650, 250), (3000, 500)), breath=0.5)
        add(sound, swell(voice, ((0, 0), (0.012, 1), (0.1, 0.8), (0.2, 0))), at_s, strength)
    room = sound.copy()
    for delay_s, gain in ((0.019, 0.3), (0.033, 0.22), (0.057, 0.14), (0.091, 0.08)):
        add(room, sound, delay_s, gain)
    return room


def fan(random: np.random.Generator) -> Samples:
    seconds = 2.6
    air = coloured(random, seconds, ((20, -20), (120, 0), (600, -8), (3000, -26), (12_000, -50)))
    t = np.arange(len(air)) / RATE
    blades = 1 + 0.12 * np.sin(2 * np.pi * 23.5 * t)
    motor = 0.35 * np.sin(2 * np.pi * 100 * t) + 0.15 * np.sin(2 * np.pi * 200 * t + 0.7)
    return swell(air * blades + motor, ((0, 0), (0.3, 1), (seconds - 0.3, 1), (seconds, 0)))


def rain(random: np.random.Generator) -> Samples:
    seconds = 2.4
    sound = 0.35 * coloured(random, seconds, ((50, -30), (800, -8), (3000, 0), (7000, -4), (15_000, -20)))
    for _ in range(240):
        hz = random.uniform(900, 5200)
        drop = struck(0.02, ((hz, random.uniform(0.001, 0.004), 1.0),))
        add(sound, drop, random.uniform(0, seconds - 0.03), random.exponential(0.7))
    return swell(sound, ((0, 0), (0.3, 1), (seconds - 0.3, 1), (seconds, 0)))


def clatter(random: np.random.Generator) -> Samples:
    sound = silence(1.5)
    at_s = 0.02
    for _ in range(9):
        base = random.uniform(1500, 2600)
        modes = tuple(
            (base * ratio * random.uniform(0.98, 1.02), random.uniform(0.02, 0.09), random.uniform(0.3, 1.0))
            for ratio in (1.0, 1.72, 2.41, 3.17, 4.3)
        )
        add(sound, struck(0.4, modes), at_s, random.uniform(0.35, 1.0))
        tick = coloured(random, 0.004, ((500, -10), (4000, 0), (12_000, -6)))
        add(sound, swell(tick, ((0, 1), (0.004, 0))), at_s, 0.8)
        at_s += random.exponential(0.1) + 0.03
    return sound


def glass(random: np.random.Generator) -> Samples:
    sound = silence(1.4)
    modes = ((1870, 0.34, 1.0), (1874, 0.3, 0.5), (4630, 0.16, 0.5), (8120, 0.07, 0.3), (11_900, 0.03, 0.15))
    add(sound, struck(1.35, modes), 0.02)
    tick = coloured(random, 0.003, ((1000, -10), (6000, 0), (15_000, -6)))
    add(sound, swell(tick, ((0, 1), (0.003, 0))), 0.02, 0.6)
    return sound


SOUNDS: dict[str, Callable[[np.random.Generator], Samples]] = {
    "bark": bark,
    "clatter": clatter,
    "cough": cough,
    "door-knock": door_knock,
    "fan": fan,
    "glass": glass,
    "keyboard": keyboard,
    "rain": rain,
    "throat-clearing": throat_clearing,
}


def make(name: str) -> npt.NDArray[np.int16]:
    """One sound, (n,) at 48 kHz, levelled, with its last 10 ms faded out."""
    sound = SOUNDS[name](np.random.default_rng(zlib.crc32(name.encode())))
    sound[-480:] *= np.linspace(1, 0, 480)
    window = RATE // 20
    power = np.convolve(sound**2, np.full(window, 1 / window), mode="valid")
    gain = min(10 ** (LOUDEST_DBFS / 20) / np.sqrt(power.max()), PEAK / np.abs(sound).max())
    levelled: npt.NDArray[np.int16] = np.round(sound * gain * 32767).astype(np.int16)
    return levelled


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in SOUNDS:
        path = folder / f"{name}.flac"
        soundfile.write(path, make(name), RATE, subtype="PCM_16", format="FLAC", compression_level=1.0)
        print(f"{path}  {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "resources" / "sounds")
