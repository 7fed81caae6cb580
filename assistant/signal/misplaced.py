"""Notices that the echo does not stand where the canceller expects it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class MisplacedEcho:
    """Weighs the canceller's estimate against the microphone: how much of the one is in the other?

    A filter that knows the path estimates what is there: the projection of the microphone on the estimate is 1, whoever
    speaks besides, since a user's voice has nothing in common with ours. Where a device loses ten milliseconds of
    sound the estimate stands beside the echo, the projection falls towards 0 at once, and the residual holds the echo
    once and the estimate once: it sounds like somebody else, for as long as it takes to learn the path again.

    Each frame's projection is a normal variable around 1 or around FALLEN, of variance residual / estimate / SAMPLES;
    the logarithm of the ratio of both likelihoods is added up and cut at 0 (E. S. Page, "Continuous inspection
    schemes", Biometrika 41, 1954). The louder a user is, the less it says.
    """

    FALLEN = 0.3
    """Not 0: in the block in which the echo jumps, half of it still stands where it was expected."""
    SAMPLES = 30
    """A frame of speech has so many that are independent."""
    DOUBTED, LIMIT = 5.0, 10.0
    """Of the sum. At 7 one of two recorded jumps is told too late; at the limit two frames that fit end the doubt."""
    KEEP = 0.9
    """Of the sum from one frame to the next: a doubt that nothing feeds is gone after a tenth of a second."""
    MOST = 4.0
    """Power of the residual over the estimate's. Misplaced echo alone gives 2; what stays louder is somebody else."""
    KEEP_LOUD = 0.8
    """Of the sum while it is louder: a word whose echo comes sooner than its estimate is so for three frames."""
    LEAST_POWER = 1e-6
    """Of the estimate, -60 dBFS: a softer one disturbs nobody."""
    ANNOUNCED = 5.0
    """What the sum is at least where the device told that sound was lost: one frame that does not fit is enough."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Nothing has been heard yet."""
        self._doubt = 0.0

    def update(self, near: Floats, echo: Floats, is_announced: bool = False) -> bool:
        """near, echo: (n,), the microphone and the estimate. is_announced: the echo is likely to jump about now.

        Returns whether the residual may be the echo in another place.
        """
        if is_announced:
            self._doubt = max(self._doubt, self.ANNOUNCED)
        left = near - echo
        estimated, remaining = float(np.dot(echo, echo)), float(np.dot(left, left))
        if remaining > self.MOST * estimated:
            self._doubt *= self.KEEP_LOUD
        elif estimated < self.LEAST_POWER * len(echo):
            self._doubt *= self.KEEP
        else:
            share = float(np.dot(near, echo)) / estimated
            certainty = self.SAMPLES * estimated / (2 * remaining + 1e-9)
            told = certainty * ((1 - share) ** 2 - (share - self.FALLEN) ** 2)
            self._doubt = min(max(self.KEEP * self._doubt + told, 0.0), self.LIMIT)
        return self._doubt > self.DOUBTED
