"""The settings file: loading never fails, saving is atomic, nothing a person wrote is lost."""

import os
import shutil
import tempfile
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import toml_file
from assistant.settings.access import change
from assistant.settings.notice import NotSaved
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import moved
from assistant.settings.store import load, save

LOUD = {"vad.start": 0.7, "barge_in.confirm_ms": 96}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "settings.toml"


def written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


# Loading


def test_no_file_means_the_defaults_and_nothing_to_say(file: Path) -> None:
    loaded = load(file)
    assert loaded.settings == Settings()
    assert loaded.notices == ()
    assert loaded.written == frozenset()


def test_values_come_from_the_file(file: Path) -> None:
    loaded = load(written(file, "[vad]\nstart = 0.7\n[panel]\nseconds = 15\ncalm = true\n"))
    assert loaded.settings == change(Settings(), {"vad.start": 0.7, "panel.seconds": "15", "panel.calm": True})
    assert loaded.written == {"vad.start", "panel.seconds", "panel.calm"}
    assert loaded.notices == ()


def test_a_value_out_of_range_is_named_with_its_line_and_range(file: Path) -> None:
    loaded = load(written(file, "# mine\n\n[vad]\nrelease = 0.25\nstart = 1.4\n"))
    assert loaded.settings == change(Settings(), {"vad.release": 0.25})
    (notice,) = loaded.notices
    assert notice.title == "Settings could not be read"
    assert notice.text == "Line 5: vad.start is 1.4, allowed 0.05 to 0.95. The default is used."
    assert str(file) in notice.remedy


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ('vad.start = "loud"', "vad.start is loud, allowed 0.05 to 0.95."),
        ("vad.start = nan", "vad.start is nan, allowed"),
        ("vad.start = true", "vad.start is True, allowed"),
        ("barge_in.confirm_ms = 96.5", "barge_in.confirm_ms is 96.5, allowed 32 to 480 ms."),
        ("barge_in.sensitivity = 101", "barge_in.sensitivity is 101, allowed 0 to 100."),
        ("panel.seconds = 9", "panel.seconds is 9, allowed one of 2, 4, 8, 15, 30."),
        ("panel.calm = 1979-05-27", "panel.calm is datetime.date(1979, 5, 27), allowed yes or no."),
        ("audio.input = [1, 2]", "audio.input is [1, 2], allowed text."),
    ],
)
def test_each_kind_of_wrong_value_is_refused_in_words(file: Path, bad: str, says: str) -> None:
    loaded = load(written(file, bad + "\n"))
    assert loaded.settings == Settings()
    assert [notice.text.startswith(f"Line 1: {says}") for notice in loaded.notices] == [True]


def test_two_values_that_contradict_each_other_are_both_refused_in_one_notice(file: Path) -> None:
    loaded = load(written(file, "[vad]\ngate_dbfs = -40\nrelease = 0.8\nstart = 0.7\n"))
    assert loaded.settings == change(Settings(), {"vad.gate_dbfs": -40})
    (notice,) = loaded.notices
    assert notice.text.startswith("Line 3: vad.release is 0.8: it must be at least .05 below vad.start")
    assert notice.text.endswith("The defaults are used.")


def test_unknown_keys_are_reported_together_with_the_nearest_name(file: Path) -> None:
    loaded = load(written(file, "colour = 1\n[vad]\nstrat = 0.7\n[plugin]\nx = 1\n"))
    assert loaded.settings == Settings()
    (notice,) = loaded.notices
    assert (
        notice.text
        == "colour (line 1), vad.strat (line 3) and plugin (line 4) are not settings here; they are kept and not used."
    )
    (notice,) = load(written(file, "[vad]\nstrat = 0.7\n")).notices
    assert "Did you mean vad.start?" in notice.remedy


def test_the_sensitivity_brings_the_settings_that_it_moves(file: Path) -> None:
    loaded = load(written(file, "[barge_in]\nsensitivity = 100\nconfirm_ms = 128\n"))
    assert loaded.settings == change(moved(Settings(), 100), {"barge_in.confirm_ms": 128})


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"[vad]\nstart = .7\n", "line 2"),
        (b"\xff\xfe\x00", "byte 1 is not UTF-8"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
        (b"\x00\x01\x02", "line 1"),
    ],
)
def test_a_file_that_is_not_toml_is_set_aside_whole(file: Path, content: bytes, where: str) -> None:
    written(file, "").write_bytes(content)
    loaded = load(file)
    assert loaded.settings == Settings()
    (notice,) = loaded.notices
    assert where in notice.text
    assert not file.exists()
    (kept,) = file.parent.glob("settings.toml.*.broken")
    assert kept.read_bytes() == content
    assert str(kept) in notice.remedy


