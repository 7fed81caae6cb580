"""What a Piper voice claims, read with bounds before onnxruntime sees it.

Its .onnx is a protobuf message; of it only the outline is read (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto),
as far as the names of the inputs, and whether all of it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.models.bounded import BoundedFile, read_json
from assistant.models.refused import Refused

_INPUTS = {"input", "input_lengths", "scales"}
"""What every Piper voice takes; one with several speakers takes `sid` too."""
_LEAST_RATE, _MOST_RATE = 8_000, 48_000
_BESIDE_MB = 150
"""onnxruntime and the work of a sentence."""


@dataclass(frozen=True, slots=True)
class PiperVoiceFile:
    """size: bytes of both files. language: such as "en_GB", or "" where it does not say."""

    size: int
    memory_mb: int
    language: str
    speakers: int
    rate: int


def read_piper_voice(path: Path) -> PiperVoiceFile:
    """path: the .onnx; its .onnx.json lies beside it. Raises Refused."""
    settings_path = path.with_name(path.name + ".json")
    if not settings_path.is_file():
        raise Refused(f"{settings_path.name} is missing beside {path.name}. A Piper voice has both files.")
    settings = read_json(settings_path)
    if not isinstance(settings, dict) or not isinstance(settings.get("phoneme_id_map"), dict):
        raise Refused(f"{settings_path.name} does not describe a Piper voice: it has no phoneme_id_map.")
    rate = _whole(_table(settings, "audio"), "sample_rate")
    if not _LEAST_RATE <= rate <= _MOST_RATE:
        raise Refused(f"{settings_path.name} cannot be right: a sample rate of {rate} Hz.")
    inputs = _inputs(path)
    if not inputs >= _INPUTS:
        taken = ", ".join(sorted(inputs)) or "nothing"
        raise Refused(f"{path.name} is an ONNX model, but no Piper voice: it takes {taken}.")
    size = path.stat().st_size
    return PiperVoiceFile(
        size=size + settings_path.stat().st_size,
        memory_mb=int(size / 1e6) + _BESIDE_MB,
        language=str(_table(settings, "language").get("code") or _table(settings, "espeak").get("voice") or ""),
        speakers=max(1, _whole(settings, "num_speakers")),
        rate=rate,
    )


def _inputs(path: Path) -> set[str]:
    with BoundedFile(path) as file:
        if file.left == 0:
            raise Refused(f"{path.name} is empty.")
        graphs = [length for field, length in _fields(file, file.size) if field == 7]  # ModelProto.graph, still to read
        if len(graphs) != 1:
            raise Refused(f"{path.name} is no ONNX model, or it is damaged.")
    with BoundedFile(path) as file:
        for field, length in _fields(file, file.size, into=7):
            if field == 7:
                end = file.at + length
                names = set()
                for inner, inner_length in _fields(file, end, into=11):  # GraphProto.input
                    if inner == 11:
                        names.add(_name(file, file.at + inner_length))
                return names
    return set()


def _name(file: BoundedFile, end: int) -> str:
    name = ""
    for field, length in _fields(file, end, into=1):
        if field == 1:
            name = file.text(length, 4096)
    return name


def _fields(file: BoundedFile, end: int, into: int = 0) -> Iterator[tuple[int, int]]:
    """Each field's number and length up to `end`. The caller reads the bodies of the fields `into`."""
    while file.at < end:
        tag = _varint(file)
        field, wire = tag >> 3, tag & 7
        if wire == 0:
            _varint(file)
            yield field, 0
        elif wire == 2:
            length = _varint(file)
            if length > end - file.at:
                raise file.truncated()
            if field == into:
                body = file.at
                yield field, length
                if file.at != body + length:
                    file.skip(body + length - file.at)
            else:
                file.skip(length)
                yield field, length
        elif wire in (1, 5):
            file.skip(8 if wire == 1 else 4)
            yield field, 0
        else:
            raise Refused(f"{file.path.name} is no ONNX model, or it is damaged at byte {file.at}.")


def _varint(file: BoundedFile) -> int:
    value = 0
    for place in range(10):
        byte = file.u8()
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value
    raise Refused(f"{file.path.name} is no ONNX model, or it is damaged at byte {file.at}.")


def _table(settings: dict[str, object], key: str) -> dict[str, object]:
    value = settings.get(key)
    return value if isinstance(value, dict) else {}


def _whole(settings: dict[str, object], key: str) -> int:
    value = settings.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
