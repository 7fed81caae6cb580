"""Fetching a model from the hub to the shelf: progress, pause, going on after a cut, and a check before it is used."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.models.bounded import in_words
from assistant.models.catalogue import Model, ModelFile
from assistant.models.digest import Interrupted, has_digest
from assistant.models.hub import Cut, DownloadFailed, Hub, Remote
from assistant.models.inspect import inspect
from assistant.models.machine import free_bytes
from assistant.models.offline import is_offline_wanted
from assistant.models.refused import Refused
from assistant.models.shelf import Record, RecordedFile, Shelf, ShelfFault, loader_path, write_record

WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Before each further try. Whatever arrives in between makes the count begin anew."""
RESERVE = 200_000_000
"""Bytes that a download leaves free on the disk: a full one harms the whole system."""
_TOLD_EVERY_S = 0.1
_SPEED_OVER_S, _FIRST_SPEED_S = 3.0, 0.5
_WAIT_STEP_S = 0.05
_WHOLE = "whole"

__all__ = ["DownloadFailed", "Paused", "Progress", "discard_part", "download", "part_of"]


class Paused(Exception):
    """`wanted` said no. What has come so far is kept; the same call goes on with it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """model: its id. done, total: bytes of the whole model; total is the catalogue's guess while starting.

    bytes_per_s: over the last seconds, 0 where nothing comes.
    """

    model: str
    phase: Literal["starting", "downloading", "retrying", "checking", "done"]
    done: int
    total: int
    bytes_per_s: float


Tell = Callable[[Progress], None]
Wanted = Callable[[], bool]


def download(
    model: Model,
    shelf: Shelf,
    tell: Tell,
    wanted: Wanted,
    *,
    endpoint: str = "",
    waits_s: Iterable[float] = WAITS_S,
) -> Path:
    """Fetches what is missing of the model and returns what its loader takes. Blocks; call it off the GUI's thread.

    tell: at most ten times a second, on this thread. wanted: asked often; once False, Paused is raised within a moment.
    endpoint: "" for HF_ENDPOINT or the hub itself. Raises DownloadFailed with what to do, or Paused.
    """
    from filelock import FileLock, Timeout

    if is_offline_wanted():
        raise DownloadFailed("HF_HUB_OFFLINE is set, so nothing is downloaded. Remove it, then start Interject again.")
    incoming = shelf.incoming(model.id)
    try:
        incoming.mkdir(parents=True, exist_ok=True)
        with FileLock(incoming.with_suffix(incoming.suffix + ".lock"), timeout=0), Hub(endpoint) as hub:
            return _Fetching(model, shelf, hub, tell, wanted, tuple(waits_s)).all()
    except Timeout as fault:
        raise DownloadFailed(f"{model.name} is being downloaded already, by this or another Interject.") from fault
    except (OSError, ShelfFault) as fault:
        raise DownloadFailed(_disk_words(fault, shelf.folder)) from fault


def part_of(model: Model, shelf: Shelf) -> int:
    """Bytes of the model that an interrupted download left here."""
    incoming = shelf.incoming(model.id)
    return sum(each.stat().st_size for each in incoming.rglob("*") if each.is_file())


def discard_part(model: Model, shelf: Shelf) -> None:
    """Deletes what an interrupted download left. Raises ShelfFault."""
    incoming = shelf.incoming(model.id)
    try:
        if incoming.is_dir():
            shutil.rmtree(incoming)
    except OSError as fault:
        raise ShelfFault(f"{incoming} cannot be deleted: {fault.strerror or fault}.") from fault


class _Fetching:
    """One model's way to the shelf."""

    def __init__(
        self, model: Model, shelf: Shelf, hub: Hub, tell: Tell, wanted: Wanted, waits_s: tuple[float, ...]
    ) -> None:
        self._model, self._shelf, self._hub = model, shelf, hub
        self._tell, self._wanted, self._waits_s = tell, wanted, waits_s
        self._incoming = shelf.incoming(model.id)
        self._done, self._total = 0, model.size
        self._told = self._since = time.monotonic()
        self._arrived, self._speed = 0, 0.0

    def all(self) -> Path:
        self._say("starting")
        remotes = self._ask_all()
        parts = {file: self._part(number, remote) for number, (file, remote) in enumerate(remotes.items())}
        for file, part in parts.items():
            if (self._incoming / _WHOLE / file.path).exists():  # the program ended while it put them together
                (self._incoming / _WHOLE / file.path).replace(part)
        self._drop_others(parts.values())
        self._total = sum(remote.size for remote in remotes.values())
        self._done = sum(_size(part) + _size(_checked(part)) for part in parts.values())
        self._check_space()
        for file, part in parts.items():
            if _size(_checked(part)) != remotes[file].size:
                self._fetch(file, remotes[file], part)
                self._check(file, remotes[file], part)
        path = self._put_on_shelf(remotes, parts)
        self._say("done")
        return path

    def _ask_all(self) -> dict[ModelFile, Remote]:
        """Every file as it is at one commit: the one that the first answer names."""
        remotes: dict[ModelFile, Remote] = {}
        revision = self._model.revision
        for file in self._model.files:
            remote = self._patiently(file, revision)
            _check_announced(file, remote)
            revision = remote.commit
            remotes[file] = remote
        return remotes

    def _patiently(self, file: ModelFile, revision: str) -> Remote:
        for wait_s in self._waits_s:
            self._check_wanted()
            try:
                return self._hub.ask(self._model, file, revision)
            except Cut:
                self._wait(wait_s)
        try:
            return self._hub.ask(self._model, file, revision)
        except Cut as cut:
            raise DownloadFailed(str(cut)) from cut

    def _fetch(self, file: ModelFile, remote: Remote, part: Path) -> None:
        tries = 0
        self._since, self._arrived = time.monotonic(), 0
        if _size(part) > remote.size:
            self._done -= _size(part)
            part.unlink()
        while _size(part) < remote.size:
            before = _size(part)
            try:
                self._stream(file, remote, part)
            except Cut as cut:
                tries = 0 if _size(part) > before else tries + 1
                if tries >= len(self._waits_s):
                    raise DownloadFailed(f"{cut} What has come is kept: the next download goes on there.") from cut
                self._wait(self._waits_s[tries])
        part.touch()  # a file of no bytes exists, too

    def _stream(self, file: ModelFile, remote: Remote, part: Path) -> None:
        start = _size(part)
        with part.open("ab") as out, closing(self._hub.read(self._model, file, remote, start)) as chunks:
            for at, chunk in chunks:
                self._check_wanted()
                if at != out.tell():  # the hub did not go on where it was asked to
                    self._done -= out.tell() - at
                    out.truncate(at)
                    out.seek(at)
                out.write(chunk)
                self._came(len(chunk))

    def _check(self, file: ModelFile, remote: Remote, part: Path) -> None:
        self._say("checking")
        try:
            digests = {remote.digest, _known_digest(file, remote)}
            right = all(has_digest(part, digest, self._wanted) for digest in digests)
        except Interrupted:
            raise Paused from None
        if not right:
            part.unlink()
            raise DownloadFailed(
                f"{file.path} did not arrive as it lies on the hub: its checksum is another one. It was deleted. Try "
                "again; if this repeats, something on the way (a proxy, a virus scanner) changes downloads."
            )
        part.replace(_checked(part))

    def _put_on_shelf(self, remotes: dict[ModelFile, Remote], parts: dict[ModelFile, Path]) -> Path:
        model = self._model
        whole = self._incoming / _WHOLE
        shutil.rmtree(whole, ignore_errors=True)
        for file, part in parts.items():
            place = whole / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            _checked(part).replace(place)
        try:
            inspect(loader_path(whole, model.kind, [file.path for file in model.files]), model.kind)
        except Refused as fault:
            shutil.rmtree(self._incoming, ignore_errors=True)
            raise DownloadFailed(f"{fault} It was deleted. Choose another model.") from fault
        files = tuple(
            RecordedFile(file.path, remote.size, _known_digest(file, remote)) for file, remote in remotes.items()
        )
        commit = next(iter(remotes.values())).commit
        write_record(
            whole,
            Record(
                id=model.id,
                kind=model.kind,
                name=model.name,
                repository=model.repository,
                revision=model.revision,
                commit=commit,
                licence=model.licence,
                languages=model.languages,
                files=files,
            ),
        )
        place = self._shelf.folder / model.id
        if place.exists():
            shutil.rmtree(place)
        whole.replace(place)
        shutil.rmtree(self._incoming, ignore_errors=True)
        return loader_path(place, model.kind, [file.path for file in model.files])

    def _part(self, number: int, remote: Remote) -> Path:
        """Its name holds the digest: the part of another version is not gone on with."""
        return self._incoming / f"{number}-{remote.digest.partition(':')[2][:24]}.part"

    def _drop_others(self, parts: Iterable[Path]) -> None:
        keep = {path for part in parts for path in (part, _checked(part))}
        for each in self._incoming.iterdir():
            if each.is_file() and each not in keep:
                each.unlink()

    def _check_space(self) -> None:
        missing = self._total - self._done + RESERVE - free_bytes(self._shelf.folder)
        if missing > 0:
            raise DownloadFailed(
                f"{self._model.name} takes {in_words(self._total)}: {in_words(missing)} too much for the disk with "
                f"{self._shelf.folder}. Free some space, or choose a smaller model."
            )

    def _wait(self, seconds: float) -> None:
        self._speed = 0.0
        self._say("retrying")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._check_wanted()
            time.sleep(_WAIT_STEP_S)

    def _check_wanted(self) -> None:
        if not self._wanted():
            raise Paused

    def _came(self, count: int) -> None:
        self._done += count
        self._arrived += count
        now = time.monotonic()
        if now - self._since >= (_SPEED_OVER_S if self._speed else _FIRST_SPEED_S):
            self._speed = self._arrived / (now - self._since)
            self._since, self._arrived = now, 0
        if now - self._told >= _TOLD_EVERY_S:
            self._say("downloading")

    def _say(self, phase: Literal["starting", "downloading", "retrying", "checking", "done"]) -> None:
        self._told = time.monotonic()
        self._tell(Progress(self._model.id, phase, self._done, self._total, self._speed))


