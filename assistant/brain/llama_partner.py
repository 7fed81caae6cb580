"""A language model as the partner: told what was really heard, interrupted at once, and able to take up the rest."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.brain.chat_template import ChatTemplate
from assistant.brain.exchange import Exchange, Heard, Rest
from assistant.brain.history import Turn, messages, trimmed
from assistant.brain.llama import Cancelled, Evaluated, LanguageModel
from assistant.brain.notes import BEGIN, GO_ON, interruption_note
from assistant.brain.partner import Interruption, Kind, Phrase, Thought, UserTurn
from assistant.brain.runs import Run, Segment, text_of
from assistant.brain.unheard import unheard
from assistant.brain.wishes import wish_in
from assistant.brain.writing import Writing
from assistant.settings import sections

NO_WORDS = "I heard you, but not in words. Type to me, or choose a recogniser on the Models page."
NO_ANSWER = "I have no answer to that."

_REST_KEPT = 3
"""Exchanges after which nobody means an answer that was cut by "go on" any more."""
_TAIL_ROOM = 8
"""Tokens that a template may close an answer with."""


@dataclass(frozen=True, slots=True)
class _Prompt:
    """text: as the model gets it. head: its tokens up to the end of the person's words."""

    text: str
    tokens: list[int]
    head: list[int]
    opens_thought: bool


