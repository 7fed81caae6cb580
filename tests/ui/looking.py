"""Looking at a window: letting Qt finish, and finding what can be seen."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

Kind = TypeVar("Kind", bound=QWidget)


def settle() -> None:
    """Let Qt lay out, paint and delete what waits."""
    for _ in range(3):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def visible(parent: QWidget, kind: type[Kind]) -> list[Kind]:
    """Children of a kind that can be seen."""
    return [child for child in parent.findChildren(kind) if child.isVisible()]
