"""Where the parts of a slider row stand: mark · label · slider · value · unit · reset."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect

MARK = 10
RESET = 16
SHORTEST_SLIDER = 56
ROOMY_FROM = 340
LABEL_LESS = 5
"""By how much the label is narrower in a narrow row."""


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """Rectangles in the row's pixels. `rest` reaches from the slider's left to the end, for a combo box."""

    mark: QRect
    label: QRect
    slider: QRect
    value: QRect
    unit: QRect
    reset: QRect
    rest: QRect


@dataclass(frozen=True, slots=True)
class RowWidths:
    """Widths of the texts in logical pixels, before the text size."""

    label: int = 132
    value: int = 34
    unit: int = 36


def places(width: int, height: int, text_scale: float, widths: RowWidths) -> RowPlaces:
    """Lay out one row; narrow rows have narrower gaps, and the slider takes what is left."""
    roomy = width >= ROOMY_FROM * text_scale
    label_left = MARK + (8 if roomy else 6)
    label = round((widths.label if roomy else widths.label - LABEL_LESS) * text_scale)
    slider_left = label_left + label + (6 if roomy else 1)
    value, unit = round(widths.value * text_scale), round(widths.unit * text_scale)
    reset_left = width - RESET
    unit_left = reset_left - unit - (7 if roomy else 2)
    value_left = unit_left - value - (6 if roomy else 5)
    slider_right = value_left - (6 if roomy else 1)

    def box(left: int, wide: int, high: int = height) -> QRect:
        return QRect(left, (height - high) // 2, max(0, wide), high)

    return RowPlaces(
        mark=box(0, MARK, MARK),
        label=box(label_left, label),
        slider=box(slider_left, slider_right - slider_left),
        value=box(value_left, value),
        unit=box(unit_left, unit),
        # the icon is 16 px but can be hit on 24
        reset=QRect(reset_left - 4, (height - 24) // 2, 24, 24),
        rest=box(slider_left, width - slider_left),
    )


def narrowest(text_scale: float, widths: RowWidths) -> int:
    """The least width at which the slider can still be used."""
    texts = widths.label - LABEL_LESS + widths.value + widths.unit
    return MARK + 6 + 1 + round(texts * text_scale) + SHORTEST_SLIDER + 1 + 5 + 2 + RESET
