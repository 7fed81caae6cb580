"""Silero's detector on sound whose answer is known."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from assistant.speech.espeak import EspeakVoice
from assistant.speech.silero import VAD_FRAME, VAD_RATE, SileroVad, VadMissing
from assistant.speech.voice import VOICE_RATE, SpokenChunk


@pytest.fixture(scope="module")
def loaded() -> SileroVad:
    return SileroVad()


@pytest.fixture
def vad(loaded: SileroVad) -> SileroVad:
    loaded.reset()
    return loaded


def frames(audio: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return audio[: len(audio) // VAD_FRAME * VAD_FRAME].reshape(-1, VAD_FRAME)


@pytest.fixture(scope="module")
def speech() -> npt.NDArray[np.float32]:
    chunks: list[npt.NDArray[np.float32]] = []

    def emit(chunk: SpokenChunk) -> bool:
        chunks.append(chunk.audio)
        return True

    EspeakVoice().speak("The keeper climbed the stairs every evening.", emit)
    resampled: npt.NDArray[np.float32] = soxr.resample(np.concatenate(chunks), VOICE_RATE, VAD_RATE)
    return resampled


def vowel() -> npt.NDArray[np.float32]:
    """A second that comes and goes: 140 Hz harmonics through the formants of an "a", the same bits everywhere."""
    t = np.arange(VAD_RATE) / VAD_RATE
    phase = 2 * np.pi * (140 * t + 3 * np.sin(2 * np.pi * 4 * t))
    sound = np.zeros(VAD_RATE)
    for k in range(1, 50):
        formants = sum(1 / (1 + ((k * 140 - hz) / width) ** 2) for hz, width in ((730, 90), (1090, 110), (2440, 160)))
        sound += formants / k**0.5 * np.sin(k * phase)
    return np.asarray(0.1 * sound * np.clip(np.sin(2 * np.pi * 2.5 * t), 0, 1), np.float32)


def test_speech_is_speech(vad: SileroVad, speech: npt.NDArray[np.float32]) -> None:
    probabilities = [vad(frame) for frame in frames(speech)]
    assert np.mean(np.array(probabilities) > 0.5) > 0.8


def test_silence_and_hiss_are_not(vad: SileroVad) -> None:
    hiss = 0.001 * np.random.default_rng(1).standard_normal(30 * VAD_FRAME).astype(np.float32)
    assert max(vad(frame) for frame in np.zeros((30, VAD_FRAME), np.float32)) < 0.2
    vad.reset()
    assert max(vad(frame) for frame in frames(hiss)) < 0.5


def test_the_same_probabilities_as_the_makers_own_model(vad: SileroVad) -> None:
    # silero-vad 6.2.3's TorchScript model on vowel(), frame by frame.
    # fmt: off
    theirs = [
        0.059, 0.277, 0.608, 0.865, 0.951, 0.875, 0.362, 0.271, 0.117, 0.051, 0.029, 0.022, 0.054, 0.077, 0.457, 0.608,
        0.764, 0.918, 0.933, 0.802, 0.573, 0.266, 0.100, 0.046, 0.029, 0.196, 0.306, 0.732, 0.767, 0.806, 0.911,
    ]
    # fmt: on
    ours = [vad(frame) for frame in frames(vowel())]
    assert ours == pytest.approx(theirs, abs=2e-3)


def test_it_remembers_the_stream_until_it_is_reset(vad: SileroVad, speech: npt.NDArray[np.float32]) -> None:
    first = [vad(frame) for frame in frames(speech)[:20]]
    again = [vad(frame) for frame in frames(speech)[:20]]
    vad.reset()
    anew = [vad(frame) for frame in frames(speech)[:20]]
    assert first != again
    assert first == anew


def test_a_frame_of_another_length_is_refused(vad: SileroVad) -> None:
    with pytest.raises(ValueError, match="512"):
        vad(np.zeros(480, np.float32))


def test_a_missing_or_broken_model_says_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "silero_vad.onnx"
    broken.write_bytes(b"not a model")
    for path in (tmp_path / "nowhere.onnx", broken):
        with pytest.raises(VadMissing, match="pip install"):
            SileroVad(path)
