"""Is this file or folder a model that can be used? Its own claims are checked; nothing of it is loaded or run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.models.bounded import in_words
from assistant.models.catalogue import Kind
from assistant.models.gguf_file import is_gguf, read_gguf
from assistant.models.piper_voice import read_piper_voice
from assistant.models.refused import Refused
from assistant.models.whisper_folder import read_whisper_folder

WHAT: dict[Kind, str] = {"ears": "a recogniser", "mind": "a language model", "voice": "a voice"}
_PICKLES = (".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".npy", ".joblib")
SHARE_OF_MEMORY = 0.9
"""A model that takes more of the memory than this makes the system swap, and everything stand still."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """path: what a loader takes: the .gguf, the folder, or the .onnx. name: for people.

    size: bytes of all its files. memory_mb: an estimate of what it takes while it runs. about: what else it says of
    itself. languages: codes; ("*",) for many; () where it does not say.
    """

    kind: Kind
    path: Path
    name: str
    size: int
    memory_mb: int
    about: str
    languages: tuple[str, ...]


def inspect(path: Path, kind: Kind | None = None, memory_mb: int | None = None) -> Inspected:
    """path: a .gguf, a folder with a Whisper model, a .onnx, or a folder with one of these and no other.

    kind: what it should be; None takes any. memory_mb: of this machine, to refuse what cannot fit. Raises Refused.
    """
    path = Path(path).expanduser()
    path, found = _what(path if path.is_absolute() else path.absolute())
    if kind is not None and found != kind:
        raise Refused(f"{path} is {WHAT[found]}, not {WHAT[kind]}.")
    inspected = {"ears": _ears, "mind": _mind, "voice": _voice}[found](path)
    if memory_mb is not None and inspected.memory_mb > SHARE_OF_MEMORY * memory_mb:
        raise Refused(
            f"{inspected.name} takes about {in_words(inspected.memory_mb * 1e6)} of memory while it runs; this "
            f"computer has {in_words(memory_mb * 1e6)}. Choose a smaller model or a smaller quantization."
        )
    return inspected


def _what(path: Path) -> tuple[Path, Kind]:
    if path.is_dir():
        if (path / "model.bin").exists():
            return path, "ears"
        inside = sorted(each for each in path.iterdir() if each.suffix in (".gguf", ".onnx") and each.is_file())
        firsts = [each for each in inside if "-of-" not in each.name or "-00001-of-" in each.name]
        if len(firsts) == 1:
            return firsts[0], "mind" if firsts[0].suffix == ".gguf" else "voice"
        if firsts:
            raise Refused(f"{path} holds {len(firsts)} models. Choose one of the files in it.")
        return path, "ears"  # whose reading tells what is missing, or what it is instead
    if not path.exists():
        raise Refused(f"There is nothing at {path}.")
    if path.name == "model.bin":
        return path.parent, "ears"
    if path.name.endswith(".onnx.json"):
        return path.with_name(path.name.removesuffix(".json")), "voice"
    if path.suffix == ".onnx":
        return path, "voice"
    if path.suffix == ".gguf" or is_gguf(path):  # Ollama's files have no suffix
        return path, "mind"
    if path.suffix in _PICKLES:
        raise Refused(
            f"{path.name} is a Python pickle, which can run any program when it is opened. It was not opened and never "
            "is. Choose a .gguf, a CTranslate2 folder or a Piper .onnx."
        )
    raise Refused(f"{path.name} is no model that can be used. Choose a .gguf, a CTranslate2 folder or a Piper .onnx.")


def _ears(path: Path) -> Inspected:
    read = read_whisper_folder(path)
    languages = ("*",) if read.multilingual else ("en",)
    return Inspected("ears", path, _folder_name(path), read.size, read.memory_mb, "Whisper, CTranslate2", languages)


def _mind(path: Path) -> Inspected:
    read = read_gguf(path)
    about = f"{read.architecture}, {read.trained_context} tokens of context"
    if not read.has_template:
        about += ", does not say how a conversation is written for it"
    return Inspected("mind", path, read.name or path.stem, read.size, read.memory_mb, about, ())


def _voice(path: Path) -> Inspected:
    read = read_piper_voice(path)
    about = f"Piper, {read.rate} Hz" + (f", {read.speakers} speakers" if read.speakers > 1 else "")
    languages = (read.language,) if read.language else ()
    return Inspected("voice", path, path.stem, read.size, read.memory_mb, about, languages)


def _folder_name(path: Path) -> str:
    """The folder's own name; in Hugging Face's cache, where that is a commit, the repository's."""
    if path.parent.name == "snapshots" and path.parent.parent.name.startswith("models--"):
        return path.parent.parent.name.split("--")[-1]
    return path.name
