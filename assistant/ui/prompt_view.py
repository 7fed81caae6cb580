"""The exact text that a language model was given for a reply, and what it took."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from assistant.brain.partner import Thought
from assistant.ui.choice import Choice
from assistant.ui.conversation import ConversationView
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.style import Theme
from assistant.ui.wrapped import Wrapped

LONGEST_TITLE = 60


class PromptView(QDialog):
    """One window for all kept replies; it shows what the list at its top says."""

    def __init__(self, theme: Theme, view: ConversationView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self.setWindowTitle("Prompt")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 560)
        self.turns = Choice(theme)
        self.turns.setAccessibleName("Reply")
        self.turns.setFixedHeight(theme.scaled(30))
        self.turns.currentIndexChanged.connect(self._show_turn)
        self.figures = Wrapped(theme, 12, 400, "text2")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Prompt")
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        mono.setPixelSize(theme.scaled(12))
        self.text.setStyleSheet(
            f"QPlainTextEdit {{ font-family: '{mono.family()}', monospace; font-size: {theme.scaled(12)}px; "
            f"background: {theme.tokens.sunken}; border: 1px solid {theme.tokens.line}; border-radius: 6px; "
            f"padding: 6px; color: {theme.tokens.text}; selection-background-color: {theme.tokens.near}; "
            f"selection-color: {theme.tokens.on_near}; }}"
        )
        self.copy = KeyButton(theme, "Copy", symbol="copy")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        close = KeyButton(theme, "Close")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.copy)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(8)
        column.addWidget(Label(theme, "What the model was given", 20, 600))
        column.addWidget(self.turns)
        column.addWidget(self.figures)
        column.addWidget(self.text, 1)
        column.addLayout(foot)
        self._fill()

    def show_reply(self, paragraph: int) -> None:
        """Choose the reply with this paragraph."""
        thought = self._view.thoughts.of(paragraph)
        for at in range(self.turns.count()):
            if self._view.thoughts.of(self.turns.itemData(at)) is thought:
                self.turns.setCurrentIndex(at)

    def _fill(self) -> None:
        for paragraph, _ in self._view.thoughts:
            said = self._view.record.get(paragraph)
            if said is not None:
                text = said.text if len(said.text) <= LONGEST_TITLE else said.text[:LONGEST_TITLE].rstrip() + "…"
                self.turns.addItem(f"{said.at:%H:%M:%S}  {text}", paragraph)
        self.turns.setCurrentIndex(self.turns.count() - 1)

    def _show_turn(self, at: int) -> None:
        thought = self._view.thoughts.of(self.turns.itemData(at)) if at >= 0 else None
        if thought is not None:
            self.figures.setText(figures(thought))
            self.figures.updateGeometry()
            self.text.setPlainText(thought.prompt)


def figures(thought: Thought) -> str:
    """Tokens and speed: what of the prompt was still in the cache, what had to be computed, and the reply."""
    whole = thought.reused + thought.evaluated
    said = f"Prompt {whole} tokens: {thought.reused} reused, {thought.evaluated} evaluated in {thought.prompt_s:.2f} s"
    if thought.prompt_s > 0 and thought.evaluated:
        said += f", {thought.evaluated / thought.prompt_s:.0f} tokens/s"
    said += "."
    if thought.made:
        made = f", {thought.made / thought.made_s:.1f} tokens/s" if thought.made_s > 0 else ""
        tokens = "1 token" if thought.made == 1 else f"{thought.made} tokens"
        said += f" Reply {tokens} in {thought.made_s:.2f} s{made}."
    return said
