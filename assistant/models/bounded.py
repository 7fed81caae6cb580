"""Reading a file that may lie about its lengths: nothing is read or believed beyond the file's own end."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from assistant.models.refused import Refused

LONGEST_TEXT = 16 << 20
"""Bytes of one text. A chat template or a vocabulary entry has some thousands."""
_BUFFER = 1 << 20
_LARGEST_JSON = 64 << 20


class BoundedFile:
    """Numbers (little-endian) and texts from a file, one after another. Raises Refused where the file ends too soon."""

    def __init__(self, path: Path) -> None:
        try:
            self.size = path.stat().st_size
            self._file: BinaryIO = path.open("rb", buffering=_BUFFER)
        except OSError as fault:
            raise Refused(f"{path} cannot be read: {fault.strerror or fault}.") from fault
        self.path = path
        self.at = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def left(self) -> int:
        """Bytes up to the end of the file."""
        return self.size - self.at

    def take(self, count: int) -> bytes:
        """The next bytes."""
        if count > self.left:
            raise self.truncated()
        try:
            taken = self._file.read(count)
        except OSError as fault:
            raise Refused(f"{self.path} cannot be read: {fault.strerror or fault}.") from fault
        if len(taken) != count:
            raise self.truncated()
        self.at += count
        return taken

    def skip(self, count: int) -> None:
        """Past the next bytes."""
        if not 0 <= count <= self.left:
            raise self.truncated()
        self._file.seek(count, 1)
        self.at += count

    def skip_texts(self, count: int) -> None:
        """Past as many texts, each after its length in 8 bytes. A vocabulary has 150,000: one look at each, no more."""
        if count * 8 > self.left:
            raise self.truncated()
        read, seek, left = self._file.read, self._file.seek, self.left
        for _ in range(count):
            length = int.from_bytes(read(8), "little")
            left -= 8 + length
            if left < 0:
                raise self.truncated()
            seek(length, 1)
        self.at = self.size - left

    def u8(self) -> int:
        return self.take(1)[0]

    def u16(self) -> int:
        return int.from_bytes(self.take(2), "little")

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def u64(self) -> int:
        return int.from_bytes(self.take(8), "little")

    def number(self, form: str) -> int | float | bool:
        """One number of a `struct` form without its byte order."""
        value: int | float | bool = struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]
        return value

    def text(self, length: int, most: int = LONGEST_TEXT) -> str:
        """length: bytes of UTF-8; more than `most` cannot be meant."""
        if length > most:
            raise Refused(f"{self.path.name} is damaged: it announces a text of {length} bytes at byte {self.at}.")
        return self.take(length).decode("utf-8", errors="replace")

    def truncated(self) -> Refused:
        """What to raise where the file is shorter than it says."""
        return Refused(
            f"{self.path.name} ends too soon, after {in_words(self.size)}: it was not copied or downloaded whole. "
            "Fetch it again."
        )


def read_json(path: Path) -> dict[str, object] | list[object]:
    """A JSON file of a reasonable size. Raises Refused."""
    try:
        size = path.stat().st_size
        if size > _LARGEST_JSON:
            raise Refused(f"{path} has {in_words(size)}, far too much for such a file.")
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        if isinstance(fault, Refused):
            raise
        raise Refused(f"{path} is damaged or not what its name says: {fault}. Fetch it again.") from fault
    if not isinstance(content, dict | list):
        raise Refused(f"{path} is not what its name says: it holds {type(content).__name__}. Fetch it again.")
    return content


def in_words(size: float) -> str:
    """Bytes for a person: 75.5 MB."""
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= step:
            return f"{size / step:.{1 if size < 100 * step else 0}f} {unit}"
    return f"{size:.0f} bytes"
