"""The lanes' picture as a ring: what was painted once is kept, only new columns are added."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter

from assistant.ui.live.frozen import Recorded
from assistant.ui.live.lanes import Lanes, Pixels, Unplayed
from assistant.ui.live.view import View


class Ring:
    """Column k of the stream stands at pixel k mod width. Owned by the GUI thread.

    The picture is one array that a QImage looks into: scrolling moves nothing, it only changes where the two pieces
    are put.
    """

    def __init__(self) -> None:
        self._pixels: Pixels = np.zeros((1, 1), np.uint32)
        self._image = QImage()
        self._shape = (0, 0)
        self._per_column = 0
        self._tail = 0
        self._head = 0

    def forget(self, sample: int | None = None) -> None:
        """Paint everything again, or everything from `sample` on."""
        column = 0 if sample is None or not self._per_column else sample // self._per_column
        self._head = min(self._head, max(self._tail, column))

    def bring(self, lanes: Lanes, trace: Recorded, unplayed: Iterable[Unplayed], view: View) -> int:
        """Make the ring show `view`; returns how many columns had to be painted."""
        height = lanes.layout.lanes.height()
        if (height, view.columns, view.per_column) != (*self._shape, self._per_column):
            self._begin(height, view)
        first = self._head if self._tail <= view.tail <= self._head <= view.head else view.tail
        self._tail, self._head = view.tail, view.head
        if first < view.head:
            painted = lanes.paint(trace, unplayed, first, view.head, view.per_column)
            at = first % view.columns
            before_wrap = min(view.columns - at, view.head - first)
            self._pixels[:, at : at + before_wrap] = painted[:, :before_wrap]
            self._pixels[:, : view.head - first - before_wrap] = painted[:, before_wrap:]
        return view.head - first

    def show(self, painter: QPainter, where: QRect) -> None:
        """where: the lanes, in device pixels of the painter."""
        seam = self._tail % max(1, where.width())
        older = where.width() - seam
        painter.drawImage(where.topLeft(), self._image, QRect(seam, 0, older, where.height()))
        painter.drawImage(where.topLeft() + QPoint(older, 0), self._image, QRect(0, 0, seam, where.height()))

    def _begin(self, height: int, view: View) -> None:
        self._shape, self._per_column = (height, view.columns), view.per_column
        self._pixels = np.zeros((height, max(1, view.columns)), np.uint32)
        self._image = QImage(
            self._pixels.data.cast("B"),
            view.columns,
            height,
            4 * view.columns,
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        self._tail = self._head = view.tail
