"""The digests that the hub gives its files, and whether a file on disk still has them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.models.shelf import Record

_CHUNK = 4 << 20


class Interrupted(Exception):
    """The person wants no more of it."""


def digest_of_etag(etag: str) -> str:
    """The hub's ETag as "sha256:…" (large files) or "git-sha1:…" (small ones), or "" where it is neither.

    Large files' ETag is the SHA-256 of their content, small ones' is git's name of the blob
    (https://huggingface.co/docs/huggingface_hub/package_reference/file_download).
    """
    bare = etag.strip().removeprefix("W/").strip('"').lower()
    if re.fullmatch(r"[0-9a-f]{64}", bare):
        return f"sha256:{bare}"
    return f"git-sha1:{bare}" if re.fullmatch(r"[0-9a-f]{40}", bare) else ""


def has_digest(path: Path, digest: str, wanted: Callable[[], bool] = lambda: True) -> bool:
    """Reads the whole file. wanted: asked every few megabytes. Raises OSError, or Interrupted once it is not wanted."""
    kind, _, expected = digest.partition(":")
    if kind == "sha256":
        hashed = hashlib.sha256()
    elif kind == "git-sha1":
        hashed = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    else:
        return False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if not wanted():
                raise Interrupted
            hashed.update(chunk)
    return hashed.hexdigest() == expected


def changed_files(folder: Path, record: Record) -> Iterator[str]:
    """Each file of a downloaded model that is missing or no longer what was downloaded, with what is wrong."""
    for file in record.files:
        path = folder / file.path
        try:
            if path.stat().st_size != file.size:
                yield f"{file.path} has {path.stat().st_size} bytes instead of {file.size}"
            elif not has_digest(path, file.digest):
                yield f"{file.path} has changed: its {file.digest.partition(':')[0]} is another one"
        except OSError as fault:
            yield f"{file.path} cannot be read: {fault.strerror or fault}"
