"""Settings that are texts, as rows: one to choose from a list, one of several lines."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from assistant.settings.knob import Knob
from assistant.ui.choice_row import RowChoice
from assistant.ui.knob_row import Row
from assistant.ui.offers import Offers
from assistant.ui.row_layout import RowPlaces, RowWidths
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme

WIDEST_LIST = 360
"""Of a list that is open, in logical pixels."""


class OfferRow(Row):
    """A text out of those that are there: a device, a voice. What was chosen earlier stays in the list."""

    def __init__(
        self, theme: Theme, model: SettingsModel, knob: Knob, offers: Offers, widths: RowWidths | None = None
    ) -> None:
        super().__init__(theme, model, knob, "", widths)
        self._offers = offers
        self.combo = RowChoice(theme, parent=self)
        self.combo.setAccessibleName(knob.label)
        self.combo.setAccessibleDescription(knob.help)
        self.combo.activated.connect(lambda at: model.set(knob.key, self.combo.itemData(at)))
        self.combo.focus_changed.connect(self.tell_pointed)
        self.label.setBuddy(self.combo)
        self._shown: dict[str, str] = {}
        offers.changed.connect(lambda key: self.refresh() if key == knob.key else None)
        self.refresh()

    def handle(self) -> QWidget:
        return self.combo

    def refresh(self) -> None:
        super().refresh()
        self.reset.hide()  # the combo box reaches to the row's end, and its list has the default
        now = str(self._model.value(self.knob.key))
        choices = self._offers.choices(self.knob.key, now)
        if choices != self._shown:
            self._shown = choices
            self.combo.clear()
            for value, words in choices.items():
                self.combo.addItem(words, value)
            self.combo.view().setMinimumWidth(min(self.combo.sizeHint().width() + 24, self._theme.scaled(WIDEST_LIST)))
        self.combo.setCurrentIndex(self.combo.findData(now))

    def arrange(self, at: RowPlaces) -> None:
        super().arrange(at)
        height = min(self.height(), self._theme.scaled(24))
        self.combo.setGeometry(at.rest.left(), (self.height() - height) // 2, at.rest.width(), height)


PROSE = {"brain.persona": 5, "barge_in.stop_words": 3, "barge_in.backchannels": 3, "endpointing.open_words": 3}
"""Settings that are too long for a line, and how many lines are shown of each."""
LISTS = ("barge_in.stop_words", "barge_in.backchannels", "endpointing.open_words")
"""A new line in one of these is a new entry."""


class ProseRow(Row):
    """A text of several lines; it is taken when the keyboard leaves it."""

    def __init__(self, theme: Theme, model: SettingsModel, knob: Knob, widths: RowWidths | None = None) -> None:
        super().__init__(theme, model, knob, "", widths)
        self.lines = PROSE[knob.key]
        self.box = ProseBox(self)
        self.box.setAccessibleName(knob.label)
        self.box.setAccessibleDescription(knob.help)
        self.box.left.connect(self._take)
        self.label.setBuddy(self.box)
        theme.changed.connect(self._dress)
        self._dress()
        self.refresh()

    def handle(self) -> QWidget:
        return self.box

    def refresh(self) -> None:
        super().refresh()
        text = str(self._model.value(self.knob.key))
        if self.box.toPlainText() != text and not self.box.hasFocus():
            self.box.setPlainText(text)

    def arrange(self, at: RowPlaces) -> None:
        super().arrange(at)
        one = self._theme.scaled(28)  # the label and the reset stand beside the first line
        self.label.setGeometry(at.label.left(), 0, at.label.width(), one)
        self.reset.move(at.reset.left(), (one - at.reset.height()) // 2)
        self.box.setGeometry(at.slider.left(), 1, at.unit.right() - at.slider.left(), self.height() - 2)

    def _take(self) -> None:
        text = self.box.toPlainText().strip()
        if self.knob.key in LISTS:
            text = ", ".join(line.strip(" ,") for line in text.splitlines() if line.strip(" ,"))
        if text != self._model.value(self.knob.key):
            self._model.set(self.knob.key, text)

    def _dress(self) -> None:
        t, px = self._theme.tokens, self._theme.scaled(13)
        self.box.setStyleSheet(
            f"QPlainTextEdit {{ font-size: {px}px; color: {t.text}; background: {t.surface}; border: 1px solid "
            f"{t.control}; border-radius: 6px; padding: 2px 5px; selection-background-color: {t.near}; "
            f"selection-color: {t.on_near}; }} QPlainTextEdit:focus {{ border-color: {t.near}; }}"
        )


class ProseBox(QPlainTextEdit):
    """left: the keyboard went elsewhere. Tab leaves it, too: there is nothing to indent."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()
