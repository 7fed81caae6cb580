"""The master slider: how readily Interject yields, and what that costs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QToolTip, QWidget

from assistant.settings.access import KNOBS
from assistant.settings.sensitivity import MASTER, Price, price
from assistant.ui import words
from assistant.ui.bubble import Bubble
from assistant.ui.label import Label
from assistant.ui.settings_model import SettingsModel
from assistant.ui.slider import KnobSlider
from assistant.ui.style import Theme
from assistant.ui.value_field import ValueField

PAD = 12
VALUE = 34


class Sensitivity(QFrame):
    """One line: name, slider with its two ends, value, price tag."""

    def __init__(self, theme: Theme, model: SettingsModel, bubble: Bubble, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inset")
        self._theme, self._model, self._bubble = theme, model, bubble
        knob = KNOBS[MASTER]
        self.name = Label(theme, knob.label, 13, 600, parent=self)
        self.slider = KnobSlider(theme, 0, 100, 1, self)
        self.slider.setAccessibleName(f"{knob.label}, 0 to 100")
        self.slider.setAccessibleDescription(knob.help)
        self.low = Label(theme, "Yields when sure", 11, 400, "text3", self)
        self.high = Label(theme, "Yields at once", 11, 400, "text3", self)
        self.value = ValueField(theme, lambda typed: words.read(knob, typed), knob.label, self)
        self.value.look(15, 600, "text", right=True)
        self.rule = QFrame(self)
        self.rule.setObjectName("rule2")
        self.price = Label(theme, "", 12, 600, "text", self)
        self.price_rest = Label(theme, "", 12, 400, "text2", self)
        self.name.setBuddy(self.slider)
        self.slider.picked.connect(self._pick)
        self.slider.let_go.connect(self._let_go)
        self.slider.asked_default.connect(lambda: model.reset(MASTER))
        self.value.typed.connect(lambda new: model.set(MASTER, new))
        model.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what the model holds."""
        now, default = self._model.value(MASTER), KNOBS[MASTER].default
        self.slider.show_value(now, int(default), changed_by_hand=True)
        self.value.say(str(now))
        self._say_price()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            knob = KNOBS[MASTER]
            QToolTip.showText(event.globalPos(), words.tooltip(knob, self._model.value(MASTER), knob.default), self)
            return True
        return super().event(event)

    def _is_compact(self) -> bool:
        return self.width() < self._theme.scaled(700)

    def _say_price(self) -> None:
        first, second = tag(price(self._model.current), short=self._is_compact())
        self.price.say(first)
        self.price_rest.say(second)

    def _arrange(self) -> None:
        scaled, height = self._theme.scaled, self.height()
        compact = self._is_compact()
        self._say_price()
        name = self.name.text_width + 2
        price_wide = min(scaled(196 if compact else 262), self.width() // 3)
        price_left = self.width() - PAD - price_wide
        rule_left = price_left - 14
        value_left = rule_left - 12 - scaled(VALUE)
        slider_left = PAD + name + PAD
        slider_wide = value_left - 8 - slider_left
        self.name.setGeometry(PAD, 0, name, height)
        self.slider.setGeometry(slider_left, 3, slider_wide, 24)
        ends, top = scaled(14), height - scaled(14) - 5
        self.low.setGeometry(slider_left, top, self.low.text_width + 2, ends)
        high = self.high.text_width + 2
        self.high.setGeometry(slider_left + slider_wide - high, top, high, ends)
        self.value.setGeometry(value_left, 0, scaled(VALUE), height)
        self.rule.setGeometry(rule_left, 7, 1, height - 14)
        line = scaled(16)
        top = height // 2 - line
        self.price.setGeometry(price_left, top, price_wide, line)
        self.price_rest.setGeometry(price_left, top + line, price_wide, line)

    def _pick(self, at: int, dragging: bool) -> None:
        if not dragging:
            self._model.set(MASTER, at)
            return
        self._model.preview(MASTER, at)
        stops = tag(price(self._model.current))[0]
        text = f"{at}, {stops[0].lower()}{stops[1:]}" if stops.startswith("Stops") else str(at)
        self._bubble.show_over(self.slider, QPoint(round(self.slider.knob_x()), 12), text)

    def _let_go(self) -> None:
        self._model.commit()
        self._bubble.hide()


def tag(cost: Price | None, short: bool = False) -> tuple[str, str]:
    """The two lines of the price tag. What was not measured is not shown as a number. short: where there is no room."""
    if cost is None:
        return "Not measured here.", "Off the measured line."
    stop_ms, second = round(cost.stop_p50_ms), false_stops(cost.false_stops_per_hour, short)
    if cost.on_speakers is None:
        return f"Stops in about {stop_ms} ms", second
    speakers_ms = round(cost.on_speakers.stop_p50_ms)
    if short:
        return f"About {stop_ms} ms, speakers {speakers_ms} ms", second
    return f"Stops in about {stop_ms} ms, on speakers {speakers_ms} ms", second


def false_stops(an_hour: float, short: bool = False) -> str:
    """None in what was measured is not none for ever, and does not read like it. short: where there is no room."""
    if an_hour == 0:
        return "No false stop measured" if short else "No false stop in the measured noise"
    often = f"{an_hour:.0f}" if an_hour >= 9.5 or an_hour == round(an_hour) else f"{an_hour:.1f}"
    return f"About {often} false {'stop' if often == '1' else 'stops'} an hour{'' if short else ' of noise'}"
