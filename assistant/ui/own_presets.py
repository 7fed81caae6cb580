"""The presets as the window uses them: read once, saved, deleted, and the last of these taken back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.settings import presets
from assistant.settings.access import value
from assistant.settings.notice import Notice
from assistant.settings.presets import KEYS, Preset, PresetRefused
from assistant.settings.sections import Settings


class OwnPresets:
    """Keeps the person's presets in one file. Owned by the GUI thread.

    notices: what was wrong with the file when it was read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        read = presets.shelf(path)
        self.notices = read.notices
        self._presets = read.presets
        self._before: tuple[str, Preset | None] | None = None

    def names(self) -> tuple[str, ...]:
        """All presets, those that come with Interject first."""
        return tuple(preset.name for preset in self._presets)

    def is_own(self, name: str) -> bool:
        """Whether the person made it, so that it can be deleted."""
        return self._named(name).own

    def values(self, name: str) -> Mapping[str, Any]:
        """Key → value of every setting that presets hold. Raises PresetRefused where there is none of that name."""
        applied = presets.apply(Settings(), self._named(name))
        return {key: value(applied, key) for key in KEYS}

    def save(self, name: str, settings: Settings) -> tuple[str, tuple[Notice, ...]]:
        """Keep the settings under this name. Returns the name without blanks. Raises PresetRefused."""
        name = presets.usable_name(name)
        older = next((preset for preset in self._presets if preset.name.casefold() == name.casefold()), None)
        done = presets.keep(self._path, name, settings)
        self._before = (name, older)
        self._put(name, done.preset)
        return name, done.notices

    def delete(self, name: str) -> tuple[Notice, ...]:
        """Remove an own preset. Raises PresetRefused for one that comes with Interject."""
        older = self._named(name)
        done = presets.delete(self._path, name)
        self._before = (name, older)
        self._put(name, None)
        return done.notices

    def take_back(self) -> tuple[Notice, ...]:
        """Undo the last save or deletion; nothing where there was none."""
        if self._before is None:
            return ()
        name, older = self._before
        self._before = None
        done = presets.delete(self._path, name) if older is None else presets.put_back(self._path, older)
        self._put(name, older)
        return done.notices

    def _named(self, name: str) -> Preset:
        for preset in self._presets:
            if preset.name == name:
                return preset
        raise PresetRefused(f"There is no preset {name}.")

    def _put(self, name: str, new: Preset | None) -> None:
        rest = [preset for preset in self._presets if preset.name.casefold() != name.casefold()]
        own = [preset for preset in rest if preset.own] + ([new] if new is not None else [])
        own.sort(key=lambda preset: preset.name.casefold())
        self._presets = (*(preset for preset in rest if not preset.own), *own)
