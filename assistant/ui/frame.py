"""The empty window: there at once, before what fills it is even read from disk. Imports nothing but Qt's own parts."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QByteArray, QEventLoop, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QColor, QIcon, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QMainWindow

from assistant.settings.paths import resource
from assistant.ui.tokens import DARK, LIGHT, Tokens

FIRST_SIZE = QSize(1280, 800)
SMALLEST = (1024, 700)
DARK_KEY = "dark"
MARK = 64
"""Logical pixels of the mark in the middle of the empty window."""
WAIT_MS = 10
PATIENCE_S = 0.3


class Frame(QMainWindow):
    """Title, icon, size and place, and the ground in the colour that the window had last. Owned by the GUI thread.

    is_painted: the window was on the screen.
    """

    def __init__(self, place_file: Path | None = None) -> None:
        """place_file: where the window's size and place are kept, None to keep nothing."""
        super().__init__()
        self.is_painted = False
        self._kept = QSettings(str(place_file), QSettings.Format.IniFormat) if place_file is not None else None
        self.setWindowTitle("Interject")
        self.setWindowIcon(QIcon(str(resource("icons/interject.svg"))))
        self.setMinimumSize(*SMALLEST)
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        geometry = self._kept.value("geometry") if self._kept is not None else None
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        ground = QPalette(self.palette())
        ground.setColor(QPalette.ColorRole.Window, QColor(self._last_tokens().window))
        self.setPalette(ground)

    def kept(self, name: str) -> str | None:
        """What was kept under that name when the window was closed last."""
        value = self._kept.value(name) if self._kept is not None else None
        return value if isinstance(value, str) else None

    def keep(self, name: str, value: str) -> None:
        """Keep a word of one's own with the window's place."""
        if self._kept is not None:
            self._kept.setValue(name, value)

    def show_at_once(self) -> None:
        """Show it and see to it that the person sees it, or wait no longer for a slow screen."""
        self.show()
        end = time.monotonic() + PATIENCE_S
        while not self.is_painted and time.monotonic() < end:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, WAIT_MS)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.is_painted = True
        if self.centralWidget() is None:
            mark = QRect(0, 0, MARK, MARK)
            mark.moveCenter(self.rect().center())
            self.windowIcon().paint(QPainter(self), mark)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._kept is not None:
            self._kept.setValue("geometry", self.saveGeometry())
        super().closeEvent(event)

    def _last_tokens(self) -> Tokens:
        if (was_dark := self.kept(DARK_KEY)) is not None:
            return DARK if was_dark == "yes" else LIGHT
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def the_application() -> QApplication:
    """The QApplication, with the names that the desktop shows. Makes it where there is none yet."""
    there = QApplication.instance()
    app = there if isinstance(there, QApplication) else QApplication([])
    app.setApplicationName("interject")
    app.setApplicationDisplayName("Interject")
    app.setDesktopFileName("interject")
    return app
