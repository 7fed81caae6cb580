"""Is there an echo at all? On headphones the canceller has nothing to take out, and should not try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.signal.quantile import Quantile

Listener = Literal["unknown", "headphones", "loudspeakers"]
"""What Interject is heard on, as far as the microphone can tell."""
Told = Literal["auto", "headphones", "loudspeakers"]
"""What the person says it is heard on; auto finds out."""


@dataclass(frozen=True, slots=True)
class EchoPath:
    """What is known of the way from the loudspeaker to the microphone.

    told: the person said so. taken_db: how much of the echo the canceller takes out, 0 where it takes nothing.
    is_new: the way was another one a moment ago, and the canceller learns it anew.
    """

    heard_on: Listener = "unknown"
    told: bool = False
    taken_db: float = 0.0
    is_new: bool = False


class EchoPresence:
    """Judges the canceller by what it takes out of the microphone while the loudspeaker plays.

    The best tenth of the last three seconds counts, so that a user who speaks meanwhile hides no echo. What the person
    says comes before what is heard. Owned by the turn thread.
    """

    FRAMES = 188
    BEST_SHARE = 0.9
    PRESENT_ERLE_DB = 0.3
    """A filter that has nothing to find stays under .15 dB in its best tenth, one that has a hard time is above 1.5."""
    PATIENCE_FRAMES = 62
    """A second of playing: so long an echo is expected although none was seen."""

    def __init__(self, told: Told = "auto") -> None:
        self.told: Told = told
        self.reset()

    def reset(self) -> None:
        """Nothing has been played yet."""
        self._erle_db = Quantile(self.FRAMES, self.BEST_SHARE)
        self._still_new = 0

    def begin_anew(self) -> None:
        """The echo, if there is one, takes another way from here on: new until nothing before it counts any more."""
        self._still_new = self.FRAMES

    @property
    def is_worth_cancelling(self) -> bool:
        """False while the canceller only adds to the microphone's sound: before it has learnt, and on headphones."""
        return self.told != "headphones" and self._erle_db.value >= self.PRESENT_ERLE_DB

    @property
    def is_possible(self) -> bool:
        """False once the loudspeaker has played for long and the canceller could take nothing out."""
        if self.told != "auto":
            return self.told == "loudspeakers"
        return self._erle_db.observed < self.PATIENCE_FRAMES or self.is_worth_cancelling

    @property
    def path(self) -> EchoPath:
        """What it comes to, for showing."""
        heard_on: Listener = "headphones"
        if self.told != "auto":
            heard_on = self.told
        elif self.is_worth_cancelling:
            heard_on = "loudspeakers"
        elif self.is_possible:
            heard_on = "unknown"
        taken_db = max(0.0, self.erle_db) if self.is_worth_cancelling else 0.0
        is_new = self.is_worth_cancelling and self._still_new > 0
        return EchoPath(heard_on, self.told != "auto", taken_db, is_new)

    @property
    def erle_db(self) -> float:
        """Echo return loss enhancement: the median over the last three seconds of playing; 0 before anything played."""
        return self._erle_db.at(0.5)

    def update(self, erle_db: float) -> None:
        """Take in one frame during which an echo was to be expected."""
        self._erle_db.add(erle_db)
        self._still_new = max(0, self._still_new - 1)
