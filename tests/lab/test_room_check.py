"""The room check on sounds of which everything is known: levels, delay and what the canceller takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.lab.room_check import (
    RoomFigures,
    Span,
    levels,
    measure,
    preset,
    suggested,
    summary,
    verdicts,
)
from assistant.settings.access import KNOBS, change
from assistant.settings.sections import Settings
from assistant.signal.levels import SILENCE_DBFS, dbfs
from assistant.signal.trace import FRAME, RATE, Trace

PART_S = 4
QUIET, VOICE, ECHO = (Span(PART_S * RATE * n, PART_S * RATE * (n + 1)) for n in range(3))
NOISE_DBFS, VOICE_DBFS = -60.0, -26.0


def speechlike(seed: int, level_dbfs: float) -> np.ndarray:
    """Noise in syllables: 4 s, its loud parts at about the level."""
    random = np.random.default_rng(seed)
    syllables = np.repeat(random.random(PART_S * 8) > 0.4, RATE // 8)
    return (random.standard_normal(PART_S * RATE) * syllables * 10 ** (level_dbfs / 20)).astype(np.float32)


def room(echo_db: float | None = -20.0, delay_ms: float = 45.0, removed_db: float = 20.0, played: bool = True) -> Trace:
    """A trace of quiet, a voice, and a playback at −20 dBFS whose echo comes back `echo_db` lower and later."""
    trace = Trace()
    random = np.random.default_rng(1)
    noise = (random.standard_normal(3 * PART_S * RATE) * 10 ** (NOISE_DBFS / 20)).astype(np.float32)
    voice = speechlike(2, VOICE_DBFS)
    far = speechlike(3, -20.0) if played else np.zeros(PART_S * RATE, np.float32)
    late = round(delay_ms / 1000 * RATE)
    echo = np.concatenate([np.zeros(late, np.float32), far])[: len(far)]
    echo *= 10 ** (echo_db / 20) if echo_db is not None else 0.0
    near = noise.copy()
    near[VOICE.start : VOICE.end] += voice
    left = near.copy()
    near[ECHO.start : ECHO.end] += echo
    left[ECHO.start : ECHO.end] += echo * 10 ** (-removed_db / 20)
    all_far = np.zeros_like(near)
    all_far[ECHO.start : ECHO.end] = far
    for at in range(0, len(near) - FRAME + 1, FRAME):
        part = slice(at, at + FRAME)
        level, far_level = dbfs(left[part]), dbfs(all_far[part])
        spoken = 0.9 if VOICE.start <= at < VOICE.end and level > NOISE_DBFS + 12 else 0.05
        expected = level - 2 if far_level > SILENCE_DBFS else SILENCE_DBFS
        trace.add_sound(near[part], all_far[part])
        trace.add_frame((spoken, level, NOISE_DBFS, expected, far_level, 1.0, 0.0, 0.0, SILENCE_DBFS))
    return trace


def checked(trace: Trace) -> RoomFigures:
    return measure(trace, QUIET, VOICE, ECHO)


def test_it_measures_noise_voice_and_echo() -> None:
    figures = checked(room())
    assert figures.noise_dbfs == pytest.approx(NOISE_DBFS, abs=1)
    assert figures.voice_dbfs == pytest.approx(VOICE_DBFS, abs=2)
    assert figures.echo_dbfs == pytest.approx(-40, abs=3)
    assert figures.removed_db == pytest.approx(18, abs=4)


@pytest.mark.parametrize("delay_ms", [0.0, 45.0, 160.0, 300.0])
def test_it_finds_when_the_echo_comes_back(delay_ms: float) -> None:
    figures = checked(room(delay_ms=delay_ms))
    assert figures.delay_ms == pytest.approx(delay_ms, abs=5)
    assert figures.steady


def test_without_an_echo_it_takes_headphones() -> None:
    figures = checked(room(echo_db=None))
    assert figures.echo_dbfs is None and figures.was_played
    assert preset(figures) == "Headphones"
    assert "echo.margin_db" not in suggested(figures)
    assert summary(figures) == "No echo: as good as headphones"


def test_with_an_echo_it_takes_speakers_and_a_margin() -> None:
    figures = checked(room())
    assert preset(figures) == "Speakers"
    assert suggested(figures)["echo.margin_db"] == 6
    assert suggested(figures)["vad.gate_dbfs"] == pytest.approx(NOISE_DBFS + 8, abs=1)
    assert summary(figures) == "Your room is good for speakers"
    assert [v.words for v in verdicts(figures)][0::3] == ["Quiet", "Steady"]


def test_the_picture_shows_the_echo_that_the_canceller_took() -> None:
    trace = room(removed_db=30)
    raw, left = levels(trace, ECHO, VOICE), levels(trace, ECHO)
    assert np.percentile(raw, 80) > np.percentile(left, 80) + 12


def test_who_said_nothing_is_told_so() -> None:
    figures = measure(room(), QUIET, QUIET, ECHO)
    assert figures.voice_dbfs is None
    assert summary(figures) == "Your voice was not heard"
    assert verdicts(figures)[1].rating == "bad"


def test_a_microphone_without_sound_sets_nothing() -> None:
    trace = Trace()
    for _ in range(3 * PART_S * RATE // FRAME):
        trace.add_sound(np.zeros(FRAME, np.float32), np.zeros(FRAME, np.float32))
        trace.add_frame((0.0, SILENCE_DBFS, -90.0, SILENCE_DBFS, SILENCE_DBFS, 1.0, 0.0, 0.0, SILENCE_DBFS))
    figures = checked(trace)
    assert summary(figures) == "The microphone gives no sound"
    assert suggested(figures) == {}


def test_a_microphone_that_suppresses_noise_gives_a_clear_voice_and_the_usual_gate() -> None:
    trace, noisy, random = Trace(), room(echo_db=None), np.random.default_rng(4)
    frames = noisy.frame_slice(0, ECHO.end)
    for at, (level, p_speech) in enumerate(zip(frames.column("near_dbfs"), frames.column("p_speech"), strict=True)):
        through, playing = p_speech > 0.5, at * FRAME >= ECHO.start
        sound = random.standard_normal(FRAME).astype(np.float32) * 10 ** (level / 20) * through
        trace.add_sound(sound, np.full(FRAME, 0.1 * playing, np.float32))
        near_dbfs, far_dbfs = level if through else SILENCE_DBFS, -20.0 if playing else SILENCE_DBFS
        trace.add_frame((p_speech, near_dbfs, -90.0, SILENCE_DBFS, far_dbfs, 1.0, 0.0, 0.0, SILENCE_DBFS))
    figures = checked(trace)
    assert summary(figures) == "No echo: as good as headphones"
    assert [verdict.words for verdict in verdicts(figures)][:2] == ["None at all", "Clear"]
    assert suggested(figures) == {"vad.gate_dbfs": Settings().vad.gate_dbfs}


def test_where_nothing_was_played_nothing_is_said_of_the_echo() -> None:
    figures = checked(room(played=False))
    assert not figures.was_played and figures.delay_ms is None
    assert verdicts(figures)[2].words == "Not played"


def test_a_faint_echo_need_not_be_taken_out_and_a_loud_one_must() -> None:
    faint, loud = (checked(room(echo_db=echo_db, removed_db=0)) for echo_db in (-27.0, 0.0))
    assert verdicts(faint)[4].words == "Hardly needed"
    assert summary(faint) == "Your room is good for speakers"
    assert summary(loud) == "Headphones would work better here"


FIGURE = st.none() | st.floats(-100, 0)
OVER = st.none() | st.floats(0, 60)


@given(FIGURE, FIGURE, FIGURE, OVER, st.none() | st.floats(-30, 40))
def test_whatever_was_measured_can_be_set_and_said(
    noise: float | None, voice: float | None, echo: float | None, removed: float | None, excess: float | None
) -> None:
    figures = RoomFigures(noise, voice, echo, 40.0, True, removed, excess, was_played=True)
    found = suggested(figures)
    changed = change(Settings(), dict(found))
    for key, value in found.items():
        assert getattr(getattr(changed, key.split(".")[0]), KNOBS[key].name) == value
    if voice is not None and voice > -60 and "vad.gate_dbfs" in found:
        assert found["vad.gate_dbfs"] <= voice - 11
    assert len(verdicts(figures)) == 5 and summary(figures)
