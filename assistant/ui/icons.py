"""Line icons: SVG files, drawn sharp for each screen scale and tinted with a token."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from assistant.settings.paths import resource
from assistant.ui.style import Theme


@cache
def drawn(name: str, colour: str, size: int, dpr: float) -> QPixmap:
    """The icon `resources/icons/<name>.svg` in `colour` ("#RRGGBB"), `size` logical pixels square, for one scale."""
    svg = resource(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    pixels = QPixmap(round(size * dpr), round(size * dpr))
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(pixels.rect()))
    painter.end()
    pixels.setDevicePixelRatio(dpr)
    return pixels


def icon(name: str, colour: str, size: int = 16) -> QIcon:
    """The icon for buttons and menus, at the scale of every screen that is there."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    made = QIcon()
    for dpr in sorted({screen.devicePixelRatio() for screen in app.screens()}):
        made.addPixmap(drawn(name, colour, size, dpr))
    return made


def wear(button: QAbstractButton, theme: Theme, name: str, token: str = "text2") -> None:
    """Put the icon on the button and tint it again whenever the theme changes. The last call wins."""
    worn = button.findChild(_Worn)
    if worn is None:
        worn = _Worn(button, theme)
    worn.put_on(name, token)


class _Worn(QObject):
    """The icon of one button; goes with it."""

    def __init__(self, button: QAbstractButton, theme: Theme) -> None:
        super().__init__(button)
        self._button, self._theme = button, theme
        self._name = self._token = ""
        theme.changed.connect(self.tint)

    def put_on(self, name: str, token: str) -> None:
        self._name, self._token = name, token
        self.tint()

    def tint(self) -> None:
        colour = self._theme.color(self._token).name()
        self._button.setIcon(icon(self._name, colour, self._button.iconSize().height()))
