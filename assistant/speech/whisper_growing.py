"""The words of an utterance that is still going on, from windows over its end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from assistant.speech.agreement import LocalAgreement
from assistant.speech.ears import EARS_RATE, Following
from assistant.speech.whisper_cuts import quietest

Pass = Callable[[npt.NDArray[np.float32]], str | None]
"""Hears a window; None where that was cancelled."""


class GrowingUtterance:
    """One utterance.

    When the window is full, its older part is heard once more by itself, up to a pause, and leaves it: a look stays
    cheap however long somebody speaks. Each pass hears the window from its beginning. Making the decoder go on from
    the settled words would be cheaper, but tiny models then say the sentence again instead.
    """

    def __init__(self, number: int, longest: int) -> None:
        """number: the utterance's. longest: samples that a pass is given, at 16 kHz; at least two seconds."""
        self.number = number
        self._longest = longest
        self._from = 0
        self._agreement = LocalAgreement()

    @property
    def following(self) -> Following:
        return Following(self._agreement.settled, self._agreement.tentative)

    def look(self, audio: npt.NDArray[np.float32], hear: Pass) -> Following:
        """audio: (n,) float32, mono 16 kHz, all of the utterance so far. Passes over no more than the window."""
        while len(audio) - self._from > self._longest:
            window = audio[self._from :]
            # A second stays at least: there words are still tentative, and a pass over less makes them up.
            cut = quietest(window, self._longest // 2, self._longest - EARS_RATE)
            beginning = hear(window[:cut])
            if beginning is None:
                return self.following
            self._agreement.scroll(beginning)
            self._from += cut
        hypothesis = hear(audio[self._from :])
        if hypothesis is not None:
            self._agreement.add(hypothesis)
        return self.following
