"""The card of one interruption: why, what was heard, the moment under a lens, and how fast."""

from __future__ import annotations

import html
import time
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from assistant.settings.sections import Settings
from assistant.turns.reasons import sentence
from assistant.ui.icons import wear
from assistant.ui.label import Label
from assistant.ui.live.card_words import TITLES, heard_words, stops_ms
from assistant.ui.live.figures import Figures
from assistant.ui.live.frozen import Recorded
from assistant.ui.live.history import History
from assistant.ui.live.lens import Lens
from assistant.ui.live.step_button import StepButton
from assistant.ui.marks import paint_mark
from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.style import Theme
from assistant.workers.episode import Episode

FLASH_S = 0.6
FLASH_WIDTH = 1.5
WIDER_LENS_FROM = 900
"""From this width of the card on the lens grows."""


class EpisodeCard(QFrame):
    """Owned by the GUI thread. clock: seconds that only grow, for the flash of a new card.

    selected: another interruption is shown, by its number.
    """

    start_rehearsal = Signal()
    interrupt_itself = Signal()
    selected = Signal(int)

    def __init__(
        self, theme: Theme, clock: Callable[[], float] = time.monotonic, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._theme, self._clock = theme, clock
        self._history = History()
        self._instead: Episode | None = None
        self._instead_words = ""
        self._flash_from: float | None = None
        self._metrics = ROOMY
        self._title = Title(theme)
        self._clock_words = Label(theme, "", 12, 400, "text2")
        self._back = self._step_button("chevron-left", "Previous interruption", -1, "Alt+Left")
        self._on = self._step_button("chevron-right", "Next interruption", 1, "Alt+Right")
        self.stops: tuple[QWidget, ...] = (self._back, self._on)
        self._reason = _sentence_label("soft")
        self._more = _sentence_label("soft")
        self._lens = Lens(theme)
        self._figures = Figures(theme)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout()
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._full_page())
        self.setAccessibleName("The last interruption")
        theme.changed.connect(self.refresh)
        self.use(ROOMY)

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._metrics = metrics
        self.setFixedHeight(self._theme.scaled(metrics.card))
        self._figures.setFixedWidth(self._theme.scaled(metrics.card_figures))
        self._clock_words.setVisible(not metrics.compact)
        side, gap = (9, 10) if metrics.compact else (13, 18)
        self._row.setContentsMargins(side, 6 if metrics.compact else 8, side, 8 if metrics.compact else 9)
        self._row.setSpacing(gap)
        for label in (self._reason, self._more):
            label.setProperty("role", "unit" if metrics.compact else "soft")  # 12 or 13 pixels
            label.style().unpolish(label)
            label.style().polish(label)
        self._fit_lens()

    def add(self, episode: Episode, settings: Settings, trace: Recorded) -> None:
        """Show an interruption, or more about a known one. settings: as they stand now."""
        if self._history.take(episode, settings, trace):
            self._instead, self._instead_words = None, ""
            self._flash_from = self._clock()
        self.refresh()

    def tick(self, trace: Recorded) -> None:
        """Complete the lens when its sound has come, and let the flash fade."""
        if self._history.settle(trace):
            self._show_lens()
        if self._flash_from is not None:
            if self._clock() - self._flash_from > FLASH_S:
                self._flash_from = None
            self.update()

    def select(self, number: int) -> None:
        """Show this interruption; without effect where it is no longer kept."""
        if self._history.select(number):
            self._instead, self._instead_words = None, ""
            self.refresh()
            self.selected.emit(number)

    def step(self, by: int) -> None:
        """Show the interruption before (−1) or after (+1) the shown one; without effect at the ends."""
        number = self._history.neighbour(by)
        if number is not None:
            self.select(number)

    def show_instead(self, words: str, other: Episode | None) -> None:
        """What other settings would have made of the shown interruption; "" and None take it away."""
        if (words, other) != (self._instead_words, self._instead):
            self._instead_words, self._instead = words, other
            self.refresh()

    @property
    def shown(self) -> Episode | None:
        """The interruption on the card."""
        chosen = self._history.selected
        return None if chosen is None else chosen.episode

    @property
    def reason(self) -> str:
        """The sentence on the card, "" while it is empty."""
        chosen = self._history.selected
        return "" if chosen is None else sentence(chosen.episode, chosen.settings)

    def refresh(self) -> None:
        """Show the selected interruption again from what is known of it."""
        chosen = self._history.selected
        self._pages.setCurrentIndex(0 if chosen is None else 1)
        if chosen is None:
            return
        episode = chosen.episode
        title, mark, token = TITLES[episode.outcome]
        self._title.show_title(title, mark, token)
        self._clock_words.setText(f"{episode.clock:%H:%M:%S}")
        self._clock_words.updateGeometry()
        self._reason.setText(html.escape(self.reason))
        self._show_more()
        self.setAccessibleDescription(f"{title}. {self.reason} {' '.join(heard_words(episode))}".strip())
        self._back.setEnabled(self._history.neighbour(-1) is not None)
        self._on.setEnabled(self._history.neighbour(1) is not None)
        self._show_lens()
        self._figures.show_figures(episode, stops_ms(self._history.episodes))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._flash_from is None:
            return
        left = 1 - (self._clock() - self._flash_from) / FLASH_S
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("near", min(1.0, max(0.0, left))), FLASH_WIDTH))
        inset = FLASH_WIDTH / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_lens()
        self._show_more()

    def _fit_lens(self) -> None:
        least = self._theme.scaled(self._metrics.card_lens)
        spare = max(0, self.width() - WIDER_LENS_FROM) // 2
        self._lens.setFixedWidth(max(120, min(self._metrics.lens_most, least + spare, self.width() // 2)))

    def _show_more(self) -> None:
        """What other settings would have done, else what was heard; how much was kept only where it fits beside."""
        chosen = self._history.selected
        if chosen is None:
            return
        if self._instead_words:
            told = f'<span style="color:{self._theme.tokens.near}">{html.escape(self._instead_words)}</span>'
            self._more.setText(told)
            return
        heard, kept = heard_words(chosen.episode)
        room = self.width() - self._lens.width() - self._figures.width() - 4 * self._row.spacing()
        wide = QFontMetrics(self._theme.font(13, 600)).horizontalAdvance(f"{heard} {kept}")
        strong = f'<span style="font-weight:600; color:{self._theme.tokens.text}">{html.escape(heard)}</span>'
        self._more.setText(f"{strong} {html.escape(kept) if wide <= room else ''}" if heard else "")

    def _show_lens(self) -> None:
        chosen = self._history.selected
        if chosen is not None:
            self._lens.show_episode(chosen.episode, chosen.sound, self._instead)

    def _step_button(self, symbol: str, name: str, by: int, key: str) -> StepButton:
        button = StepButton(self._theme, symbol, name, key.replace("Left", "←").replace("Right", "→"), self)
        button.clicked.connect(lambda: self.step(by))
        return button

    def _full_page(self) -> QWidget:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._clock_words)
        head.addStretch()
        head.addWidget(self._back)
        head.addWidget(self._on)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(2)
        words.addLayout(head)
        words.addWidget(self._reason)
        words.addWidget(self._more)
        words.addStretch()
        page = QWidget(self)
        page.setLayout(self._row)
        self._row.addLayout(words, 1)
        self._row.addWidget(self._lens)
        self._row.addWidget(self._figures)
        return page

    def _empty_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(4)
        told = _sentence_label("soft")
        told.setText("Start Rehearsal and talk over it. You will see here why it yielded, and how fast.")
        rehearse = QPushButton("Start Rehearsal", page)
        rehearse.setProperty("kind", "primary")
        wear(rehearse, self._theme, "play", "on_near")
        rehearse.clicked.connect(self.start_rehearsal)
        alone = QPushButton("Let it interrupt itself", page)
        alone.clicked.connect(self.interrupt_itself)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(rehearse)
        buttons.addWidget(alone)
        buttons.addStretch()
        column.addStretch()
        column.addWidget(Label(self._theme, "No interruption yet", 13, 600))
        column.addWidget(told)
        column.addSpacing(4)
        column.addLayout(buttons)
        column.addStretch()
        return page


class Title(QWidget):
    """The mark and the title, painted, because both change with the outcome."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._mark, self._token = "stop", "stop"
        self._words = Label(theme, "", 13, 600)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 0, 0, 0)
        row.addWidget(self._words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_title(self, words: str, mark: str, token: str) -> None:
        self._mark, self._token = mark, token
        self._words.setText(words)
        self._words.updateGeometry()
        self.update()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        box = QRectF(0, (self.height() - 10) / 2, 10, 10)
        paint_mark(painter, self._theme, self._mark, box, self._theme.color(self._token))
        painter.end()


def _sentence_label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    return label
