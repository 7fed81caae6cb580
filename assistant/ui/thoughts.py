"""The last prompts of the language model, each with the paragraphs of the reply that it led to."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.brain.partner import Thought

KEPT = 50


class Thoughts:
    """Owned by the GUI thread.

    A reply may be prepared several times before one sounds: the newest thought is the one that led to what is heard.
    """

    def __init__(self) -> None:
        self._newest: Thought | None = None
        self._sounding: Thought | None = None
        self._by_paragraph: dict[int, Thought] = {}

    def tell(self, thought: Thought) -> None:
        """A model began to answer, or its answer is complete and its figures are final."""
        again = [at for at, old in self._by_paragraph.items() if _same(old, thought)]
        for paragraph in again:
            self._by_paragraph[paragraph] = thought
        self._newest = None if again else thought

    def begin_reply(self) -> None:
        """A reply began to sound whose thought was told before, or that has none."""
        self._sounding, self._newest = self._newest, None

    def lead_to(self, paragraph: int) -> None:
        """A paragraph of that reply was begun."""
        sounding = self._sounding
        if sounding is None:
            return
        newer = (thought for thought in self._by_paragraph.values() if _same(thought, sounding))
        self._by_paragraph[paragraph] = next(newer, sounding)
        while len({id(thought) for thought in self._by_paragraph.values()}) > KEPT:
            del self._by_paragraph[next(iter(self._by_paragraph))]

    def of(self, paragraph: int) -> Thought | None:
        """What led to this paragraph, None where no model did or it was forgotten."""
        return self._by_paragraph.get(paragraph)

    @property
    def newest_paragraph(self) -> int | None:
        """Of the newest reply that a model was asked for, None before the first."""
        return next(reversed(self._by_paragraph), None)

    def __iter__(self) -> Iterator[tuple[int, Thought]]:
        """The first paragraph of each kept reply and its thought, the oldest first."""
        told: list[Thought] = []
        for paragraph, thought in self._by_paragraph.items():
            if not any(thought is other for other in told):
                told.append(thought)
                yield paragraph, thought


def _same(one: Thought, other: Thought) -> bool:
    return (one.number, one.prompt) == (other.number, other.prompt)
