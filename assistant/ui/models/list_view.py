"""The list of the models page: rows that can be pressed with the mouse and worked with the keyboard."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QMenu, QToolTip, QWidget

from assistant.ui.models.buttons import ALONE, Placed, placed
from assistant.ui.models.columns import NAME_LEFT, columns
from assistant.ui.models.delegate import RowPainter
from assistant.ui.models.list_model import ENTRY, ModelList
from assistant.ui.models.row import WORDS, Action, Row
from assistant.ui.style import Theme

HEADS = (("Model", "name"), ("Licence", "licence"), ("Size", "size"), ("Memory", "memory"), ("Speed here", "speed"))
HEAD_HIGH = 33


class ModelListView(QListView):
    """Arrows move, Space chooses, Enter does what the row offers first, Delete removes, the menu key shows the rest.

    asked: action and the row's key.
    """

    asked = Signal(str, str)
    resized = Signal()

    def __init__(self, theme: Theme, entries: ModelList) -> None:
        super().__init__()
        self._theme, self._entries = theme, entries
        self._painter = RowPainter(theme)
        self.setModel(entries)
        self.setItemDelegate(self._painter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName("Models")
        self.setAccessibleDescription("Space uses the model, Enter gets it, Delete removes it.")
        self.viewport().setAutoFillBackground(False)
        self._place: tuple[str, int] = ("", 0)
        entries.modelAboutToBeReset.connect(self._keep_place)
        entries.modelReset.connect(self._find_place)
        theme.changed.connect(self.doItemsLayout)

    def press(self, action: Action, key: str) -> None:
        """Do what the action says; "more" opens the menu beside the row."""
        row = self._entries.row(key)
        if row is None:
            return
        if action != "more":
            self.asked.emit(action, key)
            return
        index = self._entries.index_of(key)
        box = self.visualRect(index)
        places = [place.box for place in self._places(index) if place.action == "more"]
        at = places[0].bottomLeft() if places else QPoint(NAME_LEFT, box.bottom())
        self.menu(row).popup(self.viewport().mapToGlobal(at))

    def menu(self, row: Row) -> QMenu:
        """What can be done with the row besides what is on it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in row.menu:
            words = "Show in folder" if action == "show" else WORDS[action]
            menu.addAction(words).triggered.connect(lambda _on=False, a=action, k=row.key: self.asked.emit(a, k))
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(ENTRY)
        if isinstance(row, Row) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            match event.key():
                case Qt.Key.Key_Space if row.usable:
                    self.press("use", row.key)
                    return
                case Qt.Key.Key_Return | Qt.Key.Key_Enter if row.main is not None:
                    self.press(row.main, row.key)
                    return
                case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                    if "remove" in row.menu:
                        self.press("remove", row.key)
                    elif "cancel" in row.shown:
                        self.press("cancel", row.key)
                    return
                case Qt.Key.Key_Menu if row.menu:
                    self.press("more", row.key)
                    return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not isinstance(self.currentIndex().data(ENTRY), Row):
            self._select_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        index = self.indexAt(at)
        row = index.data(ENTRY)
        if not isinstance(row, Row):
            return
        action = self._action_at(index, at)
        if action is not None:
            self.press(action, row.key)
        elif row.usable and at.x() < columns(self._theme, self.viewport().width()).licence:
            self.press("use", row.key)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._heat("", None)
        elif event.type() is QEvent.Type.ToolTip:
            at = cast(QHelpEvent, event)
            action = self._action_at(self.indexAt(at.pos()), at.pos())
            if action in ALONE:
                QToolTip.showText(at.globalPos(), WORDS[action], self)
                return True
            row = self.indexAt(at.pos()).data(ENTRY)
            if isinstance(row, Row) and row.state == "refused":
                QToolTip.showText(at.globalPos(), f"<p>{row.note}</p>", self)
                return True
        return super().viewportEvent(event)

    def _point_at(self, at: QPoint) -> None:
        index = self.indexAt(at)
        row = index.data(ENTRY)
        if isinstance(row, Row):
            self._heat(row.key, self._action_at(index, at))
        else:
            self._heat("", None)

    def _heat(self, key: str, action: Action | None) -> None:
        if self._painter.hot != (key, action):
            before = self._painter.hot[0]
            self._painter.hot = (key, action)
            for each in {before, key}:
                self.viewport().update(self.visualRect(self._entries.index_of(each)))

    def _action_at(self, index: QModelIndex, at: QPoint) -> Action | None:
        return next((place.action for place in self._places(index) if place.box.contains(at)), None)

    def _places(self, index: QModelIndex) -> list[Placed]:
        row = index.data(ENTRY)
        if not isinstance(row, Row):
            return []
        box = self.visualRect(index)
        across = columns(self._theme, box.width())
        return placed(self._theme, row, box.left() + across.actions_right, box.top() + (box.height() - 1) // 2)

    def _keep_place(self) -> None:
        row = self.currentIndex().data(ENTRY)
        self._place = (row.key if isinstance(row, Row) else "", self.verticalScrollBar().value())

    def _find_place(self) -> None:
        """A list that became longer stays where it was."""
        key, scrolled = self._place
        self.doItemsLayout()  # else there is nothing yet to scroll
        index = self._entries.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)
        else:
            self._select_first()
        self.verticalScrollBar().setValue(scrolled)

    def _select_first(self) -> None:
        chosen = [at for at, entry in enumerate(self._entries.entries) if isinstance(entry, Row)]
        if chosen:
            self.setCurrentIndex(self._entries.index(chosen[0]))


class ListHead(QWidget):
    """The names of the columns, above those of the list: a scroll bar makes them narrower."""

    def __init__(self, theme: Theme, rows: ModelListView) -> None:
        super().__init__()
        self._theme, self._rows = theme, rows
        rows.resized.connect(self.update)
        theme.changed.connect(self._fit)
        self._fit()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        across = columns(self._theme, self._rows.viewport().width())
        places = {
            "name": (across.name, across.name_wide, False),
            "licence": (across.licence, across.licence_wide, False),
            "size": (across.size_right - 80, 80, True),
            "memory": (across.memory_right - 80, 80, True),
            "speed": (across.speed, 100, False),
        }
        painter.setFont(self._theme.font(12, 600))
        painter.setPen(self._theme.color("text2"))
        for words, column in HEADS:
            left, wide, right = places[column]
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            painter.drawText(left, 0, wide, self.height() - 1, int(side | Qt.AlignmentFlag.AlignVCenter), words)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))
        painter.end()

    def _fit(self) -> None:
        self.setFixedHeight(self._theme.scaled(HEAD_HIGH))
