"""The room check: from some quiet, a voice and an echo to five figures and the settings that they suggest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from assistant.settings.sections import Settings
from assistant.signal.levels import SILENCE_DBFS
from assistant.signal.trace import BIN, FRAME, RATE, PeakSlice, Trace

Floats = npt.NDArray[np.float32]
Rating = Literal["good", "fair", "bad", "none"]

SPOKEN = 0.5
"""From this probability on a frame of the middle part counts as the voice."""
LEAST_VOICE_S = 0.6
LEAST_PLAYED_S = 1.0
LATEST_ECHO_MS = 400
PLAYING_DBFS = -50.0
OVER_NOISE_DB = 3.0
"""An echo less than this over the room's noise is not there."""
CLEARLY_DB = 12.0
"""Of an echo less than this over the noise nobody can say how much was taken: the noise stays."""
LEARNING_S = 1.0
"""The canceller learns the room meanwhile; what it leaves then says nothing about it."""
SAME_DELAY_MS = 5
GATE_OVER_NOISE_DB = 8
GATE_UNDER_VOICE_DB = 12
LOUD_NOISE_DBFS = -42.0
FAINT_ECHO_DB = 20
"""An echo so far under the voice disturbs nothing."""
MARGIN_DB = (6, 12)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the stream: 16 kHz samples from `start` to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RoomFigures:
    """What was measured; None where it could not be.

    noise_dbfs: median level of the quiet part; SILENCE_DBFS where the microphone gives the voice alone, as those do
    that suppress noise. voice_dbfs: median level of what was spoken. echo_dbfs: median level that the microphone had
    while the loudspeaker spoke, the canceller not yet applied; None where no echo is heard.
    delay_ms: from the loudspeaker's sound to its echo. steady: both halves of the playback agree on that within 5 ms.
    removed_db: how much of the echo the canceller took. excess_db: 95th percentile of what it left over what was
    expected of it.
    """

    noise_dbfs: float | None = None
    voice_dbfs: float | None = None
    echo_dbfs: float | None = None
    delay_ms: float | None = None
    steady: bool = False
    removed_db: float | None = None
    excess_db: float | None = None
    was_played: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """One figure as a person reads it. value: "−58", "" where it is not known."""

    name: str
    value: str
    unit: str
    words: str
    rating: Rating


def levels(trace: Trace, span: Span, spoken: Span | None = None) -> Floats:
    """Level of the microphone frame by frame, dBFS: (n,) float32, one a frame.

    spoken: where the loudspeaker plays, a part in which it did not. The trace keeps the level behind the canceller and
    the peaks before it; where nothing plays both are of the same sound, so that their distance there turns peaks into
    levels, the echo in them.
    """
    if spoken is None:
        return trace.frame_slice(span.start, span.end).column("near_dbfs").copy()
    raw_dbfs: Floats = np.maximum(_peak_dbfs(trace, span) - _crest_db(trace, spoken), SILENCE_DBFS).astype(np.float32)
    return raw_dbfs


def measure(trace: Trace, quiet: Span, voice: Span, echo: Span) -> RoomFigures:
    """Reckons the figures from three parts of the stream that the trace still holds."""
    quiet_dbfs = levels(trace, quiet)
    heard = quiet_dbfs[quiet_dbfs > SILENCE_DBFS + 1]
    spoken = trace.frame_slice(voice.start, voice.end)
    voiced = spoken.column("near_dbfs")[spoken.column("p_speech") >= SPOKEN]
    voice_dbfs = float(np.median(voiced)) if len(voiced) * FRAME / RATE >= LEAST_VOICE_S else None
    suppressed = None if voice_dbfs is None else SILENCE_DBFS
    noise_dbfs = float(np.median(heard)) if len(heard) else suppressed
    return _with_echo(trace, echo, voice, RoomFigures(noise_dbfs, voice_dbfs))


def preset(figures: RoomFigures) -> str:
    """Which of the presets that come with Interject fits."""
    if figures.noise_dbfs is not None and figures.noise_dbfs > LOUD_NOISE_DBFS:
        return "Noisy room"
    return "Headphones" if figures.echo_dbfs is None else "Speakers"


