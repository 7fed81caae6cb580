"""The kept conversations: to read, to save elsewhere, to delete, one or all."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from assistant.lab.kept_conversations import KeptConversations
from assistant.lab.transcript_file import BadTranscript, as_text
from assistant.models.bounded import in_words
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.style import Theme
from assistant.ui.wrapped import Wrapped

TITLED = 200
"""So many of the newest are opened for their first words; of older ones the list says the day only."""
LONGEST_TITLE = 44


class KeptDialog(QDialog):
    """save_asked: the utterances to save elsewhere. deleted: the path of a conversation that is gone."""

    save_asked = Signal(object)
    deleted = Signal(object)

    def __init__(self, theme: Theme, kept: KeptConversations, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._kept = theme, kept
        self._sure = False
        self.setWindowTitle("Kept conversations")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 520)
        t = theme.tokens
        self.setStyleSheet(
            f"QListWidget, QPlainTextEdit {{ background: {t.sunken}; border: 1px solid {t.line}; border-radius: 6px; "
            f"padding: 4px; color: {t.text}; font-size: {theme.scaled(13)}px; "
            f"selection-background-color: {t.near}; selection-color: {t.on_near}; }}"
            f"QListWidget::item {{ padding: 5px 6px; border-radius: 5px; }}"
            f"QListWidget::item:selected {{ background: {t.near_soft}; color: {t.text}; }}"
        )
        self.list = QListWidget()
        self.list.setAccessibleName("Kept conversations")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("What was said")
        self.where = Wrapped(theme, 12, 400, "text3")
        self.save = KeyButton(theme, "Save as…")
        self.save.clicked.connect(self._save)
        self.delete = KeyButton(theme, "Delete")
        self.delete.clicked.connect(self._delete)
        self.delete_all = KeyButton(theme, "Delete all")
        self.delete_all.clicked.connect(self._delete_all)
        close = KeyButton(theme, "Close")
        close.clicked.connect(self.close)
        sides = QHBoxLayout()
        sides.setSpacing(10)
        sides.addWidget(self.list, 4)
        sides.addWidget(self.text, 5)
        foot = QHBoxLayout()
        for button in (self.delete_all, self.delete, self.save):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(8)
        column.addWidget(Label(theme, "Kept conversations", 20, 600))
        column.addWidget(self.where)
        column.addLayout(sides, 1)
        column.addLayout(foot)
        self.fill()

    def fill(self) -> None:
        """Read the folder anew."""
        self.list.clear()
        try:
            found = self._kept.all()
        except OSError as error:
            found = ()
            self.where.setText(f"{self._kept.folder} cannot be read: {error.strerror or error}.")
        else:
            size = in_words(sum(kept.size_bytes for kept in found))
            many = "1 conversation" if len(found) == 1 else f"{len(found)} conversations"
            nothing = "Nothing is kept. “Keep conversations” in Settings, under Window, keeps them from then on."
            self.where.setText(f"{many}, {size}, in {self._kept.folder}." if found else nothing)
        for at, kept in enumerate(found):
            title = self._kept.title(kept.path) if at < TITLED else ""
            title = title if len(title) <= LONGEST_TITLE else title[:LONGEST_TITLE].rstrip() + "…"
            item = QListWidgetItem(f"{kept.began:%Y-%m-%d %H:%M}   {title}".rstrip())
            item.setData(Qt.ItemDataRole.UserRole, str(kept.path))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._show()

    @property
    def chosen(self) -> Path | None:
        """The file that the list points at."""
        item = self.list.currentItem()
        return None if item is None else Path(item.data(Qt.ItemDataRole.UserRole))

    def _show(self) -> None:
        self._ask_again()
        path = self.chosen
        for button in (self.save, self.delete):
            button.setEnabled(path is not None)
        self.delete_all.setEnabled(self.list.count() > 0)
        if path is None:
            self.text.setPlainText("")
            return
        try:
            self.text.setPlainText(as_text(self._kept.read(path)))
        except (BadTranscript, OSError) as error:
            self.save.setEnabled(False)
            self.text.setPlainText(str(error))

    def _save(self) -> None:
        if self.chosen is not None:
            self.save_asked.emit(self._kept.read(self.chosen))

    def _delete(self) -> None:
        path = self.chosen
        if path is not None:
            self._try_to_delete([path])

    def _delete_all(self) -> None:
        """Asks once more in the button itself: there is no way back."""
        if not self._sure:
            self._sure = True
            self.delete_all.setText(f"Delete all {self.list.count()} for good")
            self.delete_all.setAccessibleName(self.delete_all.text())
            self.delete_all.updateGeometry()
            return
        self._try_to_delete([kept.path for kept in self._kept.all()])

    def _ask_again(self) -> None:
        self._sure = False
        self.delete_all.setText("Delete all")
        self.delete_all.setAccessibleName("Delete all")
        self.delete_all.updateGeometry()

    def _try_to_delete(self, paths: list[Path]) -> None:
        row, failed = self.list.currentRow(), ""
        for path in paths:
            try:
                self._kept.delete(path)
            except OSError as error:
                failed = f"{path.name} was not deleted: {error.strerror or error}."
                break
            self.deleted.emit(path)
        self.fill()
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        if failed:
            self.where.setText(failed)
