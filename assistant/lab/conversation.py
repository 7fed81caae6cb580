"""The record of a conversation: who said what and when, how much of it was heard, and where it ducked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Speaker = Literal["you", "interject"]


@dataclass(frozen=True, slots=True)
class Ducked:
    """Where it was lowered and carried on. at_chars: of the text. label: what the chip says, "0.29 s"."""

    at_chars: int
    label: str


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance. number: grows with each. at: when it began, local time.

    heard_chars: so many characters left the loudspeaker before it was cut, None where all did. cut: what cut it and
    how soon, "142 ms" or "Esc", "" where nothing did. answer_ms: from the end of the person's turn to the first sound
    of the reply, None where that was not measured.
    """

    number: int
    who: Speaker
    at: datetime
    text: str = ""
    heard_chars: int | None = None
    cut: str = ""
    ducked: tuple[Ducked, ...] = ()
    answer_ms: float | None = None

    @property
    def heard(self) -> str:
        """The text that was heard."""
        return self.text[: self.heard_chars]

    @property
    def unheard(self) -> str:
        """The text that was not."""
        return "" if self.heard_chars is None else self.text[self.heard_chars :]


class Conversation:
    """All that was said, from the first utterance on. Owned by one thread.

    What is told of an utterance that was dropped, or that never was, changes nothing.
    """

    def __init__(self) -> None:
        self._said: dict[int, Said] = {}

    @property
    def lines(self) -> tuple[Said, ...]:
        """In order; an utterance without words is left out."""
        return tuple(said for said in self._said.values() if said.text.strip())

    @property
    def all(self) -> tuple[Said, ...]:
        """In order, with those that have no words yet."""
        return tuple(self._said.values())

    def newest(self, who: Speaker | None = None) -> Said | None:
        """The last utterance, or the last of one speaker; None before the first."""
        return next((said for said in reversed(self._said.values()) if who in (None, said.who)), None)

    def get(self, number: int) -> Said | None:
        return self._said.get(number)

    def begin(self, number: int, who: Speaker, at: datetime) -> None:
        self._said[number] = Said(number, who, at)

    def append(self, number: int, text: str) -> None:
        """More of it became settled."""
        said = self._said.get(number)
        if said is not None:
            self._said[number] = replace(said, text=said.text + text)

    def replace(self, number: int, text: str) -> None:
        """Its settled words are others than was thought."""
        self._change(number, text=text)

    def cut(self, number: int, heard_chars: int, label: str) -> None:
        said = self._said.get(number)
        if said is not None and said.heard_chars is None:
            heard = max(0, min(heard_chars, len(said.text)))
            self._said[number] = replace(said, heard_chars=heard, cut=label)

    def duck(self, number: int, at_chars: int, label: str) -> None:
        said = self._said.get(number)
        if said is not None:
            self._said[number] = replace(said, ducked=(*said.ducked, Ducked(at_chars, label)))

    def answered(self, number: int, after_ms: float) -> None:
        """The reply to this utterance began to sound."""
        self._change(number, answer_ms=after_ms)

    def drop(self, number: int) -> None:
        """It was none: forget it."""
        self._said.pop(number, None)

    def _change(self, number: int, **changes: object) -> None:
        said = self._said.get(number)
        if said is not None:
            self._said[number] = replace(said, **changes)  # type: ignore[arg-type]
