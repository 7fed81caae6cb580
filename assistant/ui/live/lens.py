"""The quarter second around an onset under a magnifying glass: mic, frames, playback and the chain on one axis."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.signal.trace import FRAME, RATE
from assistant.ui.live.card_words import chain_words
from assistant.ui.live.frozen import FrozenTrace, Recorded
from assistant.ui.live.lens_painting import BEFORE_MS, LensPainting
from assistant.ui.style import Theme
from assistant.workers.episode import Episode

AFTER_MS = 206
ROOM_MS = 36
LONGEST_MS = 1600
"""A longer sound than this is cut at the right: its end is not what decided."""


@dataclass(frozen=True, slots=True)
class LensSound:
    """What an interruption looked like, copied, because the trace forgets. settled: nothing more is to come."""

    sound: FrozenTrace
    settled: bool


def last_ms(episode: Episode) -> float:
    """Where the lens ends for this interruption, in milliseconds after its onset."""
    silent = episode.decided_at if episode.silent_at is None else episode.silent_at
    end = max((silent - episode.onset) * 1000 / RATE, episode.onset_to_stop_ms or 0.0)
    return min(LONGEST_MS, max(AFTER_MS, end + ROOM_MS))


def copied(trace: Recorded, episode: Episode) -> LensSound:
    """The stretch of the trace that the lens may need, with as much again for a later stop of other settings."""
    start = max(0, episode.onset - BEFORE_MS * RATE // 1000 - FRAME)
    end = episode.onset + round((last_ms(episode) + AFTER_MS) * RATE / 1000)
    return LensSound(FrozenTrace(trace, start, end), trace.samples >= end and trace.frames * FRAME >= end)


class Lens(QWidget):
    """Painted at events only. Owned by the GUI thread."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._episode: Episode | None = None
        self._sound: LensSound | None = None
        self._instead: Episode | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("The moment of the interruption")

    def show_episode(self, episode: Episode, sound: LensSound, instead: Episode | None) -> None:
        """instead: what other settings would have made of it, for the hollow square."""
        self._episode, self._sound, self._instead = episode, sound, instead
        words = chain_words(episode)
        self.setToolTip(f"<p>{words}</p>" if words else "")
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(330, 106)

    def paintEvent(self, event: object) -> None:
        if self._episode is None or self._sound is None:
            return
        painter = QPainter(self)
        end = last_ms(self._episode)
        if self._instead is not None and self._instead.onset_to_stop_ms is not None:
            end = max(end, min(LONGEST_MS, self._instead.onset_to_stop_ms + ROOM_MS))
        size = self.width(), self.height()
        LensPainting(painter, self._theme, size, self._episode, self._sound.sound, end).run(self._instead)
        painter.end()
