"""The microphone's level in large, with its scale."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.ui.level_meter import CLIPPING_DBFS, LevelMeter
from assistant.ui.style import Theme

BAR = 14
MARKS = (-80, -60, -40, -20, 0)


class WideMeter(LevelMeter):
    """As the small one, over the whole width."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setMinimumSize(200, 0)
        self.setMaximumSize(16_777_215, 16_777_215)
        self.setFixedHeight(theme.scaled(36))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Level of the microphone")

    def sizeHint(self) -> QSize:
        return QSize(600, self._theme.scaled(36))

    def paintEvent(self, event: object) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0, 0, self.width(), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("groove"))
        painter.drawRoundedRect(box, 4, 4)
        if self.is_silent:
            painter.setBrush(QBrush(theme.color("text3"), Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(box, 4, 4)
        else:
            painter.setClipRect(QRectF(0, 0, self._x(self._shown), BAR))
            painter.setBrush(theme.color("stop" if self._peak > CLIPPING_DBFS else "near"))
            painter.drawRoundedRect(box, 4, 4)
            painter.setClipping(False)
            painter.fillRect(QRectF(self._x(self._peak) - 2, 0, 2, BAR), theme.color("text"))
        painter.setFont(theme.font(11))
        painter.setPen(theme.color("text3"))
        for mark in MARKS:
            x = self._x(mark)
            place = QRectF(min(max(0.0, x - 20), self.width() - 40.0), BAR + 3, 40, self.height() - BAR - 3)
            side = Qt.AlignmentFlag.AlignLeft if mark == MARKS[0] else Qt.AlignmentFlag.AlignHCenter
            side = Qt.AlignmentFlag.AlignRight if mark == MARKS[-1] else side
            painter.drawText(place, int(side | Qt.AlignmentFlag.AlignTop), f"{mark}".replace("-", "−"))
        painter.end()
