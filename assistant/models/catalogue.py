"""The catalogue: which models Interject offers, what each is and needs, and the sets they come in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeVar, get_args

from assistant.settings.paths import resource

Kind = Literal["ears", "mind", "voice"]
"""What a model does: recognises speech (faster-whisper), thinks (llama.cpp), or speaks (Piper)."""
Speed = Literal["fast", "medium", "slow"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SPEEDS: tuple[Speed, ...] = get_args(Speed)
T = TypeVar("T")
_ID = re.compile(r"[a-z0-9][A-Za-z0-9._-]{0,63}")
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


class CatalogueFault(ValueError):
    """The catalogue cannot be right. The text says where."""


class UnknownModel(LookupError):
    """No model or set has this id. The text names what there is."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model.

    path: inside the repository, with "/". size: bytes; exact where sha256 is known, else a guide.
    sha256: None where it is not known for certain; then the digest that the hub itself gives is checked.
    """

    path: str
    size: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the catalogue.

    languages: codes such as "en" or "en_GB"; ("*",) stands for many. revision: a commit, or a branch of the repository.
    memory_mb: what it takes while it runs. gated: its owner wants a licence accepted on the hub first.
    """

    id: str
    kind: Kind
    name: str
    about: str
    licence: str
    languages: tuple[str, ...]
    repository: str
    revision: str
    files: tuple[ModelFile, ...]
    memory_mb: int
    speed: Speed
    gated: bool = False

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)

    @property
    def page(self) -> str:
        """Where a person reads more about it."""
        return f"https://huggingface.co/{self.repository}"


