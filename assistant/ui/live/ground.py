"""What lies under the moving picture and changes only with size, zoom and theme: lanes, their names, the grid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPixmap

from assistant.ui.live.axis import Tick
from assistant.ui.live.ink import Ink
from assistant.ui.live.layout import Layout

NAMES = (("You", "mic", "near"), ("Interject", "playback", "far"), ("Speech?", "probability", "vad"))


def ground(ink: Ink, layout: Layout, ticks: Sequence[Tick]) -> QPixmap:
    """The whole scope without sound, in device pixels."""
    picture = QPixmap(layout.width, layout.height)
    picture.fill(ink.colour("surface"))
    painter = QPainter(picture)
    _name(painter, ink, layout, layout.ribbon, "State", "", "text2")
    for lane, (name, second, token) in zip(_lanes(layout), NAMES, strict=True):
        painter.fillRect(lane, ink.colour("sunken"))
        _name(painter, ink, layout, lane, name, second, token)
    painter.fillRect(layout.ribbon, ink.colour("sunken"))
    paint_ticks(painter, ink, layout, ticks)
    painter.end()
    return picture


def paint_ticks(painter: QPainter, ink: Ink, layout: Layout, ticks: Sequence[Tick]) -> None:
    """Grid lines through the lanes and the words under them; the words at the ends stay inside the plot."""
    for tick in ticks:
        x = layout.left + tick.x
        if 0 < tick.x < layout.columns:
            for lane in _lanes(layout):
                painter.fillRect(x, lane.top(), ink.thin, lane.height(), ink.colour("line"))
        if tick.text:
            words = ink.text(tick.text, 11, 400, "text3")
            left = min(max(x - words.width() // 2, layout.left), layout.right - words.width())
            painter.drawPixmap(left, layout.axis.top() + (layout.axis.height() - words.height()) // 2, words)


def _lanes(layout: Layout) -> tuple[QRect, QRect, QRect]:
    return layout.mic, layout.playback, layout.probability


def _name(painter: QPainter, ink: Ink, layout: Layout, row: QRect, name: str, second: str, token: str) -> None:
    first = ink.text(name, 12, 600, token)
    top = row.top() if second else row.top() + (row.height() - first.height()) // 2
    painter.drawPixmap(0, top, first)
    if second:
        painter.drawPixmap(0, top + layout.px(14), ink.text(second, 11, 400, "text3"))
