"""Below the conversation: the state in a word, Stop, mute, a line to type and the button to hold."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from assistant.turns.states import State
from assistant.ui.controls import Controls
from assistant.ui.icons import wear
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.style import Theme

STATE_LOOKS = {
    State.LISTENING: ("Listening", "listening"),
    State.HEARING: ("Listening to you", "near"),
    State.HELD: ("Listening to you", "near"),
    State.THINKING: ("Thinking", "thinking"),
    State.SPEAKING: ("Speaking", "far"),
    State.DUCKED: ("Ducked", "duck_fill"),
    State.STOPPED: ("Stopped", "stop"),
    State.WAITING: ("Waiting", "listening"),
    State.PROTECTED: ("Speaking", "far"),
    State.GUARDED: ("Ducked", "duck_fill"),
    State.PROMISED: ("Ducked", "duck_fill"),
    State.OWED: ("Speaking", "far"),
}
"""State → its words on the state line and the token of its dot."""


class StateDot(QWidget):
    """12 px in the state's colour; ducked has a border, because its fill alone is too faint on white."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._token = theme, "listening"
        self.setFixedSize(12, 12)

    def show_token(self, token: str) -> None:
        if token != self._token:
            self._token = token
            self.update()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.color(self._token))
        painter.setPen(self._theme.color("duck") if self._token == "duck_fill" else Qt.PenStyle.NoPen)
        painter.drawEllipse(QRectF(0.5, 0.5, 11, 11))
        painter.end()


class Composer(QFrame):
    """Speaks through `controls` only; show_state() tells it what is going on."""

    def __init__(self, theme: Theme, controls: Controls, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("column")
        self._theme, self._controls = theme, controls
        self.dot = StateDot(theme)
        self.state = Label(theme, "Listening", 15, 600)
        self.hint = Label(theme, "", 13, 400, "text2")
        self.stop = KeyButton(theme, "Stop", "Esc", "square")
        self.stop.setToolTip("Stop speaking (Esc, anywhere)")
        self.stop.clicked.connect(controls.stop_speaking)
        self.mute = QPushButton()
        self.mute.setCheckable(True)
        self.mute.setAccessibleName("Mute the microphone")
        self.mute.setToolTip("Mute the microphone (Ctrl+M)")
        wear(self.mute, theme, "mic", "text")
        self.mute.toggled.connect(self._muted)
        self.line = QLineEdit()
        self.line.setPlaceholderText("Type instead")
        self.line.setAccessibleName("Type instead of talking")
        self.line.returnPressed.connect(self._send)
        self.talk = KeyButton(theme, "Hold to talk", "F8")
        self.talk.setToolTip("While it is down you have the floor (F8)")
        self.talk.pressed.connect(controls.talk_pressed)
        self.talk.released.connect(controls.talk_released)
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.setSpacing(9)
        lower.setSpacing(8)
        upper.addWidget(self.dot)
        upper.addWidget(self.state)
        upper.addWidget(self.hint, 1)
        upper.addWidget(self.stop)
        for widget in (self.mute, self.line, self.talk):
            lower.addWidget(widget)
        self._column = QVBoxLayout(self)
        self._column.addLayout(upper)
        self._column.addLayout(lower)
        self._metrics: Metrics = ROOMY
        theme.changed.connect(lambda: self.use(self._metrics))
        self.use(ROOMY)
        self.setTabOrder(self.stop, self.mute)

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._metrics = metrics
        side = metrics.text_margin
        self._column.setContentsMargins(side, 9 if metrics.compact else 11, side, 10 if metrics.compact else 14)
        self._column.setSpacing(8 if metrics.compact else 10)
        self.stop.setFixedHeight(self._theme.scaled(30))
        for widget in (self.line, self.talk):
            widget.setFixedHeight(self._theme.scaled(34))
        self.mute.setFixedSize(self._theme.scaled(34), self._theme.scaled(34))
        self.hint.setVisible(not metrics.compact)

    def show_state(self, state: State, hint: str) -> None:
        """The present state and one short sentence."""
        words, token = STATE_LOOKS[state]
        if self.state.text() != words:
            self.state.setText(words)
        if self.hint.text() != hint:
            self.hint.setText(hint)
        self.dot.show_token(token)

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("line"))
        painter.end()

    def _muted(self, muted: bool) -> None:
        wear(self.mute, self._theme, "mic-off" if muted else "mic", "stop" if muted else "text")
        self.mute.setAccessibleName("Microphone is muted" if muted else "Mute the microphone")
        self._controls.mute.emit(muted)

    def _send(self) -> None:
        text = self.line.text().strip()
        if text:
            self.line.clear()
            self._controls.typed.emit(text)
