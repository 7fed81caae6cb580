"""Every setting, grouped by section, with a search; built at the first visit, a row at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from assistant.settings.access import KNOBS
from assistant.settings.knob import Knob
from assistant.settings.sections import Settings
from assistant.ui.bubble import Bubble
from assistant.ui.choice_row import CheckRow, ChoiceRow, TextRow
from assistant.ui.key_button import KeyButton
from assistant.ui.knob_row import KnobRow, Row
from assistant.ui.label import Label
from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.offers import Offers
from assistant.ui.row_layout import RowWidths
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from assistant.ui.text_rows import PROSE, OfferRow, ProseRow
from assistant.ui.tuning import MARKS
from assistant.ui.wrapped import Wrapped

WIDEST_TEXT = 1232
ROW = 28
WIDTHS = RowWidths(label=178, value=44, unit=70)
KEPT = "panel.keep_conversations"
TITLES = {
    "audio": "Sound",
    "echo": "Echo",
    "vad": "Speech",
    "barge_in": "Interruption",
    "endpointing": "Turns",
    "ears": "Ears",
    "voice": "Voice",
    "brain": "Mind",
    "panel": "Window",
}


class SettingsPage(QScrollArea):
    """The same rows as on the tuning card, each with its sentence beside it.

    All rows at once would hold the interpreter longer than the sound can wait, so each has its turn of the event loop.
    kept_asked: the conversations on disk are to be shown.
    """

    kept_asked = Signal()

    def __init__(self, theme: Theme, model: SettingsModel, bubble: Bubble, offers: Offers | None = None) -> None:
        """offers: what texts may be chosen from, shared with whoever knows of devices and models."""
        super().__init__()
        self.offers = offers or Offers()
        self.offers.look()
        self._theme, self._model, self._bubble = theme, model, bubble
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows: dict[str, Row] = {}
        self._entries: dict[str, QWidget] = {}
        self._cards: dict[str, QWidget] = {}
        self._card_columns: dict[str, QVBoxLayout] = {}
        inside = QWidget()
        inside.setObjectName("scrolled")
        self._column = QVBoxLayout(inside)
        self._column.setSpacing(10)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search settings")
        self.search.setAccessibleName("Search settings")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(theme.scaled(280))
        self.search.textChanged.connect(self.search_for)
        head = QHBoxLayout()
        head.addWidget(Label(theme, "Settings", 20, 600))
        head.addStretch(1)
        head.addWidget(self.search)
        self._column.addLayout(head)
        for section in Settings.model_fields:
            self._column.addWidget(self._card(section))
        self._unbuilt = list(reversed(KNOBS.values()))
        self._builder = QTimer(self)
        self._builder.setInterval(0)
        self._builder.timeout.connect(self._build_next)
        self._builder.start()
        self.none = Label(theme, "Nothing of that name.", 13, 400, "text2")
        self.none.hide()
        self._column.addWidget(self.none)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        model.changed.connect(self.refresh)
        theme.changed.connect(self._resize_rows)
        self._margin = ROOMY.page_margin

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._margin = metrics.page_margin
        self._place()

    def put_above(self, card: QWidget) -> None:
        """Place this between the head and the settings."""
        self._column.insertWidget(1, card)

    def build_all(self) -> None:
        """Build what is left at once."""
        while self._unbuilt:
            self._build_next()

    def refresh(self) -> None:
        """Show what the model holds."""
        for row in self.rows.values():
            row.refresh()

    def search_for(self, words: str) -> None:
        """Show only the settings whose label, name or sentence holds every word."""
        self.build_all()
        wanted = words.casefold().split()
        for key, entry in self._entries.items():
            knob = KNOBS[key]
            text = f"{knob.label} {key} {knob.help} {TITLES[knob.section]}".casefold()
            entry.setVisible(all(word in text for word in wanted))
        for section, card in self._cards.items():
            entries = [self._entries[key] for key, knob in KNOBS.items() if knob.section == section]
            card.setVisible(any(not entry.isHidden() for entry in entries))
        self.none.setVisible(all(card.isHidden() for card in self._cards.values()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        side = max(self._margin, (self.viewport().width() - WIDEST_TEXT) // 2)
        self._column.setContentsMargins(side, self._margin, side, self._margin)

    def _card(self, section: str) -> QWidget:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        column.addWidget(Label(self._theme, TITLES[section], 13, 600))
        self._cards[section] = card
        self._card_columns[section] = column
        return card

    def _build_next(self) -> None:
        knob = self._unbuilt.pop()
        self._card_columns[knob.section].addWidget(self._entry(knob.key, knob))
        if not self._unbuilt:
            self._builder.stop()

    def _entry(self, key: str, knob: Knob) -> QWidget:
        row = self._row(knob)
        row.setFixedHeight(self._height(row))
        self.rows[key] = row
        entry = QWidget()
        line = QHBoxLayout(entry)
        line.setContentsMargins(0, 2, 0, 2)
        line.setSpacing(24)
        line.addWidget(row, 11, Qt.AlignmentFlag.AlignTop)
        words = Wrapped(self._theme, 12, 400, "text3", text=knob.help)
        if knob.key in PROSE:  # at the first line of what it explains
            beside = QVBoxLayout()
            beside.addSpacing(self._theme.scaled(6))
            beside.addWidget(words, 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(beside, 9)
        elif knob.key == KEPT:
            link = KeyButton(self._theme, "Show kept conversations", kind="link")
            link.clicked.connect(self.kept_asked)
            across = QHBoxLayout()
            across.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
            across.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
            line.addLayout(across, 9)
        else:
            line.addWidget(words, 9, Qt.AlignmentFlag.AlignVCenter)
        self._entries[key] = entry
        return entry

    def _height(self, row: Row) -> int:
        return self._theme.scaled(16 * row.lines + 14 if isinstance(row, ProseRow) else ROW)

    def _row(self, knob: Knob) -> Row:
        mark = MARKS.get(knob.key, "")
        if self.offers.has(knob.key):
            return OfferRow(self._theme, self._model, knob, self.offers, WIDTHS)
        if knob.key in PROSE:
            return ProseRow(self._theme, self._model, knob, WIDTHS)
        if knob.choices:
            return ChoiceRow(self._theme, self._model, knob, mark, WIDTHS)
        if knob.kind is bool:
            return CheckRow(self._theme, self._model, knob, WIDTHS)
        if knob.kind is str:
            return TextRow(self._theme, self._model, knob, WIDTHS)
        return KnobRow(self._theme, self._model, knob, mark, WIDTHS, self._bubble)

    def _resize_rows(self) -> None:
        for row in self.rows.values():
            row.setFixedHeight(self._height(row))
