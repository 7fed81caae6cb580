"""What stands where there is no conversation yet: a sentence and two buttons, never an empty box."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from assistant.ui.controls import Controls
from assistant.ui.key_button import KeyButton
from assistant.ui.style import Theme
from assistant.ui.wrapped import Wrapped

SIDE = 20
REHEARSE = (
    "It reads to you, and you cut in",
    "Start Rehearsal and talk over it. A cough or a knock should only make it quieter for a moment.",
)
TALK = (
    "Just start talking",
    "Your words appear here as you say them. Talk over the answer whenever you like: it yields, and takes in what you "
    "said.",
)
NO_EARS = (
    "Type to it, or give it ears",
    "It notices that you speak, but not the words. Choose a recogniser once, or type below.",
)
NO_MIND = (
    "No language model is in use yet",
    "Rehearsal works without one: it reads to you, and you cut in. For a conversation get a model once; from then on "
    "everything runs on this computer.",
)


class NothingYet(QWidget):
    """Lies over the empty conversation."""

    def __init__(self, theme: Theme, controls: Controls, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = Wrapped(theme, 13, 600, "text", self, REHEARSE[0])
        self.text = Wrapped(theme, 13, 400, "text2", self, REHEARSE[1])
        self.start = KeyButton(theme, "Start Rehearsal", symbol="play", kind="primary")
        self.start.setToolTip("It reads passages to you (Ctrl+R)")
        self.start.clicked.connect(controls.start_rehearsal)
        self.models = KeyButton(theme, "Choose a model")
        self.models.setToolTip("What it hears, thinks and speaks with (Ctrl+2)")
        self.models.clicked.connect(controls.open_models)
        self.models.hide()
        self.itself = KeyButton(theme, "Let it interrupt itself")
        self.itself.setToolTip("A recorded voice cuts in, so that you can listen to what each setting does")
        self.itself.clicked.connect(controls.interrupt_itself)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(8)
        self._buttons.addWidget(self.start)
        self._buttons.addWidget(self.models)
        self._buttons.addWidget(self.itself)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE, 14, SIDE, SIDE)
        column.setSpacing(4)
        column.setAlignment(Qt.AlignmentFlag.AlignBottom)
        column.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addSpacing(6)
        column.addLayout(self._buttons)

    def show_models(self, *, mind: bool, ears: bool) -> None:
        """Which models are in use. Where one is missing, a button leads to where it can be chosen.

        With a language model Rehearsal is still offered, but no longer as what to do first.
        """
        title, text = NO_MIND if not mind else TALK if ears else NO_EARS
        self.title.setText(title)
        self.text.setText(text)
        self.start.kind = "plain" if mind else "primary"
        self.start.updateGeometry()
        self.start.update()
        self.models.say("Choose a recogniser" if mind else "Choose a model")
        self.itself.setVisible(mind and ears)
        self.models.setVisible(not (mind and ears))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        second = self.itself if self.models.isHidden() else self.models
        needed = self.start.sizeHint().width() + second.sizeHint().width() + 8 + 2 * SIDE
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._buttons.setDirection(across if needed <= self.width() else down)
