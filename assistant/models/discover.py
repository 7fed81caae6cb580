"""Models that are on this computer already: other programs' folders, looked through with bounds, left as they are."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.models.bounded import read_json
from assistant.models.catalogue import Kind
from assistant.models.gguf_file import is_gguf
from assistant.models.refused import Refused

_DEEPEST = 7
_MOST_FOLDERS = 4000
"""Of one program. A home folder that links in circles or holds a whole web site ends the search, not the program."""
_SMALLEST = 10_000
_NO_MIND = ("mmproj", "embed", "bge-", "rerank", "whisper", "ggml-")
"""In the names of GGUF files that other programs keep beside their language models."""
_OLLAMA_MODEL = "application/vnd.ollama.image.model"


@dataclass(frozen=True, slots=True)
class Found:
    """path: what a loader takes. size: bytes. where: the program or folder it belongs to, in words."""

    kind: Kind
    name: str
    path: Path
    size: int
    where: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where a computer's programs keep things. platform: as sys.platform."""

    home: Path
    environ: Mapping[str, str]
    platform: str

    @property
    def caches(self) -> Path:
        if self.platform == "darwin":
            return self.home / "Library/Caches"
        if self.platform == "win32":
            return self._named("LOCALAPPDATA", "AppData/Local")
        return self._named("XDG_CACHE_HOME", ".cache")

    @property
    def data(self) -> tuple[Path, ...]:
        """Where programs keep a person's data."""
        if self.platform == "darwin":
            return (self.home / "Library/Application Support",)
        if self.platform == "win32":
            return (self._named("APPDATA", "AppData/Roaming"), self._named("LOCALAPPDATA", "AppData/Local"))
        return (self._named("XDG_DATA_HOME", ".local/share"), self._named("XDG_CONFIG_HOME", ".config"))

    def named(self, variable: str) -> tuple[Path, ...]:
        """The folder that a variable names, if it names one."""
        value = self.environ.get(variable, "").strip()
        return (Path(value).expanduser(),) if value else ()

    def _named(self, variable: str, otherwise: str) -> Path:
        return next(iter(self.named(variable)), self.home / otherwise)


def discover(places: Places | None = None) -> tuple[Found, ...]:
    """Everything that looks like a model, sorted by kind and name; a closer look comes with `inspect`. Blocks, ~1 s."""
    places = places or Places(Path.home(), os.environ, sys.platform)
    found: dict[Path, Found] = {}
    for look in (_hugging_face, _ollama, _lm_studio, _jan, _gpt4all, _llama_cpp, _whisper, _piper):
        for each in look(places):
            found.setdefault(each.path.resolve(), each)
    return tuple(sorted(found.values(), key=lambda each: (each.kind, each.name.lower(), str(each.path))))


def _hugging_face(places: Places) -> Iterator[Found]:
    # Its own rule also on macOS and Windows: ~/.cache, not the system's folder.
    home = next(iter(places.named("HF_HOME")), places.home / ".cache/huggingface")
    caches = (*places.named("HF_HUB_CACHE"), *places.named("HUGGINGFACE_HUB_CACHE"), home / "hub")
    for cache in dict.fromkeys(caches):
        for repository in _inside(cache):
            if not repository.name.startswith("models--"):
                continue
            name = repository.name.removeprefix("models--").replace("--", "/")
            snapshots = sorted(_inside(repository / "snapshots"), key=_changed, reverse=True)
            for snapshot in snapshots[:1]:
                for each in _models_under(snapshot, "Hugging Face"):
                    yield Found(each.kind, _titled(each, name), each.path, each.size, each.where)


def _ollama(places: Places) -> Iterator[Found]:
    folders = [*places.named("OLLAMA_MODELS"), places.home / ".ollama/models"]
    if places.platform == "linux":  # its service runs as a user of its own
        folders += [Path("/usr/share/ollama/.ollama/models"), Path("/var/lib/ollama/models")]
    for folder in folders:
        for manifest in _files_under(folder / "manifests", _DEEPEST):
            blob = _ollama_blob(folder, manifest)
            if blob is not None and is_gguf(blob):
                *_, model, tag = manifest.parts
                yield Found("mind", f"{model}:{tag}", blob, _size(blob), "Ollama")


