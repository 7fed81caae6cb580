"""Another throat: the formants move, the pitch does not."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.lab.train.clips import RATE
from assistant.lab.train.throat import STRETCHES, with_throat

PITCH_HZ, FORMANT_HZ = 125, 1000


@pytest.fixture(scope="module")
def vowel() -> np.ndarray:
    """Harmonics of a pitch under one formant."""
    t = np.arange(RATE) / RATE
    harmonics = np.arange(1, 60) * PITCH_HZ
    strengths = 1 / (1 + ((harmonics - FORMANT_HZ) / 150) ** 2)
    return (0.05 * (strengths[:, None] * np.sin(2 * np.pi * harmonics[:, None] * t)).sum(0)).astype(np.float32)


def loudest_hz(sound: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(sound * np.hanning(len(sound))))) * RATE / len(sound))


def pitch_hz(sound: np.ndarray) -> float:
    middle = sound[RATE // 2 : RATE // 2 + 1600]
    likeness = np.correlate(middle, middle, "full")[len(middle) - 1 :]
    return RATE / (40 + int(np.argmax(likeness[40:240])))


@pytest.mark.parametrize("stretch", STRETCHES)
def test_formants_move_and_the_pitch_stays(vowel: np.ndarray, stretch: float) -> None:
    changed = with_throat(vowel, stretch)
    assert loudest_hz(changed) == pytest.approx(FORMANT_HZ * stretch, abs=PITCH_HZ / 2)
    assert pitch_hz(changed) == pytest.approx(PITCH_HZ, rel=0.01)


def test_length_level_and_kind_stay(vowel: np.ndarray) -> None:
    changed = with_throat(vowel[:5001], 1.2)
    assert changed.shape == (5001,) and changed.dtype == np.float32
    assert np.mean(np.square(changed)) == pytest.approx(np.mean(np.square(vowel[:5001])), rel=1e-3)


@pytest.mark.parametrize("samples", [1, 100, 3000])
def test_the_same_throat_is_the_same_sound_however_short(vowel: np.ndarray, samples: int) -> None:
    np.testing.assert_allclose(with_throat(vowel[:samples], 1.0), vowel[:samples], atol=1e-5)


def test_silence_stays_silence() -> None:
    assert not with_throat(np.zeros(4000, np.float32), 1.2).any()
