"""What the microphone heard during the room check, as bars, with the gate drawn into it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from assistant.settings.access import KNOBS
from assistant.signal.trace import FRAME, RATE
from assistant.ui.first_run.room_run import LONGEST_S, PARTS, PLAYED_S, Phase
from assistant.ui.style import Theme
from assistant.ui.words import MINUS

LOWEST_DBFS, LINES_DBFS = -78.0, (0, -20, -40, -60)
LEFT, RIGHT, BOTTOM = 40, 128, 22
STEP = 4
NAMES: dict[Phase, tuple[str, str]] = {
    "quiet": ("1 Quiet", "text3"),
    "voice": ("2 Your voice", "near"),
    "echo": ("3 The loudspeaker’s echo", "far"),
}
SECONDS: dict[Phase, float] = {**LONGEST_S, "echo": PLAYED_S, "voice": 6.0}
"""Width of the parts in the picture."""
GATE = KNOBS["vad.gate_dbfs"]


class RoomPicture(QWidget):
    """gate_moved: the person dragged the gate to this, dBFS."""

    gate_moved = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: dict[Phase, npt.NDArray[np.float32]] = {}
        self.now: Phase = "idle"
        self.gate = GateHandle(theme, self)
        self.gate.valueChanged.connect(self._gate_picked)
        self.gate.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(150)
        self.setAccessibleName("What the microphone heard")

    def show_part(self, part: Phase, levels_dbfs: npt.NDArray[np.float32]) -> None:
        """levels_dbfs: one a frame."""
        self._parts[part] = levels_dbfs
        self.update()

    def clear(self) -> None:
        """Nothing was measured."""
        self._parts = {}
        self.gate.hide()
        self.update()

    def show_gate(self, gate_dbfs: float) -> None:
        """Draw the gate there; it can be dragged."""
        blocked = self.gate.blockSignals(True)
        self.gate.setValue(round(gate_dbfs))
        self.gate.blockSignals(blocked)
        self.gate.show()
        self._place_gate()
        self.update()

    def height_of(self, dbfs: float) -> float:
        """Height of a level in the plot."""
        share = (min(0.0, max(LOWEST_DBFS, dbfs))) / LOWEST_DBFS
        return 6 + share * (self.height() - BOTTOM - 6)

    def dbfs_at(self, y: float) -> float:
        """The level at a height."""
        return (y - 6) / (self.height() - BOTTOM - 6) * LOWEST_DBFS

    def sizeHint(self) -> QSize:
        return QSize(760, 150)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_gate()

    def paintEvent(self, event: object) -> None:
        theme, painter = self._theme, QPainter(self)
        right, floor = self.width() - RIGHT, self.height() - BOTTOM
        top = self.height_of(0)
        painter.fillRect(QRectF(LEFT, top, right - LEFT, floor - top), theme.color("sunken"))
        painter.setFont(theme.font(11))
        for line in LINES_DBFS:
            y = round(self.height_of(line))
            painter.fillRect(LEFT, y, right - LEFT, 1, theme.color("line"))
            painter.setPen(theme.color("text3"))
            flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(0, y - 8, LEFT - 8, 16, flags, f"{line}".replace("-", MINUS))
        for part, left, wide in self._places():
            self._paint_part(painter, part, left, wide, floor)
        if self.gate.isVisible():
            y = round(self.height_of(self.gate.value()))
            painter.fillRect(QRectF(LEFT, y - 0.75, right - LEFT, 1.5), theme.color("text"))
        painter.end()

    def _paint_part(self, painter: QPainter, part: Phase, left: float, wide: float, floor: float) -> None:
        theme = self._theme
        name, token = NAMES[part]
        if part != "quiet":
            top = self.height_of(0)
            painter.fillRect(QRectF(round(left), top, 1, self.height() - top), theme.color("line2"))
        painter.setFont(theme.font(12, 600 if part == self.now or part in self._parts else 400))
        painter.setPen(theme.color(token if part in self._parts or part == self.now else "text3"))
        painter.drawText(QRectF(left + 5, floor + 3, wide, 18), int(Qt.AlignmentFlag.AlignVCenter), name)
        colour = theme.color(token)
        for at, level_dbfs in enumerate(self._bars(part, wide)):
            top = round(self.height_of(level_dbfs))
            painter.fillRect(QRectF(round(left) + 2 + at * STEP, top, STEP - 1, floor - top), colour)

    def _bars(self, part: Phase, wide: float) -> npt.NDArray[np.float32]:
        """The loudest frame of each bar. A part that took longer than its place shows its end."""
        found = self._parts.get(part)
        room = int((wide - 3) // STEP)
        if found is None or not len(found) or room < 1:
            return np.zeros(0, np.float32)
        frames = self._seconds(part) * RATE / FRAME
        found = found[-round(frames) :]
        count = max(1, min(room, round(room * len(found) / frames)))
        edges = np.linspace(0, len(found), count + 1).astype(int)[:-1]
        bars: npt.NDArray[np.float32] = np.maximum.reduceat(found, edges)
        return bars

    def _places(self) -> list[tuple[Phase, float, float]]:
        whole = sum(self._seconds(part) for part in PARTS)
        room = self.width() - RIGHT - LEFT
        found, left = [], float(LEFT)
        for part in PARTS:
            wide = room * self._seconds(part) / whole
            found.append((part, left, wide))
            left += wide
        return found

    def _seconds(self, part: Phase) -> float:
        """What a part is expected to take; once all is measured, what it took."""
        if self.now == "done" and part in self._parts:
            return max(2.5, len(self._parts[part]) * FRAME / RATE)
        return SECONDS[part]

    def _place_gate(self) -> None:
        self.gate.resize(self.gate.sizeHint())
        self.gate.move(self.width() - RIGHT + 4, round(self.height_of(self.gate.value()) - self.gate.height() / 2))

    def _gate_picked(self, value: int) -> None:
        self._place_gate()
        self.update()
        self.gate_moved.emit(float(value))


class GateHandle(QSlider):
    """A slider to keys and screen readers, shaped as a pill that points at its line."""

    def __init__(self, theme: Theme, picture: RoomPicture) -> None:
        super().__init__(Qt.Orientation.Vertical, picture)
        self._theme, self._picture = theme, picture
        assert GATE.ge is not None and GATE.le is not None
        self.setRange(round(GATE.ge), round(GATE.le))
        self.setSingleStep(1)
        self.setPageStep(5)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitVCursor)
        self.setAccessibleName("Ignore sound below, decibels full scale")
        self.setToolTip(GATE.help)

    @property
    def words(self) -> str:
        return f"ignore below {self.value()}".replace("-", MINUS)

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(self._theme.font(11, 600)).horizontalAdvance("ignore below −80")
        return QSize(wide + 24, self._theme.scaled(18))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(round(self._picture.dbfs_at(self.mapToParent(event.position()).y())))

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high, middle = self.height(), self.height() / 2
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.setBrush(self._theme.color("bubble"))
        painter.drawRoundedRect(QRectF(7, 1, self.width() - 7, high - 2), 4, 4)
        painter.drawPolygon(QPolygonF([QPointF(0, middle), QPointF(9, 3), QPointF(9, high - 3)]))
        painter.setFont(self._theme.font(11, 600))
        painter.setPen(self._theme.color("on_bubble"))
        painter.drawText(QRectF(9, 0, self.width() - 11, high), int(Qt.AlignmentFlag.AlignCenter), self.words)
        painter.end()
