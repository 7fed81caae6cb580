"""The sweep: decided from the frames as in a replay, a walk that never turns back, a table that can be read again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.lab.replay import replay
from assistant.lab.scenario import Scenario
from assistant.lab.score.judged import Heads
from assistant.lab.score.truth import Trial, Truth
from assistant.lab.sweep import __main__ as sweep
from assistant.lab.sweep.open_loop import decide, frames_of, more_easily_convinced
from assistant.lab.sweep.points import Point, default_point, grid
from assistant.lab.sweep.table_file import Measured, table_text
from assistant.lab.sweep.tried import LATEST_MS, Tried, try_points
from assistant.lab.sweep.walk import walk
from assistant.settings.access import change
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import OnSpeakers, along, price, read_rows
from assistant.speech.espeak import EspeakVoice
from assistant.speech.head import LearnedDetector
from assistant.speech.interrupter import Interrupter

RATE = 16_000
DEFAULT = default_point()
MIDDLE = Point(start=0.65, release=0.5, sure=0.95, confirm_ms=32)


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> list[Trial]:
    """Somebody speaks after two seconds; and four seconds of a quiet room."""
    place = tmp_path_factory.mktemp("sounds")
    said = Interrupter(EspeakVoice()).utter("Wait.").audio[::3]
    quiet = np.random.default_rng(1).uniform(-3e-4, 3e-4, 5 * RATE).astype(np.float32)
    spoken = quiet.copy()
    spoken[2 * RATE : 2 * RATE + len(said)] += (said / np.abs(said).max() / 10).astype(np.float32)
    for name, sound in (("spoken", spoken), ("quiet", quiet)):
        soundfile.write(place / f"{name}.wav", sound, RATE, subtype="FLOAT")
    voice = Truth("spoken", "interrupt", 5.0, 2.0, 2.0 + len(said) / RATE, has_near=True, snr="clean")
    noise = Truth("quiet", "noise", 5.0, kind="fan")
    return [Trial(Scenario(truth.id, place / f"{truth.id}.wav"), truth, "1") for truth in (voice, noise)]


class TestFromTheFrames:
    @pytest.mark.parametrize("changes", [{}, {"vad.sure": 0.994, "barge_in.confirm_ms": 64}])
    def test_the_decisions_are_those_of_a_replay(self, trials: list[Trial], changes: dict[str, float]) -> None:
        scenario = trials[0].scenario
        settings = change(Settings(), dict(changes))
        frames = frames_of(scenario, Settings(), LearnedDetector())
        expected = replay(scenario, settings, LearnedDetector())
        again = decide(scenario, frames, settings)
        assert {"duck", "stop", "resume"} <= {each["event"] for each in expected.events()}
        assert again.events() == expected.events()
        assert again.commands == expected.commands

    def test_a_loudspeaker_needs_the_closed_loop(self, trials: list[Trial]) -> None:
        with_far = replace(trials[0].scenario, far=trials[0].scenario.mic)
        with pytest.raises(ValueError, match="spoken has a loudspeaker"):
            frames_of(with_far, Settings(), LearnedDetector())

    def test_one_that_is_more_easily_convinced_says_more(self, trials: list[Trial]) -> None:
        frames = frames_of(trials[0].scenario, Settings(), LearnedDetector())
        easier = more_easily_convinced(frames, 1.0)
        assert all(mine.p_speech > its.p_speech for mine, its in zip(easier, frames, strict=True))
        assert replace(easier[3], p_speech=0) == replace(frames[3], p_speech=0)


def test_the_default_is_tried_among_all_and_all_are_allowed() -> None:
    points = grid()
    assert points.count(DEFAULT) == 1
    assert DEFAULT.settings() == Settings()
    for point in points:
        assert point.settings().vad.sure == point.sure


def test_a_point_is_priced_by_delay_and_by_what_stops_it_for_nothing(trials: list[Trial]) -> None:
    deaf = replace(DEFAULT, start=0.95, release=0.9, sure=0.998, confirm_ms=480)
    quick = replace(DEFAULT, start=0.3, release=0.25, sure=0.6)
    told = {each.point: each for each in try_points(trials, [deaf, quick], Heads())}
    assert told[quick].hit_percent == 100
    assert told[quick].delay_ms < told[deaf].delay_ms
    assert told[quick].stop_p50_ms < 300
    assert told[deaf].hit_percent == 0
    assert told[deaf].delay_ms >= LATEST_MS  # it never stopped
    assert (told[deaf].false_stops_per_hour, told[deaf].risk) == (0, 0)


def test_it_needs_voices_and_noises(trials: list[Trial]) -> None:
    with pytest.raises(ValueError, match="interrupt and noise, both"):
        try_points(trials[:1], [DEFAULT], Heads())


class TestTheWalk:
    def at(self, point: Point, delay_ms: float, risk: float, hit_percent: float = 99) -> Tried:
        return Tried(point, delay_ms, risk, hit_percent, delay_ms / 2, delay_ms, risk, 0)

    def test_from_the_surest_worth_having_over_the_default_to_the_quickest(self) -> None:
        default = self.at(MIDDLE, 200, 3)
        surest = self.at(replace(MIDDLE, sure=0.99), 320, 1)
        between = self.at(replace(MIDDLE, sure=0.97), 250, 2)
        beaten = self.at(replace(MIDDLE, sure=0.98), 260, 2.5)
        deaf = self.at(replace(MIDDLE, sure=0.994), 330, 0, hit_percent=80)
        slow = self.at(replace(MIDDLE, sure=0.994, confirm_ms=64), 500, 0)
        quick = self.at(replace(MIDDLE, sure=0.8), 150, 9)
        rash = self.at(replace(MIDDLE, sure=0.8, start=0.5, release=0.45), 120, 50)
        crosswise = self.at(replace(MIDDLE, sure=0.8, confirm_ms=64), 140, 1)
        tried = [default, surest, between, beaten, deaf, slow, quick, rash, crosswise]
        assert walk(tried, default) == {0: surest, 25: between, 50: default, 75: default, 100: quick}

    def test_where_nothing_is_better_the_default_stays(self) -> None:
        default = self.at(MIDDLE, 200, 3)
        worse = self.at(replace(MIDDLE, sure=0.99), 320, 4)
        assert set(map(id, walk([default, worse], default).values())) == {id(default)}


def test_the_table_can_be_read_again_with_its_prices(tmp_path: Path) -> None:
    surer = replace(DEFAULT, start=0.8, release=0.75, sure=0.99)
    rows = {0: Tried(surer, 300, 0, 98, 150.4, 300, 0.04, 3), 50: Tried(DEFAULT, 200, 0, 99, 106, 277, 1.64, 11)}
    rows[100] = rows[50]
    file = tmp_path / "sensitivity.toml"
    measured = Measured(interruptions=200, noise_hours=0.7, on_speakers=60, points=163, judge="Judged by the wise.")
    file.write_text(table_text(rows, {0: OnSpeakers(243.4, 753, 96.67, 0.1234)}, measured))
    heard = "200 interruptions and 0.7 hours of noise, 60 interruptions on loudspeakers; 163 settings"
    assert heard in file.read_text()
    table = read_rows(file)
    assert along(0, table) == surer.changes
    assert along(50, table) == DEFAULT.changes
    surest, default, _ = (row.price for row in table)
    assert surest is not None and default is not None
    assert surest.on_speakers == OnSpeakers(243, 753, 96.7, 0.12)
    assert (default.stop_p50_ms, default.false_stops_per_hour, default.on_speakers) == (106, 1.6, None)


class TestTheCommand:
    def test_scenarios_in_a_table_out(
        self, trials: list[Trial], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sweep, "grid", lambda: (DEFAULT, replace(DEFAULT, sure=0.99)))
        for trial in trials:
            written(tmp_path, trial)
        out = tmp_path / "table.toml"
        assert sweep.main(["--scenarios", str(tmp_path), "--out", str(out)]) == 0
        rows = read_rows(out)
        assert [row.position for row in rows] == [0, 25, 50, 75, 100]
        at_default = price(change(Settings(), along(50, rows)), rows)
        assert at_default is not None and at_default.measured
        assert "Judged by the shipped network." in out.read_text()
        assert " 50: " in capsys.readouterr().err

    def test_what_it_cannot_do_it_says(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert sweep.main(["--scenarios", str(tmp_path), "--out", str(tmp_path / "no" / "table.toml")]) == 1
        assert "is no folder. Choose another place" in capsys.readouterr().err
        assert sweep.main(["--scenarios", str(tmp_path), "--out", str(tmp_path / "table.toml")]) == 1
        assert "holds no scenarios" in capsys.readouterr().err
        assert not (tmp_path / "table.toml").exists()


def written(folder: Path, trial: Trial) -> None:
    """As a scenario on the disk."""
    truth, place = trial.truth, folder / trial.truth.set
    place.mkdir()
    sound = place / trial.scenario.mic.name
    sound.write_bytes(trial.scenario.mic.read_bytes())
    speech = [] if truth.onset_s is None else [{"onset": truth.onset_s, "offset": truth.offset_s}]
    cond = {"snr": truth.snr, "kind": truth.kind, "group": "nonspeech"}
    told = {"id": truth.id, "set": truth.set, "seconds": truth.seconds, "cond": cond, "speech": speech}
    (place / "one.json").write_text(json.dumps({**told, "mic": f"{place.name}/{sound.name}"}))
