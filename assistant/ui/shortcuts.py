"""All keys of the window, declared once: what they do and the words of the list that F1 shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from assistant.ui.label import Label
from assistant.ui.style import Theme


@dataclass(frozen=True, slots=True)
class Key:
    """keys: one or more sequences that do the same. shown: what the list says; wish: the name of what they ask for."""

    wish: str
    keys: tuple[str, ...]
    text: str
    shown: str = ""


KEYS = (
    Key("stop", ("Esc",), "Stop speaking"),
    Key("talk", ("F8",), "Hold to talk"),
    Key("again", ("F6",), "Say the reply again"),
    Key("go_on", ("F7",), "Go on with a reply that was cut"),
    Key("freeze", ("F9",), "Freeze the trace"),
    Key("mute", ("Ctrl+M",), "Mute the microphone"),
    Key("rehearse", ("Ctrl+R",), "Start Rehearsal"),
    Key("type", ("Ctrl+L",), "Type instead of talking"),
    Key("card_before", ("Alt+Left",), "Previous interruption", "Alt+←"),
    Key("card_after", ("Alt+Right",), "Next interruption", "Alt+→"),
    Key("more_sensitive", ("Ctrl+Up",), "Sensitivity up", "Ctrl+↑"),
    Key("less_sensitive", ("Ctrl+Down",), "Sensitivity down", "Ctrl+↓"),
    Key("preset_1", ("Alt+1",), "First preset"),
    Key("preset_2", ("Alt+2",), "Second preset"),
    Key("preset_3", ("Alt+3",), "Third preset"),
    Key("preset_4", ("Alt+4",), "Fourth preset"),
    Key("undo", ("Ctrl+Z",), "Undo a setting"),
    Key("redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Redo a setting"),
    Key("conversation", ("Ctrl+B",), "Show or hide the conversation"),
    Key("panel", ("Ctrl+J",), "Show or hide the panel"),
    Key("page_1", ("Ctrl+1",), "Page Talk"),
    Key("page_2", ("Ctrl+2",), "Page Models"),
    Key("page_3", ("Ctrl+3", "Ctrl+,"), "Page Settings", "Ctrl+3 or Ctrl+,"),
    Key("keys", ("F1",), "All keys"),
)
HELD = "talk"
"""This one has a beginning and an end: the window handles it itself."""


def connect_keys(window: QWidget, wishes: dict[str, Callable[[], object]]) -> list[QShortcut]:
    """Make the shortcuts of the window. Raises KeyError where a wish has nobody to grant it."""
    made = []
    for key in KEYS:
        if key.wish == HELD:
            continue
        for sequence in key.keys:
            shortcut = QShortcut(QKeySequence(sequence), window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(wishes[key.wish])
            made.append(shortcut)
    return made


class KeyList(QDialog):
    """The list that F1 shows."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("All keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 20, 24, 20)
        grid.setSizeConstraint(QGridLayout.SizeConstraint.SetFixedSize)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.addWidget(Label(theme, "All keys", 20, 600), 0, 0, 1, 5)
        half = (len(KEYS) + 1) // 2
        for at, key in enumerate(KEYS):
            across, down = divmod(at, half)
            cap = KeyCap(theme, key.shown or key.keys[0])
            grid.addWidget(cap, down + 1, 3 * across, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(Label(theme, key.text), down + 1, 3 * across + 1)
        grid.setColumnMinimumWidth(2, 24)


def show_keys(window: QWidget, theme: Theme) -> None:
    """The window's list of all keys, brought to the front where it is open already."""
    there = window.findChild(KeyList) or KeyList(theme, window)
    there.show()
    there.raise_()


class KeyCap(Label):
    """A key in a small frame."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(theme, text, 12, 400, "text2")

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(14, 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("line2"))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(self._theme.color("text2"))
        painter.setFont(self._theme.font(12))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()
