"""Two settings on one groove: from which probability a frame is speech, and until which it stays speech."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QWidget

from assistant.settings.access import KNOBS
from assistant.settings.knob import Knob
from assistant.ui import words
from assistant.ui.bubble import Bubble
from assistant.ui.knob_row import Row
from assistant.ui.label import OFF_OPACITY
from assistant.ui.row_layout import RowPlaces, RowWidths
from assistant.ui.settings_model import SettingsModel
from assistant.ui.slider import HALO, KNOB, paint_groove, paint_knob, paint_tick
from assistant.ui.style import Theme
from assistant.ui.value_field import ValueField

START, RELEASE = "vad.start", "vad.release"
LABEL = "Speech from, until"
HELP = (
    "A frame counts as speech from the upper line and goes on counting until it falls under the lower. "
    "Also draggable on the trace."
)
PERCENT = 100


class Handle(QSlider):
    """One end of the range for keys and screen readers. It paints nothing and lets the mouse through."""

    focus_changed = Signal()

    def __init__(self, knob: Knob, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        assert knob.ge is not None and knob.le is not None
        self.key = knob.key
        self.setRange(round(knob.ge * PERCENT), round(knob.le * PERCENT))
        self.setSingleStep(1)
        self.setPageStep(5)
        self.setAccessibleName(words.accessible_name(knob))
        self.setAccessibleDescription(knob.help)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: object) -> None:
        """The track paints both handles."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()


