"""Paints the lines of the models list."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from assistant.ui.icons import drawn
from assistant.ui.models.amounts import memory, size
from assistant.ui.models.buttons import paint_actions, placed
from assistant.ui.models.columns import RADIO_MIDDLE, columns
from assistant.ui.models.list_model import ENTRY, Heading, Index
from assistant.ui.models.row import Action, Row
from assistant.ui.style import Theme

ROW, HEADING = 46, 30
BLOCK, BLOCK_HIGH, BLOCK_STEP = 10, 6, 12
LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class RowPainter(QStyledItemDelegate):
    """hot: key and action under the pointer, set by the list."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.hot: tuple[str, Action | None] = ("", None)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        high = ROW if isinstance(index.data(ENTRY), Row) else HEADING
        return QSize(200, self._theme.scaled(high))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        box = QRect(option.rect)
        painter.translate(box.topLeft())
        box.moveTo(0, 0)
        entry = index.data(ENTRY)
        if isinstance(entry, Heading):
            self._heading(painter, box, entry)
        else:
            state = option.state
            chosen = bool(state & QStyle.StateFlag.State_Selected) and bool(state & QStyle.StateFlag.State_HasFocus)
            self._row(painter, box, entry, chosen)
        painter.fillRect(0, box.height() - 1, box.width(), 1, self._theme.color("line"))
        painter.restore()

    def _heading(self, painter: QPainter, box: QRect, heading: Heading) -> None:
        theme = self._theme
        painter.fillRect(box, theme.color("sunken"))
        pixmap = drawn(heading.symbol, theme.tokens.text, 16, painter.device().devicePixelRatioF())
        painter.drawPixmap(RADIO_MIDDLE - 8, (box.height() - 16) // 2, pixmap)
        across = columns(theme, box.width())
        for words, weight, token in ((heading.name, 600, "text"), (heading.does, 400, "text2")):
            font = theme.font(13, weight)
            painter.setFont(font)
            painter.setPen(theme.color(token))
            painter.drawText(box.adjusted(across.name, 0, 0, -1), LEFT, words)
            across_by = QFontMetrics(font).horizontalAdvance(words + " ")
            box = box.adjusted(across_by, 0, 0, 0)

    def _row(self, painter: QPainter, box: QRect, row: Row, chosen: bool) -> None:
        theme, dpr = self._theme, painter.device().devicePixelRatioF()
        hot_key, hot = self.hot
        if chosen:
            painter.fillRect(box, theme.color("near_soft"))
        elif hot_key == row.key:
            painter.fillRect(box, theme.color("sunken"))
        across, middle = columns(theme, box.width()), (box.height() - 1) // 2
        self._radio(painter, row, middle)
        refused = row.state == "refused" or row.failed  # its reason goes on where others have their licence
        room = across.size_right - 80 - across.name if refused else across.name_wide
        self._names(painter, box, row, across.name, room)
        high = box.height() - 1
        licence = "" if refused else row.licence
        amount = size(row.size) if row.size is not None else "–"
        needs = memory(row.memory_mb) if row.memory_mb is not None else "–"
        self._write(painter, QRect(across.licence, 0, across.licence_wide, high), licence, 13, 400, "text2", LEFT)
        self._write(painter, QRect(across.size_right - 80, 0, 80, high), amount, 13, 400, "text", RIGHT)
        self._write(painter, QRect(across.memory_right - 80, 0, 80, high), needs, 13, 400, "text2", RIGHT)
        self._speed(painter, across.speed, middle, row.speed)
        places = placed(theme, row, across.actions_right, middle)
        action = hot if hot_key == row.key else None
        paint_actions(painter, theme, row, places, across.actions_right, middle, action, across.actions_left, dpr)

    def _radio(self, painter: QPainter, row: Row, middle: int) -> None:
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(RADIO_MIDDLE - 8, middle - 8, 16, 16).adjusted(0.75, 0.75, -0.75, -0.75)
        if row.state == "in_use":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("near"))
            painter.drawEllipse(circle)
            painter.setBrush(theme.color("on_near"))
            painter.drawEllipse(circle.center(), 3, 3)
            return
        painter.setPen(QPen(theme.color("control" if row.usable else "line2"), 1.5))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(circle)

    def _names(self, painter: QPainter, box: QRect, row: Row, left: int, wide: int) -> None:
        theme = self._theme
        first, second = theme.scaled(18), theme.scaled(16)
        top = (box.height() - 1 - first - second) // 2
        self._write(painter, QRect(left, top, wide, first), row.name, 13, 600, "text", LEFT)
        token = "stop" if row.state == "refused" or row.failed else "text2"
        self._write(painter, QRect(left, top + first, wide, second), row.note, 12, 400, token, LEFT)

    def _speed(self, painter: QPainter, left: int, middle: int, speed: int) -> None:
        for block in range(5):
            colour = self._theme.color("fill" if block < speed else "groove")
            painter.fillRect(left + block * BLOCK_STEP, middle - BLOCK_HIGH // 2, BLOCK, BLOCK_HIGH, colour)

    def _write(
        self, painter: QPainter, place: QRect, words: str, px: int, weight: int, token: str, flags: int
    ) -> None:
        font = self._theme.font(px, weight)
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        fitting = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, flags, fitting)
