"""Loudness by BS.1770, and a gain that nobody hears move."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.settings import sections
from assistant.speech.espeak import USUAL_LUFS, EspeakVoice
from assistant.speech.loudness import Levelled, Leveller, limited, loudness_lufs
from assistant.speech.voice import VOICE_RATE
from tests.speech.spoken import Spoken

Floats = npt.NDArray[np.float32]


def tone(seconds: float, dbfs: float, hz: float = 997, rate: int = VOICE_RATE) -> Floats:
    """A sine whose peak stands at `dbfs`."""
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


@pytest.mark.parametrize(("hz", "lufs"), [(997, -23.01), (100, -24.83), (4000, -19.73), (50, -27.64)])
@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_a_sine_reads_as_the_recommendation_says(hz: float, lufs: float, rate: int) -> None:
    """997 Hz at -20 dBFS in one channel is -23.01 LUFS; the others by the curve of its two filters."""
    assert loudness_lufs(tone(3, -20, hz, rate), rate) == pytest.approx(lufs, abs=0.15)


def test_silence_does_not_count() -> None:
    speech = tone(2, -20)
    with_pauses = np.concatenate((speech, np.zeros(5 * VOICE_RATE, np.float32), speech))
    assert loudness_lufs(with_pauses, VOICE_RATE) == pytest.approx(-23, abs=0.6)
    assert loudness_lufs(np.zeros(VOICE_RATE, np.float32), VOICE_RATE) == -np.inf
    assert loudness_lufs(np.zeros(0, np.float32), VOICE_RATE) == -np.inf


def levelled(leveller: Leveller, audio: Floats, chunk: int = 7200) -> Floats:
    leveller.begin()
    chunks = [leveller.apply(audio[at : at + chunk]) for at in range(0, len(audio), chunk)]
    leveller.end()
    return np.concatenate(chunks)


def leveller(target_lufs: float = -23) -> Leveller:
    one = Leveller(-23)
    one.aim(target_lufs)
    return one


def test_sentences_of_unequal_loudness_come_nearer() -> None:
    one = leveller()
    made = [loudness_lufs(levelled(one, tone(3, dbfs)), VOICE_RATE) for dbfs in (-20, -15, -25, -16, -24)]
    assert max(made) - min(made) < 6  # of 10
    assert np.mean(made) == pytest.approx(-23, abs=1)


def test_a_very_short_sentence_is_not_blown_up() -> None:
    one = leveller()
    levelled(one, tone(4, -20))
    assert np.abs(levelled(one, tone(0.3, -30))).max() < 1.3 * 10 ** (-30 / 20)


def test_a_voice_that_is_louder_than_supposed_is_found_out() -> None:
    one = leveller()
    for _ in range(8):
        last = levelled(one, tone(4, -10))
    assert loudness_lufs(last, VOICE_RATE) == pytest.approx(-23, abs=1)


def test_the_setting_acts_from_the_next_phrase() -> None:
    one = leveller(-30)
    assert loudness_lufs(levelled(one, tone(3, -20)), VOICE_RATE) == pytest.approx(-30, abs=0.3)
    one.aim(-18)
    assert loudness_lufs(levelled(one, tone(3, -20)), VOICE_RATE) == pytest.approx(-18, abs=0.3)


@given(st.lists(st.integers(1, 9000), min_size=1, max_size=12), st.floats(-50, 0))
def test_the_gain_never_jumps_and_nothing_clips(lengths: list[int], dbfs: float) -> None:
    one = leveller(-14)
    one.begin()
    audio = tone(sum(lengths) / VOICE_RATE + 0.001, dbfs, hz=100)
    made, at = [], 0
    for length in lengths:
        made.append(one.apply(audio[at : at + length]))
        at += length
    whole = np.concatenate(made)
    assert np.abs(whole).max() <= 10 ** (-1 / 20) + 1e-6
    largest_gain = 10 ** ((9 + 6) / 20)
    steepest = 10 ** (dbfs / 20) * largest_gain * 2 * np.pi * 100 / VOICE_RATE
    assert np.abs(np.diff(whole)).max(initial=0) <= 1.6 * steepest


@given(st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=50))
def test_the_limit_keeps_order_sign_and_what_is_soft(values: list[float]) -> None:
    audio = np.sort(np.array(values, np.float32))
    made = limited(audio)
    assert np.all(np.diff(made) >= 0)
    assert np.abs(made).max() <= 10 ** (-1 / 20) + 1e-6
    soft = np.abs(audio) < 10 ** (-4 / 20)
    np.testing.assert_array_equal(made[soft], audio[soft])


def test_a_levelled_voice_is_that_voice_at_the_loudness_asked_for() -> None:
    voice = Levelled(EspeakVoice(), USUAL_LUFS)
    assert voice.name == "eSpeak NG"
    for target_lufs in (-30, -20):
        voice.configure(sections.Voice(loudness_lufs=target_lufs))
        heard = Spoken()
        voice.speak("The keeper put down his cup and went to the window.", heard.emit)
        assert loudness_lufs(heard.audio, VOICE_RATE) == pytest.approx(target_lufs, abs=1)
        assert [mark.text for mark in heard.words][:3] == ["The", "keeper", "put"]
        assert all(not chunk.audio.flags.writeable for chunk in heard.chunks)


def test_a_stop_goes_through_to_the_voice() -> None:
    heard = Spoken([], 2)
    Levelled(EspeakVoice(), USUAL_LUFS).speak("The keeper put down his cup and went to the window.", heard.emit)
    assert len(heard.chunks) == 2
