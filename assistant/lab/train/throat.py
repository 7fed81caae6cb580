"""Another throat for the same words: the spectrum's envelope is stretched, the pitch stays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

WINDOW = 512
HOP = WINDOW // 4
STRETCHES = (0.83, 1.22)
"""From a tall man's to a child's, about, for an average adult. Together with a change of speed, which moves pitch and
formants alike, a few talkers become many."""
SMOOTH = 40
"""Cepstral coefficients of the envelope: 2.5 ms at 16 kHz, less than the period of a voice of 400 Hz."""
MOST = 10.0
"""Largest change of a bin, as a factor: 20 dB."""


def with_throat(sound: Floats, stretch: float) -> Floats:
    """The formants times `stretch`: over 1 a shorter vocal tract, a child's; under 1 a longer one.

    sound: (n,) float32, 16 kHz; the same length comes out. The envelope is the liftered cepstrum of each window, as in
    vocal tract length perturbation (N. Jaitly and G. Hinton, ICML workshop on speech, 2013), but of the sound itself.
    """
    window = np.hanning(WINDOW + 1)[:-1]
    padded = np.pad(sound, (WINDOW, 2 * WINDOW))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP] * window
    spectra = np.fft.rfft(frames)
    cepstra = np.fft.irfft(np.log(np.abs(spectra) + 1e-6))
    cepstra[:, SMOOTH : WINDOW - SMOOTH + 1] = 0
    envelopes = np.fft.rfft(cepstra).real
    bins = np.arange(envelopes.shape[1])
    from_ = np.minimum(bins / stretch, bins[-1])
    low = np.minimum(from_.astype(int), bins[-1] - 1)
    part = from_ - low
    stretched = envelopes[:, low] * (1 - part) + envelopes[:, low + 1] * part
    gains = np.clip(np.exp(stretched - envelopes), 1 / MOST, MOST)
    changed = np.fft.irfft(spectra * gains) * window
    out = np.zeros(len(padded))
    for at, frame in enumerate(changed):
        out[at * HOP : at * HOP + WINDOW] += frame
    out = out[WINDOW : WINDOW + len(sound)] / 1.5  # Hann squared at a quarter's hop adds up to 1.5
    level = np.sqrt((np.mean(np.square(sound)) + 1e-12) / (np.mean(np.square(out)) + 1e-12))
    return np.asarray(out * level, np.float32)
