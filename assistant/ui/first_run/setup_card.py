"""The way back to the steps of the first run, on the settings page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.style import Theme

BUTTONS = (("Check the microphone", "mic", 0), ("Measure the room", "volume-2", 1), ("Choose models", "download", 2))
"""Words, icon and the place of the step."""


class SetupCard(QFrame):
    """asked: a step's place."""

    asked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 9, 10, 9)
        line.setSpacing(8)
        line.addWidget(Label(theme, "Set up again", 13, 600))
        line.addStretch(1)
        self.buttons = [KeyButton(theme, words, symbol=symbol) for words, symbol, _ in BUTTONS]
        for button, (_, _, at) in zip(self.buttons, BUTTONS, strict=True):
            button.clicked.connect(lambda _on=False, at=at: self.asked.emit(at))
            line.addWidget(button)
