"""How often a reply that was stopped by mistake goes on by itself: once at once, then only after growing quiet."""

from __future__ import annotations

from assistant.settings.sections import FRAME_MS

RECOVERED_MS = 30_000
"""Spoken so long without a stop, a reply counts as undisturbed again: a reading of hours meets more than one cough."""
LONGEST_WAIT_MS = 60_000
"""After a minute of quiet it goes on in any case: where nobody is left to ask for it, it must not be mute for ever."""


class Resuming:
    """Counts how often one reply was stopped without words. Going on does not make it another reply.

    What goes on into the same noise is stopped again, and sounds like a stutter. So it goes on at once the first time,
    as anybody would after a slammed door; the next time it waits for quiet, and each time after that for twice as long.
    """

    def __init__(self) -> None:
        self._stops = 0
        self._spoken_ms = 0

    def reply_began(self) -> None:
        """Another reply than the one that was stopped."""
        self._stops = self._spoken_ms = 0

    def spoke(self) -> None:
        """One frame of it was heard."""
        self._spoken_ms += FRAME_MS

    def stopped(self) -> None:
        """A sound stopped it; whether rightly is not known yet."""
        if self._spoken_ms >= RECOVERED_MS:
            self._stops = 0
        self._stops += 1
        self._spoken_ms = 0

    def wanted(self) -> None:
        """What stopped it was a sign of listening: somebody is there and wants it to go on."""
        self._stops = 0

    def wait_ms(self, first_s: int) -> int:
        """Quiet after which it goes on: 0 at the first stop, `first_s` at the second, then twice as long each time."""
        again = self._stops - 2
        if again < 0:
            return 0
        return min(LONGEST_WAIT_MS, (first_s * 1000) << min(again, 5))
