"""Which of the phrases that were handed out nobody has heard, after the speaker was cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.brain.partner import Interruption, Phrase

_LEFT_OVER = " ,.;:!?…”’)"  # stands between the last word heard and the next one
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][”’\"])\s+")


def unheard(handed_out: Sequence[Phrase], cut: Interruption) -> tuple[Phrase, ...]:
    """The rest of `handed_out` from the cut on; the phrase that was cut begins with the next word.

    Phrases are handed out ahead of being spoken, and those behind the cut may never have reached the voice; so the
    place is looked for in all of them by the text that was not said.
    """
    text = " ".join(phrase.text for phrase in handed_out)
    at = _cut_at(text, _plain(cut.heard), _plain(cut.unsaid))
    if at is None:
        return tuple(_in_sentences(_plain(cut.unsaid), handed_out))
    rest = []
    start = 0
    for phrase in handed_out:
        left = phrase.text[max(0, at - start) :]
        if left != phrase.text:
            left = left.lstrip(_LEFT_OVER)
        if left:
            rest.append(replace(phrase, text=left))
        start += len(phrase.text) + 1
    return tuple(rest)


def _cut_at(text: str, heard: str, unsaid: str) -> int | None:
    """Characters of `text` that were heard. None where `unsaid` is no part of it.

    A reply repeats itself, so where `text` begins as `heard` does, nothing but the whole of `heard` tells the place. It
    does not where the cut is one before `text`, told again, or where the oldest phrases are forgotten.
    """
    heard = heard.rstrip(_LEFT_OVER)
    tail = heard[-40:]
    if not unsaid:
        if text.startswith(heard):
            return len(heard)
        found = text.rfind(tail)
        return found + len(tail) if found >= 0 else len(text)
    places = [match.start() for match in re.finditer(f"(?={re.escape(unsaid)})", text)]
    if not places:
        return None
    before = {at: text[:at].rstrip(_LEFT_OVER) for at in places}
    exact = [at for at in places if before[at] == heard]
    fitting = [at for at in places if before[at].endswith(tail)] if tail else []
    # One that has come round again: the voice is near the end. None: the cut is told again, and `text` is what it left.
    return (exact or fitting[-1:] or places)[0]


def _in_sentences(text: str, handed_out: Sequence[Phrase]) -> list[Phrase]:
    caption = handed_out[-1].caption if handed_out else ""
    return [Phrase(sentence, "passage", caption) for sentence in _SENTENCE_END.split(text) if sentence]


def _plain(text: str) -> str:
    return " ".join(text.split())
