"""The conversation: who said what, what of it was heard, and where it was cut off or ducked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count, pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.lab.conversation import Conversation, Speaker
from assistant.ui.chips import NUMBER, insert_chip
from assistant.ui.controls import Controls
from assistant.ui.latency_strip import in_words
from assistant.ui.nothing_yet import NothingYet
from assistant.ui.style import Theme
from assistant.ui.thoughts import Thoughts
from assistant.ui.transcript import BELOW, GAP, Transcript
from assistant.ui.utterance import Utterance
from assistant.workers.reply_times import ReplyTimes

MOST_PARAGRAPHS = 100
"""More would make each insertion hold the interpreter longer than a block of sound lasts."""
BETWEEN = 10
"""Space between two utterances, in logical pixels."""
NAMES = {"you": ("You", "near"), "interject": ("Interject", "far")}


class ConversationView(QWidget):
    """Utterances are named by the number that begin() gave.

    What is older than the last 100 paragraphs is not shown any more: changes to it do nothing. `record` has all
    that was said, `thoughts` the prompts that led to it. chip_clicked: a chip's number. changed: the record did.
    """

    chip_clicked = Signal(int)
    changed = Signal()

    def __init__(self, theme: Theme, controls: Controls, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers = count(1)
        self._utterances: dict[int, Utterance] = {}
        self.record = Conversation()
        self.thoughts = Thoughts()
        self.page = Transcript(theme, self._own_blocks, self)
        self.page.chip_clicked.connect(self.chip_clicked)
        self.nothing = NothingYet(theme, controls, self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusProxy(self.page)

    def day(self, text: str) -> None:
        """A line in the middle: "Sunday, 12:03"."""
        cursor = self._paragraph(top=14)
        shape = cursor.blockFormat()
        shape.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        cursor.setBlockFormat(shape)
        cursor.insertText(text, self.page.ink(12, 400, "text3"))
        self._forget_old()

    def begin(self, speaker: Speaker, clock: str, at: datetime | None = None) -> int:
        """Begin an utterance at the end. clock: "12:03:41" or "now". at: when it began, else this moment.

        Returns the utterance's number.
        """
        number = next(self._numbers)
        with self.page.one_change():
            self._utterances[number] = self._begin(speaker, clock)
            self._forget_old()
        self.record.begin(number, speaker, at or datetime.now())
        return number

    def append(self, number: int, text: str) -> None:
        """Add settled text; what was tentative is taken back."""
        spoken = self._utterances.get(number)
        if spoken is not None:
            self._drop_tentative(spoken)
            ink = self.page.ink(14, 400, "text") if spoken.cut_at is None else self.page.ink(14, 400, "text3", True)
            self.page.at(spoken.end).insertText(text, ink)
            spoken.length += len(text)
        self.record.append(number, text)
        self.changed.emit()

    def tentative(self, number: int, text: str) -> None:
        """Show words that may still change, in place of the tentative ones before."""
        spoken = self._utterances.get(number)
        if spoken is not None:
            self._drop_tentative(spoken)
            self.page.at(spoken.end).insertText(text, self.page.ink(14, 400, "text3"))
            spoken.tentative = len(text)

    def say(self, number: int, text: str) -> None:
        """Its settled text is this one now, whatever it was before; what was tentative is taken back.

        For the person's words: of what Interject says nothing is unsaid.
        """
        before = self.record.get(number)
        if before is None:
            return
        same = 0
        for one, other in zip(before.text, text, strict=False):
            if one != other:
                break
            same += 1
        spoken = self._utterances.get(number)
        if spoken is not None:
            self._drop_tentative(spoken)
            self.page.at(spoken.position(same), spoken.end).removeSelectedText()
            spoken.length = same
        self.record.replace(number, text[:same])
        self.append(number, text[same:])

    def settle_clock(self, number: int, clock: str) -> None:
        """Write the time in the place of "now"."""
        spoken = self._utterances.get(number)
        if spoken is not None and spoken.clock != clock:
            end = spoken.head.position() + spoken.head.length() - 1
            place = self.page.at(end - len(spoken.clock), end)
            place.insertText(clock, self.page.ink(12, 400, "text3"))
            spoken.clock = clock

    def drop(self, number: int) -> None:
        """Nobody spoke after all: take the utterance out."""
        spoken = self._utterances.pop(number, None)
        if spoken is not None:
            self.page.remove(spoken.head, spoken.last)
            self.nothing.setVisible(self.page.is_empty)
        self.record.drop(number)
        self.changed.emit()

    def reply_times(self, number: int, times: ReplyTimes) -> None:
        """Show below the utterance how long the reply took; again where more is known."""
        spoken = self._utterances.get(number)
        if spoken is not None:
            line = self.page.strips.line(times)
            if spoken.strip is None:
                spoken.strip = self.page.strip_behind(spoken.start.block(), line)
                spoken.strip.setKeepPositionOnInsert(True)
            else:
                self.page.set_line(spoken.strip, line)
            at = spoken.strip.position()
            self.page.strips.put(self.page.at(at, at + spoken.strip.block().length() - 1), number, times)
            self.page.setAccessibleDescription(in_words(times))
        self.record.answered(number, times.total_ms)
        self.changed.emit()

    def cut(self, number: int, heard_chars: int, label: str, card: int = 0) -> None:
        """Only the first `heard_chars` were heard: strike the rest and put a chip there, "■ 142 ms".

        card: what a click on the chip names. An utterance is cut once: a second cut changes nothing.
        """
        self.record.cut(number, heard_chars, label)
        self.changed.emit()
        spoken = self._utterances.get(number)
        if spoken is None or spoken.cut_at is not None:
            return
        spoken.cut_at = max(0, min(heard_chars, spoken.length))
        self._drop_tentative(spoken)
        self._strike(spoken, spoken.cut_at)
        self._chip(spoken, spoken.cut_at, "stop", label, card)

    def duck_chip(self, number: int, at_chars: int, label: str, card: int = 0) -> None:
        """Mark where it was ducked and carried on, "▼ 0.29 s, noise"."""
        spoken = self._utterances.get(number)
        if spoken is not None:
            self._chip(spoken, max(0, min(at_chars, spoken.length)), "duck", label, card)
        self.record.duck(number, at_chars, label)
        self.changed.emit()

    def utterance_at(self, position: int) -> int | None:
        """The number of what stands at this place of the document; None between two."""
        return next((n for n, spoken in self._utterances.items() if spoken.covers(position)), None)

    def line_carried_on(self, text: str, clock: str, card: int = 0) -> None:
        """A small line of its own: ▲ “mm-hm” at 12:04:12: ducked 0.41 s, carried on.

        text: "“mm-hm”: ducked 0.41 s, carried on"; the clock is put in front of its first colon.
        """
        cursor = self._paragraph(top=BETWEEN, line=18)
        what, _, rest = text.partition(": ")
        mark = self.page.ink(12, 600, "far")
        mark.setProperty(NUMBER, card)
        cursor.insertText("▲  ", mark)
        cursor.insertText(what, self.page.ink(12, 600, "text2"))
        cursor.insertText(f" at {clock}" + (f": {rest}" if rest else ""), self.page.ink(12, 400, "text2"))
        self._forget_old()

    def sizeHint(self) -> QSize:
        return QSize(440, 400)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.page.setGeometry(self.rect())
        self.nothing.setGeometry(self.rect())

    def _own_blocks(self) -> Iterator[QTextBlock]:
        return (spoken.start.block() for spoken in self._utterances.values() if spoken.speaker == "you")

    def _paragraph(self, top: float, line: float = 18) -> QTextCursor:
        self.nothing.hide()
        return self.page.paragraph(top, 0, line)

    def _begin(self, speaker: Speaker, clock: str) -> Utterance:
        name, token = NAMES[speaker]
        cursor = self._paragraph(top=BETWEEN, line=18)
        cursor.insertText(name, self.page.ink(12, 600, token))
        cursor.insertText("  " + clock, self.page.ink(12, 400, "text3"))
        own = speaker == "you"
        # Of two margins that meet only the larger counts: the one below holds the soft ground and the space to the next
        start = self.page.paragraph(2 * GAP if own else 0, BELOW + BETWEEN if own else 0, 21, own)
        start.setKeepPositionOnInsert(True)
        return Utterance(speaker, start, clock)

    def _drop_tentative(self, spoken: Utterance) -> None:
        if spoken.tentative:
            self.page.at(spoken.end, spoken.end + spoken.tentative).removeSelectedText()
            spoken.tentative = 0

    def _strike(self, spoken: Utterance, heard: int) -> None:
        struck = self.page.ink(14, 400, "text3", struck=True)
        chips = spoken.chips_after(heard)
        rest = self.page.at(spoken.position(heard), spoken.end).selectedText()
        # A line before the first word or behind the last one looks like a dash.
        start = spoken.position(heard) + len(rest) - len(rest.lstrip())
        end = spoken.end - (len(rest) - len(rest.rstrip()))
        for left, right in pairwise([start - 1, *chips, end]):
            if right > left + 1:  # a chip keeps its own look
                self.page.at(left + 1, right).setCharFormat(struck)

    def _chip(self, spoken: Utterance, at: int, mark: str, label: str, card: int) -> None:
        insert_chip(self.page.at(spoken.position(at)), mark, label, card)
        spoken.chips = sorted([*spoken.chips, at])

    def _forget_old(self) -> None:
        while self.page.document().blockCount() > MOST_PARAGRAPHS:
            self._forget_first()
            # a text without its speaker's line, and a strip without the text above it
            while any(0 in (spoken.start.blockNumber(), _strip_at(spoken)) for spoken in self._utterances.values()):
                self._forget_first()

    def _forget_first(self) -> None:
        first = {n for n, spoken in self._utterances.items() if spoken.last.blockNumber() == 0}
        self.page.forget_first()
        for number in first:
            del self._utterances[number]


def _strip_at(spoken: Utterance) -> int:
    """The number of the strip's paragraph, -1 for none."""
    return -1 if spoken.strip is None else spoken.strip.blockNumber()
