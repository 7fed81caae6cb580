"""Noise with the colour of speech, so that neighbouring samples are alike."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def coloured(seed: int, samples: int, dbfs: float = -24.0) -> Floats:
    """(samples,) float32, the same for the same seed and length."""
    noise = np.random.default_rng(seed).standard_normal(samples + 15)
    smooth = np.convolve(noise, np.hanning(16), "valid")
    return np.asarray(smooth / smooth.std() * 10 ** (dbfs / 20), np.float32)
