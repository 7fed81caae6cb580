"""The steps of the first run, at the left: where one is, what is done, what comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout

from assistant.ui.icons import drawn
from assistant.ui.style import Theme

CIRCLE = 24
TEXT_LEFT = 50


@dataclass(frozen=True, slots=True)
class Step:
    """name: "Room". about: what it is for, before it was done."""

    name: str
    about: str


class StepList(QFrame):
    """chosen: the place of a step that was pressed."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, steps: Sequence[Step]) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._theme = theme
        self.buttons = [StepButton(theme, number, step) for number, step in enumerate(steps, start=1)]
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 32, 21, 20)
        column.setSpacing(4)
        for at, button in enumerate(self.buttons):
            button.clicked.connect(lambda _on=False, at=at: self.chosen.emit(at))
            column.addWidget(button)
        column.addStretch(1)

    def show_step(self, at: int) -> None:
        """This one is under way."""
        for each, button in enumerate(self.buttons):
            button.be_now(each == at)

    def done(self, at: int, result: str) -> None:
        """This step is behind one. result: what came of it, in the place of what it is for; "" keeps that."""
        self.buttons[at].be_done(result)

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        painter = QPainter(self)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self._theme.color("line"))
        painter.end()


class StepButton(QAbstractButton):
    """A circle with the number or a tick, the name, and a line below."""

    def __init__(self, theme: Theme, number: int, step: Step) -> None:
        super().__init__()
        self._theme, self._number, self._step = theme, number, step
        self._now = self._done = False
        self._second = step.about
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._name()
        theme.changed.connect(self.updateGeometry)

    def be_now(self, now: bool) -> None:
        if now != self._now:
            self._now = now
            self._name()
            self.update()

    def be_done(self, result: str) -> None:
        self._done, self._second = True, result or self._second
        self._name()
        self.update()

    @property
    def second(self) -> str:
        """The line below the name."""
        return self._second

    def sizeHint(self) -> QSize:
        return QSize(218, self._theme.scaled(60))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: object) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._now or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("window"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        first, second = theme.scaled(18), theme.scaled(18)
        top = (self.height() - first - second) // 2
        self._circle(painter, QRectF(12, top - 3, CIRCLE, CIRCLE))
        wide = self.width() - TEXT_LEFT - 8
        for words, y, high, px, weight, token in (
            (self._step.name, top, first, 13, 600, "text"),
            (self._second, top + first + 1, second, 12, 400, "text2"),
        ):
            font = theme.font(px, weight)
            painter.setFont(font)
            painter.setPen(theme.color(token))
            said = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, wide)
            painter.drawText(TEXT_LEFT, y, wide, high, int(Qt.AlignmentFlag.AlignVCenter), said)
        painter.end()

    def _circle(self, painter: QPainter, box: QRectF) -> None:
        theme = self._theme
        filled = "near" if self._now else "far" if self._done else ""
        painter.setPen(Qt.PenStyle.NoPen if filled else QPen(theme.color("control"), 1))
        painter.setBrush(theme.color(filled or "surface"))
        painter.drawEllipse(box if filled else box.adjusted(0.5, 0.5, -0.5, -0.5))
        ink = f"on_{filled}" if filled else "text2"
        if self._done and not self._now:
            pixmap = drawn("check", theme.color(ink).name(), 14, self.devicePixelRatioF())
            painter.drawPixmap(round(box.center().x() - 7), round(box.center().y() - 7), pixmap)
            return
        painter.setFont(theme.font(12, 600))
        painter.setPen(theme.color(ink))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(self._number))

    def _name(self) -> None:
        state = "now" if self._now else "done" if self._done else "to come"
        self.setAccessibleName(f"Step {self._number}, {self._step.name}, {state}")
        self.setAccessibleDescription(self._second)
