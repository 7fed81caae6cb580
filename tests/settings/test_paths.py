"""Where things lie."""

import sys
from pathlib import Path

import pytest

from assistant.settings import paths


def test_one_folder_can_hold_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INTERJECT_HOME", str(tmp_path))
    assert paths.config_file() == tmp_path / "settings.toml"
    assert paths.data_folder() == tmp_path / "data"
    assert paths.state_folder() == tmp_path / "state"


def test_the_home_is_absolute_and_knows_the_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERJECT_HOME", "here")
    assert paths.config_file() == tmp_path / "here" / "settings.toml"
    monkeypatch.setenv("INTERJECT_HOME", "~/there")
    assert paths.config_file() == Path.home() / "there" / "settings.toml"


@pytest.mark.parametrize("nothing", ["", "  "])
def test_an_empty_home_means_the_system_folders(monkeypatch: pytest.MonkeyPatch, nothing: str) -> None:
    monkeypatch.setenv("INTERJECT_HOME", nothing)
    folders = {paths.config_file().parent, paths.data_folder(), paths.state_folder()}
    assert all(folder.is_absolute() and "interject" in str(folder) for folder in folders)


def test_a_checkout_finds_its_resources() -> None:
    root = Path(__file__).resolve().parents[2]
    assert paths.resource("presets.toml") == root / "resources" / "presets.toml"


def test_a_frozen_program_looks_in_its_own_folder_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "presets.toml").touch()
    assert paths.resource("presets.toml") == tmp_path / "resources" / "presets.toml"


def test_a_missing_resource_is_named_with_a_remedy() -> None:
    with pytest.raises(paths.MissingResource, match=r"resources/no/such\.svg is missing .* Install Interject again"):
        paths.resource("no/such.svg")
