"""What every step of the first run has: a title, a sentence or two, its cards, and what the main button does there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from assistant.ui.label import Label
from assistant.ui.style import Theme
from assistant.ui.wrapped import Wrapped

WIDEST, WIDEST_WORDS = 838, 640
SIDE, TOP = 48, 34


class StepPage(QScrollArea):
    """changed: `primary` is another now."""

    changed = Signal()

    def __init__(self, theme: Theme, title: str, words: str) -> None:
        super().__init__()
        self._theme = theme
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title = Label(theme, title, 24, 600)
        self.words = Wrapped(theme, 14, 400, "text2", text=words)
        self.words.setMaximumWidth(theme.scaled(WIDEST_WORDS))
        inside = QWidget()
        inside.setObjectName("scrolled")
        inside.setAutoFillBackground(False)
        self.column = QVBoxLayout(inside)
        self.column.setSpacing(16)
        self.column.addWidget(self.title)
        self.column.addWidget(self.words)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)

    @property
    def primary(self) -> str:
        """The words on the main button."""
        return "Next"

    @property
    def result(self) -> str:
        """What came of this step, for the list of steps; "" for nothing worth saying."""
        return ""

    def press(self) -> bool:
        """The main button. Returns whether the step is over."""
        return True

    def opened(self) -> None:
        """The step is shown."""

    def left(self) -> None:
        """The person went elsewhere."""

    def tick(self) -> None:
        """Thirty times a second while it is shown."""

    def card(self) -> tuple[QFrame, QVBoxLayout]:
        """A card in the column."""
        card = QFrame()
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(18, 14, 18, 14)
        inside.setSpacing(10)
        self.column.addWidget(card)
        return card, inside

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = SIDE if self.width() > 900 else 28
        right = max(side, self.viewport().width() - side - WIDEST)
        self.column.setContentsMargins(side, TOP if side == SIDE else 20, right, 20)
