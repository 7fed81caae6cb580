"""A small real model on a hub that stands on this computer, and a shelf to put it on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.models.catalogue import Model, ModelFile
from assistant.models.shelf import Shelf
from tests.models.hub_server import HubServer
from tests.tiny.gguf import make_gguf

FILE = "tiny-q4.gguf"
REPOSITORY = "somebody/tiny"


@pytest.fixture(autouse=True)
def no_proxy_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "HF_TOKEN", "HF_HUB_OFFLINE", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A model of about 250 kB."""
    return make_gguf(tmp_path_factory.mktemp("gguf") / FILE, "yes of course").read_bytes()


@pytest.fixture
def hub(gguf: bytes) -> Iterator[HubServer]:
    with HubServer(REPOSITORY, {FILE: gguf, "LICENSE": b"Free.\n"}, {FILE}).running() as server:
        yield server


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


def model_of(hub: HubServer, *, with_digest: bool = True, revision: str = "main", gated: bool = False) -> Model:
    """The catalogue's entry for what the hub holds."""
    files = tuple(
        ModelFile(path, len(content), hashlib.sha256(content).hexdigest() if with_digest else None)
        for path, content in hub.files.items()
    )
    return Model(
        id="tiny",
        kind="mind",
        name="Tiny",
        about="A model for tests.",
        licence="MIT",
        languages=("en",),
        repository=hub.repository,
        revision=revision,
        files=files,
        memory_mb=1,
        speed="fast",
        gated=gated,
    )
