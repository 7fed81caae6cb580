"""The page one talks on: the conversation at the left, the live panel at the right."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from assistant.lab.kept_conversations import KeptConversations
from assistant.settings.paths import data_folder
from assistant.ui.bubble import Bubble
from assistant.ui.composer import Composer
from assistant.ui.controls import Controls
from assistant.ui.conversation import ConversationView
from assistant.ui.conversation_actions import ConversationActions
from assistant.ui.conversation_keeper import ConversationKeeper
from assistant.ui.kept_dialog import KeptDialog
from assistant.ui.loading_rows import LoadingRows
from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.notice import NoticeBar
from assistant.ui.partner_bar import PartnerBar
from assistant.ui.reply_bar import ReplyBar
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from assistant.ui.tuning import TuningCard, TuningScroll

NARROWEST, WIDEST = 320, 560
"""Of the conversation beside the panel, in logical pixels."""
NARROWEST_PANEL = 440


class ConversationColumn(QFrame):
    """Head, notice, what loads, conversation, what can be done with the reply, state and input, from top to bottom."""

    def __init__(self, theme: Theme, model: SettingsModel, controls: Controls) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("column")
        self.partner = PartnerBar(theme, controls)
        self.notice = NoticeBar(theme)
        self.view = ConversationView(theme, controls)
        self.reply_bar = ReplyBar(theme, controls, self.view)
        self.composer = Composer(theme, controls)
        self.loading = LoadingRows(theme, controls)
        self.actions_on_it = ConversationActions(theme, controls, self.view, self.reply_bar, self.notice)
        self.keeper = ConversationKeeper(self.view, model, KeptConversations(data_folder() / "conversations"))
        self.keeper.told.connect(self.notice.tell)
        self.partner.kept_asked.connect(self.show_kept)
        self._notice_place = QVBoxLayout()
        self._notice_place.setSpacing(8)
        self._notice_place.addWidget(self.notice)
        self._notice_place.addWidget(self.loading)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.partner)
        column.addLayout(self._notice_place)
        column.addWidget(self.view, 1)
        column.addWidget(self.reply_bar)
        column.addWidget(self.composer)
        self.setMinimumWidth(NARROWEST)

    def show_kept(self) -> None:
        """The conversations on disk, in a window of their own."""
        self.keeper.write()
        shown = KeptDialog(self._theme, self.keeper.kept, self.window())
        shown.save_asked.connect(self.actions_on_it.save)
        shown.deleted.connect(self._kept_deleted)
        shown.show()

    def _kept_deleted(self, path: Path) -> None:
        if path == self.keeper.path:
            self.keeper.forget()

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self.partner.use(metrics)
        self.reply_bar.use(metrics)
        self.composer.use(metrics)
        self.view.page.set_side(metrics.text_margin)
        edge = 8 if metrics.compact else 10
        self._notice_place.setContentsMargins(edge, edge, edge, 6)  # none of it while there is nothing to tell


class Panel(QWidget):
    """The live part above the tuning card. Laid out by hand: the card has its height as long as the live part has its
    least; the live part takes what is left, up to where its scope is high enough; the rest stays empty below.
    """

    def __init__(self, live: QWidget, tuning: TuningScroll) -> None:
        super().__init__()
        self._live, self._tuning = live, tuning
        self._metrics: Metrics = ROOMY
        for part in (live, tuning):
            part.setParent(self)
        tuning.card.height_changed.connect(self._arrange)
        self.setMinimumWidth(NARROWEST_PANEL)

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._metrics = metrics
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        m = self._metrics
        wide = self.width() - 2 * m.panel_side
        room = self.height() - 2 * m.panel_top - m.gap
        around_scope = m.scope_card - m.scope + m.gap + m.card
        card = min(self._tuning.card.height(), max(0, room - self._live.minimumSizeHint().height()))
        live = min(room - card, max(around_scope + m.scope_most, self._live.minimumSizeHint().height()))
        self._live.setGeometry(m.panel_side, m.panel_top, wide, live)
        self._tuning.setGeometry(m.panel_side, m.panel_top + live + m.gap, wide, card)


class TalkPage(QSplitter):
    """`live` fills the place above the tuning card: scope and interruption card with their own gap between them.

    knob_hovered: the setting that is pointed at, "" for none. all_settings: the link on the tuning card.
    """

    knob_hovered = Signal(str)
    all_settings = Signal()

    def __init__(
        self, theme: Theme, model: SettingsModel, controls: Controls, live: QWidget | None, bubble: Bubble
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self._theme = theme
        self._metrics: Metrics = ROOMY
        self._wide_by_hand: int | None = None
        self.column = ConversationColumn(theme, model, controls)
        self.tuning = TuningCard(theme, model, bubble)
        self.live = live if live is not None else QWidget()
        self.panel = Panel(self.live, TuningScroll(self.tuning))
        self.addWidget(self.column)
        self.addWidget(self.panel)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.tuning.knob_hovered.connect(self.knob_hovered)
        self.tuning.all_settings.connect(self.all_settings)
        self.splitterMoved.connect(self._remember)
        self.use(ROOMY)

    @property
    def conversation_width(self) -> int | None:
        """What the person chose by dragging, None while the window's own is in force."""
        return self._wide_by_hand

    def restore_width(self, width: int | None) -> None:
        """Take a width that was chosen earlier."""
        self._wide_by_hand = width
        self._split()

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window; hands them to the live part if that has use()."""
        self._metrics = metrics
        self.column.use(metrics)
        self.panel.use(metrics)
        self.tuning.use(metrics)
        take = getattr(self.live, "use", None)
        if take is not None:
            take(metrics)
        self._split()

    def show_conversation(self, shown: bool) -> None:
        """Hide it, and the panel has the full width."""
        self.column.setVisible(shown)
        if not shown:
            self.panel.setVisible(True)

    def show_panel(self, shown: bool) -> None:
        """Hide it, and what is left is a plain assistant."""
        self.panel.setVisible(shown)
        self.column.setMaximumWidth(WIDEST if shown else 16_777_215)
        if not shown:
            self.column.setVisible(True)
        self._split()

    def sizeHint(self) -> QSize:
        return QSize(1280, 726)

    def _split(self) -> None:
        # A compact window has its own width, whatever was dragged in a roomy one
        wide = self._metrics.conversation if self._metrics.compact else self._wide_by_hand or self._metrics.conversation
        if self.panel.isVisibleTo(self):
            self.column.setMaximumWidth(WIDEST)
        self.setSizes([wide, max(1, self.width() - wide)])

    def _remember(self, position: int, _at: int) -> None:
        if self.panel.isVisible() and self.column.isVisible() and not self._metrics.compact:
            self._wide_by_hand = position
