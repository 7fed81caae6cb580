"""What a folder with a Whisper model claims, read with bounds before CTranslate2 sees it.

The head of `model.bin` is as CTranslate2's `ModelSpec._serialize` writes it: version, name of the specification, its
revision, then each variable with its shape, type and bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.models.bounded import BoundedFile, read_json
from assistant.models.refused import Refused

_NEWEST_VERSION = 6
_SPECIFICATION = "WhisperSpec"
_MOST_VARIABLES = 100_000
_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
_BESIDE_MB = 120
"""The program around it and a window's features."""
_ELSEWHERE = ("pytorch_model.bin", "model.safetensors", "model.pt")


@dataclass(frozen=True, slots=True)
class WhisperFolder:
    """size: bytes of the files it needs. memory_mb: an estimate with weights at 8 bit. multilingual: beyond English."""

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
    tokenizer = folder / "tokenizer.json"
    if not tokenizer.is_file():
        raise Refused(f"tokenizer.json is missing in {folder}: faster-whisper would ask the network for one.")
    vocabulary = [folder / name for name in _VOCABULARIES if (folder / name).is_file()]
    if not vocabulary:
        raise Refused(f"{folder} holds neither {' nor '.join(_VOCABULARIES)}. Fetch the model again.")
    tokens = read_json(tokenizer)
    optional = [folder / name for name in ("config.json", "preprocessor_config.json") if (folder / name).is_file()]
    for file in (*optional, *(each for each in vocabulary if each.suffix == ".json")):
        read_json(file)
    size = sum(file.stat().st_size for file in (model, tokenizer, *vocabulary[:1], *optional))
    return WhisperFolder(
        size=size,
        # A weight of 16 bit becomes one of 8 when it is loaded; one of 8 stays.
        memory_mb=int(weights / 1e6) + _BESIDE_MB,
        multilingual=_languages(tokens) > 1,
    )


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


def _languages(tokenizer: dict[str, object] | list[object]) -> int:
    """How many languages have a token: the two- and three-letter ones in <|…|>."""
    added = tokenizer.get("added_tokens") if isinstance(tokenizer, dict) else None
    if not isinstance(added, list):
        return 0
    tokens = {str(each.get("content", "")) for each in added if isinstance(each, dict)}
    # English-only models have the tokens too, but end their vocabulary one word earlier (tiktoken's gpt2, 50257).
    ends = [each.get("id") for each in added if isinstance(each, dict) and each.get("content") == "<|endoftext|>"]
    if ends == [50256]:
        return 1
    return sum(token.startswith("<|") and 4 < len(token) < 8 and token[2:-2].islower() for token in tokens)