def _check_announced(file: ModelFile, remote: Remote) -> None:
    """What the hub says before a byte is fetched, held against the catalogue. Raises DownloadFailed."""
    if file.sha256 is not None and remote.digest != f"sha256:{file.sha256}" and remote.digest.startswith("sha256:"):
        raise DownloadFailed(
            f"{file.path} on the hub is no longer the file that this Interject was made for: its checksum is another "
            "one. Nothing was downloaded. Look for a newer Interject, or choose another model."
        )
    exact = file.sha256 is not None
    fits = remote.size == file.size if exact else remote.size <= max(4 * file.size, 1_000_000)
    if not fits:
        raise DownloadFailed(
            f"The hub announces {in_words(remote.size)} for {file.path}, which has {'' if exact else 'about '}"
            f"{in_words(file.size)}. Nothing was downloaded. Try again later, or choose another model."
        )


def _known_digest(file: ModelFile, remote: Remote) -> str:
    """The catalogue's, else the hub's own."""
    return f"sha256:{file.sha256}" if file.sha256 else remote.digest


def _checked(part: Path) -> Path:
    """The name of a part that is whole and has the right digest."""
    return part.with_suffix(".checked")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _disk_words(fault: OSError, folder: Path) -> str:
    if fault.errno == errno.ENOSPC:
        return f"The disk with {folder} is full. What has come is kept: free some space, then download again."
    if fault.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{folder} cannot be written ({os.strerror(fault.errno)}). Make it writable, or set INTERJECT_HOME."
    return f"The model could not be written to {folder}: {fault}."
