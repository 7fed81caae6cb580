"""The shelf knows what is there, finds it by name or by path, and deletes only what is its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.models.digest import changed_files, digest_of_etag, has_digest
from assistant.models.download import download
from assistant.models.refused import Refused
from assistant.models.shelf import ModelMissing, Shelf, ShelfFault, loader_path
from tests.models.conftest import FILE, model_of
from tests.models.hub_server import HubServer
from tests.tiny.voice import make_voice


@pytest.fixture
def downloaded(hub: HubServer, shelf: Shelf) -> Path:
    return download(model_of(hub), shelf, lambda progress: None, lambda: True, endpoint=hub.endpoint)


@pytest.fixture
def elsewhere(tmp_path: Path, gguf: bytes) -> Path:
    path = tmp_path / "other program" / "Some Model.gguf"
    path.parent.mkdir()
    path.write_bytes(gguf)
    return path


def test_an_empty_shelf_needs_no_folder(shelf: Shelf) -> None:
    assert shelf.installed() == () and shelf.records() == ()
    assert not shelf.folder.exists()


def test_a_model_in_place_is_used_where_it_lies_and_only_forgotten(shelf: Shelf, elsewhere: Path) -> None:
    entry = shelf.use_in_place(elsewhere, "Some Model")
    assert (entry.id, entry.kind, entry.path, entry.origin) == ("Some-Model", "mind", elsewhere, "in_place")
    assert Shelf(shelf.folder).installed() == (entry,)
    assert shelf.find("mind", "Some-Model") == elsewhere
    shelf.remove("Some-Model")
    assert shelf.installed() == ()
    assert elsewhere.exists()


def test_the_same_place_is_remembered_once_and_the_same_name_twice(shelf: Shelf, elsewhere: Path) -> None:
    first = shelf.use_in_place(elsewhere)
    assert shelf.use_in_place(elsewhere) == first
    other = elsewhere.with_name("another.gguf")
    other.write_bytes(elsewhere.read_bytes())
    assert shelf.use_in_place(other).id == f"{first.id}-2"


def test_what_is_no_model_is_not_remembered(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "letter.gguf").write_text("Dear all, this is no model but it is long enough to be one.")
    with pytest.raises(Refused):
        shelf.use_in_place(tmp_path / "letter.gguf")
    assert shelf.installed() == ()


def test_what_is_away_for_a_while_comes_back(shelf: Shelf, elsewhere: Path) -> None:
    entry = shelf.use_in_place(elsewhere)
    away = elsewhere.rename(elsewhere.with_name("unplugged"))
    assert shelf.installed() == ()
    away.rename(elsewhere)
    assert shelf.installed() == (entry,)


def test_a_path_needs_no_shelf(shelf: Shelf, elsewhere: Path, tmp_path: Path) -> None:
    voice = make_voice(tmp_path / "v.onnx")
    assert shelf.find("mind", str(elsewhere)) == elsewhere
    assert shelf.find("voice", str(voice)) == voice


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("mind", "", "No model was chosen"),
        ("mind", "qwen2.5-0.5b", "models pull qwen2.5-0.5b"),
        ("mind", "/nowhere/m.gguf", "There is nothing at"),
        ("voice", "tiny", "is a language model, not a voice"),
        ("mind", "../tiny", "There is nothing at"),
    ],
)
def test_what_cannot_be_found_is_said_with_the_remedy(
    shelf: Shelf, downloaded: Path, kind: str, name: str, words: str
) -> None:
    with pytest.raises(ModelMissing, match=words):
        shelf.find(kind, name)  # type: ignore[arg-type]


def test_a_downloaded_model_is_deleted(shelf: Shelf, downloaded: Path) -> None:
    shelf.remove("tiny")
    assert not downloaded.exists() and shelf.installed() == ()
    with pytest.raises(ModelMissing):
        shelf.remove("tiny")


@pytest.mark.parametrize("id", ["", ".", "..", "../other", "/", ".incoming", "a/b"])
def test_nothing_but_a_model_is_deleted(shelf: Shelf, downloaded: Path, id: str) -> None:
    with pytest.raises(ModelMissing):
        shelf.remove(id)
    assert downloaded.exists()


def test_a_model_that_lost_a_file_is_not_offered(shelf: Shelf, downloaded: Path) -> None:
    downloaded.write_bytes(b"short")
    assert shelf.installed() == ()
    assert len(shelf.records()) == 1


def test_what_another_version_or_a_fault_left_is_passed_over(shelf: Shelf, downloaded: Path, elsewhere: Path) -> None:
    shelf.use_in_place(elsewhere)
    (shelf.folder / "tiny" / "interject.json").write_text('{"id": "tiny", "kind": "mind", "files": [{}]}')
    (shelf.folder / "strange").mkdir()
    (shelf.folder / "strange" / "interject.json").write_text("[")
    entries = json.loads((shelf.folder / "in-place.json").read_text())
    (shelf.folder / "in-place.json").write_text(json.dumps([{"kind": "mind"}, {"future": 1}, *entries]))
    assert [each.origin for each in shelf.installed()] == ["in_place"]
    (shelf.folder / "in-place.json").write_text("{not JSON")
    assert shelf.installed() == ()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, elsewhere: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(ShelfFault, match="cannot be written"):
        Shelf(tmp_path / "models").use_in_place(elsewhere)


def test_what_was_tried_is_remembered_until_it_changes(shelf: Shelf, elsewhere: Path) -> None:
    assert not shelf.was_tried(elsewhere, "llama 1")
    shelf.remember_tried(elsewhere, "llama 1")
    assert shelf.was_tried(elsewhere, "llama 1")
    assert not shelf.was_tried(elsewhere, "llama 2")
    elsewhere.write_bytes(elsewhere.read_bytes() + b"!")
    assert not shelf.was_tried(elsewhere, "llama 1")


def test_changed_files_are_found(shelf: Shelf, downloaded: Path) -> None:
    (record,) = shelf.records()
    folder = shelf.folder / "tiny"
    assert list(changed_files(folder, record)) == []
    content = bytearray(downloaded.read_bytes())
    content[-1] ^= 1
    downloaded.write_bytes(content)
    (folder / "LICENSE").unlink()
    changed, missing = changed_files(folder, record)
    assert FILE in changed and "sha256" in changed
    assert "LICENSE cannot be read" in missing


def test_what_the_loader_takes() -> None:
    folder = Path("/m")
    assert loader_path(folder, "ears", ["config.json", "model.bin"]) == folder
    assert loader_path(folder, "voice", ["en/x.onnx.json", "en/x.onnx"]) == folder / "en/x.onnx"
    parts = ["q-00002-of-00002.gguf", "q-00001-of-00002.gguf"]
    assert loader_path(folder, "mind", parts) == folder / "q-00001-of-00002.gguf"


@pytest.mark.parametrize(
    ("etag", "digest"),
    [
        (f'"{"a" * 64}"', f"sha256:{'a' * 64}"),
        (f'W/"{"B" * 40}"', f"git-sha1:{'b' * 40}"),
        ('"33a64df5"', ""),
        ("", ""),
    ],
)
def test_digests_of_the_hub(etag: str, digest: str) -> None:
    assert digest_of_etag(etag) == digest


def test_a_digest_of_no_known_kind_never_fits(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"")
    assert not has_digest(tmp_path / "f", "md5:d41d8cd98f00b204e9800998ecf8427e")
    assert has_digest(tmp_path / "f", "git-sha1:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
