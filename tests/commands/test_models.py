"""`interject models …`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.commands import models
from assistant.models import trial
from assistant.models.catalogue import Catalogue, ModelSet
from assistant.models.discover import Found
from assistant.models.shelf import Shelf
from tests.models.conftest import FILE, REPOSITORY, model_of
from tests.models.hub_server import HubServer
from tests.tiny.gguf import make_gguf


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    content = make_gguf(tmp_path / FILE, "yes of course").read_bytes()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HF_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    with HubServer(REPOSITORY, {FILE: content}, {FILE}).running() as server:
        model = model_of(server)
        few = Catalogue((model,), (ModelSet("light", "Light", "One.", ("tiny",)),))
        monkeypatch.setenv("INTERJECT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
        monkeypatch.setattr(models, "load_catalogue", lambda: few)
        monkeypatch.setattr(models, "discover", tuple)
        monkeypatch.setattr(trial, "try_model", lambda kind, path, allowed: None)  # tests/models/test_trial.py tries
        yield server


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    """What `interject models WORDS` prints; it must end with `status`."""
    assert main(["models", *words]) == status
    captured = capsys.readouterr()
    return captured.out if status == 0 else captured.out + captured.err


def test_the_list_names_sets_and_models(hub: HubServer, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "list")
    assert "light" in told and "tiny" in told and "MIT" in told


def test_the_shipped_catalogue_can_be_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTERJECT_HOME", str(tmp_path))
    monkeypatch.setattr(models, "discover", lambda: (Found("mind", "llama3.2:1b", tmp_path / "blob", 9, "Ollama"),))
    told = said(capsys, "list")
    assert "whisper-tiny.en" in told and "is recommended" in told and "Ollama" in told


def test_the_list_as_json(hub: HubServer, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, "list", "--json"))
    assert told["recommended"] == "light" and told["models"][0]["id"] == "tiny" and told["installed"] == []


def test_a_model_is_pulled_listed_verified_and_removed(hub: HubServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--brain.model tiny" in said(capsys, "pull", "tiny")
    assert "installed already" in said(capsys, "pull", "light")
    assert [each.id for each in Shelf().installed()] == ["tiny"]
    assert "tiny" in said(capsys, "verify")
    path = Shelf().find("mind", "tiny")
    path.write_bytes(bytes(path.stat().st_size))
    assert "models pull tiny" in said(capsys, "verify", "tiny", status=1)
    assert "deleted" in said(capsys, "remove", "tiny")
    assert "no models on this computer" in said(capsys, "verify")


def test_progress_is_printed_where_no_line_can_be_rewritten(
    hub: HubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "100%" in said(capsys, "pull", "tiny")


def test_a_set_is_pulled(hub: HubServer, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "pull", "light")
    assert [each.id for each in Shelf().installed()] == ["tiny"]


def test_what_is_stopped_goes_on(
    hub: HubServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(models, "download", stopped)
        assert "goes on from there" in said(capsys, "pull", "tiny", status=1)
    said(capsys, "pull", "tiny")


def test_a_model_is_added_where_it_lies_and_forgotten(
    hub: HubServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "--brain.model Mine" in said(capsys, "add", str(tmp_path / FILE), "--name", "Mine")
    assert str(tmp_path / FILE) in said(capsys, "list")
    assert "Mine" in said(capsys, "verify", "Mine")
    assert "stays" in said(capsys, "remove", "Mine")
    assert (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("pull", "nobody"), 2, "There is no model nobody"),
        (("remove", "nobody"), 2, "There is no model nobody"),
        (("verify", "nobody"), 2, "There is no model nobody"),
        (("add", "/nowhere.gguf"), 1, "There is nothing at"),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(
    hub: HubServer, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], status: int, told: str
) -> None:
    assert told in said(capsys, *words, status=status)


def test_a_download_that_fails_says_why(hub: HubServer, capsys: pytest.CaptureFixture[str]) -> None:
    hub.wrong.statuses = [(404, "EntryNotFound")]
    assert "no longer has the file" in said(capsys, "pull", "tiny", status=1)
