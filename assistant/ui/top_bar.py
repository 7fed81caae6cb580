"""The bar at the top: mark and name, the pages, that nothing leaves this machine, the sound devices, the theme."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from assistant.settings.paths import resource
from assistant.ui.choice import Choice
from assistant.ui.controls import Controls
from assistant.ui.icons import drawn, wear
from assistant.ui.label import Label
from assistant.ui.level_meter import LevelMeter
from assistant.ui.metrics import ROOMY, Metrics
from assistant.ui.style import Theme

PAGES = ("Talk", "Models", "Settings")
SYSTEM = "System default"
"""The first line of a device list: its value is "", which follows the system's choice."""


class TopBar(QFrame):
    """page_chosen: the page's place. theme_asked: the button with the moon."""

    page_chosen = Signal(int)
    theme_asked = Signal()

    def __init__(self, theme: Theme, controls: Controls, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._theme = theme
        self._controls = controls
        self.name = Label(theme, "Interject", 15, 600)
        self.pages = [self._page(name) for name in PAGES]
        group = QButtonGroup(self)
        for at, button in enumerate(self.pages):
            group.addButton(button, at)
        group.idClicked.connect(self.page_chosen)
        self.offline = OfflineChip(theme)
        self.input = DevicePicker(theme, "mic", "Microphone")
        self.output = DevicePicker(theme, "headphones", "Loudspeaker")
        self.meter = LevelMeter(theme, self.input)
        self.input.right_inset = 42
        self.input.chosen.connect(controls.choose_input)
        self.output.chosen.connect(controls.choose_output)
        self.theme_button = QPushButton()
        self.theme_button.setProperty("kind", "quiet")
        self.theme_button.setFixedSize(28, 28)
        self.theme_button.setAccessibleName("Light or dark")
        self.theme_button.setToolTip("Light or dark colours. While it speaks they wait for a pause.")
        self.theme_button.clicked.connect(self.theme_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 13, 0)
        layout.setSpacing(8)
        layout.addWidget(AppMark())
        layout.addWidget(self.name)
        layout.addSpacing(12)
        for button in self.pages:
            layout.addWidget(button)
        layout.addStretch(1)
        layout.addWidget(self.offline)
        layout.addWidget(self.input)
        layout.addWidget(self.output)
        layout.addWidget(self.theme_button)
        theme.changed.connect(self._show_theme)
        self._show_theme()
        self.use(ROOMY)

    def use(self, metrics: Metrics) -> None:
        """Take the sizes of a roomy or a compact window."""
        self.setFixedHeight(self._theme.scaled(metrics.top_bar))
        high = self._theme.scaled(30)
        self.meter.setVisible(not metrics.compact)
        self.input.right_inset = 0 if metrics.compact else 42
        for picker, roomy, compact in ((self.input, 228, 132), (self.output, 150, 146)):
            picker.setFixedSize(self._theme.scaled(compact if metrics.compact else roomy), high)
        self._place_meter()

    def plain(self, plain: bool) -> None:
        """A narrow window of the conversation alone has room for the pages and the theme only."""
        for widget in (self.offline, self.input, self.output):
            widget.setVisible(not plain)

    def bare(self, bare: bool) -> None:
        """The first run has its own way on and its own choice of devices."""
        for widget in (*self.pages, self.input, self.output):
            widget.setVisible(not bare)

    def show_page(self, at: int) -> None:
        """Press the button of this page."""
        self.pages[at].setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_meter()

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))
        painter.end()

    def _page(self, name: str) -> QPushButton:
        button = QPushButton(name)
        button.setProperty("kind", "page")
        button.setCheckable(True)
        button.setAccessibleName(f"Page {name}")
        return button

    def _show_theme(self) -> None:
        wear(self.theme_button, self._theme, "sun" if self._theme.tokens.dark else "moon")

    def _place_meter(self) -> None:
        right = self.input.width() - 36
        self.meter.move(right - self.meter.width(), (self.input.height() - self.meter.height()) // 2)


class DevicePicker(Choice):
    """The devices of one direction. chosen: a name, "" to follow the system."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, symbol: str, name: str) -> None:
        super().__init__(theme, symbol)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.addItem(SYSTEM, "")
        self.activated.connect(lambda at: self.chosen.emit(self.itemData(at)))

    def show_devices(self, names: Sequence[str], current: str) -> None:
        """List the devices. current: what is in use, "" for the system's choice; it may be one that is not there."""
        self.clear()
        self.addItem(SYSTEM, "")
        for name in names:
            self.addItem(name, name)
        if current and current not in names:
            self.addItem(f"{current}, not here", current)
        self.setCurrentIndex(max(0, self.findData(current)))
        self.view().setMinimumWidth(self._theme.scaled(260))
        self.update()


class OfflineChip(QWidget):
    """Says that nothing leaves this machine."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._label = Label(theme, "Offline", 12, 600, "far", self)
        self.setToolTip("Everything runs on this machine. No sound and no word leaves it.")
        self.setAccessibleName("Offline: nothing leaves this machine")
        theme.changed.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(9 + 12 + 4 + self._label.text_width + 11, self._theme.scaled(20))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._label.setGeometry(25, 0, self.width() - 25 - 8, self.height())

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.color("far")
        painter.setPen(QPen(colour, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = self.height() / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        tick = drawn("check", colour.name(), 12, self.devicePixelRatioF())
        painter.drawPixmap(9, (self.height() - 12) // 2, tick)
        painter.end()

    def _fit(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()


class AppMark(QWidget):
    """The application's mark, 22 px."""

    def __init__(self) -> None:
        super().__init__()
        self._svg = QSvgRenderer(str(resource("icons/interject.svg")))
        self.setFixedSize(22, 22)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        self._svg.render(painter, QRectF(self.rect()))
        painter.end()
