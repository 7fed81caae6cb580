"""Does the microphone hear you? A verdict from the last seconds of levels."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.signal.trace import FRAME, RATE

FRAME_S = FRAME / RATE
KEPT_S = 3.0
SPOKEN_S = 0.4
"""So much speech in the last seconds is somebody who speaks."""
SPOKEN = 0.5
DEAD_DBFS = -100.0
FAINT_DBFS = -48.0
CLIPPED_DBFS = -0.5
NO_SOUND_S = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """words: at most a line. token: its colour. symbol: its icon. heard: it is good enough to go on."""

    words: str
    token: Literal["text2", "far", "duck", "stop"]
    symbol: str
    heard: bool = False


SAY = Answer("Say something, as loud as you usually speak.", "text2", "mic")
HEARS = Answer("It hears you.", "far", "circle-check", heard=True)
FAINT = Answer(
    "It hears you, but faintly. Come closer, or raise the microphone's level.", "duck", "triangle-alert", True
)
CLIPS = Answer("Too loud: the sound is cut off at the top. Lower the microphone's level.", "duck", "triangle-alert")
DEAD = Answer("No sound arrives. Is the microphone muted, or is it another one?", "stop", "triangle-alert")
OPENING = Answer("The microphone is being opened.", "text2", "mic")


class HearsYou:
    """Takes frames as they come. Once it has heard somebody it says so until reset()."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Another microphone, or once more."""
        self._frames: deque[tuple[float, float, float]] = deque(maxlen=round(KEPT_S / FRAME_S))
        self._best = SAY

    def take(self, frames: Iterable[tuple[float, float, float]]) -> None:
        """frames: (level dBFS, peak dBFS, probability of speech) frame by frame."""
        self._frames.extend(frames)

    @property
    def answer(self) -> Answer:
        """What to tell the person now."""
        if not self._frames:
            return OPENING
        newest = list(self._frames)[-round(NO_SOUND_S / FRAME_S) :]
        if len(newest) >= round(NO_SOUND_S / FRAME_S) and max(level for level, _, _ in newest) < DEAD_DBFS:
            return DEAD
        spoken = [frame for frame in self._frames if frame[2] >= SPOKEN]
        if len(spoken) * FRAME_S < SPOKEN_S:
            return self._best
        if sum(peak >= CLIPPED_DBFS for _, peak, _ in spoken) >= 3:
            return CLIPS
        levels = sorted(level for level, _, _ in spoken)
        self._best = HEARS if levels[len(levels) // 2] >= FAINT_DBFS else FAINT
        return self._best