def test_a_second_broken_file_does_not_replace_the_first(file: Path) -> None:
    for content in ("first =", "second ="):
        load(written(file, content))
    assert sorted(kept.read_text() for kept in file.parent.glob("*.broken")) == ["first =", "second ="]


def test_a_byte_order_mark_and_windows_line_ends_are_fine(file: Path) -> None:
    written(file, "").write_bytes(b"\xef\xbb\xbf[vad]\r\nstart = 0.7\r\nbad = 1\r\n")
    loaded = load(file)
    assert loaded.settings.vad.start == 0.7
    assert "vad.bad (line 3)" in loaded.notices[0].text


def test_a_folder_in_the_files_place_is_a_notice(file: Path) -> None:
    file.mkdir(parents=True)
    loaded = load(file)
    assert loaded.settings == Settings()
    assert "cannot be opened" in loaded.notices[0].text
    assert isinstance(save(file, change(Settings(), LOUD))[0], NotSaved)


def test_lines_are_counted_through_multi_line_values() -> None:
    text = 'note = """\nvad.start = 1\n"""\n[a."b.c"]\nlist = [\n 1,\n 2,\n]\nd.e = 1\n[[rows]]\nx = 1\n'
    lines = toml_file.lines_of(text)
    assert lines["note",] == 1
    assert ("vad", "start") not in lines
    assert lines["a", "b.c"] == 4
    assert lines["a", "b.c", "d", "e"] == 9
    assert lines["rows", "x"] == 11


# Saving


def test_only_what_differs_from_the_default_is_written(file: Path) -> None:
    assert save(file, change(Settings(), LOUD)) == ()
    assert tomllib.loads(file.read_text()) == {"vad": {"start": 0.7}, "barge_in": {"confirm_ms": 96}}


def test_defaults_make_no_file(file: Path) -> None:
    assert save(file, Settings()) == ()
    assert not file.exists()


def test_comments_order_and_unknown_keys_are_kept(file: Path) -> None:
    written(
        file,
        "# my room\n[plugin]\nx = 1 # not ours\n\n[vad]\n# the trace\nrelease = 0.25 # low\nstart = 0.8 # high\n"
        "odd = [1, 2]\n",
    )
    save(file, change(Settings(), {"vad.start": 0.7, "vad.gate_dbfs": -40}))
    assert file.read_text() == (
        "# my room\n[plugin]\nx = 1 # not ours\n\n"
        "[vad]\n# the trace\n# low\nstart = 0.7 # high\nodd = [1, 2]\ngate_dbfs = -40\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("vad.start = 0.8 # high\n", "# high\nvad.gate_dbfs = -40\n"),
        ("vad = { start = 0.8, odd = 1 } # high\n", "vad = {  odd = 1, gate_dbfs = -40} # high\n"),
        ("[ vad ] # mine\n[other]\n", "[ vad ] # mine\ngate_dbfs = -40\n[other]\n"),
    ],
)
def test_every_usual_way_to_write_a_section_is_edited_in_place(file: Path, before: str, after: str) -> None:
    written(file, before)
    assert save(file, change(Settings(), {"vad.gate_dbfs": -40})) == ()
    assert file.read_text() == after


def test_a_file_too_odd_to_edit_is_rewritten_beside_a_copy(file: Path) -> None:
    odd = "[vad]\nstart = 0.8\n[other]\n[vad.odd]\nx = 1 # one\n"
    written(file, odd)
    (notice,) = save(file, change(Settings(), {"vad.gate_dbfs": -40}))
    assert tomllib.loads(file.read_text()) == {"vad": {"gate_dbfs": -40, "odd": {"x": 1}}, "other": {}}
    (kept,) = file.parent.glob("*.broken")
    assert kept.read_text() == odd
    assert str(kept) in notice.remedy


def test_the_last_setting_can_go_back_to_its_default(file: Path) -> None:
    written(file, "vad.start = 0.8 # high\n")
    assert save(file, Settings()) == ()
    assert file.read_text() == "# high\n"


