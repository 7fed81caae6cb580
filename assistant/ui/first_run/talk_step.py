"""Last step: talk."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from assistant.ui.first_run.step_page import StepPage
from assistant.ui.icon import Icon
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.style import Theme
from assistant.ui.wrapped import Wrapped

TITLE = "Talk, and cut in whenever you like"
WITH_MIND = "Just start talking. It answers when you pause, and stops when you speak over it."
WITHOUT_MIND = (
    "There is no language model yet, so it reads to you: that is Rehearsal. Talk over it, cough, knock on the table, "
    "and see what makes it stop."
)
TIPS = (
    ("mic", "Cut in", "Speak over it. It becomes quieter at once and stops when it is sure that you mean it."),
    ("square", "Esc", "Stops it wherever you are in the window. F8, held down, lets you talk undisturbed."),
    ("tag", "See why", "The panel shows what it heard and why it stopped. The sliders below change that, live."),
)


class TalkStep(StepPage):
    """rehearse: leave the first run and start Rehearsal. look: leave it, and nothing more."""

    rehearse = Signal()
    look = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, TITLE, WITHOUT_MIND)
        _, inside = self.card()
        inside.setSpacing(14)
        for symbol, name, words in TIPS:
            line = QHBoxLayout()
            line.setSpacing(12)
            head = Label(theme, name, 13, 600)
            head.setFixedWidth(theme.scaled(64))
            line.addWidget(Icon(theme, symbol, "text2"))
            line.addWidget(head)
            line.addWidget(Wrapped(theme, 13, 400, "text2", text=words), 1)
            inside.addLayout(line)
        self._mind = False
        self.other = KeyButton(theme, "")
        self.other.clicked.connect(self._press_other)
        line = QHBoxLayout()
        line.addWidget(self.other)
        line.addStretch(1)
        self.column.addLayout(line)
        self.column.addStretch(1)
        self.show_mind(False)

    @property
    def primary(self) -> str:
        return "Talk" if self._mind else "Start Rehearsal"

    def press(self) -> bool:
        if not self._mind:
            self.rehearse.emit()
        return self._mind

    def show_mind(self, there: bool) -> None:
        """Whether a language model is there to answer."""
        self._mind = there
        self.words.setText(WITH_MIND if there else WITHOUT_MIND)
        self.other.say("Start Rehearsal" if there else "Only look around", "play" if there else "")
        self.changed.emit()

    def _press_other(self) -> None:
        (self.rehearse if self._mind else self.look).emit()
