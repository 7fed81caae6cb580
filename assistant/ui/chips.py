"""Chips in the running text: "■ 142 ms" where it was cut, "▼ 0.29 s, noise" where it ducked."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPen,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from assistant.ui.marks import paint_mark
from assistant.ui.style import Theme

CHIP = QTextFormat.ObjectTypes.UserObject.value + 1
MARK, TEXT, NUMBER = (QTextFormat.Property.UserProperty.value + n for n in (1, 2, 3))
OBJECT = "￼"
"""The character that stands for an inline object in a QTextDocument."""
SIDE = 7
BEFORE, AFTER = 4, 1
"""Left free around it: it stands right behind a word, and a space follows."""
RAISE = 2
"""Qt puts the middle of an object on the middle of the small letters; it looks right on that of the large ones."""


class Chips(QPyTextObject):
    """Measures and paints chips. Must be kept alive as long as the document."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._theme = theme
        document.documentLayout().registerHandler(CHIP, self)

    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:  # noqa: N803
        metrics = QFontMetricsF(self._theme.font(12, 600))
        text = str(format.property(TEXT))
        mark = 10 + 5 if format.property(MARK) else 0
        return QSizeF(BEFORE + 2 * SIDE + mark + metrics.horizontalAdvance(text) + AFTER, self._theme.scaled(19))

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,  # noqa: N803
        format: QTextFormat,
    ) -> None:
        theme = self._theme
        mark, text = str(format.property(MARK)), str(format.property(TEXT))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(rect).adjusted(BEFORE + 0.5, 0.5, -AFTER - 0.5, -0.5).translated(0, -RAISE)
        if mark == "stop":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("stop_soft"))
        else:
            painter.setPen(QPen(theme.color(mark), 1))
            painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(box, 5, 5)
        ink = theme.color(mark)
        paint_mark(painter, theme, mark, QRectF(box.left() + SIDE, box.center().y() - 4.5, 9, 9), ink)
        painter.setPen(ink)
        painter.setFont(theme.font(12, 600))
        place = box.adjusted(SIDE + 14, 0, 0, 0)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        painter.restore()


def insert_chip(cursor: QTextCursor, mark: str, text: str, number: int) -> None:
    """Put a chip at the cursor. mark: "stop", "duck" or "restore". number: what a click on it names, 0 for nothing."""
    chip = QTextCharFormat()
    chip.setObjectType(CHIP)
    chip.setProperty(MARK, mark)
    chip.setProperty(TEXT, text)
    chip.setProperty(NUMBER, number)
    chip.setToolTip(f"{'Stopped after' if mark == 'stop' else 'Ducked for'} {text}")
    chip.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    cursor.insertText(OBJECT, chip)
