"""What other settings would have decided: asked while a setting moves, and shown for a while beside the facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.settings.access import KNOBS, value
from assistant.settings.sections import Settings
from assistant.signal.trace import FRAME
from assistant.ui.live.marks import Guess
from assistant.ui.words import with_unit
from assistant.workers.episode import Episode

Redecide = Callable[[Settings], list[Episode]]

SHOWN_S = 4.0
EVERY_S = 0.1
DECIDING = ("vad", "echo", "barge_in")
"""Sections that a decision depends on."""


class WhatIf:
    """Owned by the GUI thread. `now_s` is any clock that only grows."""

    def __init__(self, redecide: Redecide | None, settings: Settings) -> None:
        self._redecide = redecide
        self._settings = settings
        self._before = settings
        self._waiting = False
        self._asked_at = self._moved_at = float("-inf")
        self.episodes: list[Episode] = []

    def settings_changed(self, settings: Settings, now_s: float) -> None:
        """A setting moved. The question is asked at the next tick, so that a fast drag asks once a tick at most."""
        if any(getattr(settings, section) != getattr(self._settings, section) for section in DECIDING):
            if now_s - self._moved_at > SHOWN_S:
                self._before = self._settings
            self._waiting, self._moved_at = True, now_s
        self._settings = settings

    def tick(self, now_s: float) -> bool:
        """Ask if it is time; returns whether what is shown has changed."""
        if self._redecide is None:
            return False
        if self._waiting and now_s - self._asked_at >= EVERY_S:
            self._waiting, self._asked_at = False, now_s
            self.episodes = self._redecide(self._settings)
            return True
        if self.episodes and now_s - self._moved_at > SHOWN_S:
            self.episodes = []
            return True
        return False

    @property
    def moved(self) -> str:
        """What was moved, in words: "160 ms"; "these settings" for more than one."""
        changed = [
            with_unit(knob, value(self._settings, key))
            for key, knob in KNOBS.items()
            if knob.section in DECIDING and value(self._settings, key) != value(self._before, key)
        ]
        return changed[0] if len(changed) == 1 else "these settings"

    def guesses(self, real: Sequence[Episode]) -> list[Guess]:
        """Where it would have decided otherwise. After the first difference the rest is a guess."""
        different = [episode for episode in self.episodes if not any(_alike(episode, other) for other in real)]
        found: list[Guess] = []
        for episode in different:
            stops = episode.outcome in ("stopped", "false_stop")
            if stops or episode.outcome == "restored":
                at = episode.decided_at if episode.silent_at is None else episode.silent_at
                found.append(Guess(at, stops, certain=not found))
        return found

    def instead_of(self, episode: Episode) -> Episode | None:
        """What would have become of this sound, if it was decided again."""
        near = [other for other in self.episodes if abs(other.onset - episode.onset) <= 2 * FRAME]
        return min(near, key=lambda other: abs(other.onset - episode.onset), default=None)


def instead_words(moved: str, episode: Episode, other: Episode) -> str:
    """ "With 160 ms it would have been 206 ms.", or "" where nothing would have differed."""
    if _alike(episode, other):
        return ""
    if other.outcome == "stopped" and other.onset_to_stop_ms is not None:
        return f"With {moved} it would have been {other.onset_to_stop_ms:.0f} ms."
    if other.outcome == "restored":
        return f"With {moved} it would have carried on."
    return f"With {moved} it would not have noticed."


def _alike(one: Episode, other: Episode) -> bool:
    """Whether both tell the same decisions; what came of a stop later is not compared."""

    def near(at: int | None, other_at: int | None) -> bool:
        return at == other_at if at is None or other_at is None else abs(at - other_at) < FRAME

    ends = tuple("stopped" if episode.outcome == "false_stop" else episode.outcome for episode in (one, other))
    return ends[0] == ends[1] and near(one.duck_at, other.duck_at) and near(one.decided_at, other.decided_at)
