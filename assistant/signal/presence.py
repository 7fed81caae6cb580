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
    PRESENT_ERLE_DB = 0.3
    """A filter that has nothing to find stays under .15 dB in its best tenth, one that has a hard time is above 1.5."""
    PATIENCE_FRAMES = 31
    """A second of playing: so long an echo is expected although none was seen."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Nothing has been played yet."""
        self._erle_db = Quantile(self.FRAMES, self.BEST_SHARE)

    @property
    def is_worth_cancelling(self) -> bool:
        """False while the canceller only adds to the microphone's sound: before it has learnt, and on headphones."""
        return self._erle_db.value >= self.PRESENT_ERLE_DB

    @property
    def is_possible(self) -> bool:
        """False once the loudspeaker has played for long and the canceller could take nothing out."""
        return self._erle_db.observed < self.PATIENCE_FRAMES or self.is_worth_cancelling

    @property
    def erle_db(self) -> float:
        """Echo return loss enhancement: the median over the last three seconds of playing; 0 before anything played."""
        return self._erle_db.at(0.5)

    def update(self, erle_db: float) -> None:
        """Take in one frame during which an echo was to be expected."""
        self._erle_db.add(erle_db)
