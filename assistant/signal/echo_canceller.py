"""What an echo canceller does, and the one that does nothing."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

BLOCK = 256
"""16 ms at 16 kHz; transforms are twice as long (overlap-save). Blocks of 32 ms cost half and leave 1 to 2 dB more."""
BINS = BLOCK + 1
"""Of the canceller's own spectra."""


class EchoEstimate(NamedTuple):
    """Near-end sound, taken apart.

    residual: near minus echo, (n,) float32, ±1.0 and a little beyond. echo: what was taken out, (n,) float32.
    uncertainty: power of the echo that the canceller expects to have left, by bin of its own spectra, (BINS,) float32,
    the mean over n; zeros where it rests. is_path_new: it has just found that it knew another path, and begins anew.
    is_misplaced: what is left may be the echo in another place than it was expected.
    """

    residual: Floats
    echo: Floats
    uncertainty: Floats
    is_path_new: bool = False
    is_misplaced: bool = False


class EchoCanceller(Protocol):
    """Owned by the turn thread."""

    def process(self, near: Floats, far: Floats) -> EchoEstimate:
        """near, far: (n,) float32 at 16 kHz, of the same moment; n a multiple of the canceller's own block."""

    def sound_lost(self) -> None:
        """The device told so: from here on the echo may come later or sooner."""

    def reset(self) -> None:
        """Forget the room."""


class NoCanceller:
    """Leaves the microphone as it is."""

    def process(self, near: Floats, far: Floats) -> EchoEstimate:
        """near, far: (n,) float32 at 16 kHz. The residual is `near` itself."""
        return EchoEstimate(near, np.zeros_like(near), np.zeros(BINS, np.float32))

    def sound_lost(self) -> None:
        """Nothing was expected anywhere."""

    def reset(self) -> None:
        """Nothing was learnt."""
