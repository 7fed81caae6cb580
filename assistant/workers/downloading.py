"""The threads behind the models page: one downloads, one looks what is on the disk and tries what is to be used."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QThread, Signal

from assistant.models.catalogue import Kind, Model
from assistant.models.discover import Found, discover
from assistant.models.download import DownloadFailed, Paused, Progress, discard_part, download, part_of
from assistant.models.inspect import inspect
from assistant.models.machine import Machine, this_machine
from assistant.models.refused import Refused
from assistant.models.shelf import Installed, ModelMissing, Shelf, ShelfFault
from assistant.models.trial import admit

log = logging.getLogger("interject")

POLL_S = 0.1
Fetch = Callable[[Model, Shelf, Callable[[Progress], None], Callable[[], bool]], Path]
Admit = Callable[[Shelf, Kind, Path], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was on the disk. parts: id of a catalogue's model → bytes that an interrupted download left."""

    machine: Machine
    installed: tuple[Installed, ...]
    found: tuple[Found, ...]
    parts: dict[str, int]


@dataclass(frozen=True, slots=True)
class NotUsable:
    """A file was refused. path: as it was given. kind: None where it is not even known what it should be."""

    path: Path
    kind: Kind | None
    reason: str


class Downloading(QThread):
    """One download after the other, in the order they were asked for. Everything public may be called by any thread."""

    progress = Signal(object)
    """Progress, at most ten times a second"""
    got = Signal(str)
    """A model's id: it is on the shelf."""
    paused = Signal(str)
    """A model's id: what came so far is kept."""
    dropped = Signal(str)
    """A model's id: cancelled, and nothing is kept."""
    failed = Signal(str, str)
    """A model's id, and what happened and what to do. What came so far is kept."""

    def __init__(self, shelf: Shelf, fetch: Fetch = download) -> None:
        super().__init__()
        self.setObjectName("downloading")
        self._shelf, self._fetch = shelf, fetch
        self._inbox: queue.SimpleQueue[Model] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._wanted: dict[str, Model] = {}
        """Asked for and neither there nor paused."""
        self._drop: set[str] = set()

    def get(self, model: Model) -> None:
        """Download it now or after those before it; goes on where an earlier download was left."""
        with self._lock:
            waiting = model.id in self._wanted
            self._wanted[model.id] = model
            self._drop.discard(model.id)
        if not waiting:
            self._inbox.put(model)

    def pause(self, id: str) -> None:
        """Stop it within a moment and keep what came."""
        with self._lock:
            self._wanted.pop(id, None)

    def cancel(self, model: Model) -> None:
        """Stop it within a moment and keep nothing."""
        with self._lock:
            self._drop.add(model.id)
            self._wanted.pop(model.id, None)
        self._inbox.put(model)

    def finish(self) -> None:
        """Asks the thread to end within a moment; what came so far is kept."""
        self._ending.set()

    def run(self) -> None:
        threading.current_thread().name = self.objectName()
        while not self._ending.is_set():
            try:
                model = self._inbox.get(timeout=POLL_S)
            except queue.Empty:
                continue
            if self._is_wanted(model.id):
                self._download(model)
            self._drop_if_asked(model)

    def _is_wanted(self, id: str) -> bool:
        with self._lock:
            return id in self._wanted and not self._ending.is_set()

    def _download(self, model: Model) -> None:
        try:
            self._fetch(model, self._shelf, self.progress.emit, lambda: self._is_wanted(model.id))
        except Paused:
            with self._lock:
                dropped = model.id in self._drop
            if not dropped and not self._ending.is_set():
                self.paused.emit(model.id)
        except DownloadFailed as fault:
            self.pause(model.id)
            self.failed.emit(model.id, str(fault))
        except Exception as error:
            log.exception("download of %s", model.id)
            self.pause(model.id)
            self.failed.emit(model.id, f"The download broke off: {type(error).__name__}: {error}. Try again.")
        else:
            self.pause(model.id)
            self.got.emit(model.id)

    def _drop_if_asked(self, model: Model) -> None:
        with self._lock:
            if model.id not in self._drop:
                return
            self._drop.discard(model.id)
        try:
            discard_part(model, self._shelf)
        except ShelfFault as fault:
            self.failed.emit(model.id, str(fault))
        else:
            self.dropped.emit(model.id)


