"""The tuning card: presets, the master sensitivity, and the twelve settings that decide when Interject yields."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from assistant.settings.access import KNOBS
from assistant.ui.bubble import Bubble
from assistant.ui.choice_row import ChoiceRow
from assistant.ui.key_button import KeyButton
from assistant.ui.knob_row import KnobRow, Row
from assistant.ui.label import Label
from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.presets_bar import PresetsBar
from assistant.ui.range_row import START, RangeRow
from assistant.ui.row_layout import RowWidths, narrowest
from assistant.ui.save_preset import SavePreset
from assistant.ui.sensitivity import Sensitivity
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme

DECIDING = (
    (START, "threshold"),
    ("barge_in.duck_frames", "duck"),
    ("barge_in.confirm_ms", "stop"),
    ("barge_in.gap_ms", "gap"),
    ("barge_in.duck_db", "duck"),
    ("barge_in.restore_ms", "restore"),
)
HEARING = (
    ("vad.gate_dbfs", "you"),
    ("echo.margin_db", "interject"),
    ("endpointing.preroll_ms", "you"),
    ("endpointing.silence_ms", "turn_end"),
    ("barge_in.after_false_stop", "resume"),
)
MARKS = dict(DECIDING + HEARING)
"""Key → the mark before its slider, which is its mark on the trace too."""
SIDE, COMPACT_SIDE = 14, 12


class TuningCard(QFrame):
    """Laid out by hand: two columns of rows, or one where the window is too narrow for two.

    knob_hovered: the key that the mouse or the keyboard is on, "" for none: its mark becomes heavy on the trace.
    all_settings: the link was followed.
    """

    knob_hovered = Signal(str)
    all_settings = Signal()
    height_changed = Signal()

    def __init__(self, theme: Theme, model: SettingsModel, bubble: Bubble, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._theme, self._model = theme, model
        self._metrics = ROOMY
        self._height = 0
        self.title = Label(theme, "When it yields", 13, 600, parent=self)
        self.bar = PresetsBar(theme, model, self)
        self.undo = KeyButton(theme, "Undo", symbol="undo-2", parent=self, kind="quiet")
        self.undo.setToolTip("Take back the last change of a setting (Ctrl+Z)")
        self.undo.clicked.connect(model.undo)
        self.save = KeyButton(theme, "Save preset", parent=self)
        self.save.clicked.connect(self._ask_name)
        self.sensitivity = Sensitivity(theme, model, bubble, self)
        self.deciding = Label(theme, "Deciding", 12, 600, "text3", self)
        self.hearing = Label(theme, "Hearing and turns", 12, 600, "text3", self)
        self.rows: dict[str, Row] = {}
        for key, mark in (*DECIDING, *HEARING):
            self.rows[key] = self._row(key, mark, bubble)
        self.link = KeyButton(theme, "All settings", symbol="arrow-right", parent=self, kind="link", behind=True)
        self.link.clicked.connect(self.all_settings)
        model.changed.connect(self.refresh)
        theme.changed.connect(self._arrange)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.refresh()

    def refresh(self) -> None:
        """Show what the model holds."""
        for row in self.rows.values():
            row.refresh()
        self.undo.setEnabled(self._model.can_undo)

    def hinder(self, key: str, why: str) -> None:
        """Show that a setting is not in effect, and why; "" takes that back."""
        self.rows[key].hinder(why)

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._metrics = metrics
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(700, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(360, self._height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _row(self, key: str, mark: str, bubble: Bubble) -> Row:
        row: Row
        if key == START:
            row = RangeRow(self._theme, self._model, mark, bubble=bubble)
        elif KNOBS[key].choices:
            row = ChoiceRow(self._theme, self._model, KNOBS[key], mark)
        else:
            row = KnobRow(self._theme, self._model, KNOBS[key], mark, bubble=bubble)
        row.setParent(self)
        row.pointed_at.connect(self._point)
        return row

    def _point(self, key: str) -> None:
        # The mouse may leave one row while the keyboard is on another: that one is still pointed at
        focused = next((k for k, row in self.rows.items() if row.handle().hasFocus()), "")
        self.knob_hovered.emit(key or focused)

    def _ask_name(self) -> None:
        SavePreset(self._theme, self._model, self).popup_under(self.save)

    def _arrange(self) -> None:
        scaled, compact = self._theme.scaled, self._metrics.compact
        gap = 5 if compact else 8
        side = COMPACT_SIDE if compact else SIDE
        right = self.width() - side
        top, line = (7 if compact else 9), scaled(26)
        title = self.title.text_width + 2
        save, undo = self.save.sizeHint().width(), self.undo.sizeHint().width()
        self.title.setGeometry(side, top, title, line)
        self.save.setGeometry(right - save, top, save, line)
        self.undo.setGeometry(right - save - 8 - undo, top, undo, line)
        bar_left = side + title + 10
        self.bar.setGeometry(bar_left, top, max(0, right - save - 8 - undo - 8 - bar_left), line)
        top += line + gap
        master = scaled(44 if compact else 47)
        self.sensitivity.setGeometry(side, top, right - side, master)
        top += master + (0 if compact else 8)
        self._height = self._arrange_rows(top, side, right) + (4 if compact else 6)
        if self.height() != self._height:
            self.setFixedHeight(self._height)
            self.height_changed.emit()
        if self.width() - side != right:
            self._arrange()  # another height made a scroll bar come or go, without an event of its own

    def _arrange_rows(self, top: int, side: int, right: int) -> int:
        scaled = self._theme.scaled
        heading, row_high = scaled(18), scaled(self._metrics.row)
        between = 19 if self._metrics.compact else 27
        wide = (right - side - between) // 2
        two = wide >= narrowest(self._theme.row_scale, RowWidths())
        if not two:
            wide = right - side
        left_keys, right_keys = [k for k, _ in DECIDING], [k for k, _ in HEARING]
        bottom = self._column(self.deciding, left_keys, side, top, wide, heading, row_high)
        if two:
            start, at = top, side + wide + between
        else:
            start, at = bottom + 6, side
        end = self._column(self.hearing, right_keys, at, start, wide, heading, row_high)
        link = self.link.sizeHint().width()
        self.link.setGeometry(right - link, end + (row_high - scaled(24)) // 2, link, scaled(24))
        return max(bottom, end + row_high)

    def _column(
        self, name: Label, keys: list[str], left: int, top: int, wide: int, heading: int, row_high: int
    ) -> int:
        name.setGeometry(left, top, wide, heading)
        top += heading
        for key in keys:
            self.rows[key].setGeometry(left, top, wide, row_high)
            top += row_high
        return top


class TuningScroll(QScrollArea):
    """Lets the card scroll where the window is too low for it."""

    def __init__(self, card: TuningCard) -> None:
        super().__init__()
        self.setWidget(card)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.card = card
