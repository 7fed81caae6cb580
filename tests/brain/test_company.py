"""Who answers when: Rehearsal from its start to its end, the language model otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.brain.company import Company
from assistant.brain.partner import Interruption, Phrase, UserTurn
from assistant.brain.passages import Passage
from assistant.brain.rehearsal import RehearsalPartner
from assistant.settings import sections

CUT = Interruption("Heard.", "Unsaid.", "Heard", 140.0, "wait")


class Mind:
    """Answers with one phrase; keeps what it was told."""

    name = "Mind"

    def __init__(self) -> None:
        self.turns: list[UserTurn | None] = []
        self.warmed: list[UserTurn] = []

    def reply(self, turn: UserTurn | None, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        self.turns.append(turn)
        yield Phrase("I think so.", "answer", "")

    def warm(self, turn: UserTurn, cancelled: Callable[[], bool]) -> None:
        self.warmed.append(turn)

    def configure(self, brain: sections.Brain) -> None:
        pass


def said(company: Company, turn: UserTurn | None, phrases: int = 1) -> list[str]:
    reply = company.reply(turn, lambda: False)
    return [phrase.text for phrase, _ in zip(reply, range(phrases), strict=False)]


def company(mind: Mind | None) -> Company:
    return Company(RehearsalPartner([Passage("The lamp", ("It is lit.", "It turns."))]), mind)


def spoken(text: str, cut: Interruption | None = None) -> UserTurn:
    return UserTurn(text, 1.0, cut)


def test_the_language_model_answers_until_rehearsal_is_started() -> None:
    mind = Mind()
    both = company(mind)
    assert said(both, spoken("hello")) == ["I think so."]
    assert said(both, None) != ["I think so."]
    assert both.rehearsing
    assert len(mind.turns) == 1


def test_rehearsal_answers_until_it_is_ended() -> None:
    both = company(Mind())
    said(both, None)
    assert said(both, spoken("hello")) != ["I think so."]
    both.end_rehearsal()
    assert said(both, spoken("hello")) == ["I think so."]


def test_stop_ends_it_too() -> None:
    both = company(Mind())
    said(both, None)
    said(both, spoken("Stop."), phrases=100)
    assert not both.rehearsing


def test_without_a_language_model_rehearsal_answers_always() -> None:
    alone = company(None)
    assert alone.name == "Rehearsal"
    alone.end_rehearsal()
    assert alone.rehearsing


def test_neither_is_told_of_a_cut_in_what_the_other_said() -> None:
    mind = Mind()
    both = company(mind)
    said(both, None)
    both.end_rehearsal()
    said(both, spoken("hello", CUT))
    assert mind.turns[-1] == spoken("hello")


def test_the_model_learns_of_its_cut_when_it_is_asked_again() -> None:
    mind = Mind()
    both = company(mind)
    said(both, spoken("hello"))
    both.rehearsing = True
    said(both, spoken("read to me", CUT))
    both.end_rehearsal()
    said(both, spoken("and now"))
    assert mind.turns[-1] == spoken("and now", CUT)


def test_only_the_one_that_will_answer_is_warmed() -> None:
    mind = Mind()
    both = company(mind)
    both.warm(spoken("what"), lambda: False)
    said(both, None)
    both.warm(spoken("what is"), lambda: False)
    assert mind.warmed == [spoken("what")]
