"""Below the conversation: what can be done with the newest reply, and the way out for the whole conversation."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from assistant.ui.controls import Controls
from assistant.ui.conversation import ConversationView
from assistant.ui.key_button import KeyButton
from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.style import Theme


class ReplyBar(QFrame):
    """Hidden until something was said; then it stays, so that nothing jumps while replies come and go."""

    def __init__(
        self, theme: Theme, controls: Controls, view: ConversationView, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("column")
        self._theme, self._view = theme, view
        self._metrics: Metrics = ROOMY
        self.again = KeyButton(theme, "Say it again", symbol="repeat", kind="quiet")
        self.again.setToolTip("Speaks the newest reply from its start (F6)")
        self.again.clicked.connect(controls.repeat_asked)
        self.go_on = KeyButton(theme, "Go on", symbol="step-forward", kind="quiet")
        self.go_on.clicked.connect(controls.continue_asked)
        self.prompt = KeyButton(theme, "Prompt", kind="quiet")
        self.copy = KeyButton(theme, "", symbol="copy", kind="quiet")
        self.copy.setAccessibleName("Copy or save the conversation")
        self.copy.setToolTip("Copy or save the conversation")
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(4)
        self._layout.addWidget(self.again)
        self._layout.addWidget(self.go_on)
        self._layout.addStretch(1)
        self._layout.addWidget(self.prompt)
        self._layout.addWidget(self.copy)
        view.changed.connect(self.refresh)
        theme.changed.connect(lambda: self.use(self._metrics))
        self.use(ROOMY)
        self.refresh()

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._metrics = metrics
        side = metrics.text_margin - 6  # a quiet button's words stand 6 px inside it
        self._layout.setContentsMargins(side, 0, side, 2 if metrics.compact else 4)
        for button in (self.again, self.go_on, self.prompt):
            button.setFixedHeight(self._theme.scaled(26))
        self.copy.setFixedSize(self._theme.scaled(28), self._theme.scaled(26))

    def refresh(self) -> None:
        """Show what can be done now."""
        reply = self._view.record.newest("interject")
        was_cut = reply is not None and reply.heard_chars is not None
        thoughts = self._view.thoughts
        thought = reply is not None and thoughts.of(reply.number) is not None
        self.setVisible(self._view.record.newest() is not None)
        self.again.setEnabled(reply is not None)
        self.go_on.setEnabled(was_cut)
        self.go_on.setToolTip(
            "Takes up what was not heard of the newest reply (F7)"
            if was_cut
            else "Nothing of the newest reply was cut off"
        )
        self.prompt.setEnabled(thoughts.newest_paragraph is not None)
        if thought:
            told = "What the language model was given for the newest reply"
        elif self.prompt.isEnabled():
            told = "The newest reply needed no language model; shows what it was given before"
        else:
            told = "No language model has been asked yet"
        self.prompt.setToolTip(told)
