"""The voice that cuts in."""

from collections.abc import Callable

import numpy as np
import pytest

from assistant.settings import sections
from assistant.speech.espeak import EspeakVoice
from assistant.speech.interrupter import BACKCHANNELS, INTERRUPTIONS, Interrupter
from assistant.speech.voice import SpokenChunk, VoiceFailed


class ScriptedVoice:
    """Says 100 ms of silence, then 100 ms of a tone; and nothing at all for "-"."""

    name = "scripted"

    def configure(self, voice: sections.Voice) -> None:
        self.settings = voice

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        tone = np.full(4800, 0.0 if phrase == "-" else 0.1, np.float32)
        for audio in (np.zeros(4800, np.float32), tone, np.zeros(10, np.float32)):
            emit(SpokenChunk(audio, ()))


def test_onset_and_end_are_the_first_and_last_audible_samples() -> None:
    utterance = Interrupter(ScriptedVoice()).utter("Wait.")
    assert (utterance.onset, utterance.end, len(utterance.audio)) == (4800, 9600, 9610)
    assert not utterance.audio.flags.writeable


def test_silence_is_no_interruption() -> None:
    with pytest.raises(VoiceFailed, match="no sound for “-”"):
        Interrupter(ScriptedVoice()).utter("-")


@pytest.mark.parametrize("text", INTERRUPTIONS + BACKCHANNELS)
def test_every_phrase_can_really_be_said(text: str) -> None:
    utterance = Interrupter(EspeakVoice()).utter(text)
    assert 0 <= utterance.onset < 0.1 * 48_000
    assert 0.2 * 48_000 < utterance.end - utterance.onset < 2.5 * 48_000
