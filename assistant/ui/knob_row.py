"""One setting as a row: mark, label, slider, value with unit, and a reset while it is changed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QHelpEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolTip, QWidget

from assistant.settings.knob import Knob
from assistant.ui import words
from assistant.ui.bubble import Bubble
from assistant.ui.icons import drawn
from assistant.ui.label import Label
from assistant.ui.marks import Mark
from assistant.ui.row_layout import RowPlaces, RowWidths, places
from assistant.ui.settings_model import SettingsModel
from assistant.ui.slider import KnobSlider
from assistant.ui.style import Theme
from assistant.ui.value_field import ValueField


class ResetButton(QAbstractButton):
    """The turned arrow at the row's end."""

    def __init__(self, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(f"Reset {name}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(24, 24)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        token = "text" if self.underMouse() else "text2"
        pixmap = drawn("rotate-ccw", self._theme.color(token).name(), 14, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - 14) // 2, (self.height() - 14) // 2, pixmap)
        painter.end()


class Row(QWidget):
    """What all rows share: a setting's mark, label and reset, its tooltip, and being pointed at.

    pointed_at: its key while the mouse or the keyboard is on it, "" when both have left.
    """

    pointed_at = Signal(str)

    def __init__(
        self, theme: Theme, model: SettingsModel, knob: Knob, mark: str = "", widths: RowWidths | None = None
    ) -> None:
        super().__init__()
        self.knob = knob
        self._theme, self._model = theme, model
        self.widths = widths or RowWidths()
        self._hindrance = ""
        self._hovered = False
        self.mark = Mark(theme, mark, self) if mark else None
        self.label = Label(theme, knob.label, parent=self)
        self.reset = ResetButton(theme, knob.label, self)
        self.reset.clicked.connect(lambda: model.reset(knob.key))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def handle(self) -> QWidget:
        """The part that takes the keyboard."""
        # A QWidget cannot be an abstract class as well; every kind of row below has a control of its own.
        raise NotImplementedError

    def refresh(self) -> None:
        """Show what the model holds."""
        changed = self._model.value(self.knob.key) != self._model.baseline(self.knob.key)
        self.label.wear(weight=600 if changed else 400, off=bool(self._hindrance))
        self.reset.setVisible(changed)

    def hinder(self, why: str) -> None:
        """Show that the setting is not in effect at present, and why; "" takes that back."""
        if why != self._hindrance:
            self._hindrance = why
            self.refresh()

    def tooltip_text(self) -> str:
        """What the tooltip says now."""
        value = self._model.value(self.knob.key)
        return words.tooltip(self.knob, value, self._model.baseline(self.knob.key), hindrance=self._hindrance)

    def arrange(self, at: RowPlaces) -> None:
        """Move the parts to their places."""
        if self.mark is not None:
            self.mark.move(at.mark.topLeft())
        self.label.setGeometry(at.label)
        self.reset.setGeometry(at.reset.intersected(self.rect().adjusted(0, -4, 4, 4)))

    def sizeHint(self) -> QSize:
        return QSize(378, self._theme.scaled(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._theme.scaled(24))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange(places(self.width(), self.height(), self._theme.row_scale, self.widths))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.tell_pointed()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.tell_pointed()

    def tell_pointed(self) -> None:
        """Say whether the mouse or the keyboard is here."""
        self.pointed_at.emit(self.knob.key if self._hovered or self.handle().hasFocus() else "")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._model.reset(self.knob.key)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tooltip_text(), self)
            return True
        return super().event(event)


class KnobRow(Row):
    """A number on a slider."""

    def __init__(
        self,
        theme: Theme,
        model: SettingsModel,
        knob: Knob,
        mark: str = "",
        widths: RowWidths | None = None,
        bubble: Bubble | None = None,
    ) -> None:
        super().__init__(theme, model, knob, mark, widths)
        assert knob.ge is not None and knob.le is not None and knob.step is not None
        self._factor = share_factor(knob)
        self._bubble = bubble
        lowest, highest, step = (round(limit * self._factor) for limit in (knob.ge, knob.le, knob.step))
        self.slider = RowSlider(theme, lowest, highest, step, self)
        self.slider.setAccessibleName(words.accessible_name(knob))
        self.slider.setAccessibleDescription(knob.help)
        self.label.setBuddy(self.slider)
        self.value = ValueField(theme, lambda typed: words.read(knob, typed), knob.label, self)
        self.unit = Label(theme, knob.unit, 12, 400, "text2", self)
        self.slider.picked.connect(self._pick)
        self.slider.let_go.connect(self._let_go)
        self.slider.asked_default.connect(lambda: model.reset(knob.key))
        self.slider.focus_changed.connect(self.tell_pointed)
        self.value.typed.connect(lambda new: model.set(knob.key, new))
        self.refresh()

    def handle(self) -> QWidget:
        return self.slider

    def refresh(self) -> None:
        super().refresh()
        value, baseline = self._model.value(self.knob.key), self._model.baseline(self.knob.key)
        off = bool(self._hindrance)
        self.slider.in_effect = not off
        self.slider.show_value(round(value * self._factor), round(baseline * self._factor), value != baseline)
        self.value.say(words.shown(self.knob, value))
        self.value.wear(off=off)
        self.unit.say(words.unit(self.knob, value))
        self.unit.wear(off=off)

    def arrange(self, at: RowPlaces) -> None:
        super().arrange(at)
        self.slider.setGeometry(at.slider)
        self.value.setGeometry(at.value)
        self.unit.setGeometry(at.unit)

    def _pick(self, at: int, dragging: bool) -> None:
        new: Any = at / self._factor if self._factor != 1 else at
        if not dragging:
            self._model.set(self.knob.key, new)
            return
        self._model.preview(self.knob.key, new)
        if self._bubble is not None:
            key = self.knob.key
            text = words.with_effect(self.knob, self._model.value(key), self._model.baseline(key))
            self._bubble.show_over(self.slider, QPoint(round(self.slider.knob_x()), self.slider.height() // 2), text)

    def _let_go(self) -> None:
        self._model.commit()
        if self._bubble is not None:
            self._bubble.hide()


def share_factor(knob: Knob) -> int:
    """What makes a whole number of the knob's values: 100 for probabilities, 10 for tenths, else 1."""
    return int(10 ** words.decimals(knob))


class RowSlider(KnobSlider):
    """A slider whose focus ring lies around its row."""

    focus_changed = Signal()

    def focus_frame(self) -> QWidget:
        row = self.parentWidget()
        assert row is not None
        return row

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()
