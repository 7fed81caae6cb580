"""The person's side of the conversation: their words as they come, and taken back where nobody wanted to speak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from assistant.turns.reasons import seconds
from assistant.ui.conversation import ConversationView

KEPT = 16
"""So many utterances back, words that come late still find their paragraph."""
NOW = "now"


@dataclass(slots=True)
class _Paragraph:
    """What stands in one block of the person's. Several utterances share it where they spoke on before an answer came.

    parts: settled words by the utterance's number, in order. ms: how long they spoke in all, until there are words.
    """

    number: int
    begun: datetime
    parts: dict[int, str] = field(default_factory=dict)
    ms: int = 0
    closed: bool = False

    @property
    def words(self) -> str:
        return " ".join(part for part in self.parts.values() if part)

    @property
    def text(self) -> str:
        if self.words or not self.closed:
            return self.words
        return f"(spoke for {seconds(self.ms)})" if self.ms else "(was silent)"


class OwnWords:
    """Owned by the GUI thread. Whether words are wanted follows from the decisions, words() brings them in between.

    The order is the one of the turn thread's decisions; words come from another thread and may be late.
    """

    def __init__(self, view: ConversationView, begin: Callable[[str, datetime], int]) -> None:
        """begin: opens a paragraph of the person's; gets what stands for its time, and its time."""
        self._view, self._begin = view, begin
        self._current: _Paragraph | None = None
        self._before: _Paragraph | None = None
        """What the next words belong to, because they were spoken on before an answer was heard."""
        self._unanswered: _Paragraph | None = None
        """What was said before words that were taken back: perhaps the person still speaks on."""
        self._now_number: int | None = None
        self._now_ms = 0
        self._tentative = ""
        self._listening = False
        self._dropped: set[int] = set()
        self._paragraphs: dict[int, _Paragraph] = {}

    @property
    def live(self) -> bool:
        """Whether words of somebody who is still speaking stand in the conversation."""
        return self._current is not None and not self._current.closed

    @property
    def said(self) -> str:
        """The words of the utterance that is going on or was just closed, "" where none were understood."""
        if self._current is None or self._now_number is None:
            return ""
        return f"{self._current.parts.get(self._now_number, '')} {self._tentative}".strip()

    def listen(self, *, anew: bool) -> None:
        """Somebody may be speaking from now on. anew: what was heard before was something else."""
        self._dropped.clear()
        if anew or not self._listening:
            if self.live:
                self._settle()
            self._current, self._now_number, self._tentative = None, None, ""
        self._listening = True

    def words(self, utterance: int, settled: str, tentative: str, final: bool) -> None:
        """What was understood of an utterance so far; final: nothing will be added or changed.

        utterance: its number. Words of one that was taken back, or that nobody listens to, are not shown.
        """
        if utterance in self._dropped:
            return
        settled, tentative = settled.strip(), "" if final else tentative.strip()
        paragraph = self._paragraphs.get(utterance)
        if paragraph is None:
            if not self._listening or not (settled or tentative):
                return
            paragraph = self._open(utterance)
        paragraph.parts[utterance] = settled
        if utterance == self._now_number:
            self._tentative = tentative
        if final and not paragraph.words:
            self._forget(paragraph)
            return
        tail = self._tentative if paragraph is self._current else ""
        self._view.say(paragraph.number, paragraph.words if tail else paragraph.text)
        if tail:
            self._view.tentative(paragraph.number, f" {tail}" if paragraph.words else tail)

    def close(self, utterance: int, speech_ms: int) -> None:
        """The turn is over. Without words it says how long it was; they may still come."""
        paragraph = self._current if self._listening else None
        if paragraph is None:
            paragraph = self._open(utterance)
        self._listening = False
        paragraph.closed = True
        paragraph.ms += speech_ms
        self._now_ms = speech_ms
        self._view.settle_clock(paragraph.number, f"{paragraph.begun:%H:%M:%S}")
        if not paragraph.words and not self._tentative:
            self._view.say(paragraph.number, paragraph.text)

    def take_back(self, utterance: int | None = None) -> None:
        """Nobody wanted to speak: what stands there of it goes, and words of this utterance that come late too."""
        self._listening = False
        if utterance is not None:
            self._dropped.add(utterance)
        paragraph, self._current = self._current, None
        if paragraph is None:
            return
        self._tentative = ""
        if self._now_number is not None:
            self._dropped.add(self._now_number)
            paragraph.parts.pop(self._now_number, None)
            self._paragraphs.pop(self._now_number, None)
        if paragraph.closed:
            paragraph.ms -= self._now_ms
        if paragraph.words or paragraph.ms > 0:
            paragraph.closed = True
            self._unanswered = paragraph
            self._view.say(paragraph.number, paragraph.text)
        else:
            self._forget(paragraph)

    def went_on(self) -> None:
        """The person spoke on before an answer was heard: what follows belongs to what they said before."""
        self._before, self._current = self._current or self._unanswered, None
        self._listening = False

    def answered(self) -> None:
        """A reply is heard: what is said from now on stands for itself."""
        self._before = self._unanswered = None
        if not self._listening:
            self._current = None

    def paragraph_of(self, utterance: int) -> int | None:
        """The paragraph with this utterance's words."""
        paragraph = self._paragraphs.get(utterance)
        return None if paragraph is None else paragraph.number

    def _open(self, utterance: int) -> _Paragraph:
        paragraph, self._before = self._before, None
        if paragraph is not None:
            paragraph.closed = False
        else:
            begun = datetime.now()
            paragraph = _Paragraph(self._begin(NOW, begun), begun)
        self._current, self._now_number, self._now_ms, self._tentative = paragraph, utterance, 0, ""
        self._paragraphs[utterance] = paragraph
        while len(self._paragraphs) > KEPT:
            del self._paragraphs[next(iter(self._paragraphs))]
        return paragraph

    def _settle(self) -> None:
        """Nothing more will be heard of the words that stand there."""
        paragraph = self._current
        assert paragraph is not None
        if paragraph.words:
            paragraph.closed = True
            self._view.settle_clock(paragraph.number, f"{paragraph.begun:%H:%M:%S}")
            self._view.say(paragraph.number, paragraph.words)
        else:
            self._forget(paragraph)

    def _forget(self, paragraph: _Paragraph) -> None:
        self._view.drop(paragraph.number)
        for utterance in [n for n, other in self._paragraphs.items() if other is paragraph]:
            del self._paragraphs[utterance]
        if self._current is paragraph:
            self._current = None
