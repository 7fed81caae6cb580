"""What the .json beside a Piper voice says about it, checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.speech.voice import VoiceFailed

PAD, BEGIN, END = "_", "^", "$"
"""Symbols that every voice has: after each phoneme, before the first and after the last."""


@dataclass(frozen=True, slots=True)
class PiperDescription:
    """rate: samples a second. espeak_voice: the eSpeak NG voice whose phonemes it was trained on; None speaks letters.

    ids: symbol → its numbers in the model. length_scale: how long phonemes last at the voice's natural speed.
    clusters: symbols that count as one, longest first.
    """

    rate: int
    espeak_voice: str | None
    ids: Mapping[str, tuple[int, ...]]
    speakers: int
    default_speaker: int
    noise_scale: float
    length_scale: float
    noise_width: float
    clusters: tuple[tuple[str, ...], ...]


def description_path(model: Path) -> Path:
    return model.with_name(model.name + ".json")


def read_description(model: Path) -> PiperDescription:
    """model: the voice's .onnx. Raises VoiceFailed where it or what stands beside it is missing or makes no sense."""
    path = description_path(model)
    if not model.is_file():
        raise VoiceFailed(f"There is no voice at {model}. Choose another one in Settings, under Voice.")
    if not path.is_file():
        raise VoiceFailed(
            f"{path.name} is missing beside {model}: a Piper voice is two files. "
            "Put it there, or download the voice anew."
        )
    try:
        return _described(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise VoiceFailed(f"{path} does not describe a Piper voice ({said}). Download the voice anew.") from error


def _described(written: Any) -> PiperDescription:
    kind = written.get("phoneme_type", "espeak")
    if kind not in {"espeak", "text"}:
        raise ValueError(f"its phonemes are of the kind “{kind}”, which Interject cannot make")
    listed = written["phoneme_id_map"].items()
    ids = {str(symbol): tuple(int(number) for number in numbers) for symbol, numbers in listed}
    for symbol in (PAD, BEGIN, END):
        if not ids.get(symbol):
            raise ValueError(f"its phoneme_id_map lacks “{symbol}”")
    rate = int(written["audio"]["sample_rate"])
    if not 8_000 <= rate <= 48_000:
        raise ValueError(f"a sample rate of {rate}")
    inference = written.get("inference", {})
    length_scale = float(inference.get("length_scale", 1.0))
    if not 0.1 <= length_scale <= 10:
        raise ValueError(f"a length_scale of {length_scale}")
    clusters = {tuple(str(symbol) for symbol in cluster) for cluster in written.get("vowel_clusters") or ()}
    return PiperDescription(
        rate=rate,
        espeak_voice=str(written["espeak"]["voice"]) if kind == "espeak" else None,
        ids=ids,
        speakers=max(1, int(written.get("num_speakers", 1))),
        default_speaker=int(written.get("default_speaker_id", 0)),
        noise_scale=float(inference.get("noise_scale", 0.667)),
        length_scale=length_scale,
        noise_width=float(inference.get("noise_w", 0.8)),
        clusters=tuple(sorted((cluster for cluster in clusters if len(cluster) > 1), key=len, reverse=True)),
    )
