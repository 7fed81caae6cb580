"""Power in bands as wide as the ear's."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

RATE = 16_000
BANDS = 20
LOWEST_HZ = 100.0
HIGHEST_HZ = 7000.0
"""What the decimator leaves untouched, without hum and rumble."""


def mel_weights(transform: int) -> Floats:
    """Triangles of equal width in mel (O'Shaughnessy 1987): (transform // 2 + 1, BANDS) float32.

    They add up to one between the outer centres: bands sum to the power of the spectrum.
    """
    ends_mel = 2595 * np.log10(1 + np.array([LOWEST_HZ, HIGHEST_HZ]) / 700)
    edges_hz = 700 * (10 ** (np.linspace(ends_mel[0], ends_mel[1], BANDS + 2) / 2595) - 1)
    hz = np.fft.rfftfreq(transform, 1 / RATE)[:, None]
    rising = (hz - edges_hz[:-2]) / np.diff(edges_hz)[:-1]
    falling = (edges_hz[2:] - hz) / np.diff(edges_hz)[1:]
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)
