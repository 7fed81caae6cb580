"""The eSpeak NG that piper-tts carries, spoken with for real."""

import threading

import numpy as np
import numpy.typing as npt
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.settings import sections
from assistant.speech.espeak import ACTIVE_DBFS, EspeakVoice, PhraseStream, available_voices
from assistant.speech.libespeak import END, WORD, Heading
from assistant.speech.voice import VOICE_RATE, SpokenChunk, VoiceFailed
from assistant.speech.words import word_spans
from tests.speech.spoken import Spoken

SENTENCE = "From the gallery he could see the whole harbour, and the ferry coming in, as one of the men said."


def speak(phrase: str, chunks: int = 1_000_000, **voice: object) -> Spoken:
    """Speaks until so many chunks are there."""
    heard = Spoken([], chunks)
    EspeakVoice(sections.Voice.model_validate(voice)).speak(phrase, heard.emit)
    return heard


def dbfs(audio: npt.NDArray[np.float32]) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(audio.astype(np.float64) ** 2)) + 1e-9))


def test_every_word_of_the_text_has_a_mark_in_order_and_before_the_end() -> None:
    spoken = speak(SENTENCE)
    assert [mark.text for mark in spoken.words] == [SENTENCE[s.at : s.end] for s in word_spans(SENTENCE)]
    assert all(SENTENCE[mark.at : mark.at + mark.length] == mark.text for mark in spoken.words)
    samples = [mark.sample for mark in spoken.words]
    assert samples == sorted(samples)
    assert samples[-1] < len(spoken.audio) - 0.2 * VOICE_RATE


def test_a_word_comes_with_the_chunk_that_it_begins_in() -> None:
    start = 0
    for chunk in speak(SENTENCE).chunks:
        assert all(start <= mark.sample < start + len(chunk.audio) for mark in chunk.words)
        start += len(chunk.audio)


