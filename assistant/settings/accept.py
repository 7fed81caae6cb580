"""Take what can be taken of values from outside, and say of each other one why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from assistant.settings.access import KNOBS, SettingRefused, change, known
from assistant.settings.knob import Section
from assistant.settings.sections import Settings

LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Accepted:
    """settings: with every good value. taken: keys that hold. refused: key → what is wrong with it."""

    settings: Settings
    taken: frozenset[str]
    refused: dict[str, str]


def accept(base: Settings, raw: Mapping[str, Any]) -> Accepted:
    """`base` with the good ones of `raw` (declared key → any value). Two that contradict are both refused."""
    good, refused = {}, {}
    for key, given in raw.items():
        try:
            good[key] = converted(key, given)
        except SettingRefused as fault:
            refused[key] = str(fault)
    settings = base
    for section in Settings.model_fields:
        mine = {key: new for key, new in good.items() if key.startswith(f"{section}.")}
        while mine:
            try:
                settings = change(settings, mine)
                break
            except SettingRefused as fault:
                rule = str(fault)
                at_odds = [key for key in mine if key in rule] or list(mine)
                refused |= dict.fromkeys(at_odds, rule if rule.endswith(".") else f"{rule}.")
                mine = {key: new for key, new in mine.items() if key not in at_odds}
    return Accepted(settings, frozenset(raw) - frozenset(refused), refused)


def converted(key: str, given: Any) -> Any:
    """The value as its setting's type, judged by itself. Raises SettingRefused with the range."""
    knob = known(key)
    if knob.choices and isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if isinstance(given, bool) and knob.kind is not bool:
        raise SettingRefused(_allowed(key, given))
    try:
        return _adapter(key).validate_python(given)
    except ValidationError:
        raise SettingRefused(_allowed(key, given)) from None


def _allowed(key: str, given: Any) -> str:
    return f"{key} is {shown(given)}, allowed {KNOBS[key].range_text}."


def shown(given: Any) -> str:
    """Anything from outside as short, printable text."""
    text = given if isinstance(given, str) else repr(given)
    text = text if text.isprintable() and text else ascii(text)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


@cache
def _adapter(key: str) -> TypeAdapter[Any]:
    knob = KNOBS[key]
    section = Settings.model_fields[knob.section].annotation
    assert isinstance(section, type) and issubclass(section, Section)
    field = section.model_fields[knob.name]
    shape: Any = Annotated[field.annotation, field]
    return TypeAdapter(shape)
