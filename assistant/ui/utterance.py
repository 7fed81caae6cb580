"""One utterance in the conversation: where its text stands in the document, and what was done to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtGui import QTextBlock, QTextCursor

from assistant.lab.conversation import Speaker


@dataclass(slots=True)
class Utterance:
    """Counts characters of the spoken text; chips in between are not counted.

    start: a cursor before the text's first character that stays there when text is inserted. clock: what stands behind
    the speaker's name. length: characters of settled text. tentative: characters after it that may still change. chips:
    for each chip, how many characters of the text stand before it, in rising order. cut_at: how many characters were
    heard before it was cut off. strip: before the picture of the reply's times below it, None while there is none.
    """

    speaker: Speaker
    start: QTextCursor
    clock: str
    length: int = 0
    tentative: int = 0
    chips: list[int] = field(default_factory=list)
    cut_at: int | None = None
    strip: QTextCursor | None = None

    def position(self, chars: int) -> int:
        """The document position after `chars` characters of the text, and behind the chips that stand there."""
        return self.start.position() + chars + sum(at <= chars for at in self.chips)

    def chips_after(self, chars: int) -> list[int]:
        """The document positions of the chips that stand behind more than `chars` characters."""
        first = self.start.position()
        return [first + at + before for before, at in enumerate(self.chips) if at > chars]

    @property
    def end(self) -> int:
        """The document position behind the settled text."""
        return self.position(self.length)

    @property
    def head(self) -> QTextBlock:
        """The paragraph with the speaker's name."""
        return self.start.block().previous()

    @property
    def last(self) -> QTextBlock:
        """The last paragraph that belongs to it."""
        return self.start.block() if self.strip is None else self.strip.block()

    def covers(self, position: int) -> bool:
        """Whether this place of the document belongs to it."""
        return self.head.position() <= position < self.last.position() + self.last.length()