def _ollama_blob(folder: Path, manifest: Path) -> Path | None:
    try:
        read = read_json(manifest)
    except Refused:
        return None
    layers = read.get("layers") if isinstance(read, dict) else None
    for layer in layers if isinstance(layers, list) else ():
        digest = layer.get("digest") if isinstance(layer, dict) and layer.get("mediaType") == _OLLAMA_MODEL else None
        if isinstance(digest, str) and PurePosixPath(digest).name == digest:
            return folder / "blobs" / digest.replace(":", "-")
    return None


def _lm_studio(places: Places) -> Iterator[Found]:
    for folder in (".lmstudio/models", ".cache/lm-studio/models"):
        yield from _models_under(places.home / folder, "LM Studio")


def _jan(places: Places) -> Iterator[Found]:
    for data in (*places.data, places.home):
        for folder in ("Jan/data/llamacpp/models", "Jan/data/models", "jan/models", "jan/llamacpp/models"):
            yield from _models_under(data / folder, "Jan")


def _gpt4all(places: Places) -> Iterator[Found]:
    for data in places.data:
        yield from _models_under(data / "nomic.ai/GPT4All", "GPT4All")
    yield from _models_under(places.home / ".cache/gpt4all", "GPT4All")


def _llama_cpp(places: Places) -> Iterator[Found]:
    for folder in (*places.named("LLAMA_CACHE"), places.caches / "llama.cpp"):
        yield from _models_under(folder, "llama.cpp")


def _whisper(places: Places) -> Iterator[Found]:
    for folder in ("faster-whisper", "faster_whisper", "whisper", "whisper-live"):
        for parent in dict.fromkeys((places.caches, places.home / ".cache", *places.data, places.home)):
            yield from _models_under(parent / folder, "Whisper folder")


def _piper(places: Places) -> Iterator[Found]:
    parents = [*places.data, places.home]
    if places.platform == "linux":
        parents += [Path("/usr/share"), Path("/usr/local/share")]
    for parent in parents:
        for folder in ("piper", "piper-voices", "piper-tts", "piper/voices", "pied/models"):
            yield from _models_under(parent / folder, "Piper folder")


def _models_under(folder: Path, where: str) -> Iterator[Found]:
    for path in _files_under(folder, _DEEPEST):
        if path.suffix == ".gguf" and _is_mind(path):
            yield Found("mind", _gguf_name(path), path, _gguf_size(path), where)
        elif path.name == "model.bin" and _is_whisper(path):
            yield Found("ears", path.parent.name, path.parent, sum(map(_size, _inside(path.parent))), where)
        elif path.suffix == ".onnx" and path.with_name(path.name + ".json").is_file():
            yield Found("voice", path.stem, path, _size(path) + _size(path.with_name(path.name + ".json")), where)


def _is_mind(path: Path) -> bool:
    name = path.name.lower()
    if any(part in name for part in _NO_MIND) or ("-of-" in name and "-00001-of-" not in name):
        return False
    return _size(path) >= _SMALLEST and is_gguf(path)


def _is_whisper(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"WhisperSpec" in file.read(32)
    except OSError:
        return False


def _gguf_name(path: Path) -> str:
    return path.parent.name if path.name == "model.gguf" else path.stem.replace("-00001-of-", " of ")


def _gguf_size(path: Path) -> int:
    if "-00001-of-" not in path.name:
        return _size(path)
    return sum(_size(part) for part in path.parent.glob(path.name.replace("-00001-of-", "-*-of-")))


def _titled(found: Found, repository: str) -> str:
    """A folder in the cache is named by its commit: the repository says more."""
    return repository.rpartition("/")[2] if found.kind == "ears" else found.name


def _files_under(folder: Path, deepest: int) -> Iterator[Path]:
    """All files, folder by folder. Links to folders are not followed; what cannot be read is passed over."""
    waiting = [(folder, 0)]
    looked = 0
    while waiting and looked < _MOST_FOLDERS:
        place, depth = waiting.pop()
        looked += 1
        for each in _inside(place):
            if each.is_dir() and not each.is_symlink():
                if depth < deepest:
                    waiting.append((each, depth + 1))
            elif each.is_file():
                yield each


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