def test_sound_begins_at_the_marks() -> None:
    spoken = speak("One. Two. Three.")
    assert [mark.text for mark in spoken.words] == ["One", "Two", "Three"]
    for mark in spoken.words:
        assert dbfs(spoken.audio[mark.sample : mark.sample + VOICE_RATE // 5]) > -30
    for mark in spoken.words[1:]:
        assert dbfs(spoken.audio[mark.sample - VOICE_RATE // 20 : mark.sample]) < -60


def test_chunks_are_read_only_float32_and_never_empty() -> None:
    for chunk in speak(SENTENCE).chunks:
        assert chunk.audio.dtype == np.float32
        assert chunk.audio.ndim == 1
        assert len(chunk.audio) > 0
        assert not chunk.audio.flags.writeable
        assert np.abs(chunk.audio).max() <= 1.0


def test_it_streams_a_word_at_a_time() -> None:
    spoken = speak(SENTENCE)
    assert len(spoken.chunks) > 10
    assert max(len(chunk.audio) for chunk in spoken.chunks) < 1.0 * VOICE_RATE


def test_an_abort_ends_it_at_once_and_leaves_nothing_behind() -> None:
    assert len(speak(SENTENCE, chunks=3).chunks) == 3
    after = speak("One two three.")
    assert [mark.text for mark in after.words] == ["One", "two", "three"]
    assert len(after.audio) == pytest.approx(len(speak("One two three.").audio), rel=0.02)


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_nothing_to_say_emits_nothing(nothing: str) -> None:
    assert speak(nothing).chunks == []


@pytest.mark.parametrize(
    ("voice", "phrase", "words"),
    [
        ("de", "Schöne Grüße, „Käpt’n“!", ["Schöne", "Grüße", "Käpt’n"]),
        ("ru", "Добрый вечер, друзья.", ["Добрый", "вечер", "друзья"]),
        ("en-gb", "😀 naïve café", ["naïve", "café"]),
        ("en-gb", "nul\0 byte \ud800 here", ["nul", "byte", "here"]),
    ],
)
def test_other_languages_and_odd_characters_keep_their_places(voice: str, phrase: str, words: list[str]) -> None:
    spoken = speak(phrase, language=voice)
    assert [mark.text for mark in spoken.words] == words
    assert dbfs(spoken.audio) > -40


@pytest.mark.parametrize("voice", ["en-gb", "en-us", "de", "fr", "en-us+f3"])
def test_the_active_level_is_about_the_same_for_every_voice(voice: str) -> None:
    audio = speak(SENTENCE, language=voice).audio
    frames = audio[: len(audio) // 960 * 960].reshape(-1, 960)
    power = (frames.astype(np.float64) ** 2).mean(axis=1)
    active = power[power > power.max() / 1000].mean()
    assert 10 * np.log10(active) == pytest.approx(ACTIVE_DBFS, abs=3.5)


def test_a_phrase_begins_and_ends_without_a_click() -> None:
    audio = speak("mm-hm", language="en-us+f3").audio
    assert np.abs(audio[:3]).max() < 0.003
    assert np.abs(audio[-3:]).max() < 0.003


def test_speed_and_pitch_act_from_the_next_phrase() -> None:
    voice = EspeakVoice()
    lengths = []
    for words_per_minute in (120, 240):
        voice.configure(sections.Voice(words_per_minute=words_per_minute))
        heard = Spoken()
        voice.speak(SENTENCE, heard.emit)
        lengths.append(len(heard.audio))
    assert lengths[1] < 0.7 * lengths[0]
    assert pitch_hz(speak("ah", pitch=90).audio) > 1.2 * pitch_hz(speak("ah", pitch=10).audio)


def pitch_hz(audio: npt.NDArray[np.float32]) -> float:
    """The rate of the glottal pulses: the period of the envelope, in which the vowel's resonances do not ring."""
    middle = np.abs(audio[len(audio) // 4 :][:6144]).astype(np.float64)
    envelope = np.convolve(middle, np.hanning(96), mode="valid")
    envelope -= envelope.mean()
    correlation = np.correlate(envelope, envelope, mode="full")[len(envelope) - 1 :]
    shortest, longest = VOICE_RATE // 300, VOICE_RATE // 60
    return VOICE_RATE / (shortest + float(np.argmax(correlation[shortest:longest])))


def test_voices_are_listed_and_their_codes_are_accepted() -> None:
    codes = [voice.code for voice in available_voices()]
    assert len(codes) > 100
    assert {"en-gb", "en-us", "de", "fr-fr"} <= set(codes)
    assert speak("oui", language="French (France)").words[0].text == "oui"


def test_an_unknown_voice_names_near_ones_and_how_to_list_them() -> None:
    with pytest.raises(VoiceFailed, match=r"no voice “en-gx”.*en-gb.*assistant\.speech\.espeak") as failure:
        speak("Hello.", language="en-gx")
    assert "lists all" in str(failure.value)
    with pytest.raises(VoiceFailed, match=r"no variant “\+zz”.*f3"):
        speak("Hello.", language="en-gb+zz")


def test_what_emit_raises_comes_out_and_the_voice_speaks_on() -> None:
    def emit(chunk: SpokenChunk) -> bool:
        raise ZeroDivisionError("from emit")

    with pytest.raises(ZeroDivisionError, match="from emit"):
        EspeakVoice().speak(SENTENCE, emit)
    assert len(speak("One two.").words) == 2


def test_two_threads_take_turns() -> None:
    wholes: list[list[str]] = []
    threads = [threading.Thread(target=lambda: wholes.append([m.text for m in speak(SENTENCE).words])) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wholes[0] == wholes[1] == [SENTENCE[s.at : s.end] for s in word_spans(SENTENCE)]


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 3000), min_size=1, max_size=12), headed=st.integers(0, 2**12 - 1))
def test_the_sound_is_the_same_however_the_buffers_are_cut(cuts: list[int], headed: int) -> None:
    rate = 22_050
    tone = (12_000 * np.sin(2 * np.pi * 440 * np.arange(sum(cuts)) / rate)).astype(np.int16)
    heard = Spoken()
    stream = PhraseStream("word", rate, heard.emit)
    start = 0
    for index, count in enumerate(cuts):
        headings = (Heading(WORD if index == 0 else END, 0, start),) if headed >> index & 1 else ()
        stream.receive(tone[start : start + count], headings)
        start += count
    stream.finish()
    whole = soxr.resample(tone.astype(np.float32) * np.float32(10 ** (-0.5 / 20) / 32768), rate, VOICE_RATE)
    fade = VOICE_RATE // 200
    assert abs(len(heard.audio) - len(tone) * VOICE_RATE / rate) <= 2
    if len(whole) > 4 * fade:
        assert np.abs(heard.audio[: len(whole)][fade:-fade] - whole[: len(heard.audio)][fade:-fade]).max() < 1e-3
