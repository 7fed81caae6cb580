"""The interruptions of this session and what each looked like, with one of them selected."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.settings.sections import Settings
from assistant.ui.live.frozen import Recorded
from assistant.ui.live.lens import LensSound, copied
from assistant.workers.episode import Episode

KEPT = 200
"""A copy of the sound around one is some ten kilobytes."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """settings: as they stood when it came, because its sentence speaks of them."""

    episode: Episode
    settings: Settings
    sound: LensSound


class History:
    """Owned by the GUI thread."""

    def __init__(self) -> None:
        self._kept: dict[int, Remembered] = {}
        self._selected: int | None = None

    @property
    def episodes(self) -> list[Episode]:
        """Oldest first."""
        return [one.episode for one in self._kept.values()]

    @property
    def selected(self) -> Remembered | None:
        return None if self._selected is None else self._kept[self._selected]

    def take(self, episode: Episode, settings: Settings, trace: Recorded) -> bool:
        """A new interruption, or more about a known one. Returns whether it is a new one that is now selected.

        The newest is selected, unless an older one is being looked at.
        """
        known = self._kept.get(episode.number)
        if known is not None:
            if episode.revision >= known.episode.revision:
                sound = known.sound if known.sound.settled else copied(trace, episode)
                self._kept[episode.number] = Remembered(episode, known.settings, sound)
            return False
        newest = next(reversed(self._kept), None)
        self._kept[episode.number] = Remembered(episode, settings, copied(trace, episode))
        follows = self._selected == newest
        if follows:
            self._selected = episode.number
        self._forget_oldest()
        return follows

    def settle(self, trace: Recorded) -> bool:
        """Copy again what was still to come when it was first copied; returns whether the selected one changed."""
        changed = False
        for number, one in self._kept.items():
            if not one.sound.settled:
                self._kept[number] = Remembered(one.episode, one.settings, copied(trace, one.episode))
                changed = changed or number == self._selected
        return changed

    def select(self, number: int) -> bool:
        """Returns whether there is such an interruption."""
        if number not in self._kept:
            return False
        self._selected = number
        return True

    def neighbour(self, step: int) -> int | None:
        """The number of the one before (−1) or after (+1) the selected one, None where there is none."""
        numbers = list(self._kept)
        if self._selected is None:
            return None
        at = numbers.index(self._selected) + step
        return numbers[at] if 0 <= at < len(numbers) else None

    def _forget_oldest(self) -> None:
        while len(self._kept) > KEPT:
            oldest = next(iter(self._kept))
            if oldest == self._selected:
                return
            del self._kept[oldest]
