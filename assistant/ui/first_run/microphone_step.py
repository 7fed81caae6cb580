"""First step: does it hear you, and can you hear it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log10

from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from assistant.signal.trace import FRAME, Trace
from assistant.ui.controls import Controls
from assistant.ui.first_run.hears_you import OPENING, Answer, HearsYou
from assistant.ui.first_run.said_line import SaidLine
from assistant.ui.first_run.step_page import StepPage
from assistant.ui.first_run.wide_meter import WideMeter
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.style import Theme
from assistant.ui.top_bar import DevicePicker

TITLE = "Can Interject hear you?"
WORDS = (
    "Choose the microphone that you will talk into, then say something. "
    "Everything that you say stays on this computer."
)


class MicrophoneStep(StepPage):
    """trace: what is heard, None before sound was opened."""

    def __init__(
        self, theme: Theme, controls: Controls, trace: Callable[[], Trace | None], play: Callable[[], None]
    ) -> None:
        """play: says a sentence, to try the loudspeaker."""
        super().__init__(theme, TITLE, WORDS)
        self._trace = trace
        self._seen = 0
        self._problem = ""
        self._hears = HearsYou()
        self.input = DevicePicker(theme, "mic", "Microphone")
        self.output = DevicePicker(theme, "headphones", "Loudspeaker")
        self.input.chosen.connect(controls.choose_input)
        self.input.chosen.connect(lambda _name: self._hears.reset())
        self.output.chosen.connect(controls.choose_output)
        self.try_output = KeyButton(theme, "Play a sentence", symbol="volume-2")
        self.try_output.clicked.connect(play)
        self.meter = WideMeter(theme)
        self.said = SaidLine(theme, 15)
        _, inside = self.card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        grid.setColumnMinimumWidth(0, theme.scaled(96))
        grid.setColumnStretch(1, 1)
        for line, (name, picker) in enumerate((("Microphone", self.input), ("Loudspeaker", self.output))):
            picker.setFixedHeight(theme.scaled(30))
            grid.addWidget(Label(theme, name, 13, 600), line, 0)
            grid.addWidget(picker, line, 1)
        grid.addWidget(self.try_output, 1, 2)
        inside.addLayout(grid)
        _, heard = self.card()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(theme, "What it hears", 13, 600))
        head.addWidget(Label(theme, "level in dBFS", 13, 400, "text3"))
        head.addStretch(1)
        heard.addLayout(head)
        heard.addWidget(self.meter)
        heard.addWidget(self.said)
        self.column.addStretch(1)
        self._show_answer()

    @property
    def result(self) -> str:
        return self.input.currentText() if self._hears.answer.heard else ""

    def opened(self) -> None:
        self._hears.reset()
        trace = self._trace()
        self._seen = trace.frames if trace is not None else 0

    def show_devices(
        self, inputs: Sequence[str], outputs: Sequence[str], current_input: str, current_output: str
    ) -> None:
        """Names of the sound devices, and those in use."""
        self.input.show_devices(inputs, current_input)
        self.output.show_devices(outputs, current_output)

    def show_problem(self, problem: str) -> None:
        """Why no sound arrives, "" where it does."""
        self._problem = problem
        self._show_answer()

    def tick(self) -> None:
        trace = self._trace()
        if trace is not None and trace.frames > self._seen:
            first = max(self._seen, trace.frames - 60)
            found = trace.frame_slice(first * FRAME, trace.frames * FRAME)
            self._seen = trace.frames
            frames = []
            for at, (near_dbfs, p_speech) in enumerate(
                zip(found.column("near_dbfs").tolist(), found.column("p_speech").tolist(), strict=True)
            ):
                frames.append((near_dbfs, _peak_dbfs(trace, found.first + at), p_speech))
            self._hears.take(frames)
            for near_dbfs, peak_dbfs, _ in frames[-2:]:
                self.meter.tell(near_dbfs, peak_dbfs)
        self.meter.fade()
        self._show_answer()

    def _show_answer(self) -> None:
        answer = self._hears.answer
        if self._problem and answer is OPENING:
            answer = Answer(self._problem, "stop", "triangle-alert")
        self.said.say(answer.words, answer.token, answer.symbol)


def _peak_dbfs(trace: Trace, frame: int) -> float:
    peaks = trace.near_peaks(frame * FRAME, (frame + 1) * FRAME)
    if not len(peaks.high):
        return -120.0
    return 20 * log10(max(float(peaks.high.max()), -float(peaks.low.min()), 1e-6))