def test_a_refused_value_stays_until_its_slider_is_moved(file: Path) -> None:
    written(file, "[vad]\nstart = 1.4\n")
    loaded = load(file)
    save(file, change(loaded.settings, {"vad.gate_dbfs": -40}))
    assert tomllib.loads(file.read_text())["vad"] == {"start": 1.4, "gate_dbfs": -40}
    save(file, change(loaded.settings, {"vad.start": 0.7}))
    assert tomllib.loads(file.read_text())["vad"] == {"start": 0.7}


def test_what_stands_in_a_sections_place_is_copied_before_it_goes(file: Path) -> None:
    written(file, "vad = 3 # three\nother = 1\n")
    (notice,) = save(file, change(Settings(), LOUD))
    assert tomllib.loads(file.read_text())["vad"] == {"start": 0.7}
    (kept,) = file.parent.glob("*.broken")
    assert kept.read_text() == "vad = 3 # three\nother = 1\n"
    assert str(kept) in notice.remedy


def test_a_file_that_broke_meanwhile_is_set_aside_before_saving(file: Path) -> None:
    written(file, "half a li")
    (notice,) = save(file, change(Settings(), LOUD))
    assert load(file).settings == change(Settings(), LOUD)
    (kept,) = file.parent.glob("*.broken")
    assert kept.read_text() == "half a li"
    assert str(kept) in notice.remedy


def test_a_link_to_the_file_stays_a_link(file: Path, tmp_path: Path) -> None:
    target = written(tmp_path / "dotfiles" / "interject.toml", "")
    file.parent.mkdir()
    file.symlink_to(target)
    save(file, change(Settings(), LOUD))
    assert file.is_symlink()
    assert load(target).settings == change(Settings(), LOUD)


@pytest.fixture
def read_only_file(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A settings file that can be read, in a folder where this process may not write. Root plays somebody else."""
    folder = Path(tempfile.mkdtemp())
    file = written(folder / "settings.toml", request.param)
    file.chmod(0o444)
    folder.chmod(0o555)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65534)
    yield file
    if was_root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="folders are made read-only in another way here")
@pytest.mark.parametrize("read_only_file", ["[vad]\nstart = 0.8\n"], indirect=True)
def test_a_read_only_home_is_read_and_saving_is_one_notice(read_only_file: Path) -> None:
    assert load(read_only_file).settings.vad.start == 0.8
    (notice,) = save(read_only_file, change(Settings(), LOUD))
    assert isinstance(notice, NotSaved)
    assert "Permission denied" in notice.text
    assert "INTERJECT_HOME" in notice.remedy
    assert read_only_file.read_text() == "[vad]\nstart = 0.8\n"


@pytest.mark.skipif(os.name != "posix", reason="folders are made read-only in another way here")
@pytest.mark.parametrize("read_only_file", ["half a li"], indirect=True)
def test_a_broken_file_in_a_read_only_home_stays_as_it_is(read_only_file: Path) -> None:
    (notice,) = load(read_only_file).notices
    assert "could not be set aside" in notice.remedy
    assert isinstance(save(read_only_file, change(Settings(), LOUD))[0], NotSaved)
    assert read_only_file.read_text() == "half a li"


def test_a_home_that_cannot_be_made_is_one_notice_and_the_app_goes_on(tmp_path: Path) -> None:
    in_the_way = written(tmp_path / "file", "")
    (notice,) = save(in_the_way / "settings.toml", change(Settings(), LOUD))
    assert isinstance(notice, NotSaved)
    assert "INTERJECT_HOME" in notice.remedy
    assert load(in_the_way / "settings.toml").settings == Settings()


def test_a_disk_that_fills_up_leaves_the_old_file_and_no_rubbish(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(file, "[vad]\nstart = 0.8\n")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (notice,) = save(file, change(Settings(), LOUD))
    assert isinstance(notice, NotSaved)
    assert "No space left on device" in notice.text
    assert file.read_text() == "[vad]\nstart = 0.8\n"
    assert list(file.parent.iterdir()) == [file]


def test_two_instances_never_leave_a_torn_file(file: Path) -> None:
    one = change(Settings(), {"vad.start": 0.7, "audio.input": "a" * 5000})
    two = change(Settings(), {"vad.start": 0.8, "audio.input": "b" * 3000})
    save(file, one)
    notices: list[Any] = []

    def keeps_saving(mine: Settings) -> None:
        for _ in range(25):
            notices.extend(save(file, mine))

    writers = [threading.Thread(target=keeps_saving, args=(mine,)) for mine in (one, two)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        loaded = load(file)
        assert loaded.settings in (one, two)
        assert loaded.notices == ()
    assert notices == []
    assert list(file.parent.iterdir()) == [file]
