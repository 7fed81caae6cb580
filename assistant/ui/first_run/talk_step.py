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
    """rehearse: leave the first run and start Rehearsal."""

    rehearse = Signal()

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
        self.start = KeyButton(theme, "Start Rehearsal", symbol="play")
        self.start.clicked.connect(self.rehearse)
        line = QHBoxLayout()
        line.addWidget(self.start)
        line.addStretch(1)
        self.column.addLayout(line)
        self.column.addStretch(1)

    @property
    def primary(self) -> str:
        return "Talk"

    def show_mind(self, there: bool) -> None:
        """Whether a language model is there to answer."""
        self.words.setText(WITH_MIND if there else WITHOUT_MIND)
