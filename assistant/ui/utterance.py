"""One utterance in the conversation: where its text stands in the document, and what was done to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtGui import QTextCursor

Speaker = Literal["you", "interject"]


@dataclass(slots=True)
class Utterance:
    """Counts characters of the spoken text; chips in between are not counted.

    start: a cursor before the text's first character that stays there when text is inserted. length: characters of
    settled text. tentative: characters after it that may still change. chips: for each chip, how many characters of
    the text stand before it, in rising order. cut_at: how many characters were heard before it was cut off.
    """

    speaker: Speaker
    start: QTextCursor
    length: int = 0
    tentative: int = 0
    chips: list[int] = field(default_factory=list)
    cut_at: int | None = None

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
