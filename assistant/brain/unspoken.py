"""What of a model's stream is for nobody's ears: thoughts, and everything behind the end of its turn."""

from __future__ import annotations

from assistant.brain.runs import Run

_THOUGHTS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "[THINK]": "[/THINK]",
    "<seed:think>": "</seed:think>",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "<|channel|>analysis": "<|channel|>final<|message|>",
    "<|channel>thought": "<channel|>",
}
"""How models that reason mark it, and what ends it."""
_PASSED_OVER = ("<|channel|>final<|message|>", "<|START_RESPONSE|>", "</think>")
_ENDS = ("<|im_end|>", "<|im_start|>", "<|endoftext|>", "<|eot_id|>", "<end_of_turn>", "<start_of_turn>", "[INST]")
"""Written out as text by models that were given another template than their own."""


class Unspoken:
    """Takes the stream as it comes and lets through what is to be spoken, each run as soon as it is certain."""

    def __init__(self, *, begins_in_thought: bool = False) -> None:
        """begins_in_thought: the chat template has opened one already."""
        self._ending_thought = "</think>" if begins_in_thought else ""
        self._waiting: list[Run] = []
        self.ended = False
        """The turn is over, whatever else comes."""

    @property
    def in_thought(self) -> bool:
        return bool(self._ending_thought)

    def feed(self, run: Run) -> list[Run]:
        if self.ended:
            return []
        self._waiting.append(run)
        return self._let_through(at_end=False)

    def finish(self) -> list[Run]:
        """The stream is over: what looked like the beginning of a mark was none."""
        return [] if self.ended else self._let_through(at_end=True)

    def _let_through(self, *, at_end: bool) -> list[Run]:
        out: list[Run] = []
        while self._waiting and not self.ended:
            text = "".join(run.text for run in self._waiting)
            marks = (self._ending_thought,) if self._ending_thought else (*_THOUGHTS, *_PASSED_OVER, *_ENDS)
            at, mark = min(((found, m) for m in marks if (found := text.find(m)) >= 0), default=(-1, ""))
            if at < 0:
                certain = len(text) if at_end else _certain(text, marks)
                self._take(certain, None if self._ending_thought else out)
                return out
            if not at_end and not self._ending_thought and any(
                m.startswith(text[at:]) and m != mark for m in marks
            ):  # a longer mark may yet come of it
                self._take(at, out)
                return out
            self._take(at, None if self._ending_thought else out)
            self._take(len(mark), None)
            self.ended = mark in _ENDS
            self._ending_thought = "" if self._ending_thought else _THOUGHTS.get(mark, "")
        return out

    def _take(self, characters: int, out: list[Run] | None) -> None:
        """Hands on so much of what waits, or drops it."""
        while self._waiting and characters >= len(self._waiting[0].text):
            run = self._waiting.pop(0)
            characters -= len(run.text)
            if out is not None:
                out.append(run)
        if characters:
            text = self._waiting[0].text
            self._waiting[0] = Run(text[characters:])
            if out is not None:
                out.append(Run(text[:characters]))


def _certain(text: str, marks: tuple[str, ...]) -> int:
    """Characters of `text` that can be no mark's beginning."""
    longest = max(map(len, marks)) - 1
    for at in range(max(0, len(text) - longest), len(text)):
        if any(mark.startswith(text[at:]) for mark in marks):
            return at
    return len(text)
