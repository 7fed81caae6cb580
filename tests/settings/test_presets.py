"""Presets: named sets of the decision's settings."""

import tomllib
from pathlib import Path

import pytest

from assistant.settings.access import change, value
from assistant.settings.notice import NotSaved
from assistant.settings.presets import (
    KEYS,
    Preset,
    PresetRefused,
    apply,
    built_in,
    delete,
    keep,
    matching,
    put_back,
    shelf,
    usable_name,
)
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import along, moved

MINE = change(Settings(), {"vad.start": 0.7, "barge_in.confirm_ms": 96, "panel.theme": "dark", "voice.pitch": 30})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "presets.toml"


def names(file: Path) -> list[str]:
    return [preset.name for preset in shelf(file).presets]


OURS = ["Headphones", "Speakers", "Noisy room", "Silero alone"]


def test_these_come_with_interject() -> None:
    assert [preset.name for preset in built_in()] == OURS
    assert not any(preset.own for preset in built_in())


def test_headphones_are_the_defaults() -> None:
    assert apply(Settings(), built_in()[0]) == Settings()


def test_speakers_duck_deeper_and_noise_asks_for_more_of_everything() -> None:
    plain, speakers, noisy, silero = (apply(Settings(), preset) for preset in built_in())
    assert speakers.barge_in.duck_db < plain.barge_in.duck_db
    assert (plain.vad.detector, silero.vad.detector) == ("learned", "silero")
    assert noisy.vad.gate_dbfs > plain.vad.gate_dbfs
    assert noisy.vad.start > plain.vad.start
    assert noisy.vad.sure > plain.vad.sure
    assert noisy.barge_in.duck_frames > plain.barge_in.duck_frames


def test_presets_of_the_learned_detector_lie_on_the_line_of_the_slider() -> None:
    for preset in built_in():
        settings = apply(Settings(), preset)
        if settings.vad.detector == "learned":
            there = along(settings.barge_in.sensitivity)
            assert {key: value(settings, key) for key in there} == there, preset.name


def test_a_preset_leaves_devices_voice_and_looks_alone() -> None:
    noisy = built_in()[2]
    assert apply(change(MINE, {"echo.path": "loudspeakers"}), noisy).echo.path == "loudspeakers"
    applied = apply(MINE, noisy)
    assert (applied.audio, applied.voice, applied.brain, applied.panel) == (
        MINE.audio,
        MINE.voice,
        MINE.brain,
        MINE.panel,
    )
    assert all(value(applied, key) == value(apply(Settings(), noisy), key) for key in KEYS)


@pytest.mark.parametrize("preset", built_in(), ids=lambda preset: preset.name)
def test_settings_show_the_preset_that_made_them(preset: Preset) -> None:
    assert matching(apply(MINE, preset), built_in()) == (preset, False)


def test_a_slider_moved_by_hand_makes_the_preset_edited() -> None:
    headphones, speakers, *_ = built_in()
    touched = change(apply(Settings(), speakers), {"vad.start": 0.8})
    assert matching(touched, built_in()) == (speakers, True)
    assert matching(touched, built_in(), last="Headphones") == (headphones, True)


def test_an_exact_match_wins_over_the_last_one_chosen() -> None:
    headphones, speakers, *_ = built_in()
    assert matching(apply(Settings(), speakers), built_in(), last="Headphones") == (speakers, False)
    twin = Preset("Twin", {}, own=True)
    assert matching(Settings(), (headphones, twin), last="Twin") == (twin, False)
    assert matching(Settings(), (headphones, twin)) == (headphones, False)


def test_no_presets_match_nothing() -> None:
    assert matching(Settings(), ()) == (None, False)


def test_an_own_preset_comes_back_whole_and_after_the_built_in_ones(file: Path) -> None:
    done = keep(file, "  Kitchen ", MINE)
    assert done.notices == ()
    assert names(file) == [*OURS, "Kitchen"]
    again = shelf(file).named("kitchen")
    assert again == done.preset
    assert again.own
    assert apply(Settings(), again) == change(Settings(), {key: value(MINE, key) for key in KEYS})


