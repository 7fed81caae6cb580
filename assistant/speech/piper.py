"""A Piper voice behind the Voice protocol: the first sound after a tenth of a second however long the sentence."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from assistant.settings import sections
from assistant.speech.loudness import loudness_lufs
from assistant.speech.piper_file import BEGIN, END, PAD, read_description
from assistant.speech.piper_marks import starts_by_lengths, starts_by_phonemes
from assistant.speech.piper_model import PiperModel
from assistant.speech.piper_phonemes import Phonemiser, Run
from assistant.speech.voice import VOICE_RATE, SpokenChunk, VoiceFailed, WordMark
from assistant.speech.words import word_spans

USUAL_LUFS = -23.0
"""How loud the sound comes out, about: found once a speaker by a sentence that nobody hears."""
NATURAL_WORDS_PER_MINUTE = 165
"""The setting at which a voice speaks as fast as it was trained to."""

_CHUNK = VOICE_RATE * 150 // 1000
"""What is handed on at a time: the most that is made and counted after nobody wants it any more."""
_STREAMED_RUN, _WHOLE_RUN = 150, 60
"""Symbols that are spoken in one go, 12 s and 5 s of speech: a stop waits for the encoder, which takes them at once. A
voice whose sound only comes whole must be asked for little at a time, or it would begin late as well."""
_FADE_S = 0.002
_REHEARSED = "ðɪs ɪz ðə vˈɔɪs, ænd ðɪs ɪz hˈaʊ lˈaʊd ɪt ɪz."  # about two seconds


class PiperSpeech:
    """One Piper voice. Owned by the speaking thread, on which it is made as well: loading takes a second.

    A stop is asked for between chunks: what is thrown away is less than a second of sound, made in less than 0.1 s.
    Pitch is eSpeak NG's alone; a Piper voice has the pitch of its speaker.
    """

    def __init__(self, model: Path, voice: sections.Voice | None = None) -> None:
        """model: the voice's .onnx, its .json beside it. Raises VoiceFailed for one that cannot speak."""
        self._described = read_description(model)
        self._phonemiser = Phonemiser(self._described)
        self._model = PiperModel(model, self._described)
        self._gains: dict[int, float] = {}  # of each speaker that has been rehearsed
        self._voice = voice or sections.Voice()
        self.name = model.stem
        self._rehearse(self._speaker)

    @property
    def speakers(self) -> int:
        """How many speakers the voice has. A number that is none of theirs gets the voice's own choice."""
        return self._described.speakers

    @property
    def streams(self) -> bool:
        """Whether sound comes before the sentence is finished."""
        return self._model.streams

    def configure(self, voice: sections.Voice) -> None:
        self._voice = voice

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        """As Voice.speak. A chunk is 150 ms or less."""
        if not phrase.strip():
            return
        voice = self._voice
        speaker = self._speaker
        if speaker not in self._gains:
            self._rehearse(speaker)
        length_scale = self._described.length_scale * NATURAL_WORDS_PER_MINUTE / voice.words_per_minute
        chunks = _Chunks(phrase, self._described.rate, emit)
        for run in self._phonemiser.runs(phrase, _STREAMED_RUN if self._model.streams else _WHOLE_RUN):
            for sound, words in self._spoken(run, length_scale, speaker):
                if not chunks.add(sound, words):
                    return
        chunks.finish()

    @property
    def _speaker(self) -> int:
        wanted = self._voice.speaker
        return wanted if wanted < self._described.speakers else self._described.default_speaker

    def _spoken(self, run: Run, length_scale: float, speaker: int) -> Iterator[_Sounding]:
        """The run's sound at the voice's rate, piece by piece, its words with the first: (sample of the run, word)."""
        ids, first_ids = self._ids(run.symbols)
        rendering = self._model.render(ids, length_scale, speaker)
        pieces = rendering.pieces
        if rendering.lengths is not None:
            starts = starts_by_lengths(run, first_ids, rendering.lengths)
        else:
            whole = np.concatenate(list(pieces))
            starts = starts_by_phonemes(run, whole, self._described.rate)
            pieces = iter((whole,))
        words = [(start, word) for start, (_, word) in zip(starts, run.words, strict=True)]
        gain = np.float32(self._gains[speaker])
        for piece in _faded(pieces, round(self._described.rate * _FADE_S)):
            yield piece * gain, words
            words = []

    def _ids(self, symbols: tuple[str, ...]) -> tuple[list[int], list[int]]:
        """The model's numbers for the symbols, and where in them each symbol begins, and their end."""
        known = self._described.ids
        ids, first_ids = [*known[BEGIN], *known[PAD]], []
        for symbol in symbols:
            first_ids.append(len(ids))
            if symbol in known:
                ids += (*known[symbol], *known[PAD])
        first_ids.append(len(ids))
        return [*ids, *known[END]], first_ids

    def _rehearse(self, speaker: int) -> None:
        known = self._described.ids
        symbols = [symbol for symbol in _REHEARSED if symbol in known]
        if len(symbols) < len(_REHEARSED) // 2:
            symbols = [symbol for symbol in known if symbol.isalpha()][: len(_REHEARSED)]
        sound = self._model.rehearse(self._ids(tuple(symbols))[0], self._described.length_scale, speaker)
        loudness = loudness_lufs(sound, self._described.rate)
        if not np.isfinite(loudness):
            raise VoiceFailed(f"The voice {self.name} makes no sound. Download it anew.")
        self._gains[speaker] = 10 ** ((USUAL_LUFS - loudness) / 20)