@dataclass(frozen=True, slots=True)
class _Look:
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class _Take:
    path: Path
    kind: Kind | None
    name: str


@dataclass(frozen=True, slots=True)
class _Test:
    id: str


@dataclass(frozen=True, slots=True)
class _Remove:
    id: str


class Looking(QThread):
    """Reads the disk, so that the window never waits for one. Everything public may be called by any thread."""

    seen = Signal(object)
    """Seen"""
    taken = Signal(object)
    """Installed: it was tried, and can be used from now on."""
    removed = Signal(str)
    """A model's id"""
    refused = Signal(object)
    """NotUsable"""
    failed = Signal(str)
    """What happened and what to do"""

    def __init__(
        self,
        shelf: Shelf,
        models: tuple[Model, ...],
        search: Callable[[], tuple[Found, ...]] = discover,
        attempt: Admit = admit,
    ) -> None:
        """models: of the catalogue, whose interrupted downloads are looked for. attempt: in a process of its own."""
        super().__init__()
        self.setObjectName("looking for models")
        self._shelf, self._models, self._search, self._attempt = shelf, models, search, attempt
        self._found: tuple[Found, ...] = ()
        self._inbox: queue.SimpleQueue[_Look | _Take | _Test | _Remove] = queue.SimpleQueue()
        self._ending = threading.Event()

    def look(self, elsewhere: bool = True) -> None:
        """Tell what is on the shelf. elsewhere: search the other programs' folders again, too."""
        self._inbox.put(_Look(elsewhere))

    def take(self, path: Path, kind: Kind | None = None, name: str = "") -> None:
        """Try a file or folder and use it where it lies."""
        self._inbox.put(_Take(path, kind, name))

    def test(self, id: str) -> None:
        """Try a model that is on the shelf, before anything loads it in this process."""
        self._inbox.put(_Test(id))

    def remove(self, id: str) -> None:
        """Delete a downloaded model, or forget one that is used in place."""
        self._inbox.put(_Remove(id))

    def finish(self) -> None:
        """Asks the thread to end after what it is at."""
        self._ending.set()

    def run(self) -> None:
        threading.current_thread().name = self.objectName()
        while not self._ending.is_set():
            try:
                job = self._inbox.get(timeout=POLL_S)
            except queue.Empty:
                continue
            try:
                self._do(job)
            except (ShelfFault, ModelMissing) as fault:
                self.failed.emit(str(fault))
            except Exception as error:
                log.exception("models")
                self.failed.emit(f"The models could not be read: {type(error).__name__}: {error}.")

    def _do(self, job: _Look | _Take | _Test | _Remove) -> None:
        match job:
            case _Look(elsewhere):
                if elsewhere:
                    self._tell()  # the shelf is read in no time, the other programs' folders may take seconds
                    self._found = tuple(self._search())
            case _Take(path, kind, name):
                self._take(path, kind, name)
            case _Test(id):
                self._test(id)
            case _Remove(id):
                self._shelf.remove(id)
                self.removed.emit(id)
        self._tell()

    def _take(self, path: Path, kind: Kind | None, name: str) -> None:
        try:
            inspected = inspect(path, kind)
            self._attempt(self._shelf, inspected.kind, inspected.path)
            entry = self._shelf.use_in_place(path, name)
        except Refused as fault:
            self.refused.emit(NotUsable(path, kind, str(fault)))
            return
        self.taken.emit(entry)

    def _test(self, id: str) -> None:
        for entry in self._shelf.installed():
            if entry.id != id:
                continue
            try:
                self._attempt(self._shelf, entry.kind, entry.path)
            except Refused as fault:
                self.refused.emit(NotUsable(entry.path, entry.kind, str(fault)))
            else:
                self.taken.emit(entry)

    def _tell(self) -> None:
        installed = self._shelf.installed()
        here = {entry.id for entry in installed}
        parts = {model.id: part_of(model, self._shelf) for model in self._models if model.id not in here}
        machine = this_machine(self._shelf.folder)
        self.seen.emit(Seen(machine, installed, self._found, {id: size for id, size in parts.items() if size}))
