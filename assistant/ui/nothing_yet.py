"""What stands where there is no conversation yet: a sentence and two buttons, never an empty box."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.ui.controls import Controls
from assistant.ui.key_button import KeyButton
from assistant.ui.style import Theme
from assistant.ui.wrapped import Wrapped

WORDS = "Start Rehearsal and talk over it. Cough, or say “mm-hm”: it should carry on."


class NothingYet(QWidget):
    """Lies over the empty conversation."""

    def __init__(self, theme: Theme, controls: Controls, parent: QWidget) -> None:
        super().__init__(parent)
        title = Wrapped(theme, 13, 600, "text", self, "It reads to you, and you cut in")
        text = Wrapped(theme, 13, 400, "text2", self, WORDS)
        self.start = KeyButton(theme, "Start Rehearsal", symbol="play", kind="primary")
        self.start.setToolTip("It reads passages to you (Ctrl+R)")
        self.start.clicked.connect(controls.start_rehearsal)
        self.itself = KeyButton(theme, "Let it interrupt itself")
        self.itself.setToolTip("A recorded voice cuts in, so that you can listen to what each setting does")
        self.itself.clicked.connect(controls.interrupt_itself)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.start)
        buttons.addWidget(self.itself)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 20)
        column.setSpacing(4)
        column.setAlignment(Qt.AlignmentFlag.AlignBottom)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(text)
        column.addSpacing(6)
        column.addLayout(buttons)
