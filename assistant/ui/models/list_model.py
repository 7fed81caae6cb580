"""The list of the models page for Qt: three groups, each a heading and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from assistant.models.catalogue import KINDS, Kind
from assistant.ui.models.row import Row

Index = QModelIndex | QPersistentModelIndex
ENTRY = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a group. name: "Ears"; does: "turn your speech into words"."""

    kind: Kind
    name: str
    does: str
    symbol: str


HEADINGS = {
    "ears": Heading("ears", "Ears", "turn your speech into words", "ear"),
    "mind": Heading("mind", "Mind", "writes the replies", "brain"),
    "voice": Heading("voice", "Voice", "speaks them", "speech"),
}


class ModelList(QAbstractListModel):
    """Owned by the GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Row | Heading] = []

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these; where only what they say is another, nothing else is touched."""
        entries: list[Row | Heading] = []
        for kind in KINDS:
            entries += [HEADINGS[kind], *(row for row in rows if row.kind == kind)]
        if [_key(entry) for entry in entries] != [_key(entry) for entry in self.entries]:
            self.beginResetModel()
            self.entries = entries
            self.endResetModel()
            return
        for at, (old, new) in enumerate(zip(self.entries, entries, strict=True)):
            if old != new:
                self.entries[at] = new
                self.dataChanged.emit(self.index(at), self.index(at))

    def row(self, key: str) -> Row | None:
        """The row of this key."""
        return next((entry for entry in self.entries if isinstance(entry, Row) and entry.key == key), None)

    def index_of(self, key: str) -> QModelIndex:
        """Where it stands; invalid where it is not there."""
        places = (at for at, entry in enumerate(self.entries) if isinstance(entry, Row) and entry.key == key)
        at = next(places, None)
        return QModelIndex() if at is None else self.index(at)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        entry = self.entries[index.row()]
        if isinstance(entry, Heading):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry.spoken if isinstance(entry, Row) else f"{entry.name}: {entry.does}"
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(entry, Row):
            return entry.path or None
        return None


def _key(entry: Row | Heading) -> str:
    return entry.key if isinstance(entry, Row) else entry.name
