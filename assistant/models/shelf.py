"""Where models lie: what was downloaded, what is used where it already is, and how a setting's words become a path.

    models/<id>/…               a downloaded model's files, as they lie in its repository
    models/<id>/interject.json  where they came from: repository, commit, sizes and digests
    models/in-place.json        models that lie elsewhere on this computer and are used there
    models/.incoming/<id>/…     a download that is under way or was interrupted
    models/tried.json           which files a loader has opened without harm
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.models.bounded import read_json
from assistant.models.catalogue import KINDS, Kind
from assistant.models.inspect import WHAT, inspect
from assistant.models.refused import Refused
from assistant.settings.paths import data_folder

Origin = Literal["downloaded", "in_place"]
RECORD = "interject.json"
_IN_PLACE, _TRIED, _INCOMING = "in-place.json", "tried.json", ".incoming"


class ModelMissing(LookupError):
    """There is no such model on this computer. The text says what to do."""


class ShelfFault(OSError):
    """The folder of the models cannot be written. The text says why."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that can be used.

    path: what its loader takes: a .gguf, a folder, or a .onnx. size: bytes of its files. languages: as in `Model`.
    """

    id: str
    kind: Kind
    name: str
    path: Path
    size: int
    origin: Origin
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """digest: "sha256:…" or "git-sha1:…", the hub's own where the catalogue has none."""

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a downloaded model. commit: of the repository, "" where the hub did not say."""

    id: str
    kind: Kind
    name: str
    repository: str
    revision: str
    commit: str
    licence: str
    languages: tuple[str, ...]
    files: tuple[RecordedFile, ...]


class Shelf:
    """The models of one folder. Holds no state of its own: every answer is read from the disk."""

    def __init__(self, folder: Path | None = None) -> None:
        """folder: need not exist yet; None for the usual place."""
        self.folder = folder or data_folder() / "models"

    def installed(self) -> tuple[Installed, ...]:
        """Downloaded ones by id, then those used in place. What is no longer whole is left out."""
        downloaded = [self._downloaded(record) for record in self.records()]
        # A drive that is not there at the moment comes back: its entry stays, and is not shown.
        elsewhere = [each for each in self._in_place() if each.path.exists()]
        return (*sorted((each for each in downloaded if each), key=lambda each: each.id), *elsewhere)

    def find(self, kind: Kind, name: str) -> Path:
        """name: a model's id, or a path to any model of this kind. Raises ModelMissing."""
        if not name.strip():
            raise ModelMissing(f"No model was chosen as {WHAT[kind]}. Choose one on the Models page.")
        for each in self.installed():
            if each.id == name:
                if each.kind != kind:
                    raise ModelMissing(f"{each.name} is {WHAT[each.kind]}, not {WHAT[kind]}. Choose another one.")
                return each.path
        if not _is_path(name):
            raise ModelMissing(
                f"{name} is not on this computer. Download it on the Models page, or with: interject models pull {name}"
            )
        try:
            return inspect(Path(name), kind).path
        except Refused as fault:
            raise ModelMissing(str(fault)) from fault

    def remove(self, id: str) -> None:
        """Deletes a downloaded model, or forgets one that is used in place. Raises ModelMissing or ShelfFault."""
        others = [each for each in self._in_place() if each.id != id]
        folder = self.place(id)
        if len(others) < len(self._in_place()):
            self._write(_IN_PLACE, [_plain(each) for each in others])
        elif folder is not None and folder.is_dir():
            try:
                shutil.rmtree(folder)
            except OSError as fault:
                raise ShelfFault(f"{folder} cannot be deleted: {fault.strerror}.") from fault
        else:
            raise ModelMissing(f"There is no model {id} to remove. See: interject models list")

    def use_in_place(self, path: Path, name: str = "") -> Installed:
        """Remembers a model that lies anywhere on this computer; its files stay where they are.

        name: for people; "" takes the file's own. Raises Refused or ShelfFault.
        """
        inspected = inspect(path)
        entries = self._in_place()
        known = [each for each in entries if each.path == inspected.path]
        if known:
            return known[0]
        taken = {each.id for each in entries} | {record.id for record in self.records()}
        named = name or inspected.name
        entry = Installed(
            id=_free(_slug(named), taken),
            kind=inspected.kind,
            name=named,
            path=inspected.path,
            size=inspected.size,
            origin="in_place",
            languages=inspected.languages,
        )
        self._write(_IN_PLACE, [_plain(each) for each in (*entries, entry)])
        return entry

    def place(self, id: str) -> Path | None:
        """Where a downloaded model lies or would lie; None for what cannot be an id."""
        return self.folder / id if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", id) else None

    def incoming(self, id: str) -> Path:
        """Where a download of it is put together."""
        return self.folder / _INCOMING / id

    def records(self) -> tuple[Record, ...]:
        """Of every downloaded model. A damaged record is left out."""
        if not self.folder.is_dir():
            return ()
        folders = (each for each in sorted(self.folder.iterdir()) if not each.name.startswith("."))
        return tuple(record for folder in folders if (record := _record(folder / RECORD)))

    def was_tried(self, path: Path, loader: str) -> bool:
        """Whether `remember_tried` was told of these very files and this loader."""
        return self._tried().get(str(path)) == f"{loader} {_fingerprint(path)}"

    def remember_tried(self, path: Path, loader: str) -> None:
        """This loader, with its version, has opened the model without harm. Raises ShelfFault."""
        self._write(_TRIED, {**self._tried(), str(path): f"{loader} {_fingerprint(path)}"})

    def _downloaded(self, record: Record) -> Installed | None:
        folder = self.folder / record.id
        sizes = [_size(folder / file.path) for file in record.files]
        if sizes != [file.size for file in record.files]:
            return None
        return Installed(
            id=record.id,
            kind=record.kind,
            name=record.name,
            path=loader_path(folder, record.kind, [file.path for file in record.files]),
            size=sum(file.size for file in record.files),
            origin="downloaded",
            languages=record.languages,
        )

    def _in_place(self) -> list[Installed]:
        entries = []
        for each in self._read(_IN_PLACE, []):
            try:
                entry = Installed(
                    **{**each, "path": Path(each["path"]), "languages": tuple(each.get("languages", ()))},
                )
            except (TypeError, KeyError):
                continue  # written by another version: the files themselves are unharmed
            if entry.kind in KINDS:
                entries.append(entry)
        return entries

    def _tried(self) -> dict[str, str]:
        read = self._read(_TRIED, {})
        return {str(key): str(value) for key, value in read.items()} if isinstance(read, dict) else {}

    def _read(self, name: str, otherwise: Any) -> Any:
        path = self.folder / name
        if not path.is_file():
            return otherwise
        try:
            read = read_json(path)
        except Refused:
            return otherwise
        return read if isinstance(read, type(otherwise)) else otherwise

    def _write(self, name: str, content: Any) -> None:
        write_whole(self.folder / name, content)


