"""Frames taken apart: levels are those of the sound, row by row."""

import numpy as np
import pytest

from assistant.signal.bands import BANDS
from assistant.signal.spectra import BINS, FAR, NEAR, RESIDUAL, ROWS, WINDOW, SpectrumAnalyser

RATE = 16_000


def test_bands_sum_to_the_power_of_what_carries_speech() -> None:
    windows = np.zeros((ROWS, WINDOW), np.float32)
    windows[FAR] = np.sin(2 * np.pi * 1000 / RATE * np.arange(WINDOW))
    spectra = SpectrumAnalyser()(windows)
    assert spectra.bands.shape == (ROWS, BANDS)
    assert spectra.bands[FAR].sum() == pytest.approx(0.5, rel=0.03)
    assert not spectra.bands[[NEAR, RESIDUAL]].any()


def test_powers_are_the_squares_of_the_bins() -> None:
    windows = np.random.default_rng(1).standard_normal((ROWS, WINDOW)).astype(np.float32)
    spectra = SpectrumAnalyser()(windows)
    assert spectra.bins.shape == spectra.powers.shape == (ROWS, BINS)
    np.testing.assert_allclose(spectra.powers, np.abs(spectra.bins) ** 2, rtol=1e-4)


def test_a_sound_between_two_bins_stays_among_its_neighbours() -> None:
    windows = np.zeros((ROWS, WINDOW), np.float32)
    windows[NEAR] = np.sin(2 * np.pi * 100.5 / WINDOW * np.arange(WINDOW))
    powers = SpectrumAnalyser()(windows).powers[NEAR]
    far_off = np.abs(np.arange(BINS) - 100) > 40
    assert powers[far_off].max() < 1e-5 * powers.max()
