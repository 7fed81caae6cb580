"""Where the columns of the models list stand."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.ui.style import Theme

RADIO_MIDDLE, NAME_LEFT = 22, 48
LICENCE, SIZE, MEMORY, SPEED, ACTIONS = 128, 76, 84, 84, 244
COMPACT_LICENCE, COMPACT_ACTIONS = 104, 196
EDGE = 12
ROOMY_FROM = 1100


@dataclass(frozen=True, slots=True)
class Columns:
    """Left edges and widths in logical pixels, for a row from x = 0."""

    name: int
    name_wide: int
    licence: int
    licence_wide: int
    size_right: int
    memory_right: int
    speed: int
    actions_right: int
    actions_left: int


def columns(theme: Theme, wide: int) -> Columns:
    """The name has what the others leave."""
    roomy = wide >= ROOMY_FROM
    licence = theme.scaled(LICENCE if roomy else COMPACT_LICENCE)
    actions = theme.scaled(ACTIONS if roomy else COMPACT_ACTIONS)
    size, memory, speed = theme.scaled(SIZE), theme.scaled(MEMORY), theme.scaled(SPEED)
    actions_right = wide - EDGE
    actions_left = actions_right - actions
    speed_left = actions_left - speed
    memory_right = speed_left - EDGE
    size_right = memory_right - memory
    licence_left = size_right - size - licence
    return Columns(
        NAME_LEFT, licence_left - NAME_LEFT - EDGE, licence_left, licence - EDGE, size_right, memory_right,
        speed_left, actions_right, actions_left,
    )  # fmt: skip
