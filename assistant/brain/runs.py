"""Text that may know its tokens, and the parts a prompt is put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text. tokens: those the model itself wrote it with, () where they are not known.

    Written anew from its text, a reply may become other tokens than it was made of, and the KV cache could not be kept.
    """

    text: str
    tokens: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a prompt. trusted: it comes from the chat template, so its special tokens mean what they say."""

    run: Run
    trusted: bool = False


def text_of(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def first_characters(runs: Sequence[Run], characters: int) -> tuple[Run, ...]:
    """The runs up to a place in their text. A run that is cut in two no longer knows its tokens."""
    kept = []
    for run in runs:
        if characters <= 0:
            break
        kept.append(run if len(run.text) <= characters else Run(run.text[:characters]))
        characters -= len(run.text)
    return tuple(kept)
