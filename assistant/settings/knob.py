"""One declaration makes a setting: its default, range, step, unit and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

type_name = {float: "number", int: "whole number", str: "text", bool: "yes or no"}


def knob(
    default: float | int | str | bool,
    *,
    label: str,
    help: str,
    ge: float | None = None,
    le: float | None = None,
    step: float | None = None,
    unit: str = "",
    choices: dict[str, str] | None = None,
) -> Any:
    """Declare one setting inside a Section.

    ge, le, step: the range (both ends allowed) and the smallest change that has an effect, in `unit`.
    choices: for a Literal, the words that a person reads for each value.
    """
    extra: dict[str, Any] = {"label": label, "help": help, "unit": unit, "step": step, "choices": choices}
    return Field(default, ge=ge, le=le, json_schema_extra=extra)


class Section(BaseModel):
    """A group of settings. Frozen: an edit makes a new one, so that a reader never sees half of a change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Knob:
    """What was declared of one setting, for sliders, flags, files and documents.

    key: "section.name". kind: the Python type, or str for a choice. ge, le, step: numbers in `unit`, None where it
    has no range. choices: value → words for a choice, else empty.
    """

    key: str
    kind: type
    default: float | int | str | bool
    label: str
    help: str
    unit: str
    ge: float | None
    le: float | None
    step: float | None
    choices: dict[str, str]

    @property
    def section(self) -> str:
        return self.key.split(".", 1)[0]

    @property
    def name(self) -> str:
        return self.key.split(".", 1)[1]

    @property
    def range_text(self) -> str:
        """The allowed values in words: "32 to 480 ms", "one of off, linear", "yes or no"."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.ge is not None and self.le is not None:
            return f"{self.ge:g} to {self.le:g} {self.unit}".strip()
        return type_name[self.kind]


def knob_of(section: str, name: str, field: FieldInfo) -> Knob:
    """Read one declaration back. Raises TypeError for a field that was not declared with knob()."""
    extra = field.json_schema_extra
    if not isinstance(extra, dict) or "label" not in extra:
        raise TypeError(f"{section}.{name} is not declared with knob()")
    ge = le = None
    for bound in field.metadata:
        ge = getattr(bound, "ge", ge)
        le = getattr(bound, "le", le)
    kind: Any = field.annotation
    choices: dict[str, str] = {}
    if get_origin(kind) is Literal:
        words: Any = extra["choices"] or {}
        choices = {str(value): words.get(value, str(value)) for value in get_args(kind)}
        kind = str
    step: Any = extra["step"]
    return Knob(
        key=f"{section}.{name}",
        kind=kind,
        default=field.default,
        label=str(extra["label"]),
        help=str(extra["help"]),
        unit=str(extra["unit"]),
        ge=ge,
        le=le,
        step=step,
        choices=choices,
    )
