"""Reading and changing one setting by its key, with errors that name the range."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from assistant.settings.knob import Knob, Section, knob_of
from assistant.settings.sections import Settings


class SettingRefused(ValueError):
    """A key that does not exist or a value out of range. The text says what is allowed."""


def knobs() -> dict[str, Knob]:
    """Every declared setting by its key, in the order of declaration."""
    found = {}
    for section_name, section_field in Settings.model_fields.items():
        section = section_field.annotation
        assert isinstance(section, type) and issubclass(section, Section)
        for name, field in section.model_fields.items():
            knob = knob_of(section_name, name, field)
            found[knob.key] = knob
    return found


KNOBS = knobs()


def value(settings: Settings, key: str) -> Any:
    """Raises SettingRefused for an unknown key."""
    known(key)
    section, name = key.split(".", 1)
    return getattr(getattr(settings, section), name)


def known(key: str) -> Knob:
    """Raises SettingRefused, naming near keys, where nothing of that name is declared."""
    if key not in KNOBS:
        near = [k for k in KNOBS if key.rsplit(".", maxsplit=1)[-1] in k] or list(KNOBS)
        raise SettingRefused(f"There is no setting {key}. Did you mean {', '.join(near[:4])}?")
    return KNOBS[key]


def change(settings: Settings, changes: dict[str, Any]) -> Settings:
    """A new snapshot with all `changes` (key → value, text is converted) or none of them. Raises SettingRefused."""
    by_section: dict[str, dict[str, Any]] = {}
    for key, new in changes.items():
        section, name = known(key).key.split(".", 1)
        by_section.setdefault(section, {})[name] = new
    fresh = {}
    for section, names in by_section.items():
        current: Section = getattr(settings, section)
        try:
            fresh[section] = type(current).model_validate(current.model_dump() | names)
        except ValidationError as refused:
            raise SettingRefused(_reason(section, names, refused)) from None
    return settings.model_copy(update=fresh)


def _reason(section: str, names: dict[str, Any], refused: ValidationError) -> str:
    first = refused.errors()[0]
    where = first["loc"]
    if not where:  # a rule between two settings speaks for itself
        return str(first["msg"]).removeprefix("Value error, ")
    knob = known(f"{section}.{where[0]}")
    return f"{knob.key} is {names.get(str(where[0]))}, allowed {knob.range_text}."