def suggested(figures: RoomFigures) -> Mapping[str, float]:
    """The settings that follow from the figures: key → value, on the steps and in the ranges of those settings.

    The gate stands 8 dB over the noise, or where it always does if there is none, but never nearer than 12 dB to the
    voice. The margin is what the echo exceeded
    its expectation by, and 1 dB.
    """
    found: dict[str, float] = {}
    if figures.noise_dbfs is not None:
        usual = float(Settings().vad.gate_dbfs)
        gate = figures.noise_dbfs + GATE_OVER_NOISE_DB if _has_noise(figures) else usual
        if figures.voice_dbfs is not None:
            gate = min(gate, figures.voice_dbfs - GATE_UNDER_VOICE_DB)
        found["vad.gate_dbfs"] = float(max(-80, min(-20, round(gate))))
    if figures.echo_dbfs is not None and figures.excess_db is not None:
        least, most = MARGIN_DB
        found["echo.margin_db"] = float(max(least, min(most, math.ceil(figures.excess_db + 1))))
    return found


def verdicts(figures: RoomFigures) -> tuple[Verdict, ...]:
    """The five figures with a word or two on each."""
    return (_noise(figures), _voice(figures), _echo(figures), _delay(figures), _removed(figures))


def summary(figures: RoomFigures) -> str:
    """The check in one line."""
    if figures.noise_dbfs is None:
        return "The microphone gives no sound"
    if figures.voice_dbfs is None:
        return "Your voice was not heard"
    if not figures.was_played:
        return "Nothing was played"
    if figures.noise_dbfs > LOUD_NOISE_DBFS:
        return "Your room is noisy"
    if figures.echo_dbfs is None:
        return "No echo: as good as headphones"
    if _echo(figures).rating == "bad" or _removed(figures).rating == "bad":
        return "Headphones would work better here"
    return "Your room is good for speakers"


def _noise(figures: RoomFigures) -> Verdict:
    value = figures.noise_dbfs
    if value is None:
        return Verdict("Noise in the room", "", "dBFS", "No sound", "bad")
    if not _has_noise(figures):
        return Verdict("Noise in the room", "", "dBFS", "None at all", "good")
    words, rating = _graded(-value, ((50, "Quiet", "good"), (-LOUD_NOISE_DBFS, "Audible", "fair")), "Loud")
    return Verdict("Noise in the room", _whole(value), "dBFS", words, rating)


def _voice(figures: RoomFigures) -> Verdict:
    name = "Your voice over it"
    if figures.voice_dbfs is None or figures.noise_dbfs is None:
        return Verdict(name, "", "dB", "Not heard", "bad")
    if not _has_noise(figures):
        return Verdict(name, "", "dB", "Clear", "good")
    over = figures.voice_dbfs - figures.noise_dbfs
    words, rating = _graded(over, ((20, "Clear", "good"), (12, "Faint", "fair")), "Too faint")
    return Verdict(name, _whole(over), "dB", words, rating)


def _has_noise(figures: RoomFigures) -> bool:
    return figures.noise_dbfs is not None and figures.noise_dbfs > SILENCE_DBFS + 1


def _echo(figures: RoomFigures) -> Verdict:
    name = "Echo of the speaker"
    if figures.echo_dbfs is None:
        said: tuple[str, Rating] = ("No echo", "good") if figures.was_played else ("Not played", "none")
        return Verdict(name, "", "dBFS", *said)
    value = _whole(figures.echo_dbfs)
    if figures.voice_dbfs is None:
        return Verdict(name, value, "dBFS", "Heard", "fair")
    under = round(figures.voice_dbfs - figures.echo_dbfs)
    if under < 0:
        return Verdict(name, value, "dBFS", "Over your voice", "bad")
    return Verdict(name, value, "dBFS", f"{under} dB under your voice", "good" if under >= 6 else "fair")


def _delay(figures: RoomFigures) -> Verdict:
    name = "It comes back after"
    if figures.delay_ms is None:
        none: tuple[str, Rating] = ("–", "none") if figures.echo_dbfs is None else ("Not found", "fair")
        return Verdict(name, "", "ms", *none)
    verdict: tuple[str, Rating] = ("Steady", "good") if figures.steady else ("Wanders", "fair")
    return Verdict(name, _whole(figures.delay_ms), "ms", *verdict)


def _removed(figures: RoomFigures) -> Verdict:
    name = "Interject removes"
    if figures.removed_db is None:
        return Verdict(name, "", "dB", "–", "none")
    words, rating = _graded(figures.removed_db, ((12, "Enough", "good"), (6, "Some", "fair")), "Little")
    if figures.voice_dbfs is not None and figures.echo_dbfs is not None and rating == "bad":
        # What is faint anyway is not taken out: that would cost more of the voice than it gains.
        under = figures.voice_dbfs - figures.echo_dbfs
        words, rating = _graded(under, ((FAINT_ECHO_DB, "Hardly needed", "good"), (6, "Little", "fair")), "Little")
    return Verdict(name, _whole(figures.removed_db), "dB", words, rating)


