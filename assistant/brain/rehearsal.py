"""Rehearsal, the tuning coach: reads for as long as you like, says where you cut in, and goes on from there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence

from assistant.brain.partner import Interruption, Kind, PartnerFailed, Phrase, UserTurn
from assistant.brain.passages import Passage
from assistant.brain.unheard import unheard
from assistant.settings import sections

GREETING = (
    "I read to you; cut in whenever you like.",
    "A cough or a knock should only make me quieter for a moment.",
)
ONLY_READING = "In Rehearsal I only read, so I go on."
STOPPED = "I stop here; start Rehearsal again and I go on."

_SAID_ONCE: tuple[Kind, ...] = ("report", "answer")
_REMEMBERED = 100  # phrases: far more than are ever made ahead of being heard


class RehearsalPartner:
    """A Partner that needs no model. Owned by the thinking thread.

    Sentences are handed out ahead of being heard, so after an interruption the place comes from the text that was not
    said. "next" goes to the next passage and "stop" ends the reading, said or typed; other typed text is acknowledged.
    """

    name = "Rehearsal"

    def __init__(self, passages: Sequence[Passage], brain: sections.Brain | None = None) -> None:
        """passages: at least one."""
        self._passages = tuple(passages)
        self._captions = [f"{p.title}, {i} of {len(self._passages)}" for i, p in enumerate(self._passages, start=1)]
        self._brain = brain or sections.Brain()
        self._first_wanted: str | None = None  # the setting that reading began with; None before the first start
        self._passage = 0
        self._sentence = 0
        self._stopped = False
        self._handed_out: deque[Phrase] = deque(maxlen=_REMEMBERED)
        self._waiting: deque[Phrase] = deque()  # comes before the passage's next sentence

    def configure(self, brain: sections.Brain) -> None:
        """Take new settings. They act from the next reply on."""
        self._brain = brain

    @property
    def has_stopped(self) -> bool:
        """Whether "stop" ended the reading."""
        return self._stopped

    def warm(self, turn: UserTurn, cancelled: Callable[[], bool]) -> None:
        """What comes next does not depend on words."""

    def reply(self, turn: UserTurn | None, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        """As Partner.reply; without end unless stopped. Raises PartnerFailed for an unknown first passage."""
        for phrase in self._reply(turn):
            if cancelled():
                return
            self._handed_out.append(phrase)
            if self._waiting and self._waiting[0] is phrase:
                self._waiting.popleft()
            elif phrase.kind == "passage":
                self._sentence += 1
            yield phrase

    def _reply(self, turn: UserTurn | None) -> Iterator[Phrase]:
        handed_out = tuple(self._handed_out)
        self._handed_out.clear()
        asked = turn is None or turn.typed or turn.resumed
        if self._stopped and not asked:
            return  # whoever asked for quiet may talk to others
        self._stopped = False
        by_button = turn is None or turn.resumed
        if self._first_wanted is None or (by_button and self._first_wanted != self._brain.passage):
            self._begin_with(self._brain.passage)
        else:
            yield from self._answer(turn, handed_out)
        if not self._stopped:
            yield from self._read()

    def _answer(self, turn: UserTurn | None, handed_out: Sequence[Phrase]) -> Iterator[Phrase]:
        if turn is not None and turn.interruption is not None:
            # The same cut may be told again, when the answer to it was given up: what waits belongs to the place too.
            ahead = (*handed_out, *self._waiting)
            rest = unheard(ahead, turn.interruption) if ahead else ()
            self._waiting = deque(phrase for phrase in rest if phrase.kind not in _SAID_ONCE)
            if self._brain.report == "spoken" and not (turn.typed or turn.resumed):
                yield self._phrase(report(turn.interruption), "report")
        elif any(phrase.kind not in _SAID_ONCE for phrase in handed_out):
            self._go_to(self._passage)  # how much of it was heard is not known: from its beginning
        if turn is not None:
            said = turn.text.strip(" .!").lower()
            if said == "stop":
                self._stopped = True
                yield self._phrase(STOPPED, "answer")
            elif said == "next":
                self._to_next_passage()
            elif turn.typed:
                yield self._phrase(ONLY_READING, "answer")

    def _read(self) -> Iterator[Phrase]:
        while True:
            if self._waiting:
                yield self._waiting[0]
            elif self._sentence < len(self._passages[self._passage].sentences):
                yield self._phrase(self._passages[self._passage].sentences[self._sentence], "passage")
            else:
                self._to_next_passage()

    def _begin_with(self, wanted: str) -> None:
        """Greet at the first start, and name the passage."""
        titles = [passage.title for passage in self._passages]
        names = [title.casefold() for title in titles]
        if wanted and wanted.strip().casefold() not in names:
            raise PartnerFailed(f"There is no passage “{wanted}”. Choose one of: {', '.join(titles)}.")
        self._go_to(names.index(wanted.strip().casefold()) if wanted else 0)
        greeting = GREETING if self._first_wanted is None else ()
        self._waiting.extend(
            self._phrase(text, "greeting") for text in (*greeting, f"This is {titles[self._passage]}.")
        )
        self._first_wanted = wanted

    def _go_to(self, passage: int) -> None:
        self._passage = passage
        self._sentence = 0
        self._waiting.clear()

    def _to_next_passage(self) -> None:
        self._go_to((self._being_heard + 1) % len(self._passages))
        self._waiting.append(self._phrase(f"The next one is {self._passages[self._passage].title}.", "greeting"))

    def _phrase(self, text: str, kind: Kind) -> Phrase:
        return Phrase(text, kind, self._captions[self._being_heard])

    @property
    def _being_heard(self) -> int:
        """The passage at the ear, which may be one behind the passage that is being handed out."""
        return self._captions.index(self._waiting[0].caption) if self._waiting else self._passage


def report(cut: Interruption) -> str:
    """What happened, in one sentence; the latency to 10 ms."""
    if not cut.last_word:
        return "You stopped me before my first word."
    if cut.onset_to_stop_ms is None:
        return f"You stopped me after “{cut.last_word}”."
    rounded_ms = max(10, 10 * int(cut.onset_to_stop_ms / 10 + 0.5))
    return f"You stopped me after “{cut.last_word}”, {rounded_ms} milliseconds."
