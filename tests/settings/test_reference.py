"""The generated list of settings, in the README and in a terminal."""

import argparse
from pathlib import Path

import pytest

from assistant.commands import settings as command
from assistant.settings import reference
from assistant.settings.access import KNOBS
from assistant.settings.overrides import variable

README = Path(__file__).resolve().parents[2] / "README.md"
MARKED = f"# Mine\nbefore\n{reference.BEGIN}\nold\n{reference.END}\nafter\n"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("INTERJECT_HOME", str(tmp_path / "home"))
    for key in KNOBS:
        monkeypatch.delenv(variable(key), raising=False)
    return tmp_path / "home"


def run(*typed: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(typed))


def test_the_readme_lists_every_setting_as_it_is_declared() -> None:
    assert reference.readme_is_current(README), reference.REMEDY


def test_every_setting_has_its_row() -> None:
    rows = [line for line in reference.markdown().splitlines() if line.startswith("| `")]
    assert len(rows) == len(KNOBS)
    for row, knob in zip(rows, KNOBS.values(), strict=True):
        assert row.startswith(f"| `{knob.key}` | {knob.label} |")
        assert row.count(" | ") == 4
        assert knob.help in row


def test_choices_defaults_and_units_are_written_out() -> None:
    text = reference.markdown()
    assert "| -20 dB | -40 to -6 dB |" in text
    assert "| system | `system`, `light`, `dark` |" in text
    assert "| no | yes or no |" in text
    assert "INTERJECT_VAD_START=.7" in text


def test_writing_replaces_only_what_is_between_the_marks(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(MARKED)
    assert run("--check-readme", "--readme", str(readme)) == 1
    assert run("--write-readme", "--readme", str(readme)) == 0
    assert run("--check-readme", "--readme", str(readme)) == 0
    assert readme.read_text() == f"# Mine\nbefore\n{reference.BEGIN}\n{reference.markdown()}{reference.END}\nafter\n"


def test_a_readme_that_differs_fails_with_the_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(MARKED)
    run("--check-readme", "--readme", str(readme))
    assert "python -m assistant settings --write-readme" in capsys.readouterr().err


@pytest.mark.parametrize("text", [None, "no marks", reference.BEGIN, f"{reference.END}{reference.BEGIN}"])
def test_a_readme_without_a_place_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None
) -> None:
    readme = tmp_path / "README.md"
    if text is not None:
        readme.write_text(text)
    assert run("--write-readme", "--readme", str(readme)) == 1
    assert str(readme) in capsys.readouterr().err
    assert text is None or readme.read_text() == text


def test_the_terminal_shows_values_and_where_they_come_from(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("[vad]\ngate_dbfs = -40\nstart = 1.4\n")
    monkeypatch.setenv("INTERJECT_BARGE_IN_DUCK_DB", "-30")
    assert run("--voice.pitch", "30") == 0
    shown = capsys.readouterr()
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in shown.out.splitlines() if line.startswith("  ")}
    assert list(rows) == list(KNOBS)
    assert rows["vad.gate_dbfs"] == "-40 dBFS from file -80 to -20 dBFS (default -55 dBFS)"
    assert rows["barge_in.duck_db"].startswith("-30 dB from INTERJECT_BARGE_IN_DUCK_DB")
    assert rows["voice.pitch"].startswith("30 from --voice.pitch")
    assert rows["panel.calm"].startswith("no yes or no")
    assert f"File: {home / 'settings.toml'}" in shown.out
    assert "Line 3: vad.start is 1.4, allowed 0.05 to 0.95." in shown.err


def test_a_refused_flag_is_one_line_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--vad.start", "2") == 2
    assert capsys.readouterr().err == "vad.start is 2, allowed 0.05 to 0.95.\n"


def test_markdown_is_printed_as_it_stands_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--markdown") == 0
    assert capsys.readouterr().out == reference.markdown()