class LlamaPartner:
    """A Partner. Owned by the thinking thread.

    Its history is worked out anew from the exchange before for every turn, so that a turn that was prepared too early
    can be replaced, and what was not heard is not remembered.
    """

    def __init__(self, model: Path, brain: sections.Brain, note: Callable[[Thought], None]) -> None:
        """Loads the model, which takes seconds. note: told of each reply's figures. Raises PartnerFailed."""
        self._path = model
        self._brain = brain
        self._note = note
        self._before: Exchange | None = None
        """The exchange before the newest: how it ended is said by the newest turn, and perhaps said again."""
        self._newest: Exchange | None = None
        self._model = self._load()

    def _load(self) -> LanguageModel:
        brain = self._brain
        self._loaded_for = (brain.context_tokens, brain.gpu_layers)
        model = LanguageModel(self._path, *self._loaded_for)
        self._template = ChatTemplate(model.template, model.vocabulary.bos_text, model.vocabulary.eos_text)
        self.name = model.name
        return model

    def configure(self, brain: sections.Brain) -> None:
        """Take new settings. They act from the next reply on, another context length by loading the model again."""
        self._brain = brain

    def warm(self, turn: UserTurn, cancelled: Callable[[], bool]) -> None:
        """Evaluate the prompt up to the last settled word, so that a reply begins sooner. Raises PartnerFailed."""
        if self._loaded_for != (self._brain.context_tokens, self._brain.gpu_layers):
            return  # the next reply loads the model again
        settled = replace(turn, text=turn.text.rstrip(" .,;:!?…"))  # the punctuation may change with the next word
        head = self._prompt(self._opened(settled)).head
        if head and not self._model.holds(head):
            try:
                self._model.evaluate(head, cancelled)
            except Cancelled:
                return

    def reply(self, turn: UserTurn | None, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        """As Partner.reply. "stop" ends without a phrase; "go on" speaks what was written before."""
        if self._loaded_for != (self._brain.context_tokens, self._brain.gpu_layers):
            self._model.close()
            self._model = self._load()
        exchange = self._opened(turn)
        self._begin(exchange, turn)
        for phrase in self._answer(exchange, cancelled):
            if cancelled():
                return
            yield phrase

    # What the turn means

    def _opened(self, turn: UserTurn | None) -> Exchange:
        """The exchange that `turn` opens. Changes nothing."""
        newest = self._newest
        again = newest is not None and self._replaces(turn, newest)
        joined = newest is not None and turn is not None and turn.unheard and not turn.resumed
        before = self._before if again or joined else newest
        cut = turn.interruption if turn is not None else None
        if newest is not None and (again or joined):
            cut = cut or newest.cut
        if turn is not None and turn.resumed:
            return self._resumed(turn, before, cut)
        turns: tuple[Turn, ...] = ()
        rest: Rest | None = None
        note = ""
        if before is not None:
            applied = cut if before.handed_out else None  # a cut of what came earlier was told then
            heard = before.heard(applied)
            turns = (*before.turns, before.turn(heard.reply))
            rest = heard.rest
            if rest is not None and applied is None:
                rest = replace(rest, age=rest.age + 1) if rest.age < _REST_KEPT else None
            if applied is not None and turn is not None and rest is not None and (rest.text or rest.unfinished):
                note = interruption_note(applied, rest.text, turn)
        exchange = Exchange(turn, turns, cut=cut, rest=rest)
        if turn is None:
            exchange.note = GO_ON if rest is not None and rest.phrases else BEGIN
            return exchange
        if newest is not None and again:
            exchange.said_before = newest.said_before
        elif newest is not None and joined:
            asked = newest.asked.text if newest.asked is not None else ""
            exchange.said_before = (*newest.said_before, asked)
        exchange.note = note
        exchange.said = " ".join(text.strip() for text in (*exchange.said_before, turn.text) if text.strip())
        return exchange

    @staticmethod
    def _replaces(turn: UserTurn | None, newest: Exchange) -> bool:
        """Whether `turn` was asked before: the very same, or an earlier state of it. 0 is no utterance's number."""
        if turn is None or newest.asked is None:
            return False
        return turn is newest.asked or newest.asked.number in {turn.number, turn.forgets} - {0}

    def _resumed(self, turn: UserTurn, before: Exchange | None, cut: Interruption | None) -> Exchange:
        """The same exchange once more, its answer going on where it was cut."""
        heard = before.heard(cut) if before is not None else Heard((), None)
        rest = heard.rest
        if before is not None and before.handed_out:
            phrases = rest.phrases if rest is not None else ()
            return Exchange(
                turn, before.turns, before.note, before.said, cut=cut, already_heard=heard.reply,
                waiting=deque(phrases), unfinished=before.unfinished,
            )  # fmt: skip
        # Nothing was said in the newest exchange: an answer further back is wanted.
        exchange = Exchange(turn, (*before.turns, before.turn(heard.reply)) if before is not None else (), GO_ON)
        if rest is not None and rest.phrases:
            exchange.waiting.extend(rest.phrases)
            exchange.unfinished = rest.unfinished
        elif cut is not None:
            exchange.waiting.extend(replace(phrase, kind="answer") for phrase in unheard((), cut))
        return exchange

    def _begin(self, exchange: Exchange, turn: UserTurn | None) -> None:
        newest = self._newest
        if newest is not None and not self._replaces(turn, newest) and not (turn is not None and turn.unheard):
            self._before = newest
        self._newest = exchange

    # What is said

    def _answer(self, exchange: Exchange, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        turn = exchange.asked
        if turn is not None and turn.resumed:
            yield from self._go_on(exchange, cancelled)
            return
        if turn is None:
            if exchange.note == GO_ON:
                self._take_up(exchange, from_phrase_start=False)
                yield from self._go_on(exchange, cancelled)
            else:
                yield from self._generate(exchange, "greeting", cancelled)
            return
        if not exchange.said:
            yield Phrase(NO_WORDS, "report", "")
            return
        wish = wish_in(turn.text)
        if wish == "quiet":
            return
        if wish is not None and exchange.said == turn.text.strip() and exchange.rest and exchange.rest.phrases:
            self._take_up(exchange, from_phrase_start=wish == "from_phrase_start")
            yield from self._go_on(exchange, cancelled)
            return
        yield from self._generate(exchange, "answer", cancelled)

    @staticmethod
    def _take_up(exchange: Exchange, *, from_phrase_start: bool) -> None:
        rest = exchange.rest
        if rest is not None:
            exchange.waiting.extend(rest.from_phrase_start if from_phrase_start else rest.phrases)
            exchange.unfinished = rest.unfinished
            exchange.rest = None

    def _go_on(self, exchange: Exchange, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        """What was written before, word for word; then the model ends its answer, if it had not."""
        while exchange.waiting:
            if cancelled():
                return
            phrase = exchange.waiting.popleft()
            spaced = (" " if exchange.written or exchange.already_heard else "") + phrase.text
            exchange.written.append(Run(spaced))
            yield exchange.hand_out(phrase, len(text_of(exchange.written)))
        if exchange.unfinished:
            yield from self._generate(exchange, "answer", cancelled)

    def _generate(self, exchange: Exchange, kind: Kind, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        """The model's answer. Where a part of it has been spoken already, it goes on from there."""
        began = time.perf_counter()
        prompt = self._prompt(exchange)
        exchange.unfinished = True
        made, prompt_s, made_s = 0, 0.0, 0.0
        try:
            evaluated = self._model.evaluate(prompt.tokens, cancelled)
            writing = Writing(self._model.vocabulary, exchange, kind, begins_in_thought=prompt.opens_thought)
            asked = began
            for token in self._model.generate(self._brain.temperature, cancelled):
                made += 1
                took_s = time.perf_counter() - asked
                if made == 1:
                    prompt_s = took_s
                    self._tell(exchange, prompt, evaluated, 1, prompt_s, 0.0)
                else:
                    made_s += took_s
                yield from writing.feed(token)
                if writing.ended or writing.spoken_tokens >= self._brain.reply_tokens:
                    break
                asked = time.perf_counter()  # what the voice takes to speak so far is not the model's time
            exchange.unfinished = not writing.ended and writing.spoken_tokens >= self._brain.reply_tokens
            yield from writing.finish(whole=not exchange.unfinished)
        except Cancelled:
            return
        prompt_s = prompt_s if made else time.perf_counter() - began
        self._tell(exchange, prompt, evaluated, made, prompt_s, made_s)
        if not exchange.handed_out:
            yield Phrase(NO_ANSWER, "report", "")

    def _tell(
        self, exchange: Exchange, prompt: _Prompt, evaluated: Evaluated, made: int, prompt_s: float, made_s: float
    ) -> None:
        number = exchange.asked.number if exchange.asked is not None else 0
        self._note(Thought(number, prompt.text, evaluated.reused, evaluated.evaluated, made, prompt_s, made_s))

    # What the model is told

    def _prompt(self, exchange: Exchange) -> _Prompt:
        """Forgets the oldest turns where there is no room for them. Raises PartnerFailed."""
        so_far = (*exchange.already_heard, *exchange.written)
        for_reply = min(self._brain.reply_tokens, self._model.context_tokens // 2)
        room = self._model.context_tokens - for_reply - _TAIL_ROOM
        asked = exchange.turn()

        def segments(turns: Sequence[Turn]) -> list[Segment]:
            rendered = self._template.render(messages(self._brain.persona, turns))
            return [*rendered, *(Segment(run) for run in so_far)]

        def size(turns: Sequence[Turn]) -> int:
            return len(self._model.vocabulary.tokens(segments(turns)))

        kept = trimmed((*exchange.turns, asked), size, room)
        exchange.turns = kept[:-1]
        exchange.note, exchange.said = kept[-1].note, kept[-1].said
        parts = segments(kept)
        last_said = max((i for i, part in enumerate(parts[: len(parts) - len(so_far)]) if not part.trusted), default=-1)
        opening = parts[len(parts) - len(so_far) - 1].run.text
        return _Prompt(
            text_of(part.run for part in parts),
            self._model.vocabulary.tokens(parts),
            self._model.vocabulary.tokens(parts[: last_said + 1]),
            opens_thought=opening.rstrip().endswith("<think>"),
        )