@dataclass(frozen=True, slots=True)
class ModelSet:
    """One of each kind that go together. models: ids, in the order ears, mind, voice."""

    id: str
    name: str
    about: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything on offer. sets: from the smallest to the best."""

    models: tuple[Model, ...]
    sets: tuple[ModelSet, ...]

    def model(self, id: str) -> Model:
        """Raises UnknownModel."""
        for model in self.models:
            if model.id == id:
                return model
        raise UnknownModel(f"There is no model {id}. See: interject models list")

    def set(self, id: str) -> ModelSet:
        """Raises UnknownModel naming the sets."""
        for each in self.sets:
            if each.id == id:
                return each
        raise UnknownModel(f"There is no set {id}. There are {', '.join(each.id for each in self.sets)}.")

    def of(self, model_set: ModelSet) -> tuple[Model, ...]:
        """The set's models."""
        return tuple(self.model(id) for id in model_set.models)

    def size(self, model_set: ModelSet) -> int:
        """Bytes of the whole set."""
        return sum(model.size for model in self.of(model_set))


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Reads `resources/models/catalogue.toml`, or another file. Raises CatalogueFault or MissingResource."""
    path = path or resource("models/catalogue.toml")
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise CatalogueFault(f"{path} cannot be read: {fault}") from fault
    models = _each(path, tables, "model", _model)
    sets = _each(path, tables, "set", _set)
    strange = sorted(set(tables) - {"model", "set"})
    if strange:
        raise CatalogueFault(f"{path.name}: {strange[0]} is neither model nor set.")
    catalogue = Catalogue(models, sets)
    _unique(path, [model.id for model in models] + [each.id for each in sets])
    for each in sets:
        _complete(path, catalogue, each)
    return catalogue


class _Table:
    """One table of the file; whatever is missing, strange or left over is a fault with its place."""

    def __init__(self, where: str, values: object) -> None:
        if not isinstance(values, dict):
            raise CatalogueFault(f"{where} is not a table.")
        self._where, self._left = where, dict(values)

    def text(self, key: str, pattern: re.Pattern[str] | None = None) -> str:
        given = self._take(key)
        if not isinstance(given, str) or not given.strip():
            raise self.fault(f"{key} must be text and not empty")
        if pattern and not pattern.fullmatch(given):
            raise self.fault(f"{key} cannot be {given!r}")
        return given

    def number(self, key: str) -> int:
        given = self._take(key)
        if not isinstance(given, int) or isinstance(given, bool) or given <= 0:
            raise self.fault(f"{key} must be a whole number above 0")
        return given

    def choice(self, key: str, among: Iterable[str]) -> Any:
        given = self.text(key)
        if given not in among:
            raise self.fault(f"{key} must be one of {', '.join(among)}, not {given}")
        return given

    def texts(self, key: str) -> tuple[str, ...]:
        given = self._take(key)
        if not isinstance(given, list) or not given or not all(isinstance(each, str) and each for each in given):
            raise self.fault(f"{key} must be a list of texts")
        return tuple(given)

    def tables(self, key: str) -> tuple[_Table, ...]:
        given = self._take(key)
        if not isinstance(given, list) or not given:
            raise self.fault(f"{key} must be a list")
        return tuple(_Table(f"{self._where}, {key} {number}", each) for number, each in enumerate(given, 1))

    def has(self, key: str) -> bool:
        return key in self._left

    def flag(self, key: str) -> bool:
        given = self._left.pop(key, False)
        if not isinstance(given, bool):
            raise self.fault(f"{key} must be true or false")
        return given

    def nothing_left(self) -> None:
        if self._left:
            raise self.fault(f"{sorted(self._left)[0]} is not known")

    def fault(self, what: str) -> CatalogueFault:
        return CatalogueFault(f"{self._where}: {what}.")

    def _take(self, key: str) -> object:
        if key not in self._left:
            raise self.fault(f"{key} is missing")
        return self._left.pop(key)


def _model(table: _Table) -> Model:
    model = Model(
        id=table.text("id", _ID),
        kind=table.choice("kind", KINDS),
        name=table.text("name"),
        about=table.text("about"),
        licence=table.text("licence"),
        languages=table.texts("languages"),
        repository=table.text("repository", _REPOSITORY),
        revision=table.text("revision", _REVISION),
        files=tuple(_file(each) for each in table.tables("files")),
        memory_mb=table.number("memory_mb"),
        speed=table.choice("speed", SPEEDS),
        gated=table.flag("gated"),
    )
    suffixes = [PurePosixPath(file.path).suffix for file in model.files]
    wanted = {"ears": ".bin", "mind": ".gguf", "voice": ".onnx"}[model.kind]
    if wanted not in suffixes:
        raise table.fault(f"a model of kind {model.kind} needs a file that ends in {wanted}")
    return model


def _file(table: _Table) -> ModelFile:
    file = ModelFile(
        path=table.text("path"),
        size=table.number("size"),
        sha256=table.text("sha256", _SHA256) if table.has("sha256") else None,
    )
    parts = PurePosixPath(file.path).parts
    if "\\" in file.path or ".." in parts or file.path.startswith("/"):
        raise table.fault(f"path cannot be {file.path!r}")
    table.nothing_left()
    return file


def _set(table: _Table) -> ModelSet:
    return ModelSet(table.text("id", _ID), table.text("name"), table.text("about"), table.texts("models"))


def _each(path: Path, tables: dict[str, Any], key: str, make: Callable[[_Table], T]) -> tuple[T, ...]:
    made = []
    for table in _Table(path.name, tables).tables(key):
        made.append(make(table))
        table.nothing_left()
    return tuple(made)


def _unique(path: Path, ids: list[str]) -> None:
    twice = [id for id in ids if ids.count(id) > 1]
    if twice:
        raise CatalogueFault(f"{path.name}: {twice[0]} stands there twice.")


def _complete(path: Path, catalogue: Catalogue, model_set: ModelSet) -> None:
    try:
        kinds = tuple(model.kind for model in catalogue.of(model_set))
    except UnknownModel as fault:
        raise CatalogueFault(f"{path.name}, set {model_set.id}: {fault}") from fault
    if kinds != KINDS:
        raise CatalogueFault(f"{path.name}, set {model_set.id}: it must hold one each of {', '.join(KINDS)}, in order.")
