"""What becomes of our voice between the sound card and the microphone: a made-up loudspeaker in a made-up room."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

RATE = 16_000
DRIVES = (0.0, 0.0, 1.0, 2.0, 4.0, 8.0, 12.0)
"""How hard the loudspeaker saturates; 0 is linear. tanh, as of a small driver at its limit."""


def room_response(rng: np.random.Generator, reverberation_s: float, direct_to_reverberant_db: float) -> Floats:
    """A direct sound, some early reflections, and exponentially decaying noise (Polack's model); unit energy."""
    length = int(min(reverberation_s, 0.6) * RATE)
    time_s = np.arange(length) / RATE
    tail = rng.standard_normal(length) * 10 ** (-3 * time_s / reverberation_s)
    tail[: int(rng.uniform(0.001, 0.004) * RATE)] = 0
    tail /= np.sqrt(np.square(tail).sum()) + 1e-9
    response = tail * 10 ** (-direct_to_reverberant_db / 20)
    for _ in range(int(rng.integers(2, 7))):
        response[int(rng.uniform(0.0005, 0.012) * RATE)] += rng.uniform(-0.5, 0.5)
    response[0] += 1
    return np.asarray(response / np.sqrt(np.square(response).sum()), np.float32)


def echo_of(far: Floats, rng: np.random.Generator, restlessness: float = 0.3, losses: float = 0.0) -> Floats:
    """far: (n,) float32, 16 kHz, what was handed to the loudspeaker. Returns (n,): what of it reaches the microphone.

    Level to be set by the caller. Delay 10-200 ms, clock drift to 100 ppm. restlessness: how often somebody moves the
    laptop meanwhile, and three times as often as they turn the system's volume; losses: how often the machine stalls,
    so that from then on the echo comes later; 0 never, 1 always.
    """
    drive = DRIVES[int(rng.integers(len(DRIVES)))]
    played = far * _volume(len(far), rng, restlessness / 3)
    if drive:
        played = np.tanh(drive * played / 0.5) / drive * 0.5
    played = band_limited(played, rng.uniform(120, 320), rng.uniform(4500, 7500))
    reverberation_s = rng.uniform(0.12, 0.75)
    ratio_db = rng.uniform(-3, 12)
    echo = convolved(played, room_response(rng, reverberation_s, ratio_db))
    if rng.random() < restlessness:
        moved = convolved(played, room_response(rng, reverberation_s, ratio_db))
        at = rng.uniform(0.2, 0.9) * len(far)
        share = np.clip((np.arange(len(far)) - at) / (rng.uniform(0.05, 0.4) * RATE), 0, 1).astype(np.float32)
        echo = echo * (1 - share) + moved * share
    if rng.random() < 0.5:
        drift = 1 + rng.uniform(-100, 100) * 1e-6
        echo = np.interp(np.arange(len(echo)) * drift, np.arange(len(echo)), echo).astype(np.float32)
    delay = int(rng.uniform(0.010, 0.200) * RATE)
    echo = np.concatenate([np.zeros(delay, np.float32), echo])[: len(far)]
    return _stalled(echo, rng) if losses and rng.random() < losses else echo


def _stalled(echo: Floats, rng: np.random.Generator) -> Floats:
    """The same, from some moment on 30 to 180 ms later."""
    at, lost = int(rng.uniform(0.1, 0.8) * len(echo)), int(rng.uniform(0.03, 0.18) * RATE)
    return np.concatenate([echo[:at], echo[at - lost : len(echo) - lost]])


def _volume(length: int, rng: np.random.Generator, often: float) -> Floats:
    """The system's own volume, which nobody tells us about: moved by up to 12 dB in so many cases."""
    gain = np.ones(length, np.float32)
    if rng.random() < often:
        gain[int(rng.uniform(0.2, 0.8) * length) :] = 10 ** (rng.uniform(-12, 9) / 20)
    return gain


def convolved(sound: Floats, response: Floats) -> Floats:
    """The first len(sound) samples of the convolution."""
    size = 1 << (len(sound) + len(response) - 1).bit_length()
    product = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    return np.asarray(np.fft.irfft(product, size)[: len(sound)], np.float32)


def band_limited(sound: Floats, low_hz: float, high_hz: float) -> Floats:
    """Second-order slopes outside low_hz … high_hz."""
    hz = np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE), 1.0)
    gain = 1 / np.sqrt((1 + (low_hz / hz) ** 4) * (1 + (hz / high_hz) ** 4))
    return np.asarray(np.fft.irfft(np.fft.rfft(sound) * gain, len(sound)), np.float32)
