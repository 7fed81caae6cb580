"""The document of the conversation: read-only, its words at the bottom, the person's own on a soft ground."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from assistant.ui.chips import NUMBER, Chips
from assistant.ui.latency_strip import Strips
from assistant.ui.style import Theme

BUBBLE_X, BELOW = 12, 9
GAP = 4
"""Between the speaker's name and the soft ground. A line's own height is added above its letters, so less is below."""
STRIP_GAP = 11
"""Between the soft ground and the strip below it."""
AT_END = 8
"""Scrolled this near to the end, in pixels, the view goes along with new words."""
TOKEN, PX = (QTextFormat.Property.UserProperty.value + n for n in (11, 12))


class Transcript(QTextBrowser):
    """Formats and paragraphs; knows nothing of utterances but which paragraphs stand on a soft ground.

    chip_clicked: the number of a chip. menu_asked: a place in the document, -1 where the keyboard asked, and the same
    on the screen.
    """

    chip_clicked = Signal(int)
    menu_asked = Signal(int, QPoint)

    def __init__(self, theme: Theme, own_blocks: Callable[[], Iterable[QTextBlock]], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._own_blocks = theme, own_blocks
        self._side = 20
        self._at_end = True
        self.is_empty = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName("Conversation")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self._chips = Chips(theme, self.document())
        self.strips = Strips(theme, self.document())
        self.viewport().setMouseTracking(True)
        self.document().documentLayout().documentSizeChanged.connect(self._sink)
        self.verticalScrollBar().valueChanged.connect(self._note_place)
        self.verticalScrollBar().rangeChanged.connect(self._stay_at_end)
        theme.changed.connect(self._dress)

    def set_side(self, side: int) -> None:
        """Space at the left and the right, in logical pixels."""
        self._side = side
        self._sink()

    def ink(self, px: float, weight: int, token: str, struck: bool = False) -> QTextCharFormat:
        """How a run of text looks."""
        font = QFont(self._theme.font(px, weight))
        font.setStrikeOut(struck)
        ink = QTextCharFormat()
        ink.setFont(font)
        ink.setForeground(QColor(self._theme.color(token)))
        ink.setProperty(TOKEN, token)
        ink.setProperty(PX, px)
        return ink

    def paragraph(self, top: float = 0, bottom: float = 0, line: float = 18, own: bool = False) -> QTextCursor:
        """Begin a paragraph at the end. top, bottom: space. line: height of a line. own: the person's words."""
        shape = self._shape(top, bottom, line)
        if own:
            shape.setLeftMargin(BUBBLE_X)
            shape.setRightMargin(2 * BUBBLE_X)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if self.is_empty:
            cursor.setBlockFormat(shape)
            self.is_empty = False
        else:
            cursor.insertBlock(shape, QTextCharFormat())
        return cursor

    def strip_behind(self, block: QTextBlock, line: float) -> QTextCursor:
        """Begin the paragraph of a strip right behind the person's words. line: its height."""
        shape = block.blockFormat()
        shape.setBottomMargin(BELOW + STRIP_GAP)
        self.at(block.position()).setBlockFormat(shape)
        cursor = self.at(block.position() + block.length() - 1)
        cursor.insertBlock(self._shape(0, 0, line), QTextCharFormat())
        return cursor

    def set_line(self, cursor: QTextCursor, line: float) -> None:
        """Another height for the lines of the paragraph in which the cursor stands.

        That paragraph alone: the anchor of a cursor that stays goes on with what is written behind it.
        """
        self.at(cursor.position()).setBlockFormat(self._shape(0, 0, line))

    def remove(self, first: QTextBlock, last: QTextBlock) -> None:
        """Take out whole paragraphs, from the first to the last."""
        before, behind = first.previous(), last.next()
        if before.isValid():
            shape = before.blockFormat()
            self.at(before.position() + before.length() - 1, last.position() + last.length() - 1).removeSelectedText()
            self.at(before.position()).setBlockFormat(shape)
        elif behind.isValid():
            self.at(0, behind.position()).removeSelectedText()
        else:
            self.at(0, last.position() + last.length() - 1).removeSelectedText()
            self.is_empty = True

    @contextmanager
    def one_change(self) -> Iterator[None]:
        """Everything inside is laid out once, at the end."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        try:
            yield
        finally:
            cursor.endEditBlock()

    def at(self, position: int, until: int | None = None) -> QTextCursor:
        """A cursor at a place of the document, with what lies before `until` selected."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        if until is not None:
            cursor.setPosition(until, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def forget_first(self) -> None:
        """Remove the oldest paragraph."""
        self.at(0, self.document().begin().next().position()).removeSelectedText()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        at = -1 if by_keyboard else self.cursorForPosition(event.pos()).position()
        self.menu_asked.emit(at, event.globalPos())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        number = self._number_at(event)
        if number:
            self.chip_clicked.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = bool(self._number_at(event))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sink()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("near_soft"))
        visible = QRectF(event.rect())
        for block in self._own_blocks():
            box = self._ground(block)
            if box.intersects(visible):
                painter.drawRoundedRect(box, 8, 8)
        painter.end()
        super().paintEvent(event)

    def _shape(self, top: float, bottom: float, line: float) -> QTextBlockFormat:
        shape = QTextBlockFormat()
        shape.setTopMargin(top)
        shape.setBottomMargin(bottom)
        shape.setLineHeight(self._theme.scaled(line), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        return shape

    def _ground(self, block: QTextBlock) -> QRectF:
        lines = block.layout()
        if not block.text() or not lines.lineCount():
            return QRectF()
        outer = self.document().documentLayout().blockBoundingRect(block)
        widest = max(lines.lineAt(i).naturalTextWidth() for i in range(lines.lineCount()))
        shape = block.blockFormat()
        last = lines.lineAt(lines.lineCount() - 1)
        top = outer.top() - self.verticalScrollBar().value() - shape.topMargin() + GAP
        height = last.y() + last.height() + shape.topMargin() - GAP + BELOW
        return QRectF(outer.left() + lines.lineAt(0).x() - BUBBLE_X, top, widest + 2 * BUBBLE_X, height)

    def _number_at(self, event: QMouseEvent) -> int:
        place = event.position().toPoint()
        cursor = self.cursorForPosition(place)
        for behind in (True, False):  # the cursor lies before or behind the chip, by which half was hit
            near = QTextCursor(cursor)
            if not behind and not near.movePosition(QTextCursor.MoveOperation.Right):
                continue
            number = near.charFormat().property(NUMBER)
            if not number:
                continue
            left = QTextCursor(near)
            left.movePosition(QTextCursor.MoveOperation.Left)
            if self.cursorRect(left).left() <= place.x() <= self.cursorRect(near).left():
                return int(number)
        return 0

    def _note_place(self, value: int) -> None:
        self._at_end = value >= self.verticalScrollBar().maximum() - AT_END

    def _stay_at_end(self) -> None:
        if self._at_end:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _sink(self) -> None:
        """Few words stand at the bottom, near the state line, not far away at the top."""
        root = self.document().rootFrame()
        shape = root.frameFormat()
        height = self.document().size().height() - shape.topMargin()
        free = max(14.0, self.viewport().height() - height)
        if (shape.topMargin(), shape.leftMargin()) != (free, self._side):
            shape.setTopMargin(free)
            shape.setBottomMargin(14)
            shape.setLeftMargin(self._side)
            shape.setRightMargin(max(0, self._side - 8))
            root.setFrameFormat(shape)

    def _dress(self) -> None:
        """Give every run the new theme's colour and size."""
        block = self.document().begin()
        while block.isValid():
            for position, length, old in _runs(block):
                if not old.property(TOKEN):
                    continue
                weight = 600 if old.fontWeight() > 500 else 400
                ink = self.ink(float(old.property(PX)), weight, str(old.property(TOKEN)), old.fontStrikeOut())
                self.at(position, position + length).mergeCharFormat(ink)
            block = block.next()
        self.viewport().update()


def _runs(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    found = []
    piece = block.begin()
    while not piece.atEnd():
        run = piece.fragment()
        found.append((run.position(), run.length(), run.charFormat()))
        piece += 1
    return found
