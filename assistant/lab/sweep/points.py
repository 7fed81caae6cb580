"""The settings that are tried: every combination of what the master slider moves."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from assistant.settings.access import change
from assistant.settings.sections import Settings

HYSTERESIS = 0.13
"""As wide as the default's. Anything from .05 on decides the same: the detector is sure in the end, or never was."""
STARTS = (0.45, 0.52, 0.58, 0.64, 0.7, 0.76, 0.82, 0.86, 0.9)
SURES = (0.8, 0.85, 0.9, 0.93, 0.952, 0.97, 0.98, 0.988, 0.994)
CONFIRMS_MS = (32, 64)


@dataclass(frozen=True, slots=True)
class Point:
    """One combination. The higher, the surer it wants to be."""

    start: float
    release: float
    sure: float
    confirm_ms: int

    @property
    def changes(self) -> dict[str, float | int]:
        """By the settings' keys."""
        return {
            "vad.start": self.start,
            "vad.release": self.release,
            "vad.sure": self.sure,
            "barge_in.confirm_ms": self.confirm_ms,
        }

    def settings(self) -> Settings:
        """The defaults with this point's values."""
        return change(Settings(), dict(self.changes))

    def asks_no_less_than(self, other: Point) -> bool:
        """In every value: so a slider that goes from one to the other never turns back on the way."""
        mine, its = self.changes, other.changes
        return all(mine[key] >= its[key] for key in mine)


def default_point() -> Point:
    """Where the shipped settings are."""
    now = Settings()
    return Point(now.vad.start, now.vad.release, now.vad.sure, now.barge_in.confirm_ms)


def grid() -> tuple[Point, ...]:
    """All that are tried, the default among them."""
    points = [
        Point(start, round(start - HYSTERESIS, 2), sure, confirm_ms)
        for start, sure, confirm_ms in product(STARTS, SURES, CONFIRMS_MS)
    ]
    return tuple(dict.fromkeys([*points, default_point()]))