def _graded(value: float, grades: tuple[tuple[float, str, Rating], ...], worst: str) -> tuple[str, Rating]:
    for least, words, rating in grades:
        if value >= least:
            return words, rating
    return worst, "bad"


def _with_echo(trace: Trace, span: Span, spoken: Span, figures: RoomFigures) -> RoomFigures:
    frames, raw_dbfs = trace.frame_slice(span.start, span.end), levels(trace, span, spoken)
    count = min(len(raw_dbfs), len(frames.values))
    raw_dbfs, near_dbfs = raw_dbfs[:count], frames.column("near_dbfs")[:count]
    expected_dbfs, playing = frames.column("echo_dbfs")[:count], frames.column("far_dbfs")[:count] > PLAYING_DBFS
    if playing.sum() * FRAME / RATE < LEAST_PLAYED_S:
        return figures
    figures = replace(figures, was_played=True)
    echo_dbfs = float(np.median(raw_dbfs[playing]))
    if figures.noise_dbfs is not None and echo_dbfs < figures.noise_dbfs + OVER_NOISE_DB:
        return figures
    delay_ms, first_ms, second_ms = (_delay_ms(trace, part) for part in (span, *_halves(span)))
    learnt = playing & (np.arange(count) - int(np.argmax(playing)) >= LEARNING_S * RATE / FRAME)
    loud = learnt if figures.noise_dbfs is None else learnt & (raw_dbfs > figures.noise_dbfs + CLEARLY_DB)
    expecting = learnt & (expected_dbfs > SILENCE_DBFS + 1)
    return replace(
        figures,
        echo_dbfs=echo_dbfs,
        delay_ms=delay_ms,
        steady=first_ms is not None and second_ms is not None and abs(first_ms - second_ms) <= SAME_DELAY_MS,
        removed_db=max(0.0, float(np.median((raw_dbfs - near_dbfs)[loud]))) if loud.any() else None,
        excess_db=float(np.percentile((near_dbfs - expected_dbfs)[expecting], 95)) if expecting.any() else None,
    )


def _halves(span: Span) -> tuple[Span, Span]:
    middle = (span.start + span.end) // 2
    return Span(span.start, middle), Span(middle, span.end)


def _delay_ms(trace: Trace, span: Span) -> float | None:
    """The lag at which loudspeaker and microphone rise and fall together; None where nothing stands out.

    Normalised cross-correlation of the two envelopes' rises, to the peaks' 2.5 ms.
    """
    near = _rises(trace.near_peaks(span.start, span.end))
    far = _rises(trace.far_peaks(span.start, span.end))
    count = min(len(near), len(far))
    most = round(LATEST_ECHO_MS / 1000 * RATE / BIN)
    if count < 4 * most or not near.any() or not far.any():
        return None
    size = 1 << (2 * count - 1).bit_length()
    spectrum = np.fft.rfft(near[:count], size) * np.conj(np.fft.rfft(far[:count], size))
    matches = np.fft.irfft(spectrum, size)[:most]
    at = int(np.argmax(matches))
    likeness = matches[at] / math.sqrt(float(np.dot(near, near)) * float(np.dot(far, far)))
    return at * BIN / RATE * 1000 if likeness >= 0.2 else None


def _rises(peaks: PeakSlice) -> Floats:
    """Only what grows: an echo's beginning is sharp, its end is the room's."""
    envelope = np.sqrt(np.maximum(peaks.high - peaks.low, 0))
    rises: Floats = np.maximum(np.diff(envelope), 0).astype(np.float32)
    return rises


def _peak_dbfs(trace: Trace, span: Span) -> Floats:
    """Mean square of the bins' half heights, frame by frame."""
    first, last = span.start // FRAME, span.end // FRAME
    found = np.full(max(0, last - first), SILENCE_DBFS, np.float32)
    for at, number in enumerate(range(first, last)):
        peaks = trace.near_peaks(number * FRAME, (number + 1) * FRAME)
        half = (peaks.high - peaks.low) / 2
        if len(half):
            found[at] = 10 * math.log10(max(float(np.dot(half, half)) / len(half), 1e-12))
    return found


def _crest_db(trace: Trace, span: Span) -> float:
    """How far the bins' peaks usually lie over the level of the same sound."""
    peaks_dbfs, near_dbfs = _peak_dbfs(trace, span), levels(trace, span)
    count = min(len(peaks_dbfs), len(near_dbfs))
    heard = near_dbfs[:count] > SILENCE_DBFS + 1
    return float(np.median((peaks_dbfs[:count] - near_dbfs[:count])[heard])) if heard.any() else 0.0


def _whole(value: float) -> str:
    return f"{value:.0f}".replace("-", "−")
