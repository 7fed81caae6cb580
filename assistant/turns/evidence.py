"""How much speech there has been since a sound began, and how much quiet since it ended."""

from __future__ import annotations

from assistant.settings.sections import FRAME_MS, WINDOW_MS, Settings, Vad
from assistant.turns.facts import WINDOW_SAMPLES, FrameFacts
from assistant.turns.odds import grown, log_odds
from assistant.turns.own_echo import asked, stands_out

_LEAST_ASKED = 0.5
"""Of a sure frame's log-odds, however deep in noise: the square root of its odds."""


def ms_of(frames: int) -> int:
    """Of so much speech do so many frames in a row tell, one at least."""
    return WINDOW_MS + (frames - 1) * FRAME_MS


def frames_in(speech_ms: int) -> int:
    """How many frames in a row tell of so much speech."""
    return max(0, (speech_ms - WINDOW_MS) // FRAME_MS + 1)


class Evidence:
    """Counts speech frame by frame. A gap up to the tolerance keeps the counts; a longer one begins them again.

    The first frame of speech tells of its whole window, each other one of the FRAME_MS that are new in it.

    sure_ms: speech weighed by how sure the detector was, what a stop needs. speech_ms: the same unweighed.
    total_ms: speech since `keep`, gaps or not. quiet_ms: since the last speech. onset: 16 kHz sample where the counted
    speech began. peak: the highest probability since then. start: the lowest from which a counted frame began speech.
    stood_out: whether a frame since then was speech by itself, whatever those before it told over Interject's own echo.
    """

    def __init__(self) -> None:
        self.begin()
        self.onset = 0

    def begin(self) -> None:
        """Forget the speech so far."""
        self.sure_ms = 0.0
        self.speech_ms = self.total_ms = self.quiet_ms = 0
        self.peak = 0.0
        self.start = 1.0
        self.stood_out = False

    def keep(self, speech_ms: int | None = None) -> None:
        """So much speech belongs to an utterance, or what is counted now: from here on no gap makes it forgotten."""
        self.total_ms = self.speech_ms if speech_ms is None else speech_ms

    def add(self, facts: FrameFacts, is_speech: bool, start: float, settings: Settings) -> None:
        """Take in one frame. start: the probability from which on it began speech."""
        new_ms = FRAME_MS if self.speech_ms else WINDOW_MS
        if settings.vad.detector == "learned":
            # A frame that the gate holds back may take from the evidence, never add to it.
            p_speech = facts.p_speech if is_speech else min(0.5, facts.p_speech)
            # The detector is less sure of a voice through our own than of the same voice alone.
            share = settings.echo.evidence if stands_out(facts, settings.echo) else 1.0
            self.sure_ms = grown(self.sure_ms, p_speech, settings, share)
        elif is_speech:
            self.sure_ms += new_ms * _weight(facts, settings.vad)
        if is_speech:
            if self.speech_ms == 0:
                self.onset = _onset(facts)
                self.peak, self.start, self.stood_out = 0.0, 1.0, False
            self.speech_ms += new_ms
            self.total_ms += new_ms
            self.quiet_ms = 0
            self.peak = max(self.peak, facts.p_speech)
            self.start = min(self.start, start)
            self.stood_out |= facts.p_speech >= asked(settings.vad.start, facts, settings)
        else:
            self.quiet_ms += FRAME_MS
            if self.quiet_ms > settings.barge_in.gap_ms:
                self.speech_ms = 0
                if settings.vad.detector == "silero":
                    self.sure_ms = 0.0


def _weight(facts: FrameFacts, vad: Vad) -> float:
    """Silero alone: the frame's log-odds as a share of those of a sure frame, 0 to 1.

    Log-odds of independent frames add up (Wald, Sequential Tests of Statistical Hypotheses, 1945), so the sum is the
    evidence for speech; cutting each share at 1 keeps a single click from deciding alone. The detector is surer of a
    clear voice than of the same voice in noise, so the nearer a sound is to the noise, the less is asked of it; a loud
    sneeze in a quiet room, of which the detector is not quite sure, is no voice.
    """
    if facts.p_speech >= vad.sure:
        return 1.0
    if facts.p_speech <= 0.5:
        return 0.0
    clearness = (facts.near_dbfs - facts.noise_dbfs) / vad.clear_db
    asked = log_odds(vad.sure) * min(1.0, max(_LEAST_ASKED, clearness))
    return min(1.0, log_odds(facts.p_speech) / asked)


def _onset(facts: FrameFacts) -> int:
    """Where the level rose, if that is near; the start of what was judged otherwise."""
    start = facts.end_sample - WINDOW_SAMPLES
    recent = start - 10 * WINDOW_SAMPLES
    return facts.rise_sample if recent <= facts.rise_sample <= facts.end_sample else start
