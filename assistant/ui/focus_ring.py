"""The ring around what has the keyboard: 2 px, outside, 2 px off, drawn over everything by one widget."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from assistant.ui.style import Theme

OFF = 2
WIDTH = 2
_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class FocusRing(QWidget):
    """Lies over a window and follows its focus; not shown where the mouse gave the focus.

    A widget with a method `focus_frame() -> QWidget` has the ring around that widget instead of itself.
    """

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme, self._window = theme, window
        self._around: QWidget | None = None
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("near"), WIDTH))
        half = WIDTH / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 7, 7)
        painter.end()

    def _follow(self, old: QWidget | None, now: QWidget | None) -> None:
        for old_part in self._watched:
            old_part.removeEventFilter(self)
        self._watched, self._around = [], None
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is not None and not by_mouse and old is not None and self._window.isAncestorOf(now):
            frame = getattr(now, "focus_frame", None)
            self._around = frame() if frame is not None else now
            part: QWidget | None = self._around
            while part is not None and part is not self._window:  # a page that scrolls moves what is in it
                part.installEventFilter(self)
                self._watched.append(part)
                part = part.parentWidget()
        self._place()

    def _place(self) -> None:
        around = self._around
        seen = around.visibleRegion().boundingRect() if around is not None and around.isVisible() else QRect()
        if around is None or seen.isEmpty():
            self.hide()
            return
        place = QRect(around.mapTo(self._window, seen.topLeft()), seen.size())
        reach = OFF + WIDTH
        self.setGeometry(place.adjusted(-reach, -reach, reach, reach).intersected(self._window.rect()))
        self.raise_()
        self.show()
