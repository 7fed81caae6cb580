"""Line icons: SVG files, drawn sharp for each screen scale and tinted with a token."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
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
    first = button.property("icon_name") is None
    button.setProperty("icon_name", name)
    button.setProperty("icon_token", token)

    def tint() -> None:
        colour = theme.color(str(button.property("icon_token"))).name()
        button.setIcon(icon(str(button.property("icon_name")), colour, button.iconSize().height()))

    tint()
    if first:
        theme.changed.connect(tint, Qt.ConnectionType.AutoConnection)
        button.destroyed.connect(lambda: theme.changed.disconnect(tint))


def application_icon() -> QIcon:
    """The window's and the dock's icon."""
    return QIcon(str(resource("icons/interject.svg")))
