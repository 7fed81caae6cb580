"""The events file: one JSON line a decision, written beside the conversation and never in its way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from assistant.turns.states import State
from assistant.workers.failure import Failure
from assistant.workers.journal import Journal
from tests.workers.talk import Talk


@pytest.fixture
def journal(qapp: QApplication) -> Iterator[Callable[[Path], Journal]]:
    begun: list[Journal] = []

    def begin(path: Path) -> Journal:
        begun.append(Journal(path))
        begun[-1].start()
        return begun[-1]

    yield begin
    for each in begun:
        each.finish()
        assert each.wait(2000)


def test_everything_handed_over_before_the_end_is_written(tmp_path: Path, journal: Callable[[Path], Journal]) -> None:
    lines = journal(tmp_path / "events.jsonl")
    for number in range(100):
        lines.write({"event": "duck", "sample": number, "reason": "“schön”"})
    lines.finish()
    assert lines.wait(2000)
    written = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["sample"] for line in written] == list(range(100))
    assert "“schön”" in written[0]


def test_what_stands_in_the_file_is_kept(tmp_path: Path, journal: Callable[[Path], Journal]) -> None:
    (tmp_path / "events.jsonl").write_text('{"event": "old"}\n')
    lines = journal(tmp_path / "events.jsonl")
    lines.write({"event": "new"})
    lines.finish()
    assert lines.wait(2000)
    assert (tmp_path / "events.jsonl").read_text() == '{"event": "old"}\n{"event": "new"}\n'


def test_a_place_that_cannot_be_written_is_refused_before_anything_starts(tmp_path: Path, qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        Journal(tmp_path / "nowhere" / "events.jsonl")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is always full")
def test_a_full_disk_is_told_once_and_the_conversation_goes_on(journal: Callable[[Path], Journal]) -> None:
    failures: list[Failure] = []
    lines = journal(Path("/dev/full"))
    lines.failed.connect(failures.append)
    for _ in range(50):
        lines.write({"event": "duck"})
    lines.finish()
    assert lines.wait(2000)
    QCoreApplication.processEvents()
    assert [failure.code for failure in failures] == ["events_file"]
    assert "/dev/full" in failures[0].message


def test_a_session_writes_each_decision_and_each_silence(tmp_path: Path, talk: Callable[..., Talk]) -> None:
    file = tmp_path / "events.jsonl"
    told = talk(events=file).begin().speaks(600)
    told.until(lambda: len(told.partner.turns) == 2 and told.state is State.THINKING)
    assert told.kinds
    assert told.session.end() == ()
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines.pop(0)["event"] == "reply", "the one that is then cut"
    assert [line["event"] for line in lines] == ["duck", "stop", "silence", "speech_start", "prepare", "speech_end"]
    assert [line["monotonic_s"] for line in lines] == sorted(line["monotonic_s"] for line in lines)
    duck, stop, silence = lines[:3]
    assert duck["sample"] < stop["sample"] < silence["sample"]
    assert duck["state"] == "stopped" or duck["state"] == "ducked"
    assert stop["cause"] == "confirmed"
    assert stop["reason"]
    assert stop["since_onset_ms"] > duck["since_onset_ms"]
    assert silence["episode"] == 1
    assert silence["onset_to_stop_ms"] == pytest.approx(sum(silence["chain_ms"].values()), abs=0.01)
    assert silence["last_word"]
