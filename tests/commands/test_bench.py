"""The figures, their aims, and the processes in which the app is measured."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.commands import bench
from assistant.commands.measures.child import in_child
from assistant.commands.measures.drawing import GilProbe
from assistant.commands.measures.figure import Aim, Drawn, Effort, Figure, Measured, NotMeasured, of_repeats
from assistant.commands.measures.sounds import conversation
from assistant.commands.measures.table import histogram, row

MARKS = {"ok": "✓", "problem": "✗"}


def test_a_figure_is_the_median_of_its_repeats() -> None:
    figure = of_repeats("core", "a step", [3.0, 1.0, 2.0, 9.0, 2.5], "µs")
    assert (figure.value, figure.least, figure.most, figure.repeats) == (2.5, 1.0, 9.0, 5)


@pytest.mark.parametrize(
    ("aim", "value", "met"),
    [(Aim("≤", 25), 25.0, True), (Aim("≤", 25), 25.1, False), (Aim("≥", 40), 39.0, False), (Aim("≥", 40), 40.0, True)],
)
def test_aims(aim: Aim, value: float, met: bool) -> None:
    assert Figure("part", "name", value, "s", aim).is_met is met


def test_a_row_shows_the_aim_beside_the_figure() -> None:
    slow = of_repeats("replay", "speakers", [22.0, 20.0, 24.0], "× real time", Aim("≥", 40))
    assert " ".join(row(slow, MARKS).split()) == "replay speakers 22.0 × real time 20.0…24.0 ✗ aim ≥ 40.0"
    assert "aim" not in row(Figure("vad", "a frame", 0.2, "ms"), MARKS)


def test_a_single_late_block_is_seen_in_the_drawing() -> None:
    counts = [0] * 600
    counts[0], counts[123] = 100_000, 1
    lines = histogram(counts, bin_ms=0.1)
    assert lines[0].count("#") > 30
    assert "10 to   20 ms  # " in lines[-1]
    assert sum(int(line.split()[-2]) for line in lines) == 100_001


def test_a_histogram_without_blocks() -> None:
    assert histogram([0] * 600, 0.1) == ("no blocks",)


def test_the_conversation_for_measuring_is_heard_over_its_own_echo() -> None:
    heard = conversation(6.0)
    assert len(heard.near) == len(heard.far) == len(heard.echo) == 6 * 48_000
    user = heard.near - heard.echo
    assert abs(user[: 3 * 48_000]).max() < 0.05 < abs(user[4 * 48_000 :]).max()
    assert abs(len(heard.at_16_khz().near) - 6 * 16_000) < 10


def test_one_part_with_its_figures_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--quick", "core", "--json", str(tmp_path / "figures.json")]) == 0
    out = capsys.readouterr().out
    assert "× real time" in out
    assert "load average" in out
    told = json.loads((tmp_path / "figures.json").read_text())
    step, speed = told["figures"]
    assert step["unit"] == "µs"
    assert step["repeats"] == 3
    assert speed["aim"] == {"bound": "≥", "limit": 2000}
    assert speed["is_met"] is (speed["value"] >= 2000)


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "cores"]) == 2
    assert "There are core, vad" in capsys.readouterr().err


def test_a_part_that_cannot_be_measured_is_told_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: Effort) -> Iterator[Measured]:
        raise NotMeasured("no voice.")

    def works(_: Effort) -> Iterator[Measured]:
        yield Figure("vad", "a frame", 0.2, "ms", Aim("≤", 0.1))
        yield Drawn("vad", ("a picture",))

    monkeypatch.setattr(bench, "PARTS", {"core": fails, "vad": works})
    assert main(["bench"]) == 1
    out = capsys.readouterr().out
    assert "not measured: no voice." in out
    assert "a picture" in out
    assert "0 of 1 aims reached; missed: vad: a frame" in out


def test_a_missed_aim_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "PARTS", {"vad": lambda _: [Figure("vad", "a frame", 1.0, "ms", Aim("≤", 0.1))]})
    assert main(["bench"]) == 0


def test_the_probe_feels_who_keeps_the_interpreter() -> None:
    probe = GilProbe(threading.current_thread())
    probe.start()
    for _ in range(5):
        sum(range(2_000_000))  # one call into C that does not let go
    assert probe.finish() > 5


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(NotMeasured, match="unexpected keyword argument"):
        in_child("start", {"no": "such option"})


@pytest.mark.parametrize("window", [True, False])
def test_the_running_app_is_measured(window: bool) -> None:
    options = {"seconds": 0.5, "settle_s": 0.2, "speaking": False, "window": window, "devices": False}
    lived = in_child("live", options)
    assert "failure" not in lived
    assert 0.3 < lived["sounded_s"] < 1.2
    uncounted = 100 * lived["sounded_s"] - sum(lived["counts"])  # the room's blocks are of 10 ms
    assert -3 <= uncounted <= 3 + 20 * lived["xruns"]  # after a stall lateness is measured anew
    assert (lived["frames_per_s"] > 3) is window


def test_the_app_is_watched_until_it_speaks() -> None:
    started = in_child("start", {})
    assert started["began_s"] < started["visible_s"] < started["full_s"] < started["spoke_s"]
