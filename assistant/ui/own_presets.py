"""The presets as the window needs them, kept in the person's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.settings.access import KNOBS, value
from assistant.settings.notice import NotSaved
from assistant.settings.presets import apply, delete, keep, shelf
from assistant.settings.sections import Settings
from assistant.ui.settings_model import TUNED


class OwnPresets:
    """Reads the file once and again after each change. Owned by the GUI thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._shelf = shelf(path)
        self.notices = self._shelf.notices

    def names(self) -> tuple[str, ...]:
        return tuple(preset.name for preset in self._shelf.presets)

    def values(self, name: str) -> Mapping[str, Any]:
        settings = apply(Settings(), self._shelf.named(name))
        return {key: value(settings, key) for key in KNOBS if key in TUNED}

    def save(self, name: str, settings: Settings) -> None:
        """Raises OSError where nothing can be written, PresetRefused for a name that cannot be used."""
        self._raise_unless_saved(keep(self._path, name, settings).notices)

    def forget(self, name: str) -> None:
        self._raise_unless_saved(delete(self._path, name).notices)

    def _raise_unless_saved(self, notices: tuple[Any, ...]) -> None:
        self._shelf = shelf(self._path)
        for notice in notices:
            if isinstance(notice, NotSaved):
                raise OSError(f"{notice.text} {notice.remedy}")
