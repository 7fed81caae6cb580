"""A session that a test plays: it says what was decided, what was understood, and how far a reply has sounded."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import numpy as np
from PySide6.QtCore import QObject, Signal

from assistant.brain.partner import Phrase
from assistant.speech.voice import SpokenChunk, WordMark
from assistant.speech.words import word_spans
from assistant.turns.commands import (
    CancelReply,
    Cause,
    CloseUtterance,
    Command,
    DropUtterance,
    Duck,
    OpenUtterance,
    Reason,
    Restore,
    Resume,
    Stop,
    Wait,
)
from assistant.turns.states import State
from assistant.ui.conversation import ConversationView
from assistant.ui.narrator import Narrator
from assistant.workers.episode import Episode, Outcome
from assistant.workers.reply import Reply
from assistant.workers.session import Session
from assistant.workers.turn import Decision

WORD = 4800


class Playback:
    """How many samples of the newest reply have left."""

    def __init__(self) -> None:
        self.samples = 0

    def played(self, generation: int) -> int:
        return self.samples if generation > 0 else 0


class Talk(QObject):
    """Every word of a reply lasts 4800 samples."""

    decided = Signal(object)
    episode = Signal(object)

    def __init__(self, view: ConversationView) -> None:
        super().__init__()
        self.playout = Playback()
        self.reply = Reply(0)
        self.view = view
        self.utterance = 0
        self._episodes = 0
        self.narrator = Narrator(cast(Session, self), view)

    def says(self, *phrases: str, words: int | None = None) -> None:
        """A new reply of which so many words have been heard, all of them if absent."""
        self.reply, self.playout.samples = Reply(self.reply.generation + 1), 0
        for text in phrases:
            spoken = self.reply.begin(Phrase(text, "answer", ""))
            spans = word_spans(text)
            marks = tuple(WordMark(text[s.at : s.end], s.at, s.length, i * WORD) for i, s in enumerate(spans))
            self.reply.add(spoken, SpokenChunk(np.zeros(WORD * len(marks), np.float32), marks))
            spoken.complete = True
        self.heard(sum(len(text.split()) for text in phrases) if words is None else words)

    def heard(self, words: int) -> None:
        self.playout.samples = max(1, words * WORD)
        self.narrator.tick()

    def decide(self, command: Command) -> None:
        self.decided.emit(Decision(command, State.LISTENING, 0.0, self.utterance))

    def ducks(self) -> None:
        self.utterance += 1
        self.decide(Duck(0, reason(Cause.CANDIDATE), -20))

    def restores(self) -> None:
        self._happens("restored")
        self.decide(Restore(0, reason(Cause.QUIET)))

    def stops(self, cause: Cause = Cause.CONFIRMED) -> Episode:
        self.decide(Stop(0, reason(cause)))
        told = self.reply.at(self.playout.samples)
        return self._happens("stopped", told.phrase_heard, told.phrase_cut)

    def tells_late(self, reply: Reply, words: int) -> None:
        """Only now it is told that a reply was cut after so many words."""
        told = reply.at(words * WORD)
        self._happens("stopped", told.phrase_heard, told.phrase_cut, generation=reply.generation)

    def opens(self, cause: Cause = Cause.CONFIRMED) -> None:
        if cause is Cause.CONFIRMED:
            self.utterance += 1
        self.decide(OpenUtterance(0, reason(cause), 0))

    def closes(self, speech_ms: int = 1200) -> None:
        self.decide(CloseUtterance(0, reason(Cause.TURN_ENDED), 0, 16_000, speech_ms))

    def drops(self) -> None:
        self.decide(DropUtterance(0, reason(Cause.TOO_SHORT)))

    def resumes(self, stop: Episode | None = None) -> None:
        if stop is not None:
            self._happens("false_stop", stop.heard, stop.cut, generation=stop.generation)
        self.decide(Resume(0, reason(Cause.FALSE_STOP), "phrase_start"))

    def waits(self, stop: Episode) -> None:
        self._happens("false_stop", stop.heard, stop.cut, reason(Cause.STOPPED_AGAIN), stop.generation)
        self.decide(Wait(0, reason(Cause.STOPPED_AGAIN), 8000))

    def keeps(self) -> None:
        """The person has spoken over a protected sentence, which is heard at full level again."""
        self.decide(Restore(0, reason(Cause.KEPT)))

    def gives_up(self, cause: Cause = Cause.CONFIRMED) -> None:
        self.decide(CancelReply(0, reason(cause)))

    def words(self, settled: str, tentative: str = "", *, final: bool = False, utterance: int | None = None) -> None:
        self.narrator.words(self.utterance if utterance is None else utterance, settled, tentative, final)

    @property
    def lines(self) -> list[str]:
        """What can be read, without the day and the speakers' clocks; chips and strips left out."""
        found = []
        for line in self.view.page.toPlainText().replace("￼", "").split("\n")[1:]:
            head = line.split("  ")[0]
            if line.strip():
                found.append(head if head in ("You", "Interject") else line)
        return found

    def _happens(
        self,
        outcome: Outcome,
        heard: str = "",
        cut: str = "",
        why: Reason | None = None,
        generation: int | None = None,
    ) -> Episode:
        self._episodes += outcome != "false_stop"
        silent = None if outcome == "restored" else 4000
        took = 142.0 if outcome == "stopped" else None
        why = why or reason(Cause.CONFIRMED)
        told = Episode(
            self._episodes, 0, datetime(2026, 3, 4, 12, 4, 12), outcome, 0, 500, 7060, silent, why, why,
            78.0, took, 90.0, (), heard, cut, generation=self.reply.generation if generation is None else generation,
        )
        self.episode.emit(told)
        return told


def reason(cause: Cause) -> Reason:
    return Reason(cause, 0)
