"""Notices: one at a time, above the conversation; the newest waits its turn."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from assistant.ui.icons import drawn
from assistant.ui.key_button import KeyButton
from assistant.ui.style import Theme
from assistant.ui.wrapped import Wrapped

Severity = Literal["error", "warning", "info", "done"]
SHOWN_MS = 6000
"""How long a notice that is no error stays."""
NARROW = 380
"""Below this width, in logical pixels, the button stands below the words."""
LOOKS = {
    "error": ("stop", "triangle-alert"),
    "warning": ("duck", "triangle-alert"),
    "info": ("near", "info"),
    "done": ("far", "check"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell. code: what it is about, such as "mic.lost"; an error stays until its code is cleared.

    title: at most six words. text: one sentence. action: the words on its button, "" for none.
    """

    code: str
    severity: Severity
    title: str
    text: str = ""
    action: str = ""


class NoticeBar(QFrame):
    """Hidden while there is nothing to tell. action_chosen carries the notice's code."""

    action_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.current: Notice | None = None
        self._waiting: deque[Notice] = deque()
        self.title = Wrapped(theme, 13, 600, "text", self)
        self.text = Wrapped(theme, 12, 400, "text2", self)
        self.action = KeyButton(theme, "", parent=self)
        self.close_button = KeyButton(theme, "", symbol="x", parent=self, kind="quiet")
        self.close_button.setAccessibleName("Close the notice")
        self.close_button.setFixedSize(24, 24)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(39, 8, 8, 8)
        self._layout.setHorizontalSpacing(8)
        self._layout.setVerticalSpacing(2)
        self._layout.addWidget(self.title, 0, 0)
        self._layout.addWidget(self.text, 1, 0)
        self._layout.addWidget(self.close_button, 0, 2, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self._layout.setColumnStretch(0, 1)
        self._is_narrow: bool | None = None
        self._place_action(narrow=False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._give_way)
        self.action.clicked.connect(self._act)
        self.close_button.clicked.connect(self._next)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Notice")
        self.hide()

    def tell(self, notice: Notice) -> None:
        """Show the notice now or after those before it. One with the code of another takes its place."""
        if self.current is not None and self.current.code == notice.code:
            self._show(notice)
            return
        self._waiting = deque(n for n in self._waiting if n.code != notice.code)
        self._waiting.append(notice)
        if self.current is None:
            self._next()
        else:
            self._pace()

    def clear(self, code: str) -> None:
        """What the code is about was mended."""
        self._waiting = deque(n for n in self._waiting if n.code != code)
        if self.current is not None and self.current.code == code:
            self._next()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_action(narrow=self.width() < self._theme.scaled(NARROW))

    def paintEvent(self, event: object) -> None:
        if self.current is None:
            return
        token, symbol = LOOKS[self.current.severity]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(box, 6, 6)
        painter.fillPath(shape, self._theme.color("surface"))
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(QRectF(0, 0, 3, self.height()), self._theme.color(token))
        painter.restore()
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.drawPath(shape)
        mark = drawn(symbol, self._theme.color(token).name(), 16, self.devicePixelRatioF())
        painter.drawPixmap(14, (self.height() - 16) // 2, mark)
        painter.end()

    def _place_action(self, narrow: bool) -> None:
        """Beside the words, or below them where that leaves too little for the words."""
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        self._layout.removeWidget(self.action)
        if narrow:
            self._layout.addWidget(self.action, 2, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._layout.addWidget(self.action, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)

    def _give_way(self) -> None:
        """Its time is over. An error comes back after those that only have their moment."""
        if self.current is not None and self.current.severity == "error":
            self._waiting.append(self.current)
        self._next()

    def _pace(self) -> None:
        """How long the present one stays: an error until it is mended, unless something short waits."""
        present, waiting = self.current, self._waiting
        if present is not None and any(notice.severity != "error" for notice in (present, *waiting)):
            self._timer.start()
        else:
            self._timer.stop()

    def _next(self) -> None:
        self._timer.stop()
        self.current = None
        if self._waiting:
            self._show(self._waiting.popleft())
        else:
            self.hide()

    def _show(self, notice: Notice) -> None:
        self.current = notice
        self.title.setText(notice.title)
        self.text.setText(notice.text)
        self.text.setVisible(bool(notice.text))
        self.action.setText(notice.action)
        self.action.setAccessibleName(notice.action)
        self.action.updateGeometry()
        self.action.setVisible(bool(notice.action))
        self.setAccessibleDescription(f"{notice.title}. {notice.text}")
        self.show()
        self.update()
        self._pace()

    def _act(self) -> None:
        assert self.current is not None
        code, severity = self.current.code, self.current.severity
        self.action_chosen.emit(code)
        if severity != "error":
            self._next()
