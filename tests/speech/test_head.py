"""The shipped detector on sound whose answer is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from assistant.settings.paths import resource
from assistant.signal.echo_canceller import BINS
from assistant.speech.espeak import EspeakVoice
from assistant.speech.head import INPUTS, Head, LearnedDetector
from assistant.speech.head_features import WINDOW
from assistant.speech.voice import VOICE_RATE, SpokenChunk

Floats = npt.NDArray[np.float32]
RATE = 16_000


@dataclass(frozen=True)
class Frame:
    """As the front end hands it over: on headphones the residual is the microphone."""

    raw: Floats
    far: Floats
    residual: Floats
    uncertainty: Floats

    @property
    def audio(self) -> Floats:
        return self.residual


def frames(near: Floats, far: Floats | None = None, echo: Floats | None = None) -> list[Frame]:
    """echo: what the canceller takes out of near."""
    far = np.zeros_like(near) if far is None else far
    left = near if echo is None else near - echo
    spans = [slice(at, at + WINDOW) for at in range(0, len(near) - WINDOW + 1, WINDOW // 2)]
    bins = np.full(BINS, 1e-4 if far.any() else 0, np.float32)
    return [Frame(near[span], far[span], left[span], bins) for span in spans]


def said(words: str) -> Floats:
    chunks: list[Floats] = []

    def emit(chunk: SpokenChunk) -> bool:
        chunks.append(chunk.audio)
        return True

    EspeakVoice().speak(words, emit)
    return np.asarray(soxr.resample(np.concatenate(chunks), VOICE_RATE, RATE), np.float32)


def room(seconds: float, level_dbfs: float = -60) -> Floats:
    noise = np.random.default_rng(1).standard_normal(int(seconds * RATE))
    return (10 ** (level_dbfs / 20) * noise).astype(np.float32)


@pytest.fixture(scope="module")
def loaded() -> LearnedDetector:
    return LearnedDetector()


@pytest.fixture
def detector(loaded: LearnedDetector) -> LearnedDetector:
    loaded.reset()
    return loaded


def test_it_notices_a_voice_soon_and_lets_go_after_it(detector: LearnedDetector) -> None:
    voice = said("Wait, I would like to ask something.") * 0.5
    near = room(1 + len(voice) / RATE + 2)
    near[RATE : RATE + len(voice)] += voice
    p = np.array([detector(frame) for frame in frames(near)])
    onset = 2 * RATE // WINDOW
    assert p[10 : onset - 1].max() < 0.5
    assert np.argmax(p[onset:] > 0.65) < 20
    assert p[-40:].max() < 0.5


def test_it_is_not_moved_by_hiss_hum_or_clicks(detector: LearnedDetector) -> None:
    t = np.arange(4 * RATE) / RATE
    hum = (0.05 * np.sign(np.sin(2 * np.pi * 50 * t))).astype(np.float32)
    clicks = room(4)
    clicks[:: RATE // 3] += 0.5
    for sound in (room(4, -30), hum + room(4), clicks):
        detector.reset()
        assert max(detector(frame) for frame in frames(sound)) < 0.9


def test_its_own_voice_left_over_from_the_canceller_is_nobody(detector: LearnedDetector) -> None:
    far = np.concatenate([said("The keeper climbed the stairs every evening.")] * 2) * 0.5
    echo = np.concatenate([np.zeros(640, np.float32), 0.3 * far])[: len(far)]
    near = echo + room(len(far) / RATE + 1)[: len(far)]
    p = np.array([detector(frame) for frame in frames(near, far, 0.9 * echo)])
    assert (p > 0.65).mean() < 0.1


def test_the_same_stream_gives_the_same_answers_after_a_reset(detector: LearnedDetector) -> None:
    stream = frames(room(1, -30))
    first = [detector(frame) for frame in stream]
    detector.reset()
    assert [detector(frame) for frame in stream] == first


def test_what_ships_is_small_and_of_the_right_kind() -> None:
    assert resource("detector/detector.onnx").stat().st_size <= 1_000_000
    assert np.isfinite(Head()(np.zeros(INPUTS, np.float32)))
    assert "never saw" in resource("detector/model-card.md").read_text(encoding="utf-8")
