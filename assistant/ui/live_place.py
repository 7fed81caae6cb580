"""Keeps the live panel's place in the window until the panel is made, so that the window is there at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.ui.metrics import ROOMY, Metrics

if TYPE_CHECKING:  # reading the panel takes the time that this place saves
    from assistant.ui.live.panel import LivePanel


class LivePlace(QWidget):
    """Empty, with the panel's least height, until it is filled. Owned by the GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._metrics = ROOMY
        self._panel: LivePanel | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def fill(self, panel: LivePanel) -> None:
        """Put the panel in."""
        self._panel = panel
        panel.use(self._metrics)
        self._column.addWidget(panel)

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._metrics = metrics
        if self._panel is not None:
            self._panel.use(metrics)

    def minimumSizeHint(self) -> QSize:
        if self._panel is None:
            return QSize(0, self._metrics.scope_card + self._metrics.gap + self._metrics.card)
        return super().minimumSizeHint()
