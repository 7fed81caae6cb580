"""One of the three sets: what it holds, what it takes, how soon it replies here, and one button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.models.amounts import memory, size
from assistant.ui.pill import Pill
from assistant.ui.style import Theme

SetState = Literal["offered", "loading", "paused", "here", "in_use"]
BUTTONS: dict[SetState, tuple[str, str]] = {
    "offered": ("Get", "download"),
    "loading": ("Pause", "pause"),
    "paused": ("Resume", "play"),
    "here": ("Use", ""),
}


@dataclass(frozen=True, slots=True)
class SetOffer:
    """holds: the names of its models. missing: bytes still to download of `size`. reply_s: about, on this machine.

    best: fits this machine best. hindrance: why it does not fit at all, "" where it does; short_of: what is too small.
    """

    id: str
    name: str
    holds: str
    size: int
    missing: int
    memory_mb: int
    reply_s: float
    state: SetState
    best: bool = False
    hindrance: str = ""
    short_of: Literal["", "memory", "disk"] = ""


class SetCard(QWidget):
    """pressed: what its button asks for: "get", "pause", "resume" or "use"."""

    pressed = Signal(str)

    def __init__(self, theme: Theme, offer: SetOffer) -> None:
        super().__init__()
        self._theme, self.offer = theme, offer
        self.name = Label(theme, offer.name, 15, 600)
        self.best = Pill(theme, "Best fit here", "near")
        self.in_use = Pill(theme, "In use", "far", "check")
        self.button = KeyButton(theme, "Get", symbol="download")
        self.button.clicked.connect(self._press)
        self.holds = Label(theme, offer.holds, 12, 400, "text2")
        self.figures = [_Figure(theme) for _ in range(3)]
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.name)
        head.addWidget(self.best)
        head.addStretch(1)
        head.addWidget(self.in_use)
        head.addWidget(self.button)
        line = QHBoxLayout()
        line.setSpacing(18)
        for figure in self.figures:
            line.addWidget(figure)
        line.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(15, 11, 15, 12)
        self._column.setSpacing(2)
        self._column.addLayout(head)
        self._column.addWidget(self.holds)
        self._column.addSpacing(4)
        self._column.addLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._dress)
        self._dress()
        self.show_offer(offer)

    def show_offer(self, offer: SetOffer) -> None:
        """Show other figures or another state."""
        self.offer = offer
        self.name.say(offer.name)
        self.holds.say(offer.holds)
        self.setToolTip(offer.hindrance or offer.holds)
        self.best.setVisible(offer.best)
        self.in_use.setVisible(offer.state == "in_use")
        self.button.setVisible(offer.state != "in_use")
        words, symbol = BUTTONS.get(offer.state, ("Use", ""))
        self.button.say(words, symbol)
        self.button.setAccessibleName(f"{words} the set {offer.name}")
        under_way = offer.state in ("loading", "paused")
        partly = 0 < offer.missing < offer.size
        done = offer.size - offer.missing
        if under_way:
            first = (size(done), f"of {size(offer.size)}")
        elif offer.missing == 0:
            first = (size(offer.size), "on this disk")
        else:
            words = f"of {size(offer.size)} to download" if partly else "to download"
            first = (size(offer.missing), "too much for the disk" if offer.short_of == "disk" else words)
        memory_words = "memory, too much" if offer.short_of == "memory" else "memory"
        told = (first, (memory(offer.memory_mb), memory_words), (f"≈ {offer.reply_s:.1f} s", "to the reply"))
        for figure, (value, words) in zip(self.figures, told, strict=True):
            figure.show_figure(value, words)
        disk, memory_figure, _ = self.figures
        disk.warn(offer.short_of == "disk")
        memory_figure.warn(offer.short_of == "memory")
        said = ", ".join(f"{value} {words}" for value, words in told)
        self.setAccessibleName(f"Set {offer.name}" + (", best fit here" if offer.best else ""))
        self.setAccessibleDescription(f"{offer.holds}. {said}. {offer.hindrance}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, self._theme.scaled(118))

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        best = self.offer.best
        pen = 2 if best else 1
        painter.setPen(QPen(self._theme.color("near" if best else "line"), pen))
        painter.setBrush(self._theme.color("surface"))
        half = pen / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 8, 8)
        painter.end()

    def _press(self) -> None:
        asked = {"offered": "get", "loading": "pause", "paused": "resume", "here": "use"}
        self.pressed.emit(asked[self.offer.state])

    def _dress(self) -> None:
        self.setFixedHeight(self._theme.scaled(118))


class _Figure(QWidget):
    """A value and below it what it is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._value = Label(theme, "", 14, 600)
        self._words = Label(theme, "", 12, 400, "text3")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._value)
        column.addWidget(self._words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_figure(self, value: str, words: str) -> None:
        self._value.say(value)
        self._words.say(words)

    def warn(self, warn: bool) -> None:
        """In amber: more than there is."""
        self._value.wear(token="duck" if warn else "text")
        self._words.wear(token="duck" if warn else "text3")
