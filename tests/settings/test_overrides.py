"""Default < file < environment < command line."""

import argparse
from dataclasses import replace

import pytest

from assistant.settings.access import KNOBS, SettingRefused, change
from assistant.settings.overrides import VARIABLES, Effective, add_flags, from_environment, from_flags, resolve
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import moved
from assistant.settings.store import Loaded

WRITTEN = {"vad.start": 0.65, "vad.release": 0.5, "vad.gate_dbfs": -40}
FILE = Loaded(change(Settings(), WRITTEN), (), frozenset(WRITTEN))


def effective(*flags: str, loaded: Loaded = FILE, **environ: str) -> Effective:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return resolve(loaded, environ, from_flags(parser.parse_args(flags)))


def test_each_layer_goes_over_the_one_before() -> None:
    assert effective(loaded=Loaded(Settings())).settings == Settings()
    assert effective().settings.vad.start == 0.65
    assert effective(INTERJECT_VAD_START=".7").settings.vad.start == 0.7
    assert effective("--vad.start", ".75", INTERJECT_VAD_START=".7").settings.vad.start == 0.75
    assert effective("--vad.start", ".75").settings.vad.gate_dbfs == -40


def test_each_value_knows_where_it_comes_from() -> None:
    origins = effective("--set", "panel.calm=yes", "--vad.release=.3", INTERJECT_VAD_START=".7").origins
    assert origins["vad.start"] == "INTERJECT_VAD_START"
    assert origins["vad.gate_dbfs"] == "file"
    assert origins["panel.calm"] == "--set"
    assert origins["vad.release"] == "--vad.release"
    assert origins["voice.pitch"] == "default"


def test_the_last_of_several_flags_wins_whichever_form_it_has() -> None:
    assert effective("--vad.start=.7", "--set", "vad.start=.8").settings.vad.start == 0.8
    assert effective("--set", "vad.start=.8", "--vad.start=.7").settings.vad.start == 0.7


def test_negative_numbers_and_text_with_equals_signs_are_values() -> None:
    settings = effective("--barge_in.duck_db", "-30", "--set", "audio.input=hw=1").settings
    assert settings.barge_in.duck_db == -30
    assert settings.audio.input == "hw=1"


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--vad.start", "1.4"], "vad.start is 1.4, allowed 0.05 to 0.95."),
        (["--set", "vad.start=loud"], "vad.start is loud, allowed 0.05 to 0.95."),
        (["--set", "vad.strat=.6"], "There is no setting vad.strat"),
        (["--set", "vad.start"], "--set vad.start: write it as key=value"),
        (["--panel.theme", "pink"], "panel.theme is pink, allowed one of system, light, dark."),
        (["--vad.release", ".64"], "vad.release is 0.64: it must be at least .05 below vad.start, which is 0.65"),
    ],
)
def test_a_wrong_flag_is_refused_in_words(flags: list[str], why: str) -> None:
    with pytest.raises(SettingRefused, match=why):
        effective(*flags)


def test_two_flags_are_judged_together() -> None:
    assert effective("--vad.start", ".3", "--vad.release", ".2").settings.vad.release == 0.2


def test_a_wrong_variable_is_a_notice_and_the_others_count() -> None:
    found = effective(INTERJECT_VAD_START="1.4", INTERJECT_PANEL_CALM="yes")
    assert found.settings == change(FILE.settings, {"panel.calm": True})
    (notice,) = found.notices
    assert notice.text == "INTERJECT_VAD_START in the environment: vad.start is 1.4, allowed 0.05 to 0.95."
    assert found.origins["vad.start"] == "file"


def test_variables_that_contradict_the_file_are_a_notice() -> None:
    found = effective(INTERJECT_VAD_RELEASE=".64")
    assert found.settings == FILE.settings
    assert "vad.release is 0.64: it must be at least .05 below vad.start" in found.notices[0].text


def test_variables_that_look_like_a_setting_are_reported() -> None:
    overrides, (notice,) = from_environment({"INTERJECT_VAD_STRAT": ".7", "INTERJECT_VOICE": "de"})
    assert overrides == ()
    assert notice.text == "INTERJECT_VAD_STRAT, INTERJECT_VOICE are no settings and are not used."
    assert notice.remedy == "Did you mean INTERJECT_VAD_START?"


@pytest.mark.parametrize(
    "name", ["INTERJECT_HOME", "INTERJECT_SETUP_STATUS", "INTERJECTOR", "VAD_STRAT", "INTERJECT_CI"]
)
def test_other_variables_are_nobodys_business(name: str) -> None:
    assert from_environment({name: "x"}) == ((), ())


def test_an_empty_variable_counts_as_unset_but_for_text() -> None:
    assert effective(INTERJECT_VAD_START="").settings == FILE.settings
    assert effective(INTERJECT_VOICE_LANGUAGE="").settings.voice.language == ""


def test_no_two_settings_share_a_variable() -> None:
    assert len(VARIABLES) == len(KNOBS)


def test_a_sensitivity_brings_what_it_moves_unless_that_is_given_too() -> None:
    found = effective("--barge_in.sensitivity", "100", "--barge_in.confirm_ms", "128", loaded=Loaded(Settings()))
    assert found.settings == change(moved(Settings(), 100), {"barge_in.confirm_ms": 128})
    assert effective(INTERJECT_BARGE_IN_SENSITIVITY="0", loaded=Loaded(Settings())).settings == moved(Settings(), 0)


def test_the_files_notices_are_passed_on() -> None:
    _, (notice,) = from_environment({"INTERJECT_VAD_STRAT": "1"})
    assert effective(loaded=replace(FILE, notices=(notice,))).notices == (notice,)


def test_the_help_gives_range_unit_and_default() -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    text = " ".join(parser.format_help().split())
    assert "--barge_in.duck_db X How far playback goes down" in text
    assert "(-40 to -6 dB, default -20)" in text
    assert "fades nothing. (default no)" in text
    assert "--panel.theme system|light|dark" in text


# What goes into the file


def test_an_override_that_nobody_touched_stays_out_of_the_file() -> None:
    found = effective("--vad.start", ".75")
    now = change(found.settings, {"panel.theme": "dark"})
    assert found.to_save(now) == change(FILE.settings, {"panel.theme": "dark"})


def test_a_slider_moved_over_an_override_is_saved() -> None:
    found = effective("--vad.start", ".75")
    assert found.to_save(change(found.settings, {"vad.start": 0.8})).vad.start == 0.8


def test_where_the_old_value_would_contradict_a_new_one_the_present_one_is_saved() -> None:
    found = effective("--vad.start", ".3", "--vad.release", ".2")
    now = change(found.settings, {"vad.start": 0.4})  # the file's release of .5 would lie above it
    assert found.to_save(now).vad == now.vad
