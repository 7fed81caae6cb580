"""How much speech there has been since a sound began, and how much quiet since it ended."""

from __future__ import annotations

from assistant.settings.sections import FRAME_MS
from assistant.turns.facts import FRAME_SAMPLES, FrameFacts


class Evidence:
    """Counts whole frames. A gap up to the tolerance keeps the count; a longer one begins it again.

    speech_ms: speech counted since the count began. total_ms: speech since `keep`, gaps or not. quiet_ms: since the
    last speech. onset: 16 kHz sample where the counted speech began. peak: the highest probability since then.
    """

    def __init__(self) -> None:
        self.speech_ms = 0
        self.total_ms = 0
        self.quiet_ms = 0
        self.onset = 0
        self.peak = 0.0

    def begin(self) -> None:
        """Forget the speech so far."""
        self.speech_ms = self.total_ms = self.quiet_ms = 0
        self.peak = 0.0

    def keep(self) -> None:
        """The speech counted now belongs to an utterance: from here on no gap makes it forgotten."""
        self.total_ms = self.speech_ms

    def add(self, facts: FrameFacts, is_speech: bool, gap_ms: int) -> None:
        """Take in one frame."""
        if is_speech:
            if self.speech_ms == 0:
                self.onset = _onset(facts)
                self.peak = 0.0
            self.speech_ms += FRAME_MS
            self.total_ms += FRAME_MS
            self.quiet_ms = 0
            self.peak = max(self.peak, facts.p_speech)
        else:
            self.quiet_ms += FRAME_MS
            if self.quiet_ms > gap_ms:
                self.speech_ms = 0


def _onset(facts: FrameFacts) -> int:
    """Where the level rose, if that is near; the frame's own start otherwise."""
    start = facts.end_sample - FRAME_SAMPLES
    recent = start - 10 * FRAME_SAMPLES
    return facts.rise_sample if recent <= facts.rise_sample <= facts.end_sample else start
