"""What a GGUF file claims, read with bounds before llama.cpp sees it.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. The gguf package knows its numbers; its reader
keeps every entry of a vocabulary as an array (seconds of work with 150,000 words) and believes the lengths it is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.models.bounded import BoundedFile, in_words
from assistant.models.refused import Refused

MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST_KEYS = 100_000
_MOST_TENSORS = 200_000
_MOST_DIMENSIONS = 4
_LONGEST_KEY = 65_535
_TEXT, _ARRAY = 8, 9
_FORMS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""GGUF's types of values → forms of `struct`."""
_WIDTHS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_NO_MIND = re.compile(r"bert|embed(ding)?$|clip|mmproj|t5encoder|wavtokenizer|whisper|dream|llada")
"""Architectures that llama.cpp reads and that do not write a reply word by word."""
_SPLIT = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")
CONTEXT_TOKENS = 4096
"""The context that memory is estimated for: the setting's default."""
_BESIDE_MB = 300
"""Buffers for computing, and the program around them."""


@dataclass(frozen=True, slots=True)
class GgufFile:
    """name: as the file itself says, or "". size: bytes of all its parts. memory_mb: an estimate with CONTEXT_TOKENS.

    has_template: whether it says how a conversation is written for it.
    """

    name: str
    architecture: str
    size: int
    memory_mb: int
    trained_context: int
    has_template: bool


Scalar = str | int | float | bool


def read_gguf(path: Path) -> GgufFile:
    """Raises Refused for a file that is damaged, cut short, or no language model. Reads its head only, up to 0.5 s."""
    parts = _parts(path)
    heads = [_head(part) for part in parts]
    values = heads[0]
    architecture = str(values.get("general.architecture", ""))
    if not architecture:
        raise Refused(f"{path.name} does not say which architecture it holds. It is damaged, or no model.")
    kind = str(values.get("general.type", "model"))
    if kind != "model" or _NO_MIND.search(architecture):
        what = kind if kind != "model" else architecture
        raise Refused(f"{path.name} holds {what}, which cannot hold a conversation. Choose an instruct or chat model.")
    if "tokenizer.ggml.model" not in values:
        raise Refused(f"{path.name} holds no vocabulary, so it cannot read or write. Choose another file.")
    size = sum(part.stat().st_size for part in parts)
    return GgufFile(
        name=str(values.get("general.name", "")).strip(),
        architecture=architecture,
        size=size,
        memory_mb=int(size / 1e6) + _cache_mb(values, architecture) + _BESIDE_MB,
        trained_context=_whole(values, f"{architecture}.context_length"),
        has_template="tokenizer.chat_template" in values,
    )


