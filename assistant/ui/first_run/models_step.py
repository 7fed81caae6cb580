"""Third step: which models it may download, if any."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from assistant.ui.first_run.said_line import SaidLine
from assistant.ui.first_run.step_page import StepPage
from assistant.ui.key_button import KeyButton
from assistant.ui.models.amounts import size
from assistant.ui.models.set_card import SetCard, SetOffer
from assistant.ui.style import Theme

TITLE = "Choose what it hears, thinks and speaks with"
WORDS = (
    "A set is one model each for its ears, its mind and its voice. A download starts only when you ask for it; "
    "afterwards everything runs on this computer. Rehearsal needs none."
)


class ModelsStep(StepPage):
    """set_asked: action and a set's id. all_asked: show the models page."""

    set_asked = Signal(str, str)
    all_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, TITLE, WORDS)
        self.sets: dict[str, SetCard] = {}
        self._offers: tuple[SetOffer, ...] = ()
        self._set_column = QVBoxLayout()
        self._set_column.setSpacing(10)
        self.said = SaidLine(theme)
        self.column.addLayout(self._set_column)
        self.column.addWidget(self.said)
        self.all = KeyButton(theme, "All models, and files of your own", kind="link", symbol="arrow-right", behind=True)
        self.all.clicked.connect(self.all_asked)
        line = QHBoxLayout()
        line.addWidget(self.all)
        line.addStretch(1)
        self.column.addLayout(line)
        self.column.addStretch(1)

    @property
    def primary(self) -> str:
        best = self._best
        if best is not None and best.state == "offered" and not self._any_chosen:
            return f"Get {best.name}, {size(best.missing)}"
        return "Next"

    @property
    def result(self) -> str:
        for offer in self._offers:
            if offer.state in ("in_use", "here"):
                return offer.name
            if offer.state in ("loading", "paused"):
                return f"{offer.name}, downloading"
        return ""

    def press(self) -> bool:
        best = self._best
        if best is not None and best.state == "offered" and not self._any_chosen:
            self.set_asked.emit("get", best.id)
            return False
        return True

    def show_sets(self, offers: Sequence[SetOffer]) -> None:
        """The sets, from the smallest to the best."""
        before = self.primary
        self._offers = tuple(offers)
        for offer in offers:
            if offer.id in self.sets:
                self.sets[offer.id].show_offer(offer)
                continue
            card = SetCard(self._theme, offer)
            card.pressed.connect(lambda action, id=offer.id: self.set_asked.emit(action, id))
            self.sets[offer.id] = card
            self._set_column.addWidget(card)
        if self._any_chosen:
            under_way = any(offer.state == "loading" for offer in offers)
            words = "The download goes on while you talk." if under_way else ""
            self.said.say(words, "text2", "info" if words else "")
        if self.primary != before:
            self.changed.emit()

    def tell(self, words: str) -> None:
        """Something went wrong with a download."""
        self.said.say(words, "stop", "triangle-alert")

    @property
    def _best(self) -> SetOffer | None:
        return next((offer for offer in self._offers if offer.best), None)

    @property
    def _any_chosen(self) -> bool:
        return any(offer.state != "offered" for offer in self._offers)
