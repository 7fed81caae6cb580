"""The live panel: the scope with its header, and the card of the last interruption below it."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from assistant.settings.access import KNOBS
from assistant.settings.sections import Settings
from assistant.signal.presence import EchoPath
from assistant.signal.trace import PeakSlice, Trace
from assistant.ui.choice import Choice
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.live.card import EpisodeCard
from assistant.ui.live.card_words import spoken
from assistant.ui.live.echo_button import EchoButton
from assistant.ui.live.frozen import silent_trace
from assistant.ui.live.scope import SECONDS, Scope
from assistant.ui.live.whatif import Redecide, WhatIf, instead_words
from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from assistant.workers.episode import Episode

SUBTITLE = "what it hears, and what it makes of it"


class LivePanel(QWidget):
    """Owned by the GUI thread. tick() is called by the window's timer while the panel is to be seen.

    trace_source: the running stream's trace, None while there is none. redecide: decides the last seconds again under
    other settings; None where that is not possible.
    """

    start_rehearsal = Signal()
    interrupt_itself = Signal()
    episode_selected = Signal(int)

    def __init__(
        self,
        theme: Theme,
        model: SettingsModel,
        trace_source: Callable[[], Trace | None],
        redecide: Redecide | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._model, self._source, self._clock = model, trace_source, clock
        self._no_trace = silent_trace()
        self.scope = Scope(theme, trace_source, model, clock)
        self.card = EpisodeCard(theme, clock)
        self._whatif = WhatIf(redecide, model.current)
        self._sheet = ScopeCard(theme, model, self.scope)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._sheet, 1)
        self._column.addWidget(self.card)
        self._column.setContentsMargins(0, 0, 0, 0)
        # what exceeds the most that the scope takes is left empty below
        self._column.addStretch(0)
        self.card.start_rehearsal.connect(self.start_rehearsal)
        self.card.interrupt_itself.connect(self.interrupt_itself)
        self.card.selected.connect(self.episode_selected)
        self.scope.episode_clicked.connect(self.card.select)
        model.changed.connect(self._settings_changed)
        self._order_tabs()
        self.use(ROOMY)

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._column.setSpacing(metrics.gap)
        self._sheet.use(metrics)
        self.card.use(metrics)

    def tick(self) -> None:
        """One frame of everything that moves."""
        self.scope.tick()
        self.card.tick(self._trace())
        if self._whatif.tick(self._clock()):
            self.scope.show_guesses(self._whatif.guesses(self.scope.episodes))
            self._show_instead()

    def add_episode(self, episode: Episode) -> None:
        """A new interruption, or more about a known one."""
        self.scope.add_episode(episode)
        self.card.add(episode, self._model.current, self._trace())
        self.scope.describe(spoken(episode, self.card.reason))

    def show_echo(self, path: EchoPath) -> None:
        """What is known of an echo; about once a second."""
        self._sheet.echo.show_path(path)

    def show_unplayed(self, start_sample: int, peaks: PeakSlice) -> None:
        """The rest of a phrase that was cut, from the 16 kHz sample where it fell silent."""
        self.scope.show_unplayed(start_sample, peaks)

    def show_episode(self, number: int) -> None:
        """Bring an interruption onto the card and, standing still, into the middle of the scope."""
        self.card.select(number)
        episode = self.card.shown
        if episode is not None and episode.number == number:
            self.scope.freeze(True, show=episode.onset)

    def highlight(self, key: str) -> None:
        """Make the mark of a setting heavy on the scope; "" for none."""
        self.scope.highlight(key or None)

    def toggle_freeze(self) -> None:
        """Let the scope stand if it runs, and run if it stands."""
        self.scope.freeze(not self.scope.frozen)

    def step_card(self, by: int) -> None:
        """Show the interruption before (−1) or after (+1) the shown one."""
        self.card.step(by)

    def _order_tabs(self) -> None:
        """Reading order: header, handles, card."""
        stops = [*self._sheet.stops, *self.scope.handles.all, *self.card.stops]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _trace(self) -> Trace:
        return self._source() or self._no_trace

    def _settings_changed(self, settings: Settings) -> None:
        self._whatif.settings_changed(settings, self._clock())

    def _show_instead(self) -> None:
        shown = self.card.shown
        other = None if shown is None else self._whatif.instead_of(shown)
        words = "" if shown is None or other is None else instead_words(self._whatif.moved, shown, other)
        self.card.show_instead(words, other if words else None)


class ScopeCard(QFrame):
    """The scope in its frame. The header tells of the echo, freezes the scope and chooses how much time it shows."""

    def __init__(self, theme: Theme, model: SettingsModel, scope: Scope) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme, self._model, self._scope = theme, model, scope
        self._compact = False
        self._words = Label(theme, SUBTITLE, 12, 400, "text2")
        self._freeze = KeyButton(theme, "Freeze", "F9", "pause")
        self._freeze.quiet = True
        self._freeze.setToolTip("Let the picture stand; sound is still collected. Drag to move, wheel to zoom.")
        self._freeze.clicked.connect(self._toggle)
        self.echo = EchoButton(theme, model)
        self._seconds = Choice(theme)
        for key, words in KNOBS[SECONDS].choices.items():
            self._seconds.addItem(words, key)
        self._seconds.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._seconds.setAccessibleName(KNOBS[SECONDS].label)
        self._seconds.setToolTip(KNOBS[SECONDS].help)
        self._seconds.activated.connect(self._choose)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        title = Label(theme, "Live", 13, 600)
        title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        head.addWidget(title)
        head.addWidget(self._words)
        head.addStretch()
        head.addWidget(self.echo)
        head.addWidget(self._freeze)
        head.addWidget(self._seconds)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(scope, 1)
        self.stops: tuple[QWidget, ...] = (self.echo, self._freeze, self._seconds)
        scope.frozen_changed.connect(self._show_frozen)
        model.changed.connect(self._show_seconds)
        self._show_seconds()

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._compact = metrics.compact
        self._words.setVisible(self._scope.frozen or not self._compact)
        side, top, bottom = (9, 3, 4) if metrics.compact else (11, 4, 8)
        self._column.setContentsMargins(side, top, side, bottom)
        self._column.setSpacing(3)
        self._scope.setMinimumHeight(self._theme.scaled(metrics.scope))
        self._scope.setMaximumHeight(self._theme.scaled(metrics.scope_most))
        more = self._theme.scaled(metrics.scope_most) - self._theme.scaled(metrics.scope)
        self.setMaximumHeight(self._theme.scaled(metrics.scope_card) + more)
        for widget in self.stops:
            widget.setFixedHeight(self._theme.scaled(22 if metrics.compact else 24))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._scope.frozen:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("near"), 1.5))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 8, 8)
        painter.end()

    def _toggle(self) -> None:
        self._scope.freeze(not self._scope.frozen)

    def _choose(self, index: int) -> None:
        self._model.set(SECONDS, self._seconds.itemData(index))

    def _show_frozen(self, frozen: bool) -> None:
        self._words.setText(f"Frozen {self._scope.frozen_at:%H:%M:%S}" if frozen else SUBTITLE)
        self._words.wear(600 if frozen else 400, "near" if frozen else "text2")
        self._words.setVisible(frozen or not self._compact)
        self._words.updateGeometry()
        self._freeze.setText("Go on" if frozen else "Freeze")
        self._freeze.setAccessibleName(f"{self._freeze.text()}, F9")
        self._freeze.updateGeometry()
        self.update()

    def _show_seconds(self) -> None:
        self._seconds.setCurrentIndex(self._seconds.findData(self._model.current.panel.seconds))
