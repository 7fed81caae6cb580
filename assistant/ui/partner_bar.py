"""The head of the conversation: who talks with you, what it reads, and what you can make happen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from assistant.ui.controls import Controls
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.style import Theme


class PartnerBar(QFrame):
    """Name and caption left; "Play a noise" and a menu right. kept_asked: the kept conversations are to be shown."""

    kept_asked = Signal()

    def __init__(self, theme: Theme, controls: Controls, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("column")
        self._theme, self._controls = theme, controls
        self.name = Label(theme, "Rehearsal", 13, 600)
        self.caption = Label(theme, "", 12, 400, "text3")
        self.noise = KeyButton(theme, "Play a noise", symbol="volume-2", kind="quiet")
        self.noise.setToolTip("Coughs, doors and the like, to hear what makes it stop")
        self.noises = QMenu(self.noise)
        self.noise.set_menu(self.noises)
        self.more = KeyButton(theme, "", symbol="ellipsis", kind="quiet")
        self.more.setFixedSize(28, 28)
        self.more.setAccessibleName("More")
        menu = QMenu(self.more)
        for text, key, wish in (
            ("Start Rehearsal", "Ctrl+R", controls.start_rehearsal),
            ("Let it interrupt itself", "", controls.interrupt_itself),
            ("Open the simulated room", "", controls.open_room),
        ):
            menu.addAction(f"{text}\t{key}" if key else text).triggered.connect(lambda _on=False, w=wish: w.emit())
        self.end = menu.addAction("End Rehearsal")
        self.end.setVisible(False)
        self.end.triggered.connect(controls.end_rehearsal)
        menu.addSeparator()
        menu.addAction("Kept conversations…").triggered.connect(self.kept_asked)
        self.more.set_menu(menu)
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.name)
        self._layout.addWidget(self.caption, 1)
        self._layout.addWidget(self.noise)
        self._layout.addWidget(self.more)
        self.set_noises(())
        self.use(ROOMY)

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self._layout.setContentsMargins(metrics.text_margin, 0, 12 if not metrics.compact else 8, 0)
        self.setFixedHeight(self._theme.scaled(38 if metrics.compact else 44))
        self.caption.setVisible(not metrics.compact)

    def show_partner(self, name: str, caption: str, can_end: bool = False) -> None:
        """Who talks, and where it is: "Rehearsal", "The lighthouse, 2 of 9". can_end: somebody else could answer."""
        self.end.setVisible(can_end)
        self.name.setText(name)
        self.caption.setText(caption)

    def set_noises(self, names: Sequence[str]) -> None:
        """What "Play a noise" offers."""
        self.noises.clear()
        for name in names:
            self.noises.addAction(name).triggered.connect(lambda _on=False, n=name: self._controls.play_noise.emit(n))
        self.noise.setEnabled(bool(names))

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))
        painter.end()
