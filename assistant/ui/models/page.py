"""The models page: the machine, the three sets, and the list of everything there is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from assistant.models.machine import Machine
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.models.amounts import memory
from assistant.ui.models.list_model import ModelList
from assistant.ui.models.list_view import ListHead, ModelListView
from assistant.ui.models.row import Row
from assistant.ui.models.set_card import SetCard, SetOffer
from assistant.ui.notice import NoticeBar
from assistant.ui.pill import Pill
from assistant.ui.style import Theme

WIDEST = 1232
FILES = "Models (*.gguf *.onnx)"
SENTENCE = "Everything runs on this computer. A download starts only when you ask for it."


class ModelsPage(QWidget):
    """Owned by the GUI thread. asked: action and a row's key; set_asked: action and a set's id; file_chosen: a path.

    look_asked: search the disk again.
    """

    asked = Signal(str, str)
    set_asked = Signal(str, str)
    file_chosen = Signal(str)
    look_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._metrics = ROOMY
        self.entries = ModelList()
        self.list = ModelListView(theme, self.entries)
        self.list.asked.connect(self.asked)
        self.sets: dict[str, SetCard] = {}
        self.cores, self.memory, self.disk = (
            Pill(theme, "", "text2", symbol) for symbol in ("cpu", "memory-stick", "hard-drive")
        )
        self.add = KeyButton(theme, "Add a file", symbol="folder-open")
        self.add.setToolTip("A language model (.gguf), a Piper voice (.onnx) or a Whisper folder for CTranslate2")
        menu = QMenu(self.add)
        menu.addAction("Language model or voice…").triggered.connect(self._choose_file)
        menu.addAction("Whisper folder…").triggered.connect(self._choose_folder)
        menu.addSeparator()
        menu.addAction("Search the disk again").triggered.connect(self.look_asked)
        self.add.set_menu(menu)
        self.notice = NoticeBar(theme)
        self._title = Label(theme, "Models", 20, 600)
        self._sentence = Label(theme, SENTENCE, 13, 400, "text2")
        self._column = QVBoxLayout(self)
        self._column.setSpacing(14)
        self._column.addLayout(self._head())
        self._column.addWidget(self.notice)
        self._set_line = QHBoxLayout()
        self._column.addLayout(self._set_line)
        self._column.addWidget(self._table(theme), 1)
        self.setFocusProxy(self.list)
        self.use(ROOMY)

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._metrics = metrics
        self._set_line.setSpacing(8 if metrics.compact else 12)
        self._place()

    def show_machine(self, machine: Machine) -> None:
        """What the models have at their disposal."""
        self.cores.say(f"{machine.cores} cores" if machine.cores != 1 else "1 core")
        self.memory.say(f"{memory(machine.memory_mb)} memory")
        self.disk.say(f"{memory(machine.free_disk_mb)} free")

    def show_sets(self, offers: Sequence[SetOffer]) -> None:
        """The sets, from the smallest to the best."""
        for offer in offers:
            if offer.id in self.sets:
                self.sets[offer.id].show_offer(offer)
                continue
            card = SetCard(self._theme, offer)
            card.pressed.connect(lambda action, id=offer.id: self.set_asked.emit(action, id))
            self.sets[offer.id] = card
            self._set_line.addWidget(card, 1)
            if len(self.sets) > 1:
                QWidget.setTabOrder([*self.sets.values()][-2].button, card.button)
                QWidget.setTabOrder(card.button, self.list)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Everything that there is."""
        self.entries.show_rows(rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(words, 1)
        for pill in (self.cores, self.memory, self.disk):
            head.addWidget(pill)
        head.addWidget(self.add)
        return head

    def _table(self, theme: Theme) -> QWidget:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 1, 1, 4)
        column.setSpacing(0)
        column.addWidget(ListHead(theme, self.list))
        column.addWidget(self.list, 1)
        return card

    def _place(self) -> None:
        margin = self._metrics.page_margin
        side = max(margin, (self.width() - WIDEST) // 2)
        self._column.setContentsMargins(side, margin - 4, side, margin)
        self._column.setSpacing(10 if self._metrics.compact else 14)

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Add a model", str(Path.home()), FILES)
        if path:
            self.file_chosen.emit(path)

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, "Add a Whisper folder", str(Path.home()))
        if path:
            self.file_chosen.emit(path)
