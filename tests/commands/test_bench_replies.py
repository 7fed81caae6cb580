"""How the wait for an answer is measured: on tiny real models, and the figures from turns that are made up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.__main__ import main
from assistant.commands.measures import replies as measure
from assistant.commands.measures.child import in_child
from assistant.commands.measures.figure import QUICK, Drawn, Figure, NotMeasured
from assistant.settings.sections import Settings
from tests.tiny.gguf import make_gguf
from tests.tiny.voice import make_voice
from tests.tiny.whisper import make_whisper

MODELS = {key: f"/models/{key}" for key in measure.MODELS}


@pytest.fixture(scope="module")
def knobs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return _knobs(tmp_path_factory.mktemp("models"), "how far is it")


def _knobs(place: Path, hears: str) -> dict[str, str]:
    return {
        "ears.model": str(_with_tokenizer(make_whisper(place / "ears", hears))),
        "brain.model": str(make_gguf(place / "mind.gguf", "Not very far.")),
        "voice.model": str(make_voice(place / "voice.onnx")),
        "brain.context_tokens": "1024",
    }


def _with_tokenizer(folder: Path) -> Path:
    """A model's folder is refused without one."""
    (folder / "tokenizer.json").write_text(json.dumps({"added_tokens": []}), encoding="utf-8")
    return folder


def test_a_question_is_asked_and_its_answer_is_heard_in_the_room(knobs: dict[str, str]) -> None:
    asked = in_child("ask", {"knobs": knobs, "modes": ["off", "while_speaking"], "rounds": 1, "at_most": 1}, 40)
    assert asked.get("failures") == []
    assert asked["models"]["hearing"] == "Whisper ears"
    by_mode = {turn["mode"]: turn for turn in asked["turns"]}
    assert set(by_mode) == {"off", "while_speaking"}
    for turn in asked["turns"]:
        assert turn["heard"] == "how far is it"
        told_ms = sum(turn["parts_ms"].values())
        assert told_ms == pytest.approx(turn["room_ms"], abs=150)  # the detector's grid, and how softly words end
        assert turn["parts_ms"]["silence"] >= 704 - 32
    assert not by_mode["off"]["prepared"]
    assert by_mode["while_speaking"]["prepared"]


def test_the_shorter_silence_after_a_finished_sentence_is_told_as_it_was(tmp_path: Path) -> None:
    options = {"knobs": _knobs(tmp_path, "how far is it?"), "modes": ["off", "at_pause"], "rounds": 1, "at_most": 1}
    silence_ms = {turn["mode"]: turn["parts_ms"]["silence"] for turn in in_child("ask", options, 40)["turns"]}
    knobs = Settings().endpointing
    assert silence_ms["off"] >= knobs.silence_ms
    assert knobs.finished_ms <= silence_ms["at_pause"] < knobs.silence_ms


def test_an_interruption_stops_it_while_a_model_writes(knobs: dict[str, str]) -> None:
    stopped = in_child("stop", {"knobs": knobs, "times": 1, "flat_out": knobs["brain.model"]}, 40)
    assert "failure" not in stopped
    assert len(stopped["detect_to_stop_ms"]) == 1
    assert all(0 < ms < 500 for ms in stopped["detect_to_stop_ms"])
    assert stopped["tokens_per_s"] > 100
    assert sum(stopped["counts"]) > 100


def test_a_model_that_cannot_be_loaded_is_told() -> None:
    told = in_child("ask", {"knobs": {"brain.model": "/nowhere.gguf"}, "modes": ["off"], "rounds": 1}, 20)
    assert "/nowhere.gguf" in told["failure"]


def test_without_models_it_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "replies"]) == 1
    out = capsys.readouterr().out
    assert "ears.model, brain.model, voice.model are not chosen" in out
    assert "--set ears.model=" in out


def test_a_model_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "replies", "--set", "brain.model=nobody"]) == 2
    assert "brain.model: nobody is not on this computer" in capsys.readouterr().err


def _turn(mode: str, wait_ms: float, **facts: Any) -> dict[str, Any]:
    parts = {"silence": 704.0, "words": wait_ms - 704, "prompt": 0.0, "clause": 0.0, "voice": 0.0, "device": 0.0}
    usual = {"prepared": mode != "off", "saved_ms": 0.0, "wasted": 0}
    return {"mode": mode, "answered": True, "room_ms": wait_ms, "parts_ms": parts} | usual | facts


