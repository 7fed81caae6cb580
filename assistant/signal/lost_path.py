"""Notices that an echo canceller's filter is no longer of this room."""

from __future__ import annotations


class LostPath:
    """A filter of another room adds its estimate to the microphone's power instead of taking the echo out of it.

    A user who speaks cannot make it so: the estimate is of the loudspeaker alone. So the residual's power is compared
    with the microphone's over the last tenth of a second in which either was loud; pauses do not count, since whoever
    stops for its own voice falls silent before a filter has learnt anything. Not to use a filter that leaves more than
    it was given is the rule of two-path cancellers (K. Ochiai, T. Araseki and T. Ogihara, "Echo canceler with two echo
    path models", IEEE Trans. Communications 25, 1977).
    """

    KEEP = 0.8
    """Of both powers from one block of 16 ms to the next."""
    HARM = 1.5
    """How much louder than the microphone the residual is. Estimate and echo of equal power without a relation: 2."""
    AUDIBLE = 0.03
    """Of the loudest echo of late, in power. What is softer is a tail, or the moment before an echo has arrived."""
    FADING = 0.999
    """Of that loudest echo, per block: 4 dB in 16 s."""
    SOFTEST = 1e-4
    """Energy of a block of 256 samples at -64 dBFS: the loudest echo counts as at least so loud."""
    LEARNING_BLOCKS = 60
    """A second of echo: before that a filter is not lost but new."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Nothing has been learnt that could be lost."""
        self._loudest = self.SOFTEST
        self.begin()

    def forgive(self) -> None:
        """The path is known again: what was left until now says nothing about it."""
        self._heard = self._left = 0.0

    def begin(self) -> None:
        """A path is learnt from here on."""
        self.forgive()
        self._blocks = 0

    @property
    def is_known(self) -> bool:
        """Whether there was enough echo to learn a path that can be lost."""
        return self._blocks > self.LEARNING_BLOCKS

    def update(self, heard: float, left: float) -> bool:
        """heard, left: energy of the microphone and of the residual in a block. True once, when the path is lost."""
        if max(heard, left) > self.AUDIBLE * self._loudest:
            self._heard += (1 - self.KEEP) * (heard - self._heard)
            self._left += (1 - self.KEEP) * (left - self._left)
            self._blocks += 1
        self._loudest = max(self.FADING * self._loudest, self._heard, self.SOFTEST)
        lost = self.is_known and self._left > self.HARM * self._heard
        if lost:
            self.begin()
        return lost