def test_an_own_preset_does_not_follow_later_defaults(file: Path) -> None:
    keep(file, "As it came", Settings())
    assert set(shelf(file).named("As it came").changes) == set(KEYS)


def test_the_same_name_again_replaces_it(file: Path) -> None:
    keep(file, "Kitchen", MINE)
    keep(file, "KITCHEN", Settings())
    assert names(file)[4:] == ["KITCHEN"]
    assert apply(MINE, shelf(file).named("kitchen")).vad == Settings().vad


def test_a_deleted_preset_can_be_put_back(file: Path) -> None:
    keep(file, "Kitchen", MINE)
    keep(file, "Attic", Settings())
    before = shelf(file)
    gone = delete(file, "Kitchen")
    assert names(file)[4:] == ["Attic"]
    put_back(file, gone.preset)
    assert shelf(file) == before


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "needs a name"),
        ("   ", "needs a name"),
        ("x" * 25, "at most 24 characters; this one has 25"),
        ("two\nlines", "on one line"),
        ("headphones", "Headphones comes with Interject. Choose another name."),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_with_the_reason(file: Path, name: str, why: str) -> None:
    with pytest.raises(PresetRefused, match=why):
        keep(file, name, MINE)
    assert not file.exists()


def test_names_may_hold_any_letters_and_signs(file: Path) -> None:
    for name in ("Küche", 'a."b" = [c]', "夜", "x" * 24):
        assert usable_name(name) == name
        keep(file, name, MINE)
        assert shelf(file).named(name).changes["vad.start"] == 0.7


def test_built_in_and_absent_presets_cannot_be_deleted(file: Path) -> None:
    with pytest.raises(PresetRefused, match="Speakers comes with Interject"):
        delete(file, "Speakers")
    with pytest.raises(PresetRefused, match=r"no preset Cellar.* Headphones, Speakers, Noisy room"):
        delete(file, "Cellar")


def test_what_is_wrong_in_the_file_is_said_and_kept(file: Path) -> None:
    file.write_text(
        "# mine\n[Kitchen.vad]\nstart = 1.4\nrelease = 0.25\n[Kitchen.panel]\ntheme = 'dark'\n"
        "[speakers.vad]\nstart = 0.9\n"
    )
    found = shelf(file)
    assert found.named("Kitchen").changes == {"vad.release": 0.25}
    said = [notice.text for notice in found.notices]
    assert said == [
        "Line 3: vad.start is 1.4, allowed 0.05 to 0.95. The default is used.",
        "Kitchen.panel.theme (line 6) is not a setting here; it is kept and not used.",
        "Speakers comes with Interject. Choose another name.",
    ]
    keep(file, "Attic", MINE)
    kept = tomllib.loads(file.read_text())
    assert kept["Kitchen"] == {"vad": {"start": 1.4, "release": 0.25}, "panel": {"theme": "dark"}}
    assert file.read_text().startswith("# mine\n")


def test_a_file_that_is_not_toml_is_set_aside(file: Path) -> None:
    file.write_text("[Kitchen")
    found = shelf(file)
    assert found.presets == built_in()
    assert found.notices[0].title == "Presets could not be read"
    (kept,) = file.parent.glob("presets.toml.*.broken")
    assert kept.read_text() == "[Kitchen"


def test_saving_beside_a_file_that_just_broke_loses_nothing(file: Path) -> None:
    file.write_text("[Kitchen")
    keep(file, "Attic", MINE)
    assert names(file)[4:] == ["Attic"]
    assert [kept.read_text() for kept in file.parent.glob("*.broken")] == ["[Kitchen"]


def test_a_folder_that_cannot_be_written_is_one_notice(file: Path) -> None:
    file.write_text("")
    done = keep(file / "presets.toml", "Kitchen", MINE)
    assert [type(notice) for notice in done.notices] == [NotSaved]
    assert done.notices[0].title == "Presets could not be saved"


def test_a_preset_may_name_a_sensitivity_alone(file: Path) -> None:
    file.write_text("[Eager.barge_in]\nsensitivity = 100\n")
    assert apply(Settings(), shelf(file).named("Eager")) == moved(Settings(), 100)
