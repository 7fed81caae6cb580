"""A voice without downloads: eSpeak NG, streaming, abortable, with the place of every word."""

from __future__ import annotations

import difflib
import sys
from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import soxr

from assistant.settings import sections
from assistant.speech import libespeak
from assistant.speech.libespeak import InstalledVoice
from assistant.speech.voice import VOICE_RATE, SpokenChunk, VoiceFailed, WordMark
from assistant.speech.words import WordPlacer

ACTIVE_DBFS = -20.0
"""Active level of the speech that comes out: RMS over the 20 ms frames less than 30 dB under the loudest."""
GAIN_DB = -0.5
"""Brings eSpeak NG to ACTIVE_DBFS, and leaves room for the peaks that resampling raises.

One gain for all voices, so that the level never moves within a sentence. Measured before it at the default speed and
pitch: en-gb -20.0, de -19.2, es -19.8, ru -19.7, it -20.0, en-us -20.9, fr -21.8 dBFS; peaks reach 0 dBFS.
"""
USUAL_LUFS = -21.0
"""How loud that is by ITU-R BS.1770. Sentences in the seven languages: -19 to -24, most within 1 of it."""

_FADE_MS = 2
"""A phrase may begin and end away from zero, -40 dBFS with breathy variants: ramped, or it would click."""


def available_voices() -> tuple[InstalledVoice, ...]:
    """All voices of eSpeak NG by language. Raises VoiceFailed where it is not installed."""
    with libespeak.LOCK:
        return libespeak.library().voices()


class EspeakVoice:
    """eSpeak NG behind the Voice protocol. Owned by the speaking thread; several may exist, one speaks at a time."""

    name = "eSpeak NG"

    def __init__(self, voice: sections.Voice | None = None) -> None:
        self._voice = voice or sections.Voice()

    def configure(self, voice: sections.Voice) -> None:
        self._voice = voice

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        """As Voice.speak. A chunk is about a word long. Raises VoiceFailed for a voice name that is not installed.

        `emit` is called with the library locked: it must not wait, nor let any EspeakVoice speak.
        """
        if not phrase.strip():
            return
        voice = self._voice
        with libespeak.LOCK:
            library = libespeak.library()
            if not library.choose(_file_of(voice.language, library)):
                raise VoiceFailed(f"eSpeak NG cannot load the voice {voice.language}. Install piper-tts again.")
            library.set(libespeak.RATE, voice.words_per_minute)
            library.set(libespeak.PITCH, voice.pitch)
            stream = PhraseStream(phrase, library.rate, emit)
            library.synthesise(phrase, stream.receive)
            stream.finish()


class PhraseStream:
    """From the library's buffers to chunks: holds sound back until the words in it are certain, and resamples it."""

    def __init__(self, phrase: str, rate: int, emit: Callable[[SpokenChunk], bool]) -> None:
        self._phrase = phrase
        self._rate = rate
        self._emit = emit
        self._placer = WordPlacer(phrase)
        self._resampler = soxr.ResampleStream(rate, VOICE_RATE, 1, dtype="float32")
        self._held: list[npt.NDArray[np.int16]] = []
        self._received = 0  # samples at `rate`
        self._emitted = 0  # samples at VOICE_RATE
        self._due: deque[WordMark] = deque()
        self._begun = False
        self._aborted = False

    def receive(self, sound: npt.NDArray[np.int16], headings: tuple[libespeak.Heading, ...]) -> bool:
        """Headings lie in the sound that comes with them. False aborts."""
        for heading in headings:
            # A word that was swallowed shows only at the next heading: until then the sound before it waits.
            place = self._placer.word if heading.kind == libespeak.WORD else self._placer.until
            self._due.extend(place(heading.at, heading.sample))
        self._received += len(sound)
        if headings and not self._release(last=False):
            return False
        if len(sound):
            self._held.append(sound)
        return True

    def finish(self) -> None:
        """Emit what is left, unless the phrase was aborted."""
        if not self._aborted:
            self._due.extend(self._placer.until(len(self._phrase), self._received))
            self._release(last=True)

    def _release(self, *, last: bool) -> bool:
        held = np.concatenate(self._held) if self._held else np.zeros(0, np.int16)
        self._held.clear()
        scaled = held.astype(np.float32) * np.float32(10 ** (GAIN_DB / 20) / 32768)
        fade = min(len(scaled), self._rate * _FADE_MS // 1000)
        if fade and not self._begun:
            scaled[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
            self._begun = True
        if fade and last:
            scaled[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        audio: npt.NDArray[np.float32] = self._resampler.resample_chunk(scaled, last=last)
        if not len(audio):
            return True
        np.clip(audio, -1.0, 1.0, out=audio)
        audio.setflags(write=False)
        self._emitted += len(audio)
        words = []
        while self._due and (last or self._to_voice_rate(self._due[0].sample) < self._emitted):
            mark = self._due.popleft()
            sample = min(self._to_voice_rate(mark.sample), self._emitted - 1)
            words.append(WordMark(mark.text, mark.at, mark.length, sample))
        self._aborted = not self._emit(SpokenChunk(audio, tuple(words)))
        return not self._aborted

    def _to_voice_rate(self, sample: int) -> int:
        return sample * VOICE_RATE // self._rate


def _file_of(name: str, library: libespeak.LibEspeak) -> str:
    """The voice file of "en-gb", "German" or "fr+f3". Raises VoiceFailed with near names."""
    base, plus, variant = name.strip().partition("+")
    voices = library.voices()
    files: dict[str, str] = {}
    for key_of in (_code, _name, _short_file, _file):
        for voice in voices:
            files.setdefault(key_of(voice).lower(), voice.file)
    known = files.get(base.lower())
    if known is None:
        near = difflib.get_close_matches(base.lower(), files, 3, 0.0)
        raise VoiceFailed(
            f"eSpeak NG has no voice “{base}”. The nearest are {', '.join(near)}; "
            f"“python -m assistant.speech.espeak” lists all {len(voices)}."
        )
    variants = library.variants() if plus else ()
    if plus and variant not in variants:
        raise VoiceFailed(f"eSpeak NG has no variant “+{variant}”. It has {', '.join(variants)}.")
    return known + plus + variant


def _code(voice: InstalledVoice) -> str:
    return voice.code


def _name(voice: InstalledVoice) -> str:
    return voice.name


def _short_file(voice: InstalledVoice) -> str:
    return voice.file.rsplit("/", maxsplit=1)[-1]


def _file(voice: InstalledVoice) -> str:
    return voice.file


if __name__ == "__main__":
    sys.stdout.writelines(f"{voice.code:20} {voice.name}\n" for voice in available_voices())
