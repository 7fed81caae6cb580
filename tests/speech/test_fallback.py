"""A voice that breaks costs a notice, not the words."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.settings import sections
from assistant.speech.espeak import EspeakVoice
from assistant.speech.fallback import FallbackVoice
from assistant.speech.piper import PiperSpeech
from assistant.speech.voice import SpokenChunk, Voice, VoiceFailed, WordMark
from assistant.speech.words import word_spans
from tests.speech.spoken import Spoken
from tests.tiny.voice import make_voice


class Speaker:
    """Says a word a chunk, 100 samples each, and breaks before a word if told to."""

    def __init__(self, name: str, breaks_before: str = "") -> None:
        self.name = name
        self.settings = sections.Voice()
        self._breaks_before = breaks_before

    def configure(self, voice: sections.Voice) -> None:
        self.settings = voice

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        for index, span in enumerate(word_spans(phrase)):
            word = phrase[span.at : span.end]
            if word == self._breaks_before:
                raise VoiceFailed(f"{self.name} broke. Download it anew.")
            mark = WordMark(word, span.at, span.length, 100 * index)
            if not emit(SpokenChunk(np.zeros(100, np.float32), (mark,))):
                return


def broken() -> Voice:
    raise VoiceFailed("There is no voice.")


def test_a_voice_that_works_is_left_alone() -> None:
    told: list[str] = []
    voice = FallbackVoice(lambda: Speaker("first"), broken, told.append)
    heard = Spoken()
    voice.speak("one two", heard.emit)
    assert (voice.name, told, len(heard.words)) == ("first", [], 2)


def test_a_voice_that_cannot_be_made_is_replaced_and_told_of_once() -> None:
    told: list[str] = []
    voice = FallbackVoice(broken, lambda: Speaker("second"), told.append)
    heard = Spoken()
    voice.speak("one two", heard.emit)
    voice.speak("three", heard.emit)
    assert voice.name == "second"
    assert told == ["There is no voice. Until then second speaks."]
    assert [mark.text for mark in heard.words] == ["one", "two", "three"]


def test_the_rest_of_a_phrase_is_said_by_the_other_voice_from_the_word_that_broke() -> None:
    told: list[str] = []
    phrase = "“One,” two (three) four."
    voice = FallbackVoice(lambda: Speaker("first", "three"), lambda: Speaker("second"), told.append)
    heard = Spoken()
    voice.speak(phrase, heard.emit)
    assert [mark.text for mark in heard.words] == ["One", "two", "two", "three", "four"]
    assert all(phrase[mark.at : mark.at + mark.length] == mark.text for mark in heard.words)
    assert [mark.sample for mark in heard.words] == [0, 100, 200, 300, 400]
    assert len(told) == 1
    voice.speak("three", heard.emit)
    assert heard.words[-1].text == "three"
    assert len(told) == 1


def test_the_other_voice_has_the_same_settings() -> None:
    second = Speaker("second")
    voice = FallbackVoice(lambda: Speaker("first", "one"), lambda: second, lambda _: None)
    voice.configure(sections.Voice(words_per_minute=200))
    voice.speak("one", Spoken().emit)
    assert second.settings.words_per_minute == 200


def test_a_stop_is_no_failure() -> None:
    voice = FallbackVoice(lambda: Speaker("first"), broken, lambda _: None)
    heard = Spoken([], 1)
    voice.speak("one two three", heard.emit)
    assert len(heard.chunks) == 1


def test_where_both_fail_it_says_so() -> None:
    with pytest.raises(VoiceFailed, match="There is no voice"):
        FallbackVoice(broken, broken, lambda _: None)


def test_a_torn_piper_voice_leaves_espeak_speaking(tmp_path: Path) -> None:
    path = make_voice(tmp_path / "tones.onnx")
    path.write_bytes(path.read_bytes()[:3000])
    told: list[str] = []
    voice = FallbackVoice(lambda: PiperSpeech(path), EspeakVoice, told.append)
    heard = Spoken()
    voice.speak("One of the men.", heard.emit)
    assert [mark.text for mark in heard.words] == ["One", "of", "the", "men"]
    (text,) = told
    assert "tones.onnx" in text
    assert text.endswith("Download it anew. Until then eSpeak NG speaks.")
