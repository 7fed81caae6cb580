"""Below what the person said: how long they waited for the reply, stage by stage, on one thin bar."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from assistant.ui.chips import OBJECT
from assistant.ui.style import Theme
from assistant.workers.reply_times import ReplyTimes

STRIP = QTextFormat.ObjectTypes.UserObject.value + 2
NUMBER = QTextFormat.Property.UserProperty.value + 21
BAR, NOTE, GAP = 18, 15, 10
RIGHT = 8
"""The text's margin at the right has room for the scroll bar; the strip ends where the buttons below it do."""
WIDEST = 420
"""Of the bar, in logical pixels: longer ones are no easier to read."""
KEPT = 100


class Strips(QPyTextObject):
    """Measures and paints the strips of a document. Must be kept alive as long as the document."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._theme, self._document = theme, document
        self._times: dict[int, ReplyTimes] = {}
        document.documentLayout().registerHandler(STRIP, self)

    def put(self, cursor: QTextCursor, number: int, times: ReplyTimes) -> None:
        """Put a strip at the cursor, or in the place of what it has selected. number: the utterance's."""
        self._times[number] = times
        while len(self._times) > KEPT:
            del self._times[next(iter(self._times))]
        strip = QTextCharFormat()
        strip.setObjectType(STRIP)
        strip.setProperty(NUMBER, number)
        strip.setToolTip(tooltip(times))
        font = QFont(self._theme.font(11))
        font.setPixelSize(1)  # so that the line has no more room for letters below than the strip is high
        strip.setFont(font)
        cursor.insertText(OBJECT, strip)

    def line(self, times: ReplyTimes) -> int:
        """The height of the line that holds it, before the text size."""
        return BAR + (NOTE if saved_words(times) else 0)

    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:  # noqa: N803
        shape = doc.rootFrame().frameFormat()
        wide = doc.textWidth() - shape.leftMargin() - shape.rightMargin() - RIGHT
        times = self._times.get(int(format.property(NUMBER)))
        high = self._theme.scaled(self.line(times)) if times else 0
        return QSizeF(max(60.0, min(wide, self._theme.scaled(WIDEST))), high)

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,  # noqa: N803
        format: QTextFormat,
    ) -> None:
        times = self._times.get(int(format.property(NUMBER)))
        if times is None:
            return
        painter.save()
        box, theme = QRectF(rect), self._theme
        row = QRectF(box.left(), box.top(), box.width(), theme.scaled(BAR))
        self._bar(painter, row.adjusted(0, 2, -self._total(painter, row, times) - GAP, -2), times)
        note = saved_words(times)
        if note:
            painter.setFont(theme.font(11))
            painter.setPen(theme.color("text3"))
            below = QRectF(box.left(), row.bottom(), box.width(), theme.scaled(NOTE))
            painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), note)
        painter.restore()

    def _total(self, painter: QPainter, row: QRectF, times: ReplyTimes) -> float:
        """Paints the total at the right end; returns its width."""
        theme, right = self._theme, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        unit, figure = theme.font(12), theme.font(15, 600)
        unit_wide = QFontMetricsF(unit).horizontalAdvance(" ms")
        said = f"{times.total_ms:.0f}"
        painter.setPen(theme.color("text"))
        painter.setFont(figure)
        painter.drawText(row.adjusted(0, 0, -unit_wide, 0), right, said)
        painter.setFont(unit)
        painter.setPen(theme.color("text2"))
        painter.drawText(row.adjusted(0, 1, 0, 1), right, "ms")
        return unit_wide + QFontMetricsF(figure).horizontalAdvance(said)

    def _bar(self, painter: QPainter, bar: QRectF, times: ReplyTimes) -> None:
        """Stages in two greys by turns, as in the chain of an interruption; what was saved is an empty frame behind."""
        theme = self._theme
        whole = times.total_ms + times.saved_ms
        if whole <= 0:
            return
        painter.setFont(theme.font(11, 600))
        metrics = QFontMetricsF(painter.font())
        x, light = bar.left(), True
        for name, ms in times.parts:
            box = QRectF(x, bar.top(), ms / whole * bar.width(), bar.height())
            x = box.right()
            if box.width() < 1:  # a stage that took no time takes no turn of the two greys
                continue
            painter.fillRect(box, theme.color("groove" if light else "control"))
            for words in (f"{name} {ms:.0f}", name, f"{ms:.0f}"):
                if metrics.horizontalAdvance(words) + 4 <= box.width():
                    painter.setPen(theme.color("text" if light else "surface"))
                    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
                    break
            light = not light
        if bar.right() - x > 3:
            pen = QPen(theme.color("text3"), 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(round(x) + 0.5, round(bar.top()) + 0.5, round(bar.right() - x) - 1, round(bar.height()) - 1)
            painter.drawRect(frame)
            if metrics.horizontalAdvance("saved") + 6 <= frame.width():
                painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), "saved")


def saved_words(times: ReplyTimes) -> str:
    """ "Saved 412 ms by preparing. 1 prepared reply thrown away.", "" where nothing was prepared."""
    said = [f"Saved {times.saved_ms:.0f} ms by preparing."] if times.prepared else []
    if times.wasted:
        said.append(f"{times.wasted} prepared {'reply' if times.wasted == 1 else 'replies'} thrown away.")
    return " ".join(said)


def in_words(times: ReplyTimes) -> str:
    """For a screen reader: "Answered after 812 milliseconds: silence 512, words 90. Saved 412 ms by preparing." """
    parts = ", ".join(f"{name} {ms:.0f}" for name, ms in times.parts if ms >= 0.5)
    return f"Answered after {times.total_ms:.0f} milliseconds: {parts}. {saved_words(times)}".strip()


_MEANS = {
    "silence": "until the turn was over",
    "words": "until they were understood",
    "prompt": "until the model’s first token",
    "clause": "until the first phrase was whole",
    "voice": "until its first sound was made",
    "device": "until that left the loudspeaker",
}


def tooltip(times: ReplyTimes) -> str:
    """Every stage with what it means; what was done ahead was not waited for."""
    lines = "<br>".join(f"{name} <b>{ms:.0f} ms</b> {_MEANS[name]}" for name, ms in times.parts)
    note = saved_words(times)
    return (
        f"<p><b>{times.total_ms:.0f} ms</b> from the end of your words to the first sound</p><p>{lines}</p>"
        f"<p>{note or 'What was done ahead counts as 0.'}</p>"
    )
