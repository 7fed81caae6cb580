"""Tells the conversation as it happens: phrases as they begin to sound, where they were cut, and what you did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.brain.partner import Phrase, Thought
from assistant.lab.conversation import Speaker
from assistant.turns.commands import (
    CancelReply,
    Cause,
    CloseUtterance,
    DropUtterance,
    Duck,
    OpenUtterance,
    Restore,
    Resume,
    Stop,
    Wait,
)
from assistant.turns.facts import RATE
from assistant.turns.reasons import seconds
from assistant.turns.states import State
from assistant.ui.conversation import ConversationView
from assistant.ui.own_words import OwnWords
from assistant.ui.status_bar import Prepared
from assistant.workers.episode import Episode
from assistant.workers.reply import Reply, SpokenPhrase
from assistant.workers.reply_times import ReplyTimes
from assistant.workers.session import Session
from assistant.workers.turn import Decision

PHRASES_IN_A_PARAGRAPH = 3
BY_HAND = {Cause.STOP_PRESSED: "Esc", Cause.TALK_PRESSED: "F8", Cause.ASKED: "asked"}


@dataclass(slots=True)
class _Spoken:
    """A reply as far as it stands in the conversation.

    phrases: how many of it. paragraph: the one that its newest phrase stands in; 0 before the first. chars: of that
    paragraph. phrase_at: where in it the newest phrase begins. is_cut: nothing more of it is to come.
    """

    reply: Reply
    phrases: int = 0
    paragraph: int = 0
    chars: int = 0
    phrase_at: int = 0
    is_cut: bool = False


class Narrator:
    """Owned by the GUI thread. `tick` looks how far the playback is; the rest is told by signals."""

    def __init__(self, session: Session, view: ConversationView) -> None:
        self._session = session
        self._view = view
        self._own = OwnWords(view, lambda clock, at: self._begin("you", clock, at))
        self._now = _Spoken(Reply(-1))
        self._before = self._now
        """The reply before: an answer may begin to sound before it is told here that this one was cut."""
        self._newest_own = 0
        """The newest paragraph of the person's, 0 before the first."""
        self._in_paragraph = 0
        self._kind = ""
        self._break = False
        """Whether the next phrase begins a paragraph: something stands below the one before."""
        self._typed_over = False
        """Whether a line was typed below the reply: it will be cut, and what still comes of it belongs above."""
        self._ducked_at = 0
        self._carried_on = ""
        """What was said over the reply that is taken up again, "" where nothing was understood."""
        self._false_stop = 0
        """The newest interruption that was told to be none."""
        self._timed = -1
        """The turn whose times were told last."""
        self._day = False
        self.caption = ""
        self.prepared: Prepared | None = None
        """For the status bar."""
        session.decided.connect(self._decided)
        session.episode.connect(self._episode)

    def tick(self) -> None:
        """Shows each phrase when its first sample leaves."""
        reply = self._session.reply
        played = self._session.playout.played(reply.generation)
        if reply is not self._now.reply:
            if not played:
                return
            self._before, self._now = self._now, _Spoken(reply)
            self._kind, self._typed_over = "", False
            self._own.answered()
            self._view.thoughts.begin_reply()
        while self._now.phrases < len(reply.phrases) and played > reply.phrases[self._now.phrases].start:
            self._show(reply.phrases[self._now.phrases].phrase)

    def typed(self, text: str) -> None:
        """The person wrote a line."""
        self.tick()
        at = datetime.now()
        self._view.append(self._begin("you", f"{at:%H:%M:%S}", at), text)
        self._typed_over = True

    def words(self, utterance: int, settled: str, tentative: str, final: bool) -> None:
        """What the recogniser understood of an utterance so far; final: its last word on it, "" where it has none.

        It may come while Interject still speaks, and after the turn was closed.
        """
        self._own.words(utterance, settled, tentative, final)

    def thought(self, thought: Thought) -> None:
        """A model was asked for a reply, or has finished it."""
        self._view.thoughts.tell(thought)

    def times(self, times: ReplyTimes) -> None:
        """The first sound of a reply left the loudspeaker, or more is known about its times."""
        if not times.number:  # the wait after a button belongs to nothing that was said
            return
        if times.number != self._timed:
            self._timed = times.number
            before = self.prepared or Prepared()
            self.prepared = Prepared(before.used + times.prepared, before.wasted + times.wasted)
        paragraph = self._own.paragraph_of(times.number) or self._newest_own
        if paragraph:
            self._view.reply_times(paragraph, times)

    def _show(self, phrase: Phrase) -> None:
        full = phrase.kind != self._kind or self._in_paragraph >= PHRASES_IN_A_PARAGRAPH or self._break
        waits = self._own.live or self._typed_over  # never below words that may be taken back, or that cut it
        if not self._kind or (full and not waits):
            at = datetime.now()
            self._now.paragraph, self._now.chars = self._begin("interject", f"{at:%H:%M:%S}", at), 0
            self._view.thoughts.lead_to(self._now.paragraph)
            self._kind, self._in_paragraph, self._break = phrase.kind, 0, False
        self._add(self._now, phrase.text)
        self._in_paragraph += 1
        self.caption = phrase.caption

    def _add(self, spoken: _Spoken, phrase: str) -> None:
        text = f" {phrase}" if spoken.chars else phrase
        spoken.phrase_at = spoken.chars + len(text) - len(phrase)
        self._view.append(spoken.paragraph, text)
        spoken.chars += len(text)
        spoken.phrases += 1

    def _begin(self, speaker: Speaker, clock: str, at: datetime) -> int:
        if not self._day:
            self._day = True
            self._view.day(f"{at:%A, %H:%M}")
        number = self._view.begin(speaker, clock, at)
        if speaker == "you":
            self._newest_own = number
        return number

    def _decided(self, decision: Decision) -> None:
        match decision.command:
            case Duck():
                self.tick()  # a hidden window has no ticks, and a mark must find its phrase
                self._ducked_at = self._now.phrase_at + self._heard_of_phrase()
                self._carried_on = ""
                self._own.listen(anew=decision.state is not State.PROMISED)
            case OpenUtterance(reason=reason):
                self._own.listen(anew=reason.cause is not Cause.WENT_ON)
            case Stop(reason=reason) if reason.cause in BY_HAND:
                self._own.take_back()
            case Stop():
                self._own.listen(anew=False)
            case CancelReply(reason=reason) if reason.cause is Cause.CONFIRMED:
                self._own.went_on()
            case Restore(reason=reason) if reason.cause is not Cause.KEPT:
                self._own.take_back(decision.utterance)
            case DropUtterance() | Resume() | Wait():
                self._carried_on = self._own.said or self._carried_on
                self._own.take_back(decision.utterance)
            case CloseUtterance(speech_ms=speech_ms):
                self._own.close(decision.utterance, speech_ms)
            case _:
                pass

    def _heard_of_phrase(self) -> int:
        reply, shown = self._now.reply, self._now.phrases
        if not 0 < shown <= len(reply.phrases):
            return 0
        spoken: SpokenPhrase = reply.phrases[shown - 1]
        words = spoken.heard_words(self._session.playout.played(reply.generation))
        return words[-1].at + words[-1].length if words else 0

    def _episode(self, episode: Episode) -> None:
        self.tick()
        match episode.outcome:
            case "restored":
                self._tell_restored(episode)
            case "stopped" | "by_hand":
                self._tell_cut(episode)
            case "false_stop":
                self._tell_cut(episode)
                if episode.number != self._false_stop:
                    self._false_stop = episode.number
                    said = self._own.said or self._carried_on
                    became = "waits" if episode.reason.cause is Cause.STOPPED_AGAIN else "went on"
                    text = f"“{said}”: {became}" if said else f"No words: {became}"
                    self._own.take_back()
                    self._view.line_carried_on(text, f"{episode.clock:%H:%M:%S}", episode.number)
                self._carried_on = ""
            case _:
                pass

    def _tell_restored(self, episode: Episode) -> None:
        ducked_ms = (episode.decided_at - (episode.duck_at or episode.onset)) * 1000 / RATE
        said = self._own.said
        self._own.take_back()
        if said:
            text = f"“{said}”: ducked {seconds(ducked_ms)}, carried on"
            self._view.line_carried_on(text, f"{episode.clock:%H:%M:%S}", episode.number)
            self._break = True
        elif self._kind:
            self._view.duck_chip(self._now.paragraph, self._ducked_at, seconds(ducked_ms), episode.number)

    def _tell_cut(self, episode: Episode) -> None:
        """Strikes what was not heard: the rest of its phrase, and what else is known of the reply."""
        spoken = next((each for each in (self._now, self._before) if each.reply.generation == episode.generation), None)
        if episode.silent_at is None or spoken is None or not spoken.paragraph or spoken.is_cut:
            return  # it is not silent yet, or nothing of it stands here
        spoken.is_cut = True
        took = episode.onset_to_stop_ms
        label = f"{took:.0f} ms" if took is not None else BY_HAND.get(episode.reason.cause, "Esc")
        self._view.cut(spoken.paragraph, spoken.phrase_at + len(episode.heard), label, episode.number)
        for later in spoken.reply.phrases[spoken.phrases :]:
            self._add(spoken, later.phrase.text)
        if spoken is self._now:
            self._kind = ""
