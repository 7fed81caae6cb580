"""Values as people read them: ".60", "−20", "1 frame"; and what a tooltip says of a setting."""

from __future__ import annotations

from math import floor, inf, log10
from typing import Any

from assistant.settings.knob import Knob
from assistant.settings.sections import FRAME_MS

MINUS = "−"
UNIT_NAMES = {
    "ms": "milliseconds",
    "s": "seconds",
    "dB": "decibels",
    "dBFS": "decibels full scale",
    "frames": "frames of 16 milliseconds",
    "words/min": "words a minute",
}
"""Units as a screen reader should say them."""


def decimals(knob: Knob) -> int:
    """How many digits stand behind the point, from the step."""
    if knob.kind is not float or not knob.step:
        return 0
    return max(0, -floor(log10(knob.step) + 1e-9))


def number(value: float, places: int = 0) -> str:
    """A number with a real minus, and without the nought before the point: ".60", "−20"."""
    said = f"{abs(value):.{places}f}"
    if said.startswith("0."):
        said = said[1:]
    return (MINUS if value < 0 and float(f"{value:.{places}f}") != 0 else "") + said


def shown(knob: Knob, value: Any) -> str:
    """The value without its unit."""
    if knob.choices:
        return knob.choices[str(value)]
    if knob.kind is bool:
        return "Yes" if value else "No"
    if knob.kind is str:
        return str(value)
    return number(float(value), decimals(knob))


def unit(knob: Knob, value: Any = None) -> str:
    """The unit beside the value: "frame" for one frame."""
    if knob.unit == "frames" and value == 1:
        return "frame"
    return knob.unit


def with_unit(knob: Knob, value: Any) -> str:
    """Value and unit: "160 ms", "1 frame", ".60"."""
    return f"{shown(knob, value)} {unit(knob, value)}".strip()


MOVES = {
    "barge_in.confirm_ms": ("stop", 1),
    "barge_in.duck_frames": ("duck", FRAME_MS),
    "endpointing.silence_ms": ("answer", 1),
    "endpointing.finished_ms": ("answer", 1),
}
"""Settings that move a moment one to one: its word, and ms for one of the setting's unit."""


def with_effect(knob: Knob, value: Any, baseline: Any) -> str:
    """Value, unit and what the change moves: "160 ms, stop +64 ms"."""
    said = with_unit(knob, value)
    if knob.key in MOVES and value != baseline:
        what, ms = MOVES[knob.key]
        later = round((value - baseline) * ms)
        said += f", {what} {'+' if later > 0 else MINUS}{abs(later)} ms"
    return said


def range_words(knob: Knob) -> str:
    """The allowed numbers: "32 to 480", or "" where there is no range."""
    if knob.ge is None or knob.le is None:
        return ""
    places = decimals(knob)
    return f"{number(knob.ge, places)} to {number(knob.le, places)}"


def accessible_name(knob: Knob) -> str:
    """Label and unit: "Confirm a stop after, milliseconds"; a part of one is read in percent or per mille."""
    if is_share(knob):
        return f"{knob.label}, {'percent' if decimals(knob) == 2 else 'per mille'}"
    said = UNIT_NAMES.get(knob.unit, knob.unit)
    return f"{knob.label}, {said}" if said else knob.label


def is_share(knob: Knob) -> bool:
    """Whether the value is a probability or another part of one."""
    return knob.kind is float and not knob.unit and knob.le is not None and knob.le <= 1


def read(knob: Knob, typed: str) -> Any:
    """The value that somebody typed, within the range. Raises ValueError that says what is allowed: "32 to 480"."""
    text = typed.strip().replace(MINUS, "-").replace(",", ".")
    text = text.removesuffix(knob.unit).removesuffix(unit(knob, 1)).strip()
    if knob.kind is str:
        return typed.strip()
    try:
        value = float(text)
    except ValueError:
        raise ValueError(range_words(knob) or "a number") from None
    lowest, highest = (-inf if knob.ge is None else knob.ge), (inf if knob.le is None else knob.le)
    if not lowest <= value <= highest:  # not a number is not in the range either
        raise ValueError(range_words(knob) or "a number")
    return snapped(knob, value)


def snapped(knob: Knob, value: float) -> Any:
    """The nearest value that can take effect: on the grid of steps from the lower end, inside the range."""
    if knob.step and knob.ge is not None:
        value = knob.ge + round((value - knob.ge) / knob.step) * knob.step
    if knob.le is not None:
        value = min(value, knob.le)
    return round(value) if knob.kind is int else round(value, 4)


def tooltip(knob: Knob, value: Any, default: Any = None, hindrance: str = "") -> str:
    """What the knob does, why it is not in effect, range, and its default unless another is in force."""
    spread = f"{range_words(knob)} {knob.unit}".rstrip() if range_words(knob) else ""
    untouched = with_unit(knob, knob.default if default is None else default) or "empty"
    return said_of(knob.label, with_unit(knob, value), knob.help, untouched, spread, hindrance)


def said_of(label: str, value: str, help: str, default: str, spread: str, hindrance: str = "") -> str:
    """A tooltip's text from its parts."""
    said = [f"<b>{label}</b> {value}".rstrip(), help]
    if hindrance:
        said.append(hindrance)
    allowed = f" {spread}." if spread else ""
    said.append(f"Default {default}.{allowed} Double-click resets.")
    return "<p>" + "</p><p>".join(said) + "</p>"
