"""Tells the conversation as it happens: phrases as they begin to sound, where they were cut, and what you did."""

from __future__ import annotations

from datetime import datetime

from assistant.brain.partner import Phrase
from assistant.turns.commands import Cause, CloseUtterance, Duck
from assistant.turns.facts import RATE
from assistant.turns.reasons import seconds
from assistant.ui.conversation import ConversationView
from assistant.workers.episode import Episode
from assistant.workers.reply import Reply, SpokenPhrase
from assistant.workers.session import Session
from assistant.workers.turn import Decision

PHRASES_IN_A_PARAGRAPH = 3
BY_HAND = {Cause.TALK_PRESSED: "F8", Cause.ASKED: "asked"}


class Narrator:
    """Owned by the GUI thread. `tick` looks how far the playback is; the rest is told by signals."""

    def __init__(self, session: Session, view: ConversationView) -> None:
        self._session = session
        self._view = view
        self._reply = Reply(-1)
        self._shown = 0
        """Phrases of the reply that stand in the conversation."""
        self._paragraph = 0
        self._in_paragraph = 0
        self._kind = ""
        self._chars = 0
        self._phrase_at = 0
        """Where in its utterance the newest phrase begins."""
        self._ducked_at = 0
        self.caption = ""
        session.decided.connect(self._decided)
        session.episode.connect(self._episode)
        self._day = False

    def tick(self) -> None:
        """Shows each phrase when its first sample leaves."""
        reply = self._session.reply
        played = self._session.playout.played(reply.generation)
        if reply is not self._reply:
            if not played:
                return
            self._reply, self._shown, self._kind = reply, 0, ""
        while self._shown < len(reply.phrases) and played > reply.phrases[self._shown].start:
            self._show(reply.phrases[self._shown].phrase)
            self._shown += 1

    def typed(self, text: str) -> None:
        """The person wrote a line."""
        self._begin("you")
        self._view.append(self._paragraph, text)
        self._kind = ""

    def _show(self, phrase: Phrase) -> None:
        if phrase.kind != self._kind or self._in_paragraph >= PHRASES_IN_A_PARAGRAPH:
            self._begin("interject")
            self._kind, self._in_paragraph, self._chars = phrase.kind, 0, 0
        text = f" {phrase.text}" if self._chars else phrase.text
        self._phrase_at = self._chars + len(text) - len(phrase.text)
        self._view.append(self._paragraph, text)
        self._chars += len(text)
        self._in_paragraph += 1
        self.caption = phrase.caption

    def _begin(self, speaker: str) -> None:
        now = datetime.now()
        if not self._day:
            self._day = True
            self._view.day(f"{now:%A, %H:%M}")
        self._paragraph = self._view.begin("you" if speaker == "you" else "interject", f"{now:%H:%M:%S}")

    def _decided(self, decision: Decision) -> None:
        match decision.command:
            case Duck():
                self.tick()  # a hidden window has no ticks, and a mark must find its phrase
                self._ducked_at = self._phrase_at + self._heard_of_phrase()
            case CloseUtterance(speech_ms=speech_ms):
                self._begin("you")
                self._view.append(self._paragraph, f"(spoke for {seconds(speech_ms)})" if speech_ms else "(was silent)")
                self._kind = ""
            case _:
                pass

    def _heard_of_phrase(self) -> int:
        reply = self._reply
        if not 0 < self._shown <= len(reply.phrases):
            return 0
        spoken: SpokenPhrase = reply.phrases[self._shown - 1]
        words = spoken.heard_words(self._session.playout.played(reply.generation))
        return words[-1].at + words[-1].length if words else 0

    def _episode(self, episode: Episode) -> None:
        self.tick()
        if not self._kind:
            return  # nothing of Interject's is the newest in the conversation
        match episode.outcome:
            case "restored":
                ducked_ms = (episode.decided_at - (episode.duck_at or episode.onset)) * 1000 / RATE
                self._view.duck_chip(self._paragraph, self._ducked_at, seconds(ducked_ms), episode.number)
            case "stopped" | "by_hand" if episode.silent_at is not None:
                took = episode.onset_to_stop_ms
                label = f"{took:.0f} ms" if took is not None else BY_HAND.get(episode.reason.cause, "Esc")
                self._view.cut(self._paragraph, self._phrase_at + len(episode.heard), label, episode.number)
                self._kind = ""
            case "false_stop":
                clock = f"{episode.clock:%H:%M:%S}"
                self._view.line_carried_on("No words: went on", clock, episode.number)
            case _:
                pass
