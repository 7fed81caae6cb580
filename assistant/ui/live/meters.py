"""The meters beside the lanes: up at once, down at a steady rate, with the peak held and the lack of sound shown."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPolygon

from assistant.ui.live.ink import Ink
from assistant.ui.words import MINUS

FLOOR_DBFS = -80.0
FALL_DB_PER_S = 23.5
"""OBS Studio's fast profile (obs-volume-control, "Fast": 23.53 dB/s)."""
PEAK_HOLDS_S = 1.0
STALE_AFTER_S = 0.5
SILENT_BELOW_DBFS = -75.0
CLIPPING_FROM_DBFS = -3.0
FIGURE_EVERY_S = 0.2


class Meter:
    """One level over time. Owned by the GUI thread; `now_s` is any clock that only grows.

    stale: no sound has arrived for a while, as of the last feed: a window that was busy is no lack of sound.
    """

    def __init__(self) -> None:
        self.level_dbfs = self.peak_dbfs = self._loudest = FLOOR_DBFS
        self.figure = "silent"
        self.stale = False
        self._moved_at = self._peak_at = self._figure_at = self._heard_at = 0.0

    def feed(self, levels_dbfs: list[float], now_s: float) -> None:
        """The levels that came since the last call, which may be none."""
        fallen = self.level_dbfs - FALL_DB_PER_S * (now_s - self._moved_at)
        newest = max(levels_dbfs, default=FLOOR_DBFS)
        self.level_dbfs = max(FLOOR_DBFS, newest, fallen)
        self._moved_at = now_s
        if levels_dbfs:
            self._heard_at = now_s
        self.stale = now_s - self._heard_at > STALE_AFTER_S
        if self.level_dbfs >= self.peak_dbfs or now_s - self._peak_at > PEAK_HOLDS_S:
            self.peak_dbfs, self._peak_at = self.level_dbfs, now_s
        self._loudest = max(self._loudest, newest)
        if levels_dbfs and now_s - self._figure_at >= FIGURE_EVERY_S:  # a figure that changes faster cannot be read
            self.figure = figure(self._loudest)
            self._figure_at, self._loudest = now_s, FLOOR_DBFS


def figure(dbfs: float) -> str:
    """ "−17 dB", or "silent"."""
    return "silent" if dbfs <= SILENT_BELOW_DBFS else f"{dbfs:.0f} dB".replace("-", MINUS)


def level_y(where: QRect, dbfs: float) -> int:
    """The row of a level on a meter, from FLOOR_DBFS at its foot to 0 dBFS at its head."""
    share = min(1.0, max(0.0, 1 - dbfs / FLOOR_DBFS))
    return round(where.bottom() + 1 - share * where.height())


def level_at(where: QRect, y: float) -> float:
    """The level at row `y`, not held within the meter's range."""
    return FLOOR_DBFS * (y - where.top()) / max(1, where.height())


def paint_meter(painter: QPainter, ink: Ink, where: QRect, meter: Meter, token: str) -> None:
    """where: the meter in device pixels. Clipping is red from end to end, as on the trace."""
    painter.fillRect(where, ink.colour("line"))
    if meter.stale:
        painter.fillRect(where, ink.hatch("control"))
        return
    top = level_y(where, meter.level_dbfs)
    colour = ink.colour("stop" if meter.level_dbfs >= CLIPPING_FROM_DBFS else token)
    painter.fillRect(where.left(), top, where.width(), where.bottom() + 1 - top, colour)
    if meter.peak_dbfs > max(FLOOR_DBFS + 1, meter.level_dbfs + 0.5):
        painter.fillRect(where.left(), level_y(where, meter.peak_dbfs), where.width(), ink.thin, ink.colour("text2"))


def paint_usual(painter: QPainter, ink: Ink, where: QRect, dbfs: float) -> None:
    """Points at the level on the meter at which the person usually speaks. where: the meter in device pixels."""
    size, left, y = 4 * ink.thin, where.right() + 1 + 2 * ink.thin, level_y(where, dbfs)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.colour("near"))
    painter.drawPolygon(QPolygon([QPoint(left, y), QPoint(left + size, y - size), QPoint(left + size, y + size)]))
    painter.restore()


def paint_share(painter: QPainter, ink: Ink, where: QRect, share: float, token: str) -> None:
    """A plain bar of 0 to 1: the present frame's probability."""
    painter.fillRect(where, ink.colour("line"))
    height = round(min(1.0, max(0.0, share)) * where.height())
    painter.fillRect(where.left(), where.bottom() + 1 - height, where.width(), height, ink.colour(token))