class RangeTrack(QWidget):
    """The groove with its two handles.

    picked: key, percent, whether by dragging. let_go: the drag ended. asked_default: the key that was double-clicked.
    """

    picked = Signal(str, int, bool)
    let_go = Signal()
    asked_default = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._quiet = False
        self._dragged: Handle | None = None
        self._ticks: dict[str, int] = {}
        self._changed: dict[str, bool] = {}
        self._shown: list[float] = []
        self.in_effect = True
        # Children in reading order of the label: from, then until
        self.start, self.release = Handle(KNOBS[START], self), Handle(KNOBS[RELEASE], self)
        for handle in (self.start, self.release):
            handle.valueChanged.connect(lambda at, h=handle: self._tell(h, at))
            handle.focus_changed.connect(self.update)

    def show_values(self, model: SettingsModel) -> None:
        """Show the two settings without telling anybody."""
        shown = [model.value(h.key) for h in (self.start, self.release)]
        shown += [model.baseline(h.key) for h in (self.start, self.release)]
        at_handles = [h.value() / PERCENT for h in (self.start, self.release)]
        if shown == self._shown and shown[:2] == at_handles:
            return
        self._shown = shown
        self._quiet = True
        for handle in (self.start, self.release):
            value, baseline = model.value(handle.key), model.baseline(handle.key)
            handle.setValue(round(value * PERCENT))
            self._ticks[handle.key] = round(baseline * PERCENT)
            self._changed[handle.key] = value != baseline
        self._quiet = False
        self._place()
        self.update()

    def knob_x(self, percent: int) -> float:
        """The middle of a handle at this value, in pixels."""
        span = self.width() - KNOB
        return QStyle.sliderPositionFromValue(self.start.minimum(), self.start.maximum(), percent, span) + KNOB / 2

    def resizeEvent(self, event: object) -> None:
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = self._nearest(event.position().x())
            self._dragged.setFocus(Qt.FocusReason.MouseFocusReason)
            self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = None
            self.update()
            self.let_go.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.asked_default.emit(self._nearest(event.position().x()).key)

    def wheelEvent(self, event: QWheelEvent) -> None:
        focused = self.start if self.start.hasFocus() else self.release if self.release.hasFocus() else None
        if focused is None:
            event.ignore()
        else:
            focused.setValue(focused.value() + round(event.angleDelta().y() / 120))
            event.accept()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.in_effect:
            painter.setOpacity(OFF_OPACITY)
        middle = self.height() / 2
        left, right = self.knob_x(self.release.value()), self.knob_x(self.start.value())
        paint_groove(painter, self._theme, self.width(), middle, (left, right), any(self._changed.values()))
        for tick in self._ticks.values():
            paint_tick(painter, self._theme, self.knob_x(tick), middle)
        for handle in (self.release, self.start):
            at = QPointF(self.knob_x(handle.value()), middle)
            paint_knob(painter, self._theme, at, self._changed.get(handle.key, False), handle is self._dragged)
        painter.end()

    def dragged_x(self) -> float:
        """Where the handle in the hand is."""
        return self.knob_x((self._dragged or self.start).value())

    def _nearest(self, x: float) -> Handle:
        # Of two at the same distance the one on whose side the mouse is
        to_start = abs(x - self.knob_x(self.start.value()))
        to_release = abs(x - self.knob_x(self.release.value()))
        return self.start if to_start <= to_release else self.release

    def _drag_to(self, x: float) -> None:
        assert self._dragged is not None
        lowest, highest = self._dragged.minimum(), self._dragged.maximum()
        value = QStyle.sliderValueFromPosition(lowest, highest, round(x - KNOB / 2), self.width() - KNOB)
        self._dragged.setValue(value)
        self.update()

    def _tell(self, handle: Handle, percent: int) -> None:
        if not self._quiet:
            self.picked.emit(handle.key, percent, handle is self._dragged)

    def _place(self) -> None:
        for handle in (self.start, self.release):
            at = round(self.knob_x(handle.value()))
            handle.setGeometry(QRect(at - HALO // 2 + 1, (self.height() - HALO) // 2 + 1, HALO - 2, HALO - 2))


class RangeRow(Row):
    """Speech from, until: the release stays at least .05 below the start; they push each other."""

    def __init__(
        self,
        theme: Theme,
        model: SettingsModel,
        mark: str = "threshold",
        widths: RowWidths | None = None,
        bubble: Bubble | None = None,
    ) -> None:
        super().__init__(theme, model, KNOBS[START], mark, widths)
        self._bubble = bubble
        self.label.setText(LABEL)
        self.track = RangeTrack(theme, self)
        self.value = ValueField(theme, lambda typed: words.read(KNOBS[START], typed), "Speech from", self)
        self.unit = ValueField(theme, _read_release, "Speech until", self)
        self.unit.look(12, 400, "text2", right=False)
        self.label.setBuddy(self.track.start)
        self.track.picked.connect(self._pick)
        self.track.let_go.connect(self._let_go)
        self.track.asked_default.connect(model.reset)
        self.value.typed.connect(lambda new: model.set(START, new))
        self.unit.typed.connect(lambda new: model.set(RELEASE, new))
        for handle in (self.track.start, self.track.release):
            handle.focus_changed.connect(self.tell_pointed)
        self.reset.clicked.connect(lambda: model.reset(RELEASE))
        self.refresh()

    def handle(self) -> QWidget:
        return self.track.release if self.track.release.hasFocus() else self.track.start

    def refresh(self) -> None:
        super().refresh()
        changed = any(self._model.value(key) != self._model.baseline(key) for key in (START, RELEASE))
        self.label.wear(weight=600 if changed else 400)
        self.reset.setVisible(changed)
        self.track.show_values(self._model)
        self.value.say(words.shown(KNOBS[START], self._model.value(START)))
        self.unit.say("/ " + words.shown(KNOBS[RELEASE], self._model.value(RELEASE)))

    def tooltip_text(self) -> str:
        start, release = KNOBS[START], KNOBS[RELEASE]
        now = f"{words.shown(start, self._model.value(START))} / {words.shown(release, self._model.value(RELEASE))}"
        untouched = (
            f"{words.shown(start, self._model.baseline(START))} / {words.shown(release, self._model.baseline(RELEASE))}"
        )
        return words.said_of(LABEL, now, HELP, untouched, words.range_words(start))

    def arrange(self, at: RowPlaces) -> None:
        super().arrange(at)
        self.track.setGeometry(at.slider)
        self.value.setGeometry(at.value)
        self.unit.setGeometry(at.unit)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._model.apply({key: self._model.baseline(key) for key in (START, RELEASE)})

    def _pick(self, key: str, percent: int, dragging: bool) -> None:
        new: Any = percent / PERCENT
        if not dragging:
            self._model.set(key, new)
            self.track.show_values(self._model)  # where it was pushed back to the same, nothing was told
            return
        self._model.preview(key, new)
        self.track.show_values(self._model)
        if self._bubble is not None:
            word = "from" if key == START else "until"
            text = f"{word} {words.shown(KNOBS[key], self._model.value(key))}"
            self._bubble.show_over(self.track, QPoint(round(self.track.dragged_x()), self.track.height() // 2), text)

    def _let_go(self) -> None:
        self._model.commit()
        if self._bubble is not None:
            self._bubble.hide()


def _read_release(typed: str) -> object:
    return words.read(KNOBS[RELEASE], typed.lstrip("/ "))
