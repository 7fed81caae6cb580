"""The first run: four steps at the left, one of them open, and what leads on at the bottom."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from assistant.ui.first_run.microphone_step import MicrophoneStep
from assistant.ui.first_run.models_step import ModelsStep
from assistant.ui.first_run.room_step import RoomStep
from assistant.ui.first_run.step_list import Step, StepList
from assistant.ui.first_run.step_page import StepPage
from assistant.ui.first_run.talk_step import TalkStep
from assistant.ui.key_button import KeyButton
from assistant.ui.metrics import Metrics
from assistant.ui.style import Theme

STEPS = (
    Step("Microphone", "Does it hear you?"),
    Step("Room", "Noise, voice, echo"),
    Step("Models", "Ears, mind, voice"),
    Step("Talk", "Cut in, and see"),
)
MICROPHONE, ROOM, MODELS, TALK = range(4)
SIDE, COMPACT_SIDE = 260, 228


class FirstRunPage(QWidget):
    """left: the person is through, or skipped the rest."""

    left = Signal()

    def __init__(
        self, theme: Theme, microphone: MicrophoneStep, room: RoomStep, models: ModelsStep, talk: TalkStep
    ) -> None:
        super().__init__()
        self.steps: tuple[StepPage, ...] = (microphone, room, models, talk)
        self.microphone, self.room, self.models, self.talk = microphone, room, models, talk
        self.at = MICROPHONE
        self.list = StepList(theme, STEPS)
        self.list.chosen.connect(self.go)
        self._stack = QStackedWidget()
        self.skip = KeyButton(theme, "Skip the rest", kind="quiet")
        self.skip.clicked.connect(self._leave)
        self.back = KeyButton(theme, "Back")
        self.back.clicked.connect(lambda: self.go(self.at - 1))
        self.next = KeyButton(theme, "Next", key="Enter", kind="primary")
        self.next.clicked.connect(self._press)
        for step in self.steps:
            self._stack.addWidget(step)
            step.changed.connect(self._show)
        above = QHBoxLayout()
        above.setSpacing(0)
        above.addWidget(self.list)
        above.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above, 1)
        column.addWidget(_Foot(theme, self.skip, self.back, self.next))
        self.use_side(SIDE)
        self._show()

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self.use_side(COMPACT_SIDE if metrics.compact else SIDE)

    def use_side(self, wide: int) -> None:
        """Width of the list of steps."""
        self.list.setFixedWidth(wide)

    def go(self, at: int) -> None:
        """Open a step."""
        at = max(MICROPHONE, min(TALK, at))
        self.close_step()
        self.at = at
        self._stack.setCurrentIndex(at)
        self.steps[at].opened()
        self._show()

    def begin(self, at: int = MICROPHONE) -> None:
        """Show it from this step on, with nothing done yet."""
        self.go(at)
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def tick(self) -> None:
        """Thirty times a second."""
        self.steps[self.at].tick()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press()
        else:
            super().keyPressEvent(event)

    def _press(self) -> None:
        if not self.steps[self.at].press():
            self._show()
        elif self.at == TALK:
            self._leave()
        else:
            self.go(self.at + 1)

    def _leave(self) -> None:
        self.left.emit()

    def close_step(self) -> None:
        """The step that is open is left: whatever it has under way ends."""
        step = self.steps[self.at]
        result = step.result
        if result:
            self.list.done(self.at, result)
        step.left()

    def _show(self) -> None:
        step = self.steps[self.at]
        self.list.show_step(self.at)
        self.next.say(step.primary)
        self.back.setVisible(self.at > MICROPHONE)
        self.skip.setVisible(self.at < TALK)


class _Foot(QFrame):
    """The bar at the bottom."""

    def __init__(self, theme: Theme, skip: QWidget, back: QWidget, forward: QWidget) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._theme = theme
        self.setFixedHeight(theme.scaled(56))
        line = QHBoxLayout(self)
        line.setContentsMargins(22, 0, 20, 0)
        line.setSpacing(8)
        line.addWidget(skip)
        line.addStretch(1)
        line.addWidget(back)
        line.addWidget(forward)

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("line"))
        painter.end()
