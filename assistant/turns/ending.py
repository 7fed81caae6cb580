"""Whether a turn is over: how much silence that takes, and how much less after a finished sentence."""

from __future__ import annotations

import re

from assistant.settings.sections import Endpointing
from assistant.turns.commands import Cause
from assistant.turns.words import phrases, plain_words

_SENTENCE_END = re.compile(r"(?<![.…])[.!?؟।。！？][\"'”’»)\]」』\s]*$")
"""A mark that ends a sentence, and is not the last of three dots: with these Whisper writes that somebody hesitates."""


class Pause:
    """The silence that the person is in. Whoever goes on makes a new one, so that nothing is known of it yet.

    prepared: a reply to what was said before it is on its way.
    """

    def __init__(self) -> None:
        self.prepared = False
        self._finished = False

    def understood(self, text: str, knobs: Endpointing) -> None:
        """All the words before it; they will not change."""
        self._finished = self.prepared and is_finished(text, knobs.open_words)

    def asks_for(self, knobs: Endpointing) -> tuple[Cause, int]:
        """Milliseconds of silence with which the turn is over, and the cause if it then is."""
        if self._finished and knobs.finished_ms < knobs.silence_ms:
            return Cause.SENTENCE_FINISHED, knobs.finished_ms
        return Cause.TURN_ENDED, knobs.silence_ms


def is_finished(text: str, open_words: str) -> bool:
    """Whether these words are a whole sentence, judged by how the recogniser wrote them.

    open_words: a knob's comma-separated words with which no sentence ends. A number ends none either: whoever dictates
    one pauses in it (Vapi's endpointing has an `onNumberSeconds` for this).
    """
    words = plain_words(text)
    if not words or not _SENTENCE_END.search(text):
        return False
    return not words[-1][-1].isdigit() and not any(words[-len(end) :] == end for end in phrases(open_words))