def _measured(monkeypatch: pytest.MonkeyPatch, turns: list[dict[str, Any]]) -> list[Figure | Drawn]:
    models = {"hearing": "ears", "thinking": "mind", "speaking": "voice"}

    def answer(role: str, options: Mapping[str, Any], lasts_s: float) -> dict[str, Any]:
        assert role == "ask"
        return {"turns": turns, "models": models, "failures": ["It broke."]}

    monkeypatch.setattr(measure, "in_child", answer)
    return list(measure.replies(replace(QUICK, knobs=MODELS)))


def test_modes_are_compared_by_their_medians(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = [_turn("off", ms) for ms in (1900, 2000, 9000)]
    turns += [_turn("at_pause", ms, wasted=1) for ms in (1400, 1500, 1600)]
    turns += [_turn("while_speaking", ms, saved_ms=900.0) for ms in (800, 900, 1000)]
    measured = _measured(monkeypatch, turns)
    figures = {each.name: each for each in measured if isinstance(each, Figure)}
    assert figures["answer, off, p50"].value == 2000
    assert figures["of the wait with off, at_pause"].value == 0.75
    assert figures["of the wait with off, while_speaking"].value == 0.45
    assert figures["of the wait with off, while_speaking"].is_met
    assert figures["answer, while_speaking, p50"].is_met
    assert figures["made in vain, at_pause"].value == 1
    assert figures["saved, while_speaking"].value == 900
    drawn = next(each for each in measured if isinstance(each, Drawn))
    words = next(line for line in drawn.lines if line.split()[0] == "words")
    assert words.split()[1:4] == ["1296", "/", "7596"]
    assert {"words, off, p50", "heard in the room, while_speaking, p95"} <= {each.name for each in drawn.figures}


def test_a_question_without_an_answer_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = [_turn(mode, 1000) for mode in measure.MODES] + [{"mode": "off", "answered": False}]
    figures = {each.name: each for each in _measured(monkeypatch, turns) if isinstance(each, Figure)}
    assert figures["questions without an answer"].value == 1
    assert figures["questions without an answer"].is_met is False


def test_a_question_that_was_answered_in_its_pause_is_counted_and_not_taken_for_a_quick_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns = [_turn(mode, 1000) for mode in measure.MODES] + [_turn("at_pause", -900)]
    figures = {each.name: each for each in _measured(monkeypatch, turns) if isinstance(each, Figure)}
    assert figures["questions answered in a pause"].value == 1
    assert figures["questions answered in a pause"].is_met is False
    assert figures["answer, at_pause, p50"].value == 1000


def test_no_answer_at_all_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = [{"mode": mode, "answered": False} for mode in measure.MODES]
    with pytest.raises(NotMeasured, match=r"3 of 3 questions had no answer, 0 were answered in a pause\. It broke\."):
        _measured(monkeypatch, turns)


def test_stops_under_load_are_compared_with_those_in_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = [0] * 600
    counts[0], counts[250] = 5990, 10

    def answer(role: str, options: Mapping[str, Any], lasts_s: float) -> dict[str, Any]:
        busy = bool(options["flat_out"])
        assert bool(options["knobs"]["brain.model"]) is busy
        stops = [70.0] * 5 if busy else [60.0] * 3
        about = {"late_p95_ms": 1.0, "late_max_ms": 25.0, "counts": counts, "bin_ms": 0.1, "tokens_per_s": 30.0}
        return {"detect_to_stop_ms": stops, "sounded_s": 60.0, "xruns": 2} | about

    monkeypatch.setattr(measure, "in_child", answer)
    figures = {each.name: each for each in measure.stopping(replace(QUICK, knobs=MODELS)) if isinstance(each, Figure)}
    assert figures["p95, more than idle"].value == pytest.approx(10)
    assert figures["xruns, computing"].value == 2
    assert figures["xruns, computing"].is_met is False
    assert figures["blocks > 20 ms late, computing"].value == 10
    assert figures["interruptions missed, of 6"].value == 1
