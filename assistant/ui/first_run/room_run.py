"""The course of a room check: some quiet, then your voice, then Interject's own, each of a few seconds."""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from assistant.lab.room_check import PLAYING_DBFS, SPOKEN, RoomFigures, Span, levels, measure
from assistant.signal.trace import FRAME, RATE, Trace

Phase = Literal["idle", "quiet", "voice", "echo", "done"]
PARTS: tuple[Phase, ...] = ("quiet", "voice", "echo")
LONGEST_S: dict[Phase, float] = {"quiet": 3.0, "voice": 8.0, "echo": 6.0}
SETTLE_S = 0.4
"""After the button: the click itself is no noise of the room."""
SPOKEN_S, PAUSE_S = 2.0, 0.8
"""So much speech with such a pause behind it is the whole line."""
PLAYED_S = 5.0
BEGINS_WITHIN_S = 8.0
"""A voice that has not begun to play after this will not."""


class Sounds(Protocol):
    """What the check does to the conversation."""

    def hold(self) -> None:
        """Take the floor, so that nothing answers what is heard."""

    def let_go(self) -> None:
        """Give it back; what was heard is forgotten. Also ends what is being played."""

    def play(self) -> None:
        """Have a sentence or two spoken."""


class RoomRun:
    """Owned by the GUI thread. Time is the stream's: samples of the trace."""

    def __init__(self, trace: Trace, sounds: Sounds) -> None:
        self._trace, self._sounds = trace, sounds
        self.phase: Phase = "idle"
        self.spans: dict[Phase, Span] = {}
        self.figures: RoomFigures | None = None
        self._began = 0

    @property
    def under_way(self) -> bool:
        return self.phase in PARTS

    @property
    def share(self) -> float:
        """How much of the present part is over, 0..1."""
        if not self.under_way:
            return 0.0
        return min(1.0, (self._now - self._began) / RATE / LONGEST_S[self.phase])

    def begin(self) -> None:
        """Start with the quiet; what was measured before is forgotten."""
        self.spans, self.figures = {}, None
        self._sounds.hold()
        self._enter("quiet", self._now + round(SETTLE_S * RATE))

    def cancel(self) -> None:
        """Leave it; nothing was measured."""
        if self.under_way:
            self._sounds.let_go()
        self.phase = "idle"

    def tick(self) -> bool:
        """Go on with what the trace has now. Returns whether the phase changed."""
        before = self.phase
        if self.under_way and self._now > self._began:
            if self.phase == "echo":
                self._listen_to_itself()
            else:
                self._listen()
        return self.phase != before

    def heard(self, part: Phase) -> npt.NDArray[np.float32]:
        """Levels of a part so far, dBFS, frame by frame."""
        span = self.spans.get(part)
        if span is None or span.end <= span.start:
            return np.zeros(0, np.float32)
        return levels(self._trace, span, self.spans.get("voice") if part == "echo" else None)

    @property
    def _now(self) -> int:
        return self._trace.frames * FRAME

    def _enter(self, phase: Phase, at: int) -> None:
        self.phase, self._began = phase, at
        self.spans[phase] = Span(at, at)

    def _listen(self) -> None:
        self.spans[self.phase] = span = Span(self._began, self._now)
        over = (span.end - span.start) / RATE >= LONGEST_S[self.phase]
        if self.phase == "quiet":
            if over:
                self._enter("voice", self._now)
        elif over or self._has_read(span):
            self._sounds.let_go()
            self._sounds.play()
            self._enter("echo", self._now)

    def _has_read(self, span: Span) -> bool:
        spoken = self._trace.frame_slice(span.start, span.end).column("p_speech") >= SPOKEN
        pause = round(PAUSE_S * RATE / FRAME)
        return bool(spoken.sum() * FRAME / RATE >= SPOKEN_S and not spoken[-pause:].any())

    def _listen_to_itself(self) -> None:
        waiting = self.spans["echo"].end == self.spans["echo"].start
        if waiting:
            far_dbfs = self._trace.frame_slice(self._began, self._now).column("far_dbfs")
            playing = np.flatnonzero(far_dbfs > PLAYING_DBFS)
            if len(playing):
                self._began += int(playing[0]) * FRAME
            elif (self._now - self._began) / RATE > BEGINS_WITHIN_S:
                self._finish()
                return
            else:
                return
        self.spans["echo"] = Span(self._began, self._now)
        if (self._now - self._began) / RATE >= PLAYED_S:
            self._finish()

    def _finish(self) -> None:
        self._sounds.let_go()
        self.phase = "done"
        self.figures = measure(self._trace, self.spans["quiet"], self.spans["voice"], self.spans["echo"])
