"""Is there an echo at all? On headphones the canceller has nothing to take out, and should not try."""

from __future__ import annotations

from assistant.signal.quantile import Quantile


class EchoPresence:
    """Judges the canceller by what it takes out of the microphone while the loudspeaker plays.

    The best tenth of the last three seconds counts, so that a user who speaks meanwhile hides no echo.
    Owned by the turn thread.
    """

    FRAMES = 94
    BEST_SHARE = 0.9
    PRESENT_ERLE_DB = 1.0
    FIRST_FRAMES = 8
    PATIENCE_FRAMES = 47
    """1.5 s: a cold filter takes out something within one in any room."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Nothing has been played yet."""
        self._erle_db = Quantile(self.FRAMES, self.BEST_SHARE)

    @property
    def is_shown(self) -> bool:
        """The canceller has been seen to take echo out."""
        return self._erle_db.observed >= self.FIRST_FRAMES and self._erle_db.value >= self.PRESENT_ERLE_DB

    @property
    def is_possible(self) -> bool:
        """False once the loudspeaker has played for long and the canceller could take nothing out."""
        return self._erle_db.observed < self.PATIENCE_FRAMES or self.is_shown

    @property
    def erle_db(self) -> float:
        """Echo return loss enhancement: the median over the last three seconds of playing; 0 before anything played."""
        return self._erle_db.at(0.5)

    def update(self, erle_db: float) -> None:
        """Take in one frame during which an echo was to be expected."""
        self._erle_db.add(erle_db)