_Sounding = tuple[npt.NDArray[np.float32], list[tuple[int, int]]]


class _Chunks:
    """From pieces at the voice's rate to chunks at 48 kHz, each with the words that begin in it."""

    def __init__(self, phrase: str, rate: int, emit: Callable[[SpokenChunk], bool]) -> None:
        self._phrase = phrase
        self._spans = word_spans(phrase)
        self._rate = rate
        self._emit = emit
        self._resampler: Any = soxr.ResampleStream(rate, VOICE_RATE, 1, dtype="float32")
        self._added = 0  # samples at `rate`
        self._emitted = 0  # samples at 48 kHz
        self._due: deque[WordMark] = deque()

    def add(self, sound: npt.NDArray[np.float32], words: list[tuple[int, int]]) -> bool:
        """words: (sample, word) of the run that begins with this piece, () for its later ones. False: aborted."""
        for sample, word in words:
            span = self._spans[word]
            text = self._phrase[span.at : span.end]
            begins = (self._added + sample) * VOICE_RATE // self._rate
            self._due.append(WordMark(text, span.at, span.length, begins))
        self._added += len(sound)
        return self._hand_on(self._resampler.resample_chunk(sound), last=False)

    def finish(self) -> None:
        self._hand_on(self._resampler.resample_chunk(np.zeros(0, np.float32), last=True), last=True)

    def _hand_on(self, audio: npt.NDArray[np.float32], *, last: bool) -> bool:
        np.clip(audio, -1.0, 1.0, out=audio)
        audio.setflags(write=False)
        for at in range(0, len(audio), _CHUNK):
            chunk = audio[at : at + _CHUNK]
            self._emitted += len(chunk)
            whole = last and at + _CHUNK >= len(audio)
            words = []
            while self._due and (whole or self._due[0].sample < self._emitted):
                mark = self._due.popleft()
                words.append(replace(mark, sample=min(mark.sample, self._emitted - 1)))
            if not self._emit(SpokenChunk(chunk, tuple(words))):
                return False
        return True


def _faded(pieces: Iterator[npt.NDArray[np.float32]], samples: int) -> Iterator[npt.NDArray[np.float32]]:
    """A run may begin and end away from zero: its first and last samples ramped, or it would click.

    Only the last samples of a piece wait for the next one, which may be the last; the rest leaves at once.
    """
    up = np.linspace(0, 1, samples, dtype=np.float32)
    held = np.zeros(0, np.float32)
    begun = False
    for piece in pieces:
        whole = np.concatenate((held, piece))
        if not begun:
            length = min(samples, len(whole))
            whole[:length] *= up[:length]
            begun = True
        yield whole[:-samples]
        held = whole[-samples:]
    yield held * up[: len(held)][::-1]
