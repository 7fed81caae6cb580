"""Second step: how quiet the room is, how clear your voice, and how loud Interject's own comes back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from assistant.lab.room_check import RoomFigures, preset, suggested, summary, verdicts
from assistant.settings.access import KNOBS, change
from assistant.settings.sensitivity import price
from assistant.signal.trace import Trace
from assistant.ui.first_run.room_figures import RoomFigureRow
from assistant.ui.first_run.room_picture import RoomPicture
from assistant.ui.first_run.room_run import PARTS, Phase, RoomRun, Sounds
from assistant.ui.first_run.said_line import SaidLine
from assistant.ui.first_run.sets_line import SetsLine
from assistant.ui.first_run.step_page import StepPage
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.sensitivity import false_stops
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from assistant.ui.words import with_unit

TITLE = "Does your room suit it?"
WORDS = (
    "Be quiet for three seconds, read a line aloud, then listen to a sentence. From these three Interject sets the "
    "noise gate and the echo margin."
)
AFTERWARDS = (
    "You were quiet, then you read a line, then Interject spoke. From these three come the noise gate and the echo "
    "margin. You can do this again at any time in Settings."
)
LINE = "“The night train leaves from the last platform, where the roof ends.”"
PROMPTS: dict[Phase, tuple[str, str, str]] = {
    "idle": ("Ready when you are. It takes about 15 seconds.", "text2", "mic"),
    "quiet": ("Be quiet for a moment …", "text2", "mic-off"),
    "voice": (f"Read aloud: {LINE}", "near", "mic"),
    "echo": ("Listen, and say nothing …", "far", "volume-2"),
}
GATE = "vad.gate_dbfs"


class RoomStep(StepPage):
    """The measured settings are taken with the main button only."""

    def __init__(
        self, theme: Theme, model: SettingsModel, trace: Callable[[], Trace | None], sounds: Sounds
    ) -> None:
        super().__init__(theme, TITLE, WORDS)
        self._model, self._trace, self._sounds = model, trace, sounds
        self._run: RoomRun | None = None
        self._gate_dbfs: float | None = None
        self.again = KeyButton(theme, "Measure again", symbol="rotate-ccw")
        self.again.clicked.connect(self.measure)
        self.again.hide()
        self.picture = RoomPicture(theme)
        self.picture.gate_moved.connect(self._gate_moved)
        self.prompt = SaidLine(theme, 15)
        self.figures = RoomFigureRow(theme)
        self.sets = SetsLine(theme)
        _, inside = self.card()
        inside.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(theme, "What the microphone heard", 13, 600))
        head.addWidget(Label(theme, "level in dBFS", 13, 400, "text3"))
        head.addStretch(1)
        head.addWidget(self.again)
        self._head = QWidget()
        self._head.setLayout(head)
        head.setContentsMargins(0, 0, 0, 0)
        self._head.setMinimumHeight(theme.scaled(30))
        inside.addWidget(self._head)
        inside.addWidget(self.picture)
        inside.addWidget(self.prompt)
        self.column.addWidget(self.figures)
        self.column.addWidget(self.sets)
        self.column.addStretch(1)
        self._show()

    @property
    def measured(self) -> RoomFigures | None:
        """What was found, None before."""
        return self._run.figures if self._run is not None else None

    @property
    def primary(self) -> str:
        if self._run is not None and self._run.under_way:
            return "Cancel"
        if self.measured is None:
            return "Measure the room"
        return "Use these settings" if suggested(self.measured) else "Next"

    @property
    def result(self) -> str:
        figures = self.measured
        if figures is None or not suggested(figures):
            return ""
        return preset(figures)

    def press(self) -> bool:
        if self._run is not None and self._run.under_way:
            self.left()
            return False
        if self.measured is None:
            self.measure()
            return False
        if suggested(self.measured):
            self.take(self.measured)
        return True

    def measure(self) -> None:
        """Begin, or begin again."""
        self.left()
        trace = self._trace()
        if trace is None:
            self.prompt.say("There is no sound yet. Go back and choose a microphone.", "stop", "triangle-alert")
            return
        self.picture.clear()
        self._gate_dbfs = None
        self._run = RoomRun(trace, self._sounds)
        self._run.begin()
        self._show()

    def take(self, figures: RoomFigures) -> None:
        """Set what was found."""
        self._model.choose_preset(preset(figures))
        found = dict(suggested(figures))
        if self._gate_dbfs is not None:
            found[GATE] = self._gate_dbfs
        self._model.apply(found)

    def left(self) -> None:
        if self._run is not None and self._run.under_way:
            self._run.cancel()
            self._run = None
            self.picture.clear()
            self._show()

    def tick(self) -> None:
        run = self._run
        if run is None or not run.under_way:
            return
        changed = run.tick()
        for part in PARTS:
            if part in run.spans and (part == run.phase or changed):
                self.picture.show_part(part, run.heard(part))
        if changed:
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        tight = self.height() < 600
        self.column.setSpacing(10 if tight else 16)
        self.picture.setFixedHeight(118 if tight else 150)

    def _show(self) -> None:
        run = self._run
        phase: Phase = run.phase if run is not None else "idle"
        self.picture.now = phase
        figures = self.measured
        self.title.say(TITLE if figures is None else summary(figures))
        self.words.setText(WORDS if figures is None else AFTERWARDS)
        for part in (self.figures, self.sets, self.again):
            part.setVisible(figures is not None)
        self.prompt.setVisible(figures is None)
        if figures is None:
            self.prompt.say(*PROMPTS[phase])
        else:
            self._show_figures(figures)
        self.changed.emit()

    def _show_figures(self, figures: RoomFigures) -> None:
        self.figures.show_verdicts(verdicts(figures))
        found = dict(suggested(figures))
        self.sets.setVisible(bool(found))
        if GATE in found:
            self.picture.show_gate(self._gate_dbfs if self._gate_dbfs is not None else found[GATE])
            found[GATE] = self._gate_dbfs if self._gate_dbfs is not None else found[GATE]
        chosen = preset(figures)
        parts = [("Preset", chosen)]
        parts += [(KNOBS[key].label, with_unit(KNOBS[key], value)) for key, value in found.items()]
        cost = price(change(self._model.current, {**self._model.presets.values(chosen), **found}))
        self.sets.show_parts(parts, "" if cost is None else _cost(cost.stop_p50_ms, cost.false_stops_per_hour))

    def _gate_moved(self, gate_dbfs: float) -> None:
        self._gate_dbfs = gate_dbfs
        if self.measured is not None:
            self._show_figures(self.measured)


def _cost(stop_ms: float, false_stops_an_hour: float) -> str:
    often = false_stops(false_stops_an_hour)
    return f"Expected: stops in about {stop_ms:.0f} ms. {often}."
