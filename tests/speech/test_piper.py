"""A Piper voice, run for real: a voice of tones, so that what is spoken when can be read off the recording."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.settings import sections
from assistant.speech.espeak import EspeakVoice
from assistant.speech.loudness import loudness_lufs
from assistant.speech.piper import USUAL_LUFS, PiperSpeech
from assistant.speech.voice import VOICE_RATE, SpokenChunk, VoiceFailed
from assistant.speech.words import word_spans
from tests.speech.spoken import Spoken
from tests.tiny.voice import make_voice, tone_hz

SENTENCE = "From the gallery he could see the whole harbour, and the ferry coming in, as one of the men said."


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> PiperSpeech:
    """Streams, and tells how long its phonemes last, as published voices can be made to."""
    return PiperSpeech(make_voice(tmp_path_factory.mktemp("voice") / "tones.onnx"))


@pytest.fixture(scope="module", params=[True, False], ids=["in pieces", "whole"])
def any_tones(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PiperSpeech:
    path = tmp_path_factory.mktemp("voice") / "tones.onnx"
    voice = PiperSpeech(make_voice(path, streams=request.param, tells_lengths=request.param))
    assert voice.streams == request.param
    return voice


def spoken(voice: PiperSpeech, phrase: str, chunks: int = 1_000_000, **settings: object) -> Spoken:
    voice.configure(sections.Voice.model_validate(settings))
    heard = Spoken([], chunks)
    voice.speak(phrase, heard.emit)
    return heard


def pitch_hz(audio: npt.NDArray[np.float32]) -> float:
    spectrum = np.abs(np.fft.rfft(audio * np.hanning(len(audio)), 1 << 16))
    return float(np.argmax(spectrum)) * VOICE_RATE / (1 << 16)


def number_of(symbol: str) -> int:
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    return DEFAULT_PHONEME_ID_MAP[symbol][0]


@pytest.mark.parametrize(
    ("phrase", "first_phonemes"),
    [
        ("See me, now.", {"See": "s", "me": "m", "now": "n"}),
        ("In 1998 the ferry sank.", {"In": "ɪ", "1998": "n", "the": "ð", "ferry": "f", "sank": "s"}),
        ("Some of the men paid $5.50 (about 3 %).", {"of": "ʌ", "the": "ð", "5.50": "d", "about": "ɐ", "3": "θ"}),
        ("Dr. Jones: a well-known voice.", {"Dr": "d", "Jones": "d", "well-known": "w", "voice": "v"}),
    ],
)
def test_each_word_begins_in_the_recording_where_its_mark_says(
    tones: PiperSpeech, phrase: str, first_phonemes: dict[str, str]
) -> None:
    heard = spoken(tones, phrase)
    assert [mark.text for mark in heard.words] == [phrase[s.at : s.end] for s in word_spans(phrase)]
    for mark in heard.words:
        if mark.text in first_phonemes:
            # After a mark of stress, 12 ms, the phoneme's tone lasts 70 ms.
            tone = heard.audio[mark.sample + VOICE_RATE // 50 :][: VOICE_RATE // 25]
            assert pitch_hz(tone) == pytest.approx(tone_hz(number_of(first_phonemes[mark.text])), rel=0.02), mark.text
            before = heard.audio[max(0, mark.sample - VOICE_RATE // 500) : mark.sample]
            assert not len(before) or np.abs(before).max() < np.abs(tone).max() / 2


@pytest.mark.parametrize("phrase", [SENTENCE, "Yes.", "One. Two! Three?", "J. R. Smith, e.g., saw 42 ships … so — ?"])
def test_every_word_has_a_mark_in_the_chunk_that_it_begins_in(any_tones: PiperSpeech, phrase: str) -> None:
    heard = spoken(any_tones, phrase)
    assert [mark.text for mark in heard.words] == [phrase[s.at : s.end] for s in word_spans(phrase)]
    assert all(phrase[mark.at : mark.at + mark.length] == mark.text for mark in heard.words)
    start = 0
    for chunk in heard.chunks:
        assert all(start <= mark.sample < start + len(chunk.audio) for mark in chunk.words)
        start += len(chunk.audio)


def test_chunks_are_short_read_only_float32(any_tones: PiperSpeech) -> None:
    for chunk in spoken(any_tones, SENTENCE).chunks:
        assert chunk.audio.dtype == np.float32
        assert chunk.audio.ndim == 1
        assert 0 < len(chunk.audio) <= 0.2 * VOICE_RATE
        assert not chunk.audio.flags.writeable


def test_the_sound_in_pieces_is_the_sound_as_a_whole(tmp_path: Path) -> None:
    halves = spoken(PiperSpeech(make_voice(tmp_path / "a.onnx")), "See the gallery of the men.").audio
    whole = spoken(PiperSpeech(make_voice(tmp_path / "b.onnx", streams=False)), "See the gallery of the men.").audio
    assert len(halves) == len(whole)
    assert np.abs(halves - whole).max() < 1e-4


def test_no_border_between_chunks_clicks(any_tones: PiperSpeech) -> None:
    heard = spoken(any_tones, SENTENCE)
    steps = np.abs(np.diff(heard.audio))
    borders = np.cumsum([len(chunk.audio) for chunk in heard.chunks])[:-1]
    assert max(steps[border - 1] for border in borders) <= np.percentile(steps, 99.9)
    assert np.abs(heard.audio[[0, 1, -2, -1]]).max() < 1e-3


def test_an_abort_ends_it_at_once_and_leaves_nothing_behind(any_tones: PiperSpeech) -> None:
    whole = spoken(any_tones, "See me.").audio
    assert len(spoken(any_tones, SENTENCE, chunks=3).chunks) == 3
    np.testing.assert_array_equal(spoken(any_tones, "See me.").audio, whole)


def test_the_decoder_is_not_run_for_what_nobody_wants(tones: PiperSpeech, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    decode = tones._model._decode
    monkeypatch.setattr(tones._model, "_decode", lambda *given: decoded.append(given) or decode(*given))
    spoken(tones, SENTENCE, chunks=1)
    assert len(decoded) == 1


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_nothing_to_say_emits_nothing(tones: PiperSpeech, nothing: str) -> None:
    assert spoken(tones, nothing).chunks == []


def test_odd_characters_do_no_harm(tones: PiperSpeech) -> None:
    assert [mark.text for mark in spoken(tones, "nul\0 byte \ud800 [[naïve]] here").words] == [
        "nul", "byte", "naïve", "here"
    ]


def test_speed_is_the_setting_over_the_natural_speed(tones: PiperSpeech) -> None:
    natural, fast, slow = (len(spoken(tones, SENTENCE, words_per_minute=n).audio) for n in (165, 330, 110))
    assert fast / natural == pytest.approx(0.55, abs=0.1)  # padding never lasts less than a frame
    assert slow / natural == pytest.approx(1.5, abs=0.2)


def test_a_speaker_is_chosen_by_number_and_one_that_is_not_there_is_the_first(tmp_path: Path) -> None:
    voice = PiperSpeech(make_voice(tmp_path / "three.onnx", speakers=3))
    assert voice.speakers == 3
    pitches = []
    for speaker in (0, 1, 2, 700):
        heard = spoken(voice, "See me.", speaker=speaker)
        pitches.append(pitch_hz(heard.audio[heard.words[0].sample + VOICE_RATE // 50 :][: VOICE_RATE // 25]))
    assert np.array(pitches) / pitches[0] == pytest.approx([1, 2, 4, 1], rel=0.02)


@pytest.mark.parametrize("amplitude", [0.02, 0.25, 0.9])
def test_voices_recorded_softly_and_loudly_come_out_alike(tmp_path: Path, amplitude: float) -> None:
    voice = PiperSpeech(make_voice(tmp_path / "tones.onnx", amplitude=amplitude))
    assert loudness_lufs(spoken(voice, SENTENCE).audio, VOICE_RATE) == pytest.approx(USUAL_LUFS, abs=2)


def test_espeak_and_a_piper_voice_share_a_process(tones: PiperSpeech) -> None:
    def by_espeak() -> list[str]:
        heard = Spoken()
        EspeakVoice(sections.Voice(language="de")).speak("Guten Morgen, meine Damen.", heard.emit)
        return [mark.text for mark in heard.words]

    before = spoken(tones, SENTENCE).audio
    assert by_espeak() == ["Guten", "Morgen", "meine", "Damen"]
    np.testing.assert_array_equal(spoken(tones, SENTENCE).audio, before)
    assert by_espeak() == ["Guten", "Morgen", "meine", "Damen"]


def test_espeak_may_speak_on_another_thread_meanwhile(tones: PiperSpeech) -> None:
    alone = spoken(tones, SENTENCE)
    over = threading.Event()
    by_espeak: list[list[str]] = []

    def speak_german() -> None:
        while not over.is_set():
            heard = Spoken()
            EspeakVoice(sections.Voice(language="de")).speak("Guten Morgen, meine Damen.", heard.emit)
            by_espeak.append([mark.text for mark in heard.words])

    other = threading.Thread(target=speak_german)
    other.start()
    together = [spoken(tones, SENTENCE) for _ in range(5)]
    over.set()
    other.join()
    assert all(each == ["Guten", "Morgen", "meine", "Damen"] for each in by_espeak)
    assert by_espeak
    for each in together:
        assert each.words == alone.words
        np.testing.assert_array_equal(each.audio, alone.audio)


def test_what_emit_raises_comes_out_and_the_voice_speaks_on(tones: PiperSpeech) -> None:
    def emit(chunk: SpokenChunk) -> bool:
        raise ZeroDivisionError("from emit")

    with pytest.raises(ZeroDivisionError, match="from emit"):
        tones.speak(SENTENCE, emit)
    assert len(spoken(tones, "One two.").words) == 2


def rewrite(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    described = path.with_name(path.name + ".json")
    written = json.loads(described.read_text(encoding="utf-8"))
    change(written)
    described.write_text(json.dumps(written), encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: path.unlink(), "There is no voice at"),
        (lambda path: path.with_name("tones.onnx.json").unlink(), "a Piper voice is two files"),
        (lambda path: path.with_name("tones.onnx.json").write_text("<html>"), "does not describe a Piper voice"),
        (lambda path: rewrite(path, lambda d: d.pop("audio")), "'audio' is missing"),
        (lambda path: rewrite(path, lambda d: d["phoneme_id_map"].pop("^")), "lacks “\\^”"),
        (lambda path: rewrite(path, lambda d: d.update(phoneme_type="pinyin")), "kind “pinyin”"),
        (lambda path: rewrite(path, lambda d: d.update(num_speakers=4)), "do not belong together"),
        (lambda path: rewrite(path, lambda d: d["espeak"].update(voice="xx-none")), "lacks the language “xx-none”"),
        (lambda path: path.write_bytes(path.read_bytes()[:2000]), "cannot be read as a Piper voice"),
        (lambda path: path.write_bytes(b""), "cannot be read as a Piper voice"),
        (lambda path: path.write_bytes(b"<html>no such file</html>"), "cannot be read as a Piper voice"),
        (lambda path: make_voice(path, amplitude=0.0), "makes no sound"),
    ],
)
def test_a_broken_voice_is_refused_with_what_to_do(tmp_path: Path, harm: Callable[[Path], object], said: str) -> None:
    path = make_voice(tmp_path / "tones.onnx")
    harm(path)
    with pytest.raises(VoiceFailed, match=said) as failure:
        PiperSpeech(path)
    assert "ownload" in str(failure.value) or "Choose another" in str(failure.value)


def test_another_network_is_refused_by_what_it_takes(tmp_path: Path) -> None:
    from assistant.speech.silero import silero_path

    path = make_voice(tmp_path / "tones.onnx")
    path.write_bytes(silero_path().read_bytes())
    with pytest.raises(VoiceFailed, match=r"not a Piper voice: it takes input, state"):
        PiperSpeech(path)
