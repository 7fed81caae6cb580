"""While models load: one row a model with its name, what is known of its progress, and its time."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Literal

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from assistant.ui.controls import Controls
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.style import Theme

Stage = Literal["ears", "mind", "voice"]
LoadState = Literal["waiting", "loading", "ready", "failed"]
EVERY_MS = 200
LONG_S = 10.0
"""After this long a load can be given up."""
SHOWN_READY_MS = 2500
MOST = 0.95
"""Of the bar, while it is only expected that it will be ready soon."""


@dataclass(frozen=True, slots=True)
class Load:
    """A model on its way into memory.

    seconds: how long it took, for "ready". expected_s: how long it took the last time, None where nobody knows.
    """

    stage: Stage
    name: str
    state: LoadState
    seconds: float = 0.0
    expected_s: float | None = None


class LoadingRows(QFrame):
    """Hidden while nothing loads. The window can be used meanwhile."""

    def __init__(self, theme: Theme, controls: Controls, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inset")
        self._theme, self._controls = theme, controls
        self.rows: dict[Stage, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 7, 12, 7)
        self._column.setSpacing(3)
        self._ticking = QTimer(self)
        self._ticking.setInterval(EVERY_MS)
        self._ticking.timeout.connect(self._tick)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(SHOWN_READY_MS)
        self._leaving.timeout.connect(self.clear)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Loading")
        self.hide()

    def show_load(self, load: Load) -> None:
        """A model waits, began to load, is ready or could not be loaded. One row a stage, in the order of arrival."""
        row = self.rows.get(load.stage)
        if row is None:
            row = self.rows[load.stage] = _Row(self._theme, self._controls, load)
            self._column.addWidget(row)
        row.tell(load)
        busy = any(other.is_busy for other in self.rows.values())
        if busy:
            self._leaving.stop()
            self._ticking.start()
        else:
            self._ticking.stop()
            self._leaving.start()
        self.setAccessibleDescription(", ".join(f"{r.load.name} {r.words}" for r in self.rows.values()))
        self.show()

    def clear(self) -> None:
        """Take all rows away."""
        self._ticking.stop()
        for row in self.rows.values():
            row.hide()
            self._column.removeWidget(row)
            row.deleteLater()
        self.rows = {}
        self.hide()

    def _tick(self) -> None:
        for row in self.rows.values():
            row.tick()
        if any(row.may_cancel for row in self.rows.values()):
            for row in self.rows.values():
                row.leave_room()


class _Row(QWidget):
    def __init__(self, theme: Theme, controls: Controls, load: Load) -> None:
        super().__init__()
        self.load = load
        self._began = monotonic()
        self._name = Label(theme, load.name)
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar = _Bar(theme)
        self._told = Label(theme, "", 12, 400, "text3")
        self._told.setFixedWidth(theme.scaled(84))
        self.cancel = KeyButton(theme, "Cancel", kind="link")
        self.cancel.setAccessibleName(f"Stop loading {load.name}")
        self.cancel.setFixedHeight(theme.scaled(24))
        self.cancel.hide()
        self.cancel.clicked.connect(lambda: controls.cancel_loading.emit(self.load.stage))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(self._name, 5)
        line.addWidget(self._bar, 4)
        line.addWidget(self._told)
        line.addWidget(self.cancel)
        self.setFixedHeight(theme.scaled(24))

    @property
    def may_cancel(self) -> bool:
        return not self.cancel.isHidden()

    def leave_room(self) -> None:
        """So that all bars stay equally long when another row can be given up."""
        shape = self.cancel.sizePolicy()
        if not shape.retainSizeWhenHidden():
            shape.setRetainSizeWhenHidden(True)
            self.cancel.setSizePolicy(shape)

    @property
    def is_busy(self) -> bool:
        return self.load.state in ("waiting", "loading")

    @property
    def words(self) -> str:
        match self.load.state:
            case "ready":
                return f"ready, {self.load.seconds:.1f} s"
            case "loading":
                return f"loading, {monotonic() - self._began:.0f} s"
            case _:
                return self.load.state

    def tell(self, load: Load) -> None:
        if load.state == "loading" and self.load.state != "loading":
            self._began = monotonic()
        self.load = load
        self._name.say(load.name)
        self.tick()

    def tick(self) -> None:
        load, took = self.load, monotonic() - self._began
        self._told.say(self.words)
        self._told.wear(token="stop" if load.state == "failed" else "text3")
        share = 0.0
        if load.state == "ready":
            share = 1.0
        elif load.state == "loading" and load.expected_s:
            share = min(MOST, took / load.expected_s)
        self._bar.show_share(share)
        self.cancel.setVisible(load.state == "loading" and took >= LONG_S)


class _Bar(QWidget):
    """4 px; empty where nobody knows how long it will take."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._share = theme, 0.0
        self.setMinimumWidth(40)

    def show_share(self, share: float) -> None:
        if share != self._share:
            self._share = share
            self.update()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(0, self.height() / 2 - 2, self.width(), 4)
        painter.setBrush(self._theme.color("groove"))
        painter.drawRoundedRect(groove, 2, 2)
        if self._share > 0:
            painter.setBrush(self._theme.color("near"))
            painter.drawRoundedRect(QRectF(0, groove.top(), max(4.0, self._share * self.width()), 4), 2, 2)
        painter.end()
