"""The shipped detector on sound whose answer is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import pytest
import soxr

from assistant.settings.paths import resource
from assistant.signal.echo_canceller import BINS
from assistant.signal.levels import SILENCE_DBFS
from assistant.signal.spectra import FAR, RESIDUAL, WINDOW, Spectra, SpectrumAnalyser
from assistant.speech.espeak import EspeakVoice
from assistant.speech.head import (
    INPUTS,
    SILERO_MOST,
    SILERO_SHARE,
    SILERO_SHARE_OVER_ECHO,
    STATE,
    Head,
    HeadMissing,
    Hearing,
    LearnedDetector,
)
from assistant.speech.voice import VOICE_RATE, SpokenChunk

Floats = npt.NDArray[np.float32]
RATE = 16_000


@dataclass(frozen=True)
class Frame:
    """As the front end hands it over: on headphones the residual is the microphone."""

    audio: Floats
    is_cancelled: bool
    spectra: Spectra
    uncertainty: Floats
    echo_dbfs: float = SILENCE_DBFS
    is_path_new: bool = False
    is_echo_misplaced: bool = False


def frames(near: Floats, far: Floats | None = None, echo: Floats | None = None) -> list[Frame]:
    """echo: what the canceller takes out of near."""
    taken = np.zeros_like(near) if echo is None else echo
    sounds = np.stack([near, np.zeros_like(near) if far is None else far, near - taken, taken])
    spans = [slice(at, at + WINDOW) for at in range(0, len(near) - WINDOW + 1, WINDOW // 2)]
    bins = np.full(BINS, 1e-4 if sounds[FAR].any() else 0, np.float32)
    analyse = SpectrumAnalyser()
    return [Frame(sounds[RESIDUAL, span], echo is not None, analyse(sounds[:, span]), bins) for span in spans]


def said(words: str) -> Floats:
    chunks: list[Floats] = []

    def emit(chunk: SpokenChunk) -> bool:
        chunks.append(chunk.audio)
        return True

    EspeakVoice().speak(words, emit)
    return np.asarray(soxr.resample(np.concatenate(chunks), VOICE_RATE, RATE), np.float32)


def level_db(sound: Floats) -> float:
    return 10 * float(np.log10(np.mean(np.square(sound)) + 1e-12))


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


def test_silero_is_spared_what_is_left_of_our_own_voice_and_hears_the_user_through_it() -> None:
    far = np.concatenate([said("The keeper climbed the stairs every evening.")] * 2) * 0.5
    echo = np.concatenate([np.zeros(640, np.float32), 0.3 * far])[: len(far)]
    user = said("Wait, one question.") * 0.2
    starts = len(far) * 3 // 4
    near = echo + room(len(far) / RATE + 1)[: len(far)]
    near[starts : starts + len(user)] += user[: len(far) - starts]
    hearing = Hearing()
    stream = frames(near, far, 0.8 * echo)
    taken_db = np.array([level_db(frame.audio) - level_db(hearing(frame)[0]) for frame in stream])
    speaking = slice(2 * starts // WINDOW + 4, 2 * (starts + len(user) * 2 // 3) // WINDOW)
    assert np.median(taken_db[len(stream) // 2 : speaking.start - 8]) > 10
    assert np.median(taken_db[speaking]) < 2


def test_on_headphones_silero_hears_the_microphone_as_it_is() -> None:
    hearing = Hearing()
    assert all(hearing(frame)[0] is frame.audio for frame in frames(room(0.2), far=room(0.2, -20)))


class Sure(Head):
    """A network that says the same of everything."""

    def __call__(self, inputs: Floats) -> float:
        return 3.0


@pytest.mark.parametrize(("echo_dbfs", "share"), [(-70.0, SILERO_SHARE_OVER_ECHO), (SILENCE_DBFS, SILERO_SHARE)])
def test_silero_has_its_say_and_less_of_it_where_an_echo_may_be(echo_dbfs: float, share: float) -> None:
    detector, alike = LearnedDetector(Sure()), LearnedDetector()
    for frame in (replace(frame, echo_dbfs=echo_dbfs) for frame in frames(room(0.4, -30))):
        p = detector(frame)
        silero = np.clip(alike.inputs(frame)[STATE], -SILERO_MOST, SILERO_MOST)
        assert np.log(p / (1 - p)) == pytest.approx((1 - share) * 3 + share * silero, abs=1e-5)


def test_an_echo_in_another_place_is_no_evidence_of_a_user() -> None:
    detector = LearnedDetector(Sure())
    for frame in (replace(frame, echo_dbfs=-30.0) for frame in frames(room(0.4, -30))):
        assert detector(frame) > 0.5
        assert detector(replace(frame, is_echo_misplaced=True)) == 0.5


def test_when_the_echo_takes_another_way_what_was_learnt_of_it_is_forgotten() -> None:
    far = room(2, -20)
    stream = frames(0.3 * far, far, 0.25 * far)
    used, fresh = Hearing(), Hearing()
    for frame in stream[:-1]:
        used(frame)
    last = replace(stream[-1], is_path_new=True)
    (_, seen), (_, anew) = used(last), fresh(last)
    np.testing.assert_array_equal(seen, anew)


def test_the_same_stream_gives_the_same_answers_after_a_reset(detector: LearnedDetector) -> None:
    stream = frames(room(1, -30))
    first = [detector(frame) for frame in stream]
    detector.reset()
    assert [detector(frame) for frame in stream] == first


def test_what_ships_is_small_and_of_the_right_kind() -> None:
    assert resource("detector/detector.onnx").stat().st_size <= 1_000_000
    assert np.isfinite(Head()(np.zeros(INPUTS, np.float32)))
    assert "never saw" in resource("detector/model-card.md").read_text(encoding="utf-8")


def test_a_network_whose_results_are_called_otherwise_is_refused(tmp_path: Path) -> None:
    model = onnx.load(str(resource("detector/detector.onnx")))
    model.graph.node.append(onnx.helper.make_node("Identity", ["logit"], ["told"]))
    model.graph.output[0].name = "told"
    onnx.save(model, str(tmp_path / "head.onnx"))
    with pytest.raises(HeadMissing, match="another network"):
        Head(tmp_path / "head.onnx")
