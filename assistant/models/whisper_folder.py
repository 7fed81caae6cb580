"""What a folder with a Whisper model claims, read with bounds before CTranslate2 sees it.

The head of `model.bin` is as CTranslate2's `ModelSpec._serialize` writes it: version, name of the specification, its
revision, then each variable with its shape, type and bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.models.bounded import LONGEST_TEXT, BoundedFile, in_words, read_json
from assistant.models.refused import Refused

_NEWEST_VERSION = 6
_SPECIFICATION = "WhisperSpec"
_MOST_VARIABLES = 100_000
_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
_START, _END = "<|startoftranscript|>", "<|endoftext|>"
_BESIDE_MB = 120
"""The program around it and a window's features."""
_ELSEWHERE = ("pytorch_model.bin", "model.safetensors", "model.pt")


@dataclass(frozen=True, slots=True)
class WhisperFolder:
    """size: bytes of its files. memory_mb: an estimate with weights at 8 bit. multilingual: beyond English."""

    size: int
    memory_mb: int
    multilingual: bool


def read_whisper_folder(folder: Path) -> WhisperFolder:
    """Raises Refused for a folder that is incomplete, damaged, or holds something else."""
    model = folder / "model.bin"
    if not model.is_file():
        other = [name for name in _ELSEWHERE if (folder / name).is_file()]
        if other or any(folder.glob("*.pt")):
            raise Refused(
                f"{folder} holds Whisper for PyTorch or Transformers. It is needed as CTranslate2 has it: a folder "
                "with model.bin, such as those of Systran on the hub."
            )
        raise Refused(f"{folder} holds no model.bin, so it is no Whisper model for faster-whisper.")
    weights = _weights(model)
    needed = [model, folder / "config.json", _vocabulary_file(folder)]
    if not needed[1].is_file():
        raise Refused(f"config.json is missing in {folder}. Fetch the model again.")
    read_json(needed[1])
    words = read_vocabulary(folder)
    if _END not in words or _START not in words:
        raise Refused(f"{needed[2]} is not Whisper's vocabulary. Fetch the model again.")
    return WhisperFolder(
        size=sum(each.stat().st_size for each in folder.iterdir() if each.is_file()),
        # A weight of 16 bit becomes one of 8 when it is loaded; one of 8 stays.
        memory_mb=int(weights / 1e6) + _BESIDE_MB,
        # The text of a vocabulary for many languages ends with an empty entry, as CTranslate2 expects it.
        multilingual=words[words.index(_END) - 1] == "",
    )


def read_vocabulary(folder: Path) -> list[str]:
    """Every token's text, by its number. Raises Refused."""
    path = _vocabulary_file(folder)
    if path.suffix == ".json":
        read = read_json(path)
        if not isinstance(read, list) or not all(isinstance(each, str) for each in read):
            raise Refused(f"{path} is not what its name says. Fetch it again.")
        return [str(each) for each in read]
    try:
        if path.stat().st_size > LONGEST_TEXT:
            raise Refused(f"{path} has {in_words(path.stat().st_size)}, far too much for such a file.")
        return path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused(f"{path} is damaged: {fault}. Fetch it again.") from fault


def _vocabulary_file(folder: Path) -> Path:
    for name in _VOCABULARIES:
        if (folder / name).is_file():
            return folder / name
    raise Refused(f"{folder} holds neither {' nor '.join(_VOCABULARIES)}. Fetch the model again.")


def _weights(path: Path) -> int:
    """How many there are."""
    with BoundedFile(path) as file:
        start = file.take(4) if file.size >= 4 else b""
        if start[:2] == b"PK" or start[:1] == b"\x80":
            raise Refused(
                f"{path} is a PyTorch file. Such files can run programs when they are opened: it was not opened. "
                "Choose a folder converted for CTranslate2."
            )
        if start == b"lmgg":
            raise Refused(f"{path} is for whisper.cpp. Choose a folder converted for CTranslate2.")
        version = int.from_bytes(start, "little")
        if not 2 <= version <= _NEWEST_VERSION:
            raise Refused(f"{path} is no CTranslate2 model that this version knows (it begins with {start.hex(' ')}).")
        name = file.text(file.u16(), 256).rstrip("\0")
        if name != _SPECIFICATION:
            raise Refused(f"{path} holds {name or 'something unnamed'}, not Whisper.")
        file.u32()  # the specification's revision
        variables = file.u32()
        if variables > _MOST_VARIABLES:
            raise Refused(f"{path.name} is damaged: it announces {variables} variables.")
        elements = 0
        for _ in range(variables):
            file.skip(file.u16())
            shape = [file.u32() for _axis in range(file.u8())]
            if version >= 4:  # before, an item's width stood in the type's place and a count in the size's
                file.u8()
                count = file.u32()
            else:
                width = file.u8()
                count = file.u32() * width
            file.skip(count)
            product = 1
            for length in shape:
                product *= length
            elements += product if shape else 0
        return elements
