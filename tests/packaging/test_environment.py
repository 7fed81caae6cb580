"""A .venv is recognised when it is whole and mended when it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bootstrap import environment, locked
from bootstrap.console import Console
from bootstrap.failure import SetupFailed
from bootstrap.guard import Guard
from bootstrap.places import Places

REQUIREMENTS = "alpha==1.0 \\\n    --hash=sha256:aa\n"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A checkout whose .venv has this very Python and an empty site-packages."""
    places = Places(tmp_path)
    places.scripts.mkdir(parents=True)
    (tmp_path / ".venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages").mkdir(parents=True)
    if sys.platform == "win32":
        pytest.skip("a link to this Python stands for the one of the .venv")
    places.python.symlink_to(sys.executable)
    return places


def test_a_stamp_is_of_one_lock_and_one_python(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not environment.stands(places, "first", REQUIREMENTS)
    environment.stamp(places, "first", REQUIREMENTS)
    assert environment.stands(places, "first", REQUIREMENTS)
    assert not environment.stands(places, "first", REQUIREMENTS.replace("1.0", "1.1"))
    monkeypatch.setattr(environment, "python_version", lambda _: "3.99.0")
    assert not environment.stands(places, "first", REQUIREMENTS)


def test_a_venv_whose_python_is_gone_does_not_stand(places: Places) -> None:
    environment.stamp(places, "first", REQUIREMENTS)
    places.python.unlink()
    places.python.symlink_to("/nowhere/python3")
    assert environment.python_version(places) is None
    assert not environment.stands(places, "first", REQUIREMENTS)


def test_a_package_that_pip_did_not_finish_is_installed_again(places: Places) -> None:
    site = environment.site_packages(places)
    for name, whole in (("numpy-2.4.6", True), ("av-18.1.0", False)):
        (site / f"{name}.dist-info").mkdir()
        (site / f"{name}.dist-info" / "METADATA").touch()
        if whole:
            (site / f"{name}.dist-info" / "RECORD").touch()
    (site / "~umpy").mkdir()
    environment._drop_half_installed(places)
    assert [entry.name for entry in site.iterdir()] == ["numpy-2.4.6.dist-info"]


def test_a_broken_venv_is_emptied_but_for_what_may_be_held_open(places: Places) -> None:
    places.guard.touch()
    environment.stamp(places, "first", REQUIREMENTS)
    environment._empty(places)
    assert [entry.name for entry in places.venv.iterdir()] == [places.guard.name]


def test_a_venv_of_another_python_is_seen(places: Places) -> None:
    assert not environment._of_another_python(places)
    environment.site_packages(places).parent.rename(places.venv / "lib" / "python3.2")
    assert environment._of_another_python(places)


def test_the_launcher_leads_to_this_checkout(places: Places) -> None:
    environment.write_launcher(places)
    assert (environment.site_packages(places) / "interject.pth").read_text(encoding="utf-8").strip() == str(places.root)
    assert str(places.python) in (places.scripts / "interject").read_text(encoding="utf-8")


def test_a_nearly_full_disk_is_said_before_anything_is_fetched(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_NEEDED_BYTES", 10**18)
    with pytest.raises(SetupFailed, match="GB are free"):
        environment.enough_disk(places)
    environment.stamp(places, locked.FIRST, REQUIREMENTS)
    environment.enough_disk(places)


def test_only_one_process_sets_up_at_a_time(tmp_path: Path) -> None:
    first, second = Guard(tmp_path / "setup.guard"), Guard(tmp_path / "setup.guard")
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


def test_a_failed_step_says_so_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupFailed), Console().step("22 packages"):
        raise SetupFailed("The disk is full.", "Free 2 GB.")
    assert "22 packages  failed" in capsys.readouterr().err
