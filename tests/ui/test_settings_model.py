"""Editing settings: undo and redo, the two thresholds, presets and the master."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.settings.access import SettingRefused
from assistant.settings.presets import PresetRefused
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import along
from assistant.ui.settings_model import HYSTERESIS, SettingsModel

CONFIRM = "barge_in.confirm_ms"


def heard(model: SettingsModel) -> list[Settings]:
    told: list[Settings] = []
    model.changed.connect(told.append)
    return told


def test_a_change_is_a_new_snapshot(model: SettingsModel) -> None:
    told, before = heard(model), model.current
    model.set(CONFIRM, 200)
    assert [s.barge_in.confirm_ms for s in told] == [200]
    assert before.barge_in.confirm_ms != 200


def test_the_same_value_tells_nobody(model: SettingsModel) -> None:
    told = heard(model)
    model.set(CONFIRM, model.value(CONFIRM))
    assert told == [] and not model.can_undo


def test_what_is_out_of_range_is_refused_and_nothing_changes(model: SettingsModel) -> None:
    before = model.current
    with pytest.raises(SettingRefused, match="32 to 480 ms"):
        model.set(CONFIRM, 5000)
    assert model.current is before


def test_undo_and_redo_walk_through_the_changes(model: SettingsModel) -> None:
    first = model.value(CONFIRM)
    model.set(CONFIRM, 200)
    model.set("barge_in.gap_ms", 96)
    model.undo()
    assert (model.value(CONFIRM), model.value("barge_in.gap_ms")) == (200, 64)
    model.undo()
    assert model.value(CONFIRM) == first and not model.can_undo
    model.redo()
    assert model.value(CONFIRM) == 200
    model.set("barge_in.duck_db", -30)
    assert not model.can_redo


def test_a_drag_acts_at_once_and_is_one_step_of_undo(model: SettingsModel) -> None:
    told, first = heard(model), model.value(CONFIRM)
    for ms in (136, 168, 200):
        model.preview(CONFIRM, ms)
    model.commit()
    assert [s.barge_in.confirm_ms for s in told][:3] == [136, 168, 200]
    model.undo()
    assert model.value(CONFIRM) == first
    model.redo()
    assert model.value(CONFIRM) == 200


def test_a_drag_back_to_where_it_began_leaves_no_step(model: SettingsModel) -> None:
    first = model.value(CONFIRM)
    model.preview(CONFIRM, 200)
    model.preview(CONFIRM, first)
    model.commit()
    assert not model.can_undo


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.sampled_from(["vad.start", "vad.release"]), st.integers(5, 95)), max_size=8))
def test_release_always_stays_below_start(model: SettingsModel, moves: list[tuple[str, int]]) -> None:
    for key, percent in moves:
        model.set(key, percent / 100)
        assert model.value("vad.release") <= model.value("vad.start") - HYSTERESIS + 1e-9


def test_start_pushes_release_down_and_release_pushes_start_up(model: SettingsModel) -> None:
    model.apply({"vad.start": 0.60, "vad.release": 0.45})
    model.set("vad.start", 0.40)
    assert model.value("vad.release") == pytest.approx(0.35)
    model.set("vad.release", 0.70)
    assert model.value("vad.start") == pytest.approx(0.75)


def test_the_master_takes_its_settings_along_and_is_no_edit(model: SettingsModel) -> None:
    model.set("barge_in.sensitivity", 90)
    for key, value in along(90).items():
        assert model.value(key) == value
    assert not model.edited


def test_a_knob_moved_by_hand_makes_the_preset_edited_and_back_again(model: SettingsModel) -> None:
    assert (model.preset, model.edited) == ("Headphones", False)
    model.set("vad.gate_dbfs", -50)
    assert (model.preset, model.edited) == ("Headphones", True)
    model.reset("vad.gate_dbfs")
    assert not model.edited


def test_a_preset_sets_its_values_and_resets_the_others(model: SettingsModel) -> None:
    model.set("barge_in.duck_db", -38)
    model.choose_preset("Speakers")
    assert (model.preset, model.edited) == ("Speakers", False)
    assert model.value("echo.margin_db") == model.presets.values("Speakers")["echo.margin_db"]
    assert model.value("barge_in.duck_db") == model.presets.values("Speakers")["barge_in.duck_db"]
    model.undo()
    assert (model.preset, model.value("barge_in.duck_db")) == ("Headphones", -38)


def test_an_own_preset_is_saved_chosen_deleted_and_taken_back(model: SettingsModel) -> None:
    model.set("vad.gate_dbfs", -42)
    assert model.save_preset("  Kitchen ") == ()
    assert (model.preset, model.edited) == ("Kitchen", False)
    assert model.presets.names()[-1] == "Kitchen"
    model.delete_preset("Kitchen")
    assert "Kitchen" not in model.presets.names()
    assert model.value("vad.gate_dbfs") == -42
    model.take_back_preset()
    assert model.presets.values("Kitchen")["vad.gate_dbfs"] == -42


def test_taking_back_a_save_over_an_older_preset_restores_the_older(model: SettingsModel) -> None:
    model.set("vad.gate_dbfs", -42)
    model.save_preset("Kitchen")
    model.set("vad.gate_dbfs", -35)
    model.save_preset("Kitchen")
    model.take_back_preset()
    assert model.presets.values("Kitchen")["vad.gate_dbfs"] == -42


@pytest.mark.parametrize("name", ["", "   ", "Headphones", "x" * 60])
def test_a_name_that_cannot_be_used_is_refused(model: SettingsModel, name: str) -> None:
    with pytest.raises(PresetRefused):
        model.save_preset(name)


def test_presets_that_come_along_cannot_be_deleted(model: SettingsModel) -> None:
    with pytest.raises(PresetRefused, match="cannot be deleted"):
        model.delete_preset("Speakers")
