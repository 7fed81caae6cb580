"""Settings that are no numbers, as rows: a choice of words, yes or no, a text."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QSizePolicy, QWidget

from assistant.settings.knob import Knob
from assistant.ui.choice import Choice
from assistant.ui.icons import drawn
from assistant.ui.knob_row import Row
from assistant.ui.offers import EMPTY
from assistant.ui.row_layout import RowPlaces, RowWidths
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme


class ChoiceRow(Row):
    """One of several words."""

    def __init__(
        self, theme: Theme, model: SettingsModel, knob: Knob, mark: str = "", widths: RowWidths | None = None
    ) -> None:
        super().__init__(theme, model, knob, mark, widths)
        self.combo = RowChoice(theme, parent=self)
        for value, said in knob.choices.items():
            self.combo.addItem(said, value)
        self.combo.setAccessibleName(knob.label)
        self.combo.setAccessibleDescription(knob.help)
        self.combo.activated.connect(lambda at: model.set(knob.key, self.combo.itemData(at)))
        self.combo.focus_changed.connect(self.tell_pointed)
        self.label.setBuddy(self.combo)
        self.refresh()

    def handle(self) -> QWidget:
        return self.combo

    def refresh(self) -> None:
        super().refresh()
        self.reset.hide()  # the combo box reaches to the row's end
        self.combo.setCurrentIndex(self.combo.findData(self._model.value(self.knob.key)))

    def arrange(self, at: RowPlaces) -> None:
        super().arrange(at)
        height = min(self.height(), self._theme.scaled(24))
        self.combo.setGeometry(at.rest.left(), (self.height() - height) // 2, at.rest.width(), height)


class RowChoice(Choice):
    """A combo box that says when the keyboard comes and goes."""

    focus_changed = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()


class Check(QAbstractButton):
    """A check box of 16 px with "Yes" or "No" beside it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(64), 24)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        top = (self.height() - 16) / 2
        painter.setPen(QPen(self._theme.color("near" if on else "control"), 1))
        painter.setBrush(self._theme.color("near" if on else "surface"))
        painter.drawRoundedRect(QRectF(0.5, top + 0.5, 15, 15), 4, 4)
        if on:
            tick = drawn("check", self._theme.tokens.on_near, 12, self.devicePixelRatioF())
            painter.drawPixmap(2, round(top) + 2, tick)
        painter.setPen(self._theme.color("text"))
        painter.setFont(self._theme.font(13))
        words = "Yes" if on else "No"
        painter.drawText(self.rect().adjusted(24, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), words)
        painter.end()


class CheckRow(Row):
    """Yes or no."""

    def __init__(self, theme: Theme, model: SettingsModel, knob: Knob, widths: RowWidths | None = None) -> None:
        super().__init__(theme, model, knob, "", widths)
        self.check = Check(theme, self)
        self.check.setAccessibleName(knob.label)
        self.check.setAccessibleDescription(knob.help)
        self.check.clicked.connect(lambda on: model.set(knob.key, on))
        self.label.setBuddy(self.check)
        self.refresh()

    def handle(self) -> QWidget:
        return self.check

    def refresh(self) -> None:
        super().refresh()
        self.check.setChecked(bool(self._model.value(self.knob.key)))

    def arrange(self, at: RowPlaces) -> None:
        super().arrange(at)
        self.check.setGeometry(at.slider.left(), (self.height() - 24) // 2, self._theme.scaled(64), 24)


class TextRow(Row):
    """A text to type."""

    def __init__(self, theme: Theme, model: SettingsModel, knob: Knob, widths: RowWidths | None = None) -> None:
        super().__init__(theme, model, knob, "", widths)
        self.field = QLineEdit(self)
        self.field.setAccessibleName(knob.label)
        self.field.setAccessibleDescription(knob.help)
        self.field.setPlaceholderText(EMPTY.get(knob.key, ""))
        self.field.editingFinished.connect(self._take)
        self.label.setBuddy(self.field)
        self.refresh()

    def handle(self) -> QWidget:
        return self.field

    def refresh(self) -> None:
        super().refresh()
        text = str(self._model.value(self.knob.key))
        if self.field.text() != text:
            self.field.setText(text)

    def arrange(self, at: RowPlaces) -> None:
        super().arrange(at)
        height = min(self.height(), self._theme.scaled(26))
        wide = at.unit.right() - at.slider.left()
        self.field.setGeometry(at.slider.left(), (self.height() - height) // 2, wide, height)

    def _take(self) -> None:
        if self.field.text().strip() != self._model.value(self.knob.key):
            self._model.set(self.knob.key, self.field.text().strip())
