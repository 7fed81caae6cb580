"""A model comes from the hub: whole, checked, in as many tries as it takes, and only as long as somebody wants it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.models import download as module
from assistant.models.catalogue import Model
from assistant.models.download import DownloadFailed, Paused, Progress, discard_part, download, part_of
from assistant.models.shelf import Shelf
from tests.models.conftest import FILE, REPOSITORY, model_of
from tests.models.hub_server import COMMIT, HubServer

AT_ONCE = (0.0, 0.0, 0.0)


def fetch(
    model: Model,
    shelf: Shelf,
    hub: HubServer,
    wanted: Callable[[], bool] = lambda: True,
    told: list[Progress] | None = None,
) -> Path:
    tell = (lambda progress: None) if told is None else told.append
    return download(model, shelf, tell, wanted, endpoint=hub.endpoint, waits_s=AT_ONCE)


def why_not(model: Model, shelf: Shelf, hub: HubServer) -> str:
    """What the person is told; nothing may stand on the shelf then."""
    with pytest.raises(DownloadFailed) as told:
        fetch(model, shelf, hub)
    assert shelf.installed() == ()
    return str(told.value)


def wanted_until(bytes_come: int, model: Model, shelf: Shelf) -> Callable[[], bool]:
    return lambda: part_of(model, shelf) < bytes_come


def test_a_model_arrives_and_can_be_found(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    model = model_of(hub)
    told: list[Progress] = []
    path = fetch(model, shelf, hub, told=told)
    assert path.read_bytes() == gguf
    assert shelf.find("mind", "tiny") == path
    assert [each.id for each in shelf.installed()] == ["tiny"]
    assert (told[0].phase, told[-1].phase) == ("starting", "done")
    assert told[-1].done == told[-1].total == model.size
    assert part_of(model, shelf) == 0


def test_what_is_recorded_is_the_commit_and_the_digests(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    fetch(model_of(hub, with_digest=False), shelf, hub)
    (record,) = shelf.records()
    assert (record.repository, record.revision, record.commit) == (REPOSITORY, "main", COMMIT)
    blob = b"blob 6\0Free.\n"
    assert {file.path: file.digest for file in record.files} == {
        FILE: f"sha256:{hashlib.sha256(gguf).hexdigest()}",
        "LICENSE": f"git-sha1:{hashlib.sha1(blob).hexdigest()}",
    }


def test_all_files_are_of_the_commit_that_was_answered_first(hub: HubServer, shelf: Shelf) -> None:
    fetch(model_of(hub), shelf, hub)
    revisions = [each.path.split("/")[4] for each in hub.asked if "/resolve/" in each.path]
    assert revisions[0] == "main"
    assert set(revisions[1:]) == {COMMIT}


def test_it_goes_on_where_the_connection_was_cut(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    hub.wrong.cuts = [100_000, 50_000]
    assert fetch(model_of(hub), shelf, hub).read_bytes() == gguf
    assert [each.start for each in hub.gets() if FILE in each.path] == [0, 100_000, 150_000]


def test_cuts_do_not_count_as_long_as_something_comes(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    hub.wrong.cuts = [10_000] * 12
    assert fetch(model_of(hub), shelf, hub).read_bytes() == gguf


def test_a_line_that_brings_nothing_is_given_up_and_its_part_kept(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    model = model_of(hub)
    hub.wrong.cuts = [100_000, 0, 0, 0, 0, 0]
    assert "kept" in why_not(model, shelf, hub)
    assert part_of(model, shelf) == 100_000
    hub.wrong.cuts.clear()
    hub.asked.clear()
    assert fetch(model, shelf, hub).read_bytes() == gguf
    assert [each.start for each in hub.gets() if FILE in each.path] == [100_000]


def test_paused_and_taken_up_again(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    model = model_of(hub)
    with pytest.raises(Paused):
        fetch(model, shelf, hub, wanted_until(60_000, model, shelf))
    kept = part_of(model, shelf)
    assert 0 < kept < len(gguf)
    hub.asked.clear()
    told: list[Progress] = []
    assert fetch(model, shelf, hub, told=told).read_bytes() == gguf
    assert [each.start for each in hub.gets() if FILE in each.path] == [kept]
    assert max(each.done for each in told) == model.size


def test_what_was_paused_can_be_thrown_away(hub: HubServer, shelf: Shelf) -> None:
    model = model_of(hub)
    with pytest.raises(Paused):
        fetch(model, shelf, hub, wanted_until(60_000, model, shelf))
    discard_part(model, shelf)
    assert part_of(model, shelf) == 0


def test_nothing_is_asked_of_the_network_when_it_is_not_wanted(hub: HubServer, shelf: Shelf) -> None:
    with pytest.raises(Paused):
        fetch(model_of(hub), shelf, hub, lambda: False)
    assert hub.asked == []


def test_a_hub_that_takes_no_range_sends_it_all_again(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    hub.wrong.cuts, hub.wrong.deaf = [100_000], True
    told: list[Progress] = []
    assert fetch(model_of(hub), shelf, hub, told=told).read_bytes() == gguf
    assert max(each.done for each in told) == told[-1].total


def test_the_part_of_an_older_version_is_not_gone_on_with(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    model = model_of(hub, with_digest=False)
    with pytest.raises(Paused):
        fetch(model, shelf, hub, wanted_until(60_000, model, shelf))
    newer = gguf[:-4] + b"news"
    hub.files[FILE] = newer
    assert fetch(model, shelf, hub).read_bytes() == newer


def test_a_busy_hub_is_asked_again(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    hub.wrong.statuses = [(503, ""), (429, "")]
    hub.wrong.get_statuses = [(502, ""), (504, "")]
    assert fetch(model_of(hub), shelf, hub).read_bytes() == gguf


def test_a_hub_that_stays_busy_is_given_up(hub: HubServer, shelf: Shelf) -> None:
    hub.wrong.statuses = [(503, "")] * 10
    assert "503" in why_not(model_of(hub), shelf, hub)


@pytest.mark.parametrize("with_digest", [True, False])
def test_another_file_of_the_same_size_is_thrown_away(
    hub: HubServer, shelf: Shelf, gguf: bytes, with_digest: bool
) -> None:
    model = model_of(hub, with_digest=with_digest)
    hub.wrong.body = bytes(len(gguf))
    assert "checksum" in why_not(model, shelf, hub)
    hub.wrong.body = None
    assert fetch(model, shelf, hub).read_bytes() == gguf


def test_a_small_file_is_checked_too(hub: HubServer, shelf: Shelf) -> None:
    hub.wrong.etag = "ab" * 20  # as git would name another content
    hub.large.clear()
    assert "checksum" in why_not(model_of(hub, with_digest=False), shelf, hub)


def test_a_file_that_is_not_the_catalogues_is_not_even_fetched(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    model = model_of(hub)
    hub.files[FILE] = gguf[:-1] + b"!"
    assert "no longer the file" in why_not(model, shelf, hub)
    assert hub.gets() == []


def test_a_wrong_size_is_noticed_before_anything_is_fetched(hub: HubServer, shelf: Shelf) -> None:
    hub.wrong.announced = 4_000_000_000_000
    assert "announces" in why_not(model_of(hub, with_digest=False), shelf, hub)
    assert hub.gets() == []


def test_a_hub_that_announces_less_than_it_sends(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    hub.wrong.announced = len(gguf) - 1000
    assert "announced" in why_not(model_of(hub, with_digest=False), shelf, hub)


def test_a_hub_that_does_not_stop_sending(hub: HubServer, shelf: Shelf) -> None:
    hub.wrong.more = bytes(2_000_000)
    assert "more than" in why_not(model_of(hub), shelf, hub)


def test_a_model_that_is_none_is_not_put_on_the_shelf(hub: HubServer, shelf: Shelf) -> None:
    hub.files[FILE] = b"version https://git-lfs.github.com/spec/v1\n" + bytes(5000)
    told = why_not(model_of(hub), shelf, hub)
    assert "no GGUF model" in told and "pointer" in told
    assert part_of(model_of(hub), shelf) == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, "EntryNotFound"), "no longer has the file"),
        ((404, "RevisionNotFound"), "no longer has revision"),
        ((401, "RepoNotFound"), "knows no repository"),
        ((401, "GatedRepo"), "accepted its licence"),
        ((403, "GatedRepo"), "accepted its licence"),
        ((407, ""), "proxy wants"),
        ((451, ""), "refuses"),
    ],
)
def test_a_refusal_is_told_with_its_remedy(hub: HubServer, shelf: Shelf, answer: tuple[int, str], words: str) -> None:
    hub.wrong.statuses = [answer]
    assert words in why_not(model_of(hub), shelf, hub)
    assert len(hub.asked) == 1


def test_what_is_no_hub_is_recognised(hub: HubServer, shelf: Shelf) -> None:
    hub.wrong.wordless = True
    assert "no Hugging Face hub" in why_not(model_of(hub), shelf, hub)


def test_a_renamed_repository_is_followed(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    hub.moved_to = "somebody/renamed"
    assert fetch(model_of(hub), shelf, hub).read_bytes() == gguf


def test_small_files_may_lie_at_another_address(hub: HubServer, shelf: Shelf) -> None:
    hub.keeps_small_files_elsewhere = True
    fetch(model_of(hub), shelf, hub)
    assert (shelf.folder / "tiny" / "LICENSE").read_bytes() == b"Free.\n"


def test_nobody_answers(hub: HubServer, shelf: Shelf) -> None:
    with pytest.raises(DownloadFailed, match="No connection"):
        download(model_of(hub), shelf, lambda p: None, lambda: True, endpoint="http://127.0.0.1:9", waits_s=())


def test_an_endpoint_that_is_no_address(hub: HubServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "hub.example")
    with pytest.raises(DownloadFailed, match="HF_ENDPOINT"):
        download(model_of(hub), shelf, lambda p: None, lambda: True)


def test_the_endpoint_of_the_environment_is_used(
    hub: HubServer, shelf: Shelf, gguf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    assert download(model_of(hub), shelf, lambda p: None, lambda: True).read_bytes() == gguf


def test_the_proxy_of_the_environment_is_used(
    hub: HubServer, shelf: Shelf, gguf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", hub.endpoint)
    model = model_of(hub)
    path = download(model, shelf, lambda p: None, lambda: True, endpoint="http://hub.invalid", waits_s=AT_ONCE)
    assert path.read_bytes() == gguf
    assert {each.headers["host"] for each in hub.asked} == {"hub.invalid"}


def test_the_token_is_shown_to_the_hub_and_to_nobody_else(
    hub: HubServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fetch(model_of(hub), shelf, hub)
    assert all(each.headers.get("authorization") == "Bearer hf_secret" for each in hub.asked)
    with HubServer(REPOSITORY, dict(hub.files), {FILE}).running() as elsewhere:
        hub.asked.clear()
        monkeypatch.setattr(hub, "_reply", _leading_to(elsewhere, hub))
        shelf.remove("tiny")
        fetch(model_of(hub), shelf, hub)
        assert elsewhere.gets()
        assert all("authorization" not in each.headers for each in elsewhere.asked)


def _leading_to(elsewhere: HubServer, hub: HubServer) -> Callable[..., None]:
    reply = type(hub)._reply

    def lead(request: object, status: int, headers: dict[str, str]) -> None:
        if headers.get("Location", "").startswith("/blobs/"):
            headers = {**headers, "Location": elsewhere.endpoint + headers["Location"]}
        reply(hub, request, status, headers)  # type: ignore[arg-type]

    return lead


def test_a_disk_without_room_is_noticed_before(
    hub: HubServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "free_bytes", lambda folder: module.RESERVE)
    assert "too much for the disk" in why_not(model_of(hub), shelf, hub)
    assert hub.gets() == []


def test_a_folder_that_cannot_be_written(hub: HubServer, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    shelf = Shelf(tmp_path / "models")
    with pytest.raises(DownloadFailed, match="written"):
        fetch(model_of(hub), shelf, hub)
    assert hub.asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only here a full disk can be had")
def test_a_disk_that_fills_up_on_the_way(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    incoming = shelf.incoming("tiny")
    incoming.mkdir(parents=True)
    (incoming / f"0-{hashlib.sha256(gguf).hexdigest()[:24]}.part").symlink_to("/dev/full")
    assert "is full" in why_not(model_of(hub), shelf, hub)


def test_two_downloads_of_one_model_do_not_mix(hub: HubServer, shelf: Shelf) -> None:
    model = model_of(hub)

    def another() -> bool:
        with pytest.raises(DownloadFailed, match="already"):
            fetch(model, shelf, hub)
        return True

    fetch(model, shelf, hub, another)


def test_a_downloaded_model_can_be_downloaded_again(hub: HubServer, shelf: Shelf, gguf: bytes) -> None:
    model = model_of(hub)
    path = fetch(model, shelf, hub)
    path.write_bytes(b"damaged")
    assert fetch(model, shelf, hub).read_bytes() == gguf


def test_nothing_is_downloaded_where_the_person_works_offline(
    hub: HubServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert "HF_HUB_OFFLINE" in why_not(model_of(hub), shelf, hub)
    assert hub.asked == []
