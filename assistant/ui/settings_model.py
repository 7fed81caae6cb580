"""The settings as the window edits them: one current snapshot, undo and redo, presets and the master sensitivity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.settings.access import KNOBS, change, value
from assistant.settings.notice import Notice
from assistant.settings.presets import KEYS
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import MASTER, along
from assistant.ui.own_presets import OwnPresets

HYSTERESIS = 0.05
"""The release probability stays at least this far below the start probability."""
UNDO_DEPTH = 100


@dataclass(frozen=True, slots=True)
class _Moment:
    settings: Settings
    preset: str
    chosen: Mapping[str, Any]


class SettingsModel(QObject):
    """Owned by the GUI thread.

    `changed` carries the new Settings, also for every step of a drag, so that a slider acts while it moves; only the
    whole drag is one step of undo.
    """

    changed = Signal(object)
    preset_saved = Signal(str)
    preset_deleted = Signal(str)

    def __init__(self, settings: Settings, presets: OwnPresets) -> None:
        super().__init__()
        self.presets = presets
        self._past: list[_Moment] = []
        self._future: list[_Moment] = []
        self._before_drag: _Moment | None = None
        preset = self._nearest(settings)
        self._now = _Moment(settings, preset, self._expected(preset, settings))

    @property
    def current(self) -> Settings:
        return self._now.settings

    @property
    def preset(self) -> str:
        """The preset that was chosen last, or that the settings come nearest to."""
        return self._now.preset

    @property
    def edited(self) -> bool:
        """Whether a tuned setting was moved by hand away from the preset and the sensitivity."""
        return any(self.value(key) != self.baseline(key) for key in KEYS)

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def value(self, key: str) -> Any:
        """Raises SettingRefused for an unknown key."""
        return value(self.current, key)

    def baseline(self, key: str) -> Any:
        """Where the setting stands untouched: what preset and sensitivity give, else its default."""
        return self._now.chosen.get(key, KNOBS[key].default)

    def set(self, key: str, new: Any) -> None:
        """Change one setting. Start and release push each other. Raises SettingRefused."""
        self._before_drag = None
        self._step(self._with(key, new))

    def preview(self, key: str, new: Any) -> None:
        """Change one setting in the middle of a drag. Raises SettingRefused."""
        before = self._before_drag or self._now
        self._show(self._with(key, new))
        self._before_drag = before

    def commit(self) -> None:
        """The drag ended: make it one step of undo."""
        before, self._before_drag = self._before_drag, None
        if before is not None and before != self._now:
            self._remember(before)
            self.changed.emit(self.current)

    def reset(self, key: str) -> None:
        """Back to where it stands untouched."""
        self.set(key, self.baseline(key) if key != MASTER else KNOBS[key].default)

    def move_master(self, by: int) -> None:
        """The sensitivity so many steps on, within its range."""
        self.set(MASTER, max(0, min(100, int(self.value(MASTER)) + by)))

    def apply(self, changes: Mapping[str, Any]) -> None:
        """Change several settings as one step: all or none. Raises SettingRefused."""
        self._step(_Moment(change(self.current, dict(changes)), self.preset, self._now.chosen))

    def choose_preset(self, name: str) -> None:
        """Take all tuned settings from a preset."""
        values = dict(self.presets.values(name))
        self._step(_Moment(change(self.current, values), name, self._tuned(values)))

    def save_preset(self, name: str) -> tuple[Notice, ...]:
        """Keep the tuned settings under a name of one's own and choose it. Raises PresetRefused for the name."""
        name, notices = self.presets.save(name, self.current)
        self._now = _Moment(self.current, name, self._tuned(self.presets.values(name)))
        self.changed.emit(self.current)
        self.preset_saved.emit(name)
        return notices

    def delete_preset(self, name: str) -> tuple[Notice, ...]:
        """Remove an own preset; the settings stay as they are. Raises PresetRefused."""
        notices = self.presets.delete(name)
        self._look_for_preset()
        self.preset_deleted.emit(name)
        return notices

    def take_back_preset(self) -> tuple[Notice, ...]:
        """Undo the last save or deletion of a preset."""
        notices = self.presets.take_back()
        self._look_for_preset()
        return notices

    def undo(self) -> None:
        if self._past:
            self._future.append(self._now)
            self._show(self._past.pop())

    def redo(self) -> None:
        if self._future:
            self._past.append(self._now)
            self._show(self._future.pop())

    def _with(self, key: str, new: Any) -> _Moment:
        if key == MASTER:
            moved = {MASTER: new, **along(int(new))}
            return _Moment(change(self.current, moved), self.preset, {**self._now.chosen, **moved})
        changes = {key: new}
        if key == "vad.start":
            new = max(round(float(new), 2), round(_lowest("vad.release") + HYSTERESIS, 2))
            changes = {key: new, "vad.release": min(self.current.vad.release, round(new - HYSTERESIS, 2))}
        elif key == "vad.release":
            new = min(round(float(new), 2), round(_highest("vad.start") - HYSTERESIS, 2))
            changes = {key: new, "vad.start": max(self.current.vad.start, round(new + HYSTERESIS, 2))}
        return _Moment(change(self.current, changes), self.preset, self._now.chosen)

    def _step(self, new: _Moment) -> None:
        if new != self._now:
            self._remember(self._now)
            self._show(new)

    def _remember(self, moment: _Moment) -> None:
        self._past = [*self._past[1 - UNDO_DEPTH :], moment]
        self._future = []

    def _show(self, moment: _Moment) -> None:
        self._before_drag = None
        if moment != self._now:
            self._now = moment
            self.changed.emit(moment.settings)

    def _expected(self, preset: str, settings: Settings) -> Mapping[str, Any]:
        """The tuned settings of a preset, moved along to the sensitivity that is set."""
        if not preset:
            return {key: KNOBS[key].default for key in KEYS}
        values = self._tuned(self.presets.values(preset))
        sensitivity = value(settings, MASTER)
        if values[MASTER] == sensitivity:
            return values
        return {**values, MASTER: sensitivity, **along(sensitivity)}

    def _look_for_preset(self) -> None:
        there = self.preset in self.presets.names()
        preset = self.preset if there else self._nearest(self.current)
        self._now = _Moment(self.current, preset, self._expected(preset, self.current))
        self.changed.emit(self.current)

    def _tuned(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {key: values.get(key, KNOBS[key].default) for key in KEYS}

    def _nearest(self, settings: Settings) -> str:
        """The preset that differs in the fewest settings; the first of equals, "" where there is none."""

        def differing(name: str) -> int:
            expected = self._expected(name, settings)
            return sum(value(settings, key) != expected[key] for key in KEYS)

        return min(self.presets.names(), key=differing, default="")


def _lowest(key: str) -> float:
    bound = KNOBS[key].ge
    assert bound is not None
    return bound


def _highest(key: str) -> float:
    bound = KNOBS[key].le
    assert bound is not None
    return bound