def is_gguf(path: Path) -> bool:
    """Whether the file begins as one. False where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(4) == MAGIC
    except OSError:
        return False


def _parts(path: Path) -> list[Path]:
    split = _SPLIT.search(path.name)
    if not split:
        return [path]
    number, count = int(split[1]), int(split[2])
    if number != 1:
        raise Refused(f"{path.name} is part {number} of {count}. Choose the first part.")
    parts = [path.with_name(_SPLIT.sub(f"-{n:05d}-of-{count:05d}.gguf", path.name)) for n in range(1, count + 1)]
    missing = [part.name for part in parts if not part.is_file()]
    if missing:
        raise Refused(f"{missing[0]} is missing beside {path.name}. Fetch all {count} parts.")
    return parts


def _head(path: Path) -> dict[str, Scalar]:
    """All single values of the head, once the tensors that follow were found to fit into the file."""
    with BoundedFile(path) as file:
        if file.size < 24:
            raise Refused(f"{path.name} is no GGUF model: it has only {in_words(file.size)}.")
        magic = file.take(4)
        if magic != MAGIC:
            raise Refused(f"{path.name} is no GGUF model{_instead(magic)}.")
        version = file.u32()
        if version & 0xFFFF == 0:
            raise Refused(f"{path.name} was made for computers that write numbers the other way round (big-endian).")
        if version not in _VERSIONS:
            raise Refused(f"{path.name} has version {version} of the GGUF format; 2 and 3 can be read.")
        tensors, keys = file.u64(), file.u64()
        if tensors > _MOST_TENSORS or keys > _MOST_KEYS:
            raise Refused(f"{path.name} is damaged: it announces {tensors} tensors and {keys} values.")
        values: dict[str, Scalar] = {}
        for _ in range(keys):
            key = file.text(file.u64(), _LONGEST_KEY)
            value = _value(file, file.u32())
            if value is not None:
                values[key] = value
        if tensors == 0 and "split.count" not in values:
            raise Refused(f"{path.name} holds a vocabulary and no weights. Choose the model itself.")
        _check_tensors(file, tensors, values)
        return values


def _value(file: BoundedFile, kind: int) -> Scalar | None:
    """One value; None for an array, which is passed over."""
    if kind == _TEXT:
        return file.text(file.u64())
    if kind in _FORMS:
        return file.number(_FORMS[kind])
    if kind != _ARRAY:
        raise _strange(file, f"a value of type {kind}")
    inner, count = file.u32(), file.u64()
    if inner in _WIDTHS:
        file.skip(_WIDTHS[inner] * count)
    elif inner == _TEXT:
        file.skip_texts(count)
    else:
        raise _strange(file, f"an array of type {inner}")
    return None


def _check_tensors(file: BoundedFile, count: int, values: dict[str, Scalar]) -> None:
    from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

    sizes = {int(kind): GGML_QUANT_SIZES[kind] for kind in GGMLQuantizationType if kind in GGML_QUANT_SIZES}
    needed = 0
    for _ in range(count):
        file.text(file.u64(), _LONGEST_KEY)
        dimensions = file.u32()
        if dimensions > _MOST_DIMENSIONS:
            raise _strange(file, f"a tensor of {dimensions} dimensions")
        elements = 1
        for _axis in range(dimensions):
            elements *= file.u64()
        kind, offset = file.u32(), file.u64()
        if kind not in sizes:
            raise Refused(
                f"{file.path.name} keeps its weights in a way (type {kind}) that this version does not know. "
                "Choose another quantization, such as Q4_K_M."
            )
        per_block, block_bytes = sizes[kind]
        needed = max(needed, offset + elements // per_block * block_bytes)
    alignment = _whole(values, "general.alignment") or 32
    begins = -(-file.at // alignment) * alignment
    if begins + needed > file.size and count:
        raise Refused(
            f"{file.path.name} has {in_words(file.size)} of {in_words(begins + needed)}: it was not copied or "
            "downloaded whole. Fetch it again."
        )


def _cache_mb(values: dict[str, Scalar], architecture: str) -> int:
    """Keys and values of CONTEXT_TOKENS at 16 bit in every layer."""
    layers, width = _whole(values, f"{architecture}.block_count"), _whole(values, f"{architecture}.embedding_length")
    heads = _whole(values, f"{architecture}.attention.head_count")
    kv_heads = _whole(values, f"{architecture}.attention.head_count_kv") or heads
    head_width = _whole(values, f"{architecture}.attention.key_length") or (width // heads if heads else 0)
    return int(2 * 2 * layers * kv_heads * head_width * CONTEXT_TOKENS / 1e6)


def _whole(values: dict[str, Scalar], key: str) -> int:
    value = values.get(key, 0)
    return value if isinstance(value, int) else 0


def _instead(magic: bytes) -> str:
    if magic[:2] == b"PK" or magic[:1] == b"\x80":
        return ", it is a PyTorch file. Such files can run programs when they are opened: it was not opened"
    if magic in (b"lmgg", b"tjgg", b"fmgg", b"ggml"):
        return ", it is in llama.cpp's old format. Fetch it as .gguf"
    if magic.startswith((b"vers", b"<!do", b"<htm")):
        return ", it is a page or a pointer that was saved in its place. Fetch the file itself"
    return ""


def _strange(file: BoundedFile, what: str) -> Refused:
    return Refused(f"{file.path.name} is damaged: it holds {what} at byte {file.at}.")
