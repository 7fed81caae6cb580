"""The actions on a row: where each stands, and how it is painted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from assistant.ui.icons import drawn
from assistant.ui.models.row import WORDS, Action, Row
from assistant.ui.pill import paint_pill, pill_wide
from assistant.ui.style import Theme

HIGH = 26
SMALL = 24
PAD, GAP, ICON, BESIDE = 11, 6, 14, 20
SYMBOLS: dict[Action, str] = {
    "get": "download",
    "listen": "play",
    "pause": "pause",
    "resume": "play",
    "cancel": "x",
    "more": "ellipsis",
}
ALONE = ("pause", "resume", "cancel", "more")
"""These are icons only."""
PILLS = {
    "in_use": ("In use", "far", "check"),
    "refused": ("Not usable", "stop", "triangle-alert"),
    "found": ("On this disk", "text2", "hard-drive"),
    "waiting": ("Waiting", "text2", ""),
    "checking": ("Checking", "text2", ""),
}
BAR, SHARE_WIDE = 76, 42


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an action can be pressed."""

    action: Action
    box: QRect


def placed(theme: Theme, row: Row, right: int, middle: int) -> list[Placed]:
    """The row's actions, right-aligned at `right`."""
    found: list[Placed] = []
    x = right
    for action in reversed(row.shown):
        wide = action_wide(theme, action)
        high = SMALL if action in ALONE else theme.scaled(HIGH)
        x -= wide
        found.append(Placed(action, QRect(x, middle - high // 2, wide, high)))
        x -= GAP
    return found[::-1]


def action_wide(theme: Theme, action: Action) -> int:
    """Logical pixels."""
    if action in ALONE:
        return SMALL
    words = QFontMetrics(theme.font(13, 500)).horizontalAdvance(WORDS[action])
    return words + 2 * PAD + (BESIDE if action in SYMBOLS else 0)


def paint_actions(
    painter: QPainter, theme: Theme, row: Row, places: list[Placed], right: int, middle: int, hot: Action | None,
    room: int, dpr: float,
) -> None:  # fmt: skip
    """Buttons, and left of them the state or the progress. hot: the one under the pointer. room: left edge for them."""
    for place in places:
        _paint_button(painter, theme, place, place.action == hot, dpr)
    x = places[0].box.left() - GAP if places else right
    if row.state in ("loading", "paused"):
        _paint_progress(painter, theme, row, x, middle)
    elif row.state in PILLS:
        text, token, symbol = PILLS[row.state]
        left = x - pill_wide(theme, text, symbol)
        if left >= room:
            paint_pill(painter, theme, left, middle, text, token, symbol, dpr)


def _paint_button(painter: QPainter, theme: Theme, place: Placed, hot: bool, dpr: float) -> None:
    box, action = place.box, place.action
    plain = action not in ALONE and action != "listen"
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if plain or hot:
        painter.setPen(QPen(theme.color("control"), 1) if plain else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("window" if hot else "surface"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    colour = theme.tokens.text2
    if action in ALONE:
        pixmap = drawn(SYMBOLS[action], colour, 16, dpr)
        painter.drawPixmap(box.center().x() - 7, box.center().y() - 7, pixmap)
        return
    left = box.left() + PAD
    if action in SYMBOLS:
        painter.drawPixmap(left, box.center().y() - ICON // 2 + 1, drawn(SYMBOLS[action], colour, ICON, dpr))
        left += BESIDE
    painter.setPen(theme.color("text" if plain else "text2"))
    painter.setFont(theme.font(13, 500))
    painter.drawText(box.adjusted(left - box.left(), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), WORDS[action])


def _paint_progress(painter: QPainter, theme: Theme, row: Row, right: int, middle: int) -> None:
    words = theme.scaled(SHARE_WIDE)
    painter.setPen(theme.color("text"))
    painter.setFont(theme.font(13, 500))
    vertical = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
    painter.drawText(QRect(right - words, middle - 12, words, 24), vertical, f"{row.share * 100:.0f} %")
    bar = QRectF(right - words - GAP - BAR, middle - 2.5, BAR, 5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("groove"))
    painter.drawRoundedRect(bar, 2.5, 2.5)
    if row.share > 0:
        bar.setWidth(max(5.0, BAR * min(1.0, row.share)))
        painter.setBrush(theme.color("near" if row.state == "loading" else "fill"))
        painter.drawRoundedRect(bar, 2.5, 2.5)
