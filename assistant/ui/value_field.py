"""The figure of a row: text until it is clicked, then a field to type into."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from assistant.ui.label import Label
from assistant.ui.style import Theme


class ValueField(Label):
    """A right-aligned figure. `take(text)` reads what was typed and raises ValueError with the allowed range.

    typed: the value that take() gave.
    """

    typed = Signal(object)

    def __init__(self, theme: Theme, take: Callable[[str], object], name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self.look(13, 500, "text", right=True)
        self._take, self._name = take, name
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.field: _Field | None = None
        self.refusal: QLabel | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.edit()

    def edit(self) -> None:
        """Open the field over the figure."""
        if self.field is not None:
            return
        around = self.geometry().adjusted(-14, -1, 6, 1)
        field = _Field(self.text(), self.parentWidget())
        field.setAccessibleName(f"{self._name}, type a value")
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setGeometry(around)
        field.setProperty("kind", "figure")
        field.selectAll()
        field.show()
        field.setFocus(Qt.FocusReason.MouseFocusReason)
        field.returnPressed.connect(self._read)
        field.left.connect(self._close)
        self.field = field

    def _read(self) -> None:
        assert self.field is not None
        try:
            value = self._take(self.field.text())
        except ValueError as allowed:
            self._refuse(str(allowed))
            return
        self._close()
        self.typed.emit(value)

    def _refuse(self, allowed: str) -> None:
        assert self.field is not None
        if self.refusal is None:
            self.refusal = QLabel(self.window())
            self.refusal.setProperty("role", "refusal")
        self.refusal.setText(allowed)
        self.refusal.adjustSize()
        below = self.field.mapTo(self.window(), self.field.rect().bottomRight())
        left = min(below.x() - self.refusal.width(), self.window().width() - self.refusal.width() - 4)
        top = min(below.y() + 3, self.window().height() - self.refusal.height() - 2)
        self.refusal.move(left, top)
        self.refusal.raise_()
        self.refusal.show()
        self.field.setAccessibleDescription(allowed)
        self.field.selectAll()

    def _close(self) -> None:
        field, self.field = self.field, None
        if field is not None:
            field.hide()
            field.deleteLater()
        if self.refusal is not None:
            self.refusal.deleteLater()
            self.refusal = None


class _Field(QLineEdit):
    """Leaves at Esc and when the focus goes elsewhere."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            # Not accepted: Esc goes on to stop the speech, everywhere. The key press itself then never arrives.
            QTimer.singleShot(0, self.left.emit)
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()
