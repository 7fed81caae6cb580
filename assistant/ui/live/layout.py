"""Where the scope's rows and gutters lie, in whole device pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QRect

LEFT = 62
RIGHT = 92
RIBBON = 22
MARK_ROW = 20
GAP = 8
AXIS = 20
MIC_SHARE = 0.33
PLAYBACK_SHARE = 0.23
METER_AT = 8
METER_WIDTH = 8
FIGURE_AT = 28
PILL_AT = 17


@dataclass(frozen=True, slots=True)
class Layout:
    """All lengths in device pixels, so that one column is one pixel at every screen scale.

    unit: device pixels in a logical one at the present text size. Lanes are odd in height: their centre hits a pixel.
    """

    width: int
    height: int
    dpr: float
    unit: float
    left: int
    right: int
    ribbon: QRect
    mark_row: QRect
    mic: QRect
    playback: QRect
    probability: QRect
    axis: QRect

    @classmethod
    def of(cls, width: float, height: float, dpr: float, text_scale: float) -> Layout:
        """width, height: logical pixels of the widget."""
        unit = dpr * text_scale
        wide, high = ceil(width * dpr), ceil(height * dpr)
        left = round(LEFT * unit)
        right = max(left + 1, wide - round(RIGHT * unit))
        plot = right - left
        ribbon, marks, gap, axis = (round(x * unit) for x in (RIBBON, MARK_ROW, GAP, AXIS))
        lanes = max(3, high - ribbon - marks - 2 * gap - axis)
        mic, playback = _odd(lanes * MIC_SHARE), _odd(lanes * PLAYBACK_SHARE)
        probability = max(3, lanes - mic - playback)
        top = ribbon + marks
        return cls(
            wide,
            high,
            dpr,
            unit,
            left,
            right,
            QRect(left, 0, plot, ribbon),
            QRect(left, ribbon, plot, marks),
            QRect(left, top, plot, mic),
            QRect(left, top + mic + gap, plot, playback),
            QRect(left, top + mic + playback + 2 * gap, plot, probability),
            QRect(left, top + mic + playback + 2 * gap + probability, plot, axis),
        )

    @property
    def columns(self) -> int:
        return self.right - self.left

    @property
    def lanes(self) -> QRect:
        """From the top of the mic lane to the bottom of the probability lane."""
        return self.mic.united(self.probability)

    def px(self, length: float) -> int:
        """A logical length at the present text size in whole device pixels, at least one."""
        return max(1, round(length * self.unit))

    def p_y(self, p: float) -> int:
        """The row of probability `p`, from the widget's top."""
        top, bottom = self._p_ends()
        return round(bottom - min(1.0, max(0.0, p)) * (bottom - top))

    def p_at(self, y: float) -> float:
        """The probability at row `y`, not held within 0 to 1."""
        top, bottom = self._p_ends()
        return (bottom - y) / max(1, bottom - top)

    def _p_ends(self) -> tuple[int, int]:
        # room for the line itself at both ends
        lane = self.probability
        return lane.top() + round(4 * self.dpr), lane.bottom() - round(2 * self.dpr)


def _odd(length: float) -> int:
    return max(3, 2 * int(length // 2) + 1)
