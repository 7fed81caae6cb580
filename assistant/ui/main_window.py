"""The window: bars above and below, the pages between them, the one timer of everything that moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QHideEvent,
    QKeyEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from assistant.turns.states import SOUNDING, State
from assistant.ui.frame import DARK_KEY, FIRST_SIZE, SMALLEST, Frame
from assistant.ui.metrics import ROOMY, Metrics, metrics_for

if TYPE_CHECKING:  # read when the empty window is already there
    from assistant.ui.controls import Controls
    from assistant.ui.conversation import ConversationView
    from assistant.ui.models.page import ModelsPage
    from assistant.ui.notice import Notice
    from assistant.ui.settings_model import SettingsModel
    from assistant.ui.settings_page import SettingsPage
    from assistant.ui.status_bar import StatusFigures
    from assistant.ui.style import Theme

FRAME_MS, CALM_FRAME_MS = 33, 100
PLAIN_WIDTH = 440
TALK, MODELS, SETTINGS = range(3)
CONVERSATION_KEY = "conversation"


class MainWindow(Frame):
    """Owned by the GUI thread. Wishes leave through `controls`; what happens comes in through the show methods.

    frame: the tick of everything that moves; none comes while the window is hidden or minimised.
    freeze_asked, card_asked (-1 previous, +1 next): for the live panel. knob_hovered: the setting pointed at, or "".
    is_furnished: everything is in it. models_opened: the models page was made. setup_asked: for a step of the first
    run; first_run_left: it is over.
    """

    frame = Signal()
    freeze_asked = Signal()
    card_asked = Signal(int)
    knob_hovered = Signal(str)
    models_opened = Signal(object)
    setup_asked = Signal(int)
    first_run_left = Signal()

    def __init__(self, place_file: Path | None = None) -> None:
        """Empty until it is furnished. place_file: where its size and place are kept, None to keep nothing."""
        super().__init__(place_file)
        self.is_furnished = self._talking = False
        self._whole_width = FIRST_SIZE.width()
        self.settings_page: SettingsPage | None = None
        self.models_page: ModelsPage | None = None
        self._first_run: QWidget | None = None

    def furnish(
        self, theme: Theme, model: SettingsModel, controls: Controls, live_panel: QWidget | None = None
    ) -> None:
        """Put everything in, once. Nothing else may be asked of the window before.

        live_panel: scope and card; its method use(Metrics), where it has one, is told of other sizes.
        """
        from assistant.ui.bubble import Bubble
        from assistant.ui.focus_ring import FocusRing
        from assistant.ui.offers import Offers
        from assistant.ui.shortcuts import connect_keys
        from assistant.ui.status_bar import StatusBar
        from assistant.ui.talk_page import TalkPage
        from assistant.ui.top_bar import TopBar
        from assistant.ui.window_notices import WindowNotices

        self.setPalette(QPalette())  # from here on the theme colours the ground
        self._theme, self._model, self._controls = theme, model, controls
        self._metrics: Metrics = ROOMY
        self.bubble = Bubble(theme, self)
        self.offers = Offers()
        self.top = TopBar(theme, controls)
        self.talk = TalkPage(theme, model, controls, live_panel, self.bubble)
        self.status = StatusBar(theme)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.talk)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.top, self.pages, self.status):
            column.addWidget(widget)
        column.setStretch(1, 1)
        self.setCentralWidget(inside)
        self.ring = FocusRing(theme, self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.top.page_chosen.connect(self.show_page)
        self.top.theme_asked.connect(self._other_theme)
        controls.open_models.connect(lambda: self.show_page(MODELS))
        self.talk.all_settings.connect(lambda: self.show_page(SETTINGS))
        self.talk.knob_hovered.connect(self.knob_hovered)
        model.changed.connect(self._follow_settings)
        theme.changed.connect(self._use_metrics)
        self._notices = WindowNotices(self.talk.column.notice, model)
        self.talk.column.notice.action_chosen.connect(self._act_on_notice)
        self._shortcuts = connect_keys(self, self._wishes())
        width = self.kept(CONVERSATION_KEY)
        if width is not None and width.isdecimal():
            self.talk.restore_width(int(width))
        self.show_page(TALK)
        self.is_furnished = True
        self._follow_settings()
        self._fit()

    @property
    def conversation(self) -> ConversationView:
        """Where utterances go."""
        return self.talk.column.view

    def show_state(self, state: State, hint: str = "") -> None:
        """The state of the conversation and one short sentence. A change of theme waits while it sounds."""
        self.talk.column.composer.show_state(state, hint)
        self._theme.hold(state in SOUNDING)

    def show_devices(
        self, inputs: Sequence[str], outputs: Sequence[str], current_input: str = "", current_output: str = ""
    ) -> None:
        """Names of the sound devices, and those in use; "" follows the system."""
        self.top.input.show_devices(inputs, current_input)
        self.top.output.show_devices(outputs, current_output)
        self.offers.offer("audio.input", ((name, name) for name in inputs))
        self.offers.offer("audio.output", ((name, name) for name in outputs))

    def show_notice(self, notice: Notice) -> None:
        """Tell the person something."""
        self.talk.column.notice.tell(notice)

    def clear_notice(self, code: str) -> None:
        """What this notice told of was mended."""
        self.talk.column.notice.clear(code)

    def set_noises(self, names: Sequence[str]) -> None:
        """What "Play a noise" offers."""
        self.talk.column.partner.set_noises(names)

    def show_partner(self, name: str, caption: str, can_end: bool = False) -> None:
        """Who talks, and where it is: "Rehearsal", "The lighthouse, 2 of 9"."""
        self.talk.column.partner.show_partner(name, caption, can_end)

    def show_status(self, figures: StatusFigures) -> None:
        """The figures of the bar at the bottom; about once a second."""
        self.status.show_figures(figures)

    def set_mic_level(self, level_dbfs: float, peak_dbfs: float) -> None:
        """The microphone's level, for the meter in the top bar."""
        self.top.meter.tell(level_dbfs, peak_dbfs)

    def hinder(self, key: str, why: str) -> None:
        """Show on the tuning card that a setting is not in effect, and why; "" takes that back."""
        self.talk.tuning.hinder(key, why)

    def announce(self, words: str) -> None:
        """Have a screen reader say this when it has nothing else to say.

        Only for headphones: on loudspeakers the reader's voice is a sound that the echo canceller does not know.
        """
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    @property
    def theme(self) -> Theme:
        """For pages that are made later."""
        return self._theme

    def show_page(self, at: int) -> None:
        """Go to a page; models and settings are built when they are first wanted. Leaves the first run."""
        self._leave_first_run()
        page: QWidget = self.talk
        if at == MODELS:
            page = self._models()
        elif at == SETTINGS:
            page = self._settings()
        self.pages.setCurrentWidget(page)
        self.top.show_page(at)

    def show_first_run(self, page: QWidget) -> None:
        """Show this instead of all pages, until another page is asked for. It is not deleted here."""
        self._first_run = page
        self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        self.top.bare(True)
        self.status.hide()
        self._use_metrics()

    def show_which_models_there_are(self, *, mind: bool, ears: bool) -> None:
        """Say in the empty conversation what can be done with the models in use, and which is missing."""
        self.talk.column.view.nothing.show_models(mind=mind, ears=ears)

    def _models(self) -> ModelsPage:
        if self.models_page is None:
            from assistant.ui.models.page import ModelsPage

            self.models_page = ModelsPage(self._theme)
            self.models_page.use(self._metrics)
            self.pages.addWidget(self.models_page)
            self.models_opened.emit(self.models_page)
        return self.models_page

    def _settings(self) -> SettingsPage:
        if self.settings_page is None:
            from assistant.ui.first_run.setup_card import SetupCard
            from assistant.ui.settings_page import SettingsPage

            self.settings_page = SettingsPage(self._theme, self._model, self.bubble, self.offers)
            self.settings_page.kept_asked.connect(self.talk.column.show_kept)
            setup = SetupCard(self._theme)
            setup.asked.connect(self.setup_asked)
            self.settings_page.put_above(setup)
            self.settings_page.use(self._metrics)
            self.pages.addWidget(self.settings_page)
        return self.settings_page

    def _leave_first_run(self) -> None:
        if self._first_run is not None:
            self.pages.removeWidget(self._first_run)
            self._first_run = None
            self.top.bare(False)
            self.status.show()
            self.talk.column.composer.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.first_run_left.emit()

    def _search_settings(self) -> None:
        self.show_page(SETTINGS)
        if self.settings_page is not None:
            self.settings_page.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_timer()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._run_timer()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._run_timer()
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._talk_up()  # the key's release goes to the other window

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_furnished and event.key() == Qt.Key.Key_F8 and not event.modifiers():
            if not event.isAutoRepeat() and not self._talking:
                self._talking = True
                self.talk.column.composer.talk.setDown(True)
                self._controls.talk_pressed.emit()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F8:
            if not event.isAutoRepeat():
                self._talk_up()
        else:
            super().keyReleaseEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.is_furnished:
            self._talk_up()
            self.keep(DARK_KEY, "yes" if self._theme.tokens.dark else "no")
            if self.talk.conversation_width is not None:
                self.keep(CONVERSATION_KEY, str(self.talk.conversation_width))
        super().closeEvent(event)

    def _wishes(self) -> dict[str, Callable[[], object]]:
        composer, tuning = self.talk.column.composer, self.talk.tuning
        return {
            "stop": self._controls.stop_speaking.emit,
            "again": self.talk.column.reply_bar.again.click,
            "go_on": self.talk.column.reply_bar.go_on.click,
            "freeze": self.freeze_asked.emit,
            "mute": composer.mute.toggle,
            "rehearse": self._controls.start_rehearsal.emit,
            "type": self._type,
            "card_before": lambda: self.card_asked.emit(-1),
            "card_after": lambda: self.card_asked.emit(1),
            "more_sensitive": lambda: self._model.move_master(1),
            "less_sensitive": lambda: self._model.move_master(-1),
            **{f"preset_{n}": partial(tuning.bar.choose, n) for n in range(1, 5)},
            "undo": self._model.undo,
            "redo": self._model.redo,
            "conversation": lambda: self.talk.show_conversation(not self.talk.column.isVisible()),
            "panel": self._toggle_panel,
            "page_1": lambda: self.show_page(TALK),
            "page_2": lambda: self.show_page(MODELS),
            "page_3": self._search_settings,
            "keys": self._show_keys,
        }

    def _type(self) -> None:
        self.show_page(TALK)
        self.talk.show_conversation(True)
        self.talk.column.composer.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_keys(self) -> None:
        from assistant.ui.shortcuts import show_keys

        show_keys(self, self._theme)

    def _toggle_panel(self) -> None:
        shown = not self.talk.panel.isVisible()
        self.talk.show_panel(shown)
        self.top.plain(not shown)
        self.setMinimumSize(*(SMALLEST if shown else (PLAIN_WIDTH, SMALLEST[1])))
        if not shown:
            self._whole_width = self.width()
        if not self.isMaximized():
            self.resize(max(self._whole_width, SMALLEST[0]) if shown else PLAIN_WIDTH, self.height())

    def _other_theme(self) -> None:
        self._model.set("panel.theme", "light" if self._theme.tokens.dark else "dark")
        if self._theme.waiting:
            self._notices.colours_wait()

    def _act_on_notice(self, code: str) -> None:
        if not self._notices.acts_on(code):
            self._controls.notice_action.emit(code)

    def _follow_settings(self) -> None:
        panel = self._model.current.panel
        self._theme.set(panel.theme, panel.text_scale)
        self._run_timer()

    def _fit(self) -> None:
        """Sizes for a roomy or a compact window, as it is now."""
        if not self.is_furnished:
            return
        metrics = metrics_for(self.width(), self.height())
        if metrics is not self._metrics:
            self._metrics = metrics
            self._use_metrics()

    def _use_metrics(self) -> None:
        self.top.use(self._metrics)
        self.status.use(self._metrics)
        self.talk.use(self._metrics)
        for page in (self.models_page, self.settings_page, self._first_run):
            use = getattr(page, "use", None)
            if use is not None:
                use(self._metrics)

    def _talk_up(self) -> None:
        if self._talking:
            self._talking = False
            self.talk.column.composer.talk.setDown(False)
            self._controls.talk_released.emit()

    def _run_timer(self) -> None:
        if not self.is_furnished:
            return
        wanted = CALM_FRAME_MS if self._model.current.panel.calm else FRAME_MS
        if not self.isVisible() or self.isMinimized():
            self._timer.stop()
        elif not self._timer.isActive() or self._timer.interval() != wanted:
            self._timer.start(wanted)

    def _tick(self) -> None:
        self.top.meter.fade()
        self.frame.emit()
