"""The network of one Whisper folder: a window of sound in, its likeliest words out.

CTranslate2 is called directly, not through faster-whisper's transcribe(): that always takes windows of 30 s, decodes
timestamps that nobody needs here, and cannot be left between encoder and decoder.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from assistant.speech.ears import EARS_RATE, EarsFailed
from assistant.speech.hallucination import Transcript
from assistant.speech.whisper_vocabulary import VocabularyBroken, WhisperVocabulary, read_vocabulary

FRAME = 160
"""Samples of a mel frame: 10 ms."""
FULL_WINDOW = 3000
"""Frames that Whisper was trained on: 30 s."""
PROMPT_TOKENS = 64
"""The newest of a prompt. It is computed anew in each pass; more helps little (Whisper would take 223)."""
_LONGEST = 448  # tokens of prompt and words together: the decoder's positions
_SHORTEST = 400  # samples of one mel frame
_TOKENS_PER_S = {False: 8, True: 20}  # five words of 1.5 tokens; scripts that are spelled byte by byte need more
_TOKENS = 10  # at least, for one long word

Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder made of a window. features: CTranslate2's array. seconds: of sound, without the padding."""

    features: Any
    seconds: float


class WhisperNet:
    """Owned by the hearing thread. Encoder and decoder release the interpreter lock; neither can be stopped inside.

    languages: codes that can be chosen; only "en" where it is not multilingual.
    """

    def __init__(self, folder: Path, device: Device = "auto") -> None:
        """folder: of CTranslate2, with config.json, model.bin and its vocabulary. Raises EarsFailed."""
        self._folder = folder
        for name in ("config.json", "model.bin"):
            if not (folder / name).is_file():
                raise EarsFailed(f"{folder} holds no Whisper model: {name} is missing. {_CHOOSE}")
        try:
            self._vocabulary: WhisperVocabulary = read_vocabulary(folder)
        except VocabularyBroken as broken:
            raise EarsFailed(f"The recogniser in {folder} is broken: {broken}. {_CHOOSE}") from broken
        self._model = self._load(device)
        from faster_whisper.feature_extractor import FeatureExtractor

        self._mel = FeatureExtractor(feature_size=self._model.n_mels)
        self.multilingual: bool = self._model.is_multilingual
        self.languages = frozenset(self._vocabulary.languages) if self.multilingual else frozenset({"en"})
        self.device: str = self._model.device

    def encode(self, audio: npt.NDArray[np.float32], frames: int) -> Encoded:
        """audio: (n,) float32, mono 16 kHz, ±1.0, at most 30 s. frames: of the window, the rest of it is padding.

        A window that ends right after the speech makes the decoder repeat it: leave two seconds. Raises EarsFailed.
        """
        window = audio if len(audio) >= _SHORTEST else np.pad(audio, (0, _SHORTEST - len(audio)))
        mel = self._mel(window)[:, :-1][:, :FULL_WINDOW]
        padded = np.zeros((1, len(mel), min(FULL_WINDOW, max(frames, mel.shape[1]))), np.float32)
        padded[0, :, : mel.shape[1]] = mel
        import ctranslate2

        try:
            features = self._model.encode(ctranslate2.StorageView.from_array(padded))
        except (RuntimeError, ValueError) as error:
            raise EarsFailed(f"The recogniser in {self._folder} failed ({error}). {_CHOOSE}") from error
        return Encoded(features, len(audio) / EARS_RATE)

    def language_of(self, encoded: Encoded) -> tuple[str, float]:
        """The likeliest language of a multilingual model, and its probability."""
        token, probability = self._model.detect_language(encoded.features)[0][0]
        return token[2:-2], probability

    def decode(self, encoded: Encoded, language: str, *, prompt: str = "", beam: int = 1) -> Transcript:
        """The words of a window.

        prompt: what was said before the window. beam: 1 is greedy. Raises EarsFailed.
        """
        vocabulary = self._vocabulary
        ids = [vocabulary.start]
        if self.multilingual:
            ids += [vocabulary.languages[language], vocabulary.transcribe]
        ids.append(vocabulary.no_timestamps)
        if prompt.strip():
            ids = [vocabulary.previous, *vocabulary.ids(" " + prompt.strip())[-PROMPT_TOKENS:], *ids]
        # A loop, which nothing can stop, ends here.
        most = _TOKENS + int(encoded.seconds * _TOKENS_PER_S[self.multilingual])
        try:
            result = self._model.generate(
                encoded.features,
                [ids],
                beam_size=beam,
                max_length=min(_LONGEST, max(2 * most, len(ids) + most)),  # CTranslate2 lets words have half of it
                return_scores=True,
                return_no_speech_prob=True,
            )[0]
        except (RuntimeError, ValueError) as error:
            raise EarsFailed(f"The recogniser in {self._folder} failed ({error}). {_CHOOSE}") from error
        tokens = result.sequences_ids[0]
        if not tokens:
            return Transcript("", 0.0, result.no_speech_prob, encoded.seconds)
        # The score is the mean over the words; the end of the text counts as a token too (faster-whisper, as OpenAI's).
        avg_logprob = result.scores[0] * len(tokens) / (len(tokens) + 1)
        return Transcript(vocabulary.text(tokens), avg_logprob, result.no_speech_prob, encoded.seconds, len(tokens))

    def _load(self, device: Device) -> Any:
        import ctranslate2

        cards = _graphics_cards()
        if device == "cuda" and not cards:
            raise EarsFailed(
                "No NVIDIA graphics card can be used: CUDA finds none. Set Recognise on to Automatic or Processor."
            )
        failure: Exception | None = None
        for kind in ("cuda", "cpu") if device == "auto" else (device,):
            if kind == "cuda" and not cards:
                continue
            try:
                model = ctranslate2.models.Whisper(
                    str(self._folder),
                    device=kind,
                    compute_type=_compute_type(ctranslate2.get_supported_compute_types(kind)),
                    intra_threads=max(1, _cores() - 1),
                )
                # Missing CUDA libraries show only now; and the first real pass is as fast as the others.
                model.encode(ctranslate2.StorageView.from_array(np.zeros((1, model.n_mels, 100), np.float32)))
            except (RuntimeError, ValueError, OSError) as error:
                failure = error
            else:
                return model
        raise EarsFailed(f"The recogniser in {self._folder} cannot be loaded ({failure}). {_CHOOSE}") from failure


_CHOOSE = "Choose another one on the Models page, or load it anew."


def _compute_type(supported: set[str]) -> str:
    """The fastest that the device has: on a card half precision, on a processor 8-bit weights."""
    order = ("float16", "int8_float16", "int8", "float32")
    return next((name for name in order if name in supported), "default")


def _graphics_cards() -> int:
    import ctranslate2

    try:
        return int(ctranslate2.get_cuda_device_count())
    except RuntimeError:  # a driver that is too old
        return 0


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