def loader_path(folder: Path, kind: Kind, paths: Iterable[str]) -> Path:
    """What the loader of this kind takes, of a model with these files in `folder`."""
    if kind == "ears":
        weights = next(path for path in paths if path.endswith("model.bin"))
        return (folder / weights).parent
    suffix = ".gguf" if kind == "mind" else ".onnx"
    return folder / min(path for path in paths if path.endswith(suffix))


def write_whole(path: Path, content: Any) -> None:
    """JSON, at once or not at all. Raises ShelfFault."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as fault:
        raise ShelfFault(f"{path} cannot be written: {fault.strerror or fault}.") from fault


def write_record(folder: Path, record: Record) -> None:
    """Beside the files of a downloaded model. Raises ShelfFault."""
    write_whole(folder / RECORD, asdict(record))


def _record(path: Path) -> Record | None:
    if not path.is_file():
        return None
    try:
        read = read_json(path)
        if not isinstance(read, dict) or read.get("kind") not in KINDS or read.get("id") != path.parent.name:
            return None
        fields: dict[str, Any] = dict(read)
        files = tuple(RecordedFile(**each) for each in fields.pop("files"))
        languages = tuple(fields.pop("languages"))
        return Record(**fields, files=files, languages=languages) if files else None
    except (Refused, TypeError, KeyError):
        return None


def _plain(entry: Installed) -> dict[str, Any]:
    return {**asdict(entry), "path": str(entry.path)}


def _is_path(name: str) -> bool:
    return any(mark in name for mark in ("/", "\\")) or name.endswith((".gguf", ".onnx")) or Path(name).exists()


def _slug(name: str) -> str:
    slug = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:60]
    return slug or "model"


def _free(slug: str, taken: set[str]) -> str:
    number = 2
    id = slug
    while id in taken:
        id, number = f"{slug}-{number}", number + 1
    return id


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _fingerprint(path: Path) -> str:
    """Size and time of change of the files a loader would open: another file has another one."""
    files = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
    return " ".join(f"{each.stat().st_size}:{each.stat().st_mtime_ns}" for each in files)


