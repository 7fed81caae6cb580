"""The presets as segments of one bar; what does not fit goes into a menu at its end."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from assistant.ui.icons import drawn
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme

PAD = 12
MORE = 28
RADIUS = 6


class Segment(QAbstractButton):
    """One preset. Its focus ring and key order come with the button."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.first = self.last = False
        self.symbol = ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font(13, 600 if self.isChecked() else 500))
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * PAD, self._theme.scaled(26))

    def paintEvent(self, event: object) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5 if self.first else -0.5, 0.5, -0.5, -0.5)
        shape = rounded(box, RADIUS if self.first else 0, RADIUS if self.last else 0)
        on = self.isChecked()
        rest = "window" if self.underMouse() else "surface"
        painter.fillPath(shape, theme.color("near" if on else rest))
        painter.setPen(QPen(theme.color("control"), 1))
        painter.drawPath(shape)
        if self.symbol:
            token = theme.tokens.on_near if on else theme.tokens.text2
            pixmap = drawn(self.symbol, token, 16, self.devicePixelRatioF())
            painter.drawPixmap((self.width() - 16) // 2, (self.height() - 16) // 2, pixmap)
        else:
            painter.setPen(theme.color("on_near" if on else "text2"))
            painter.setFont(theme.font(13, 600 if on else 500))
            metrics = QFontMetrics(painter.font())
            said = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - PAD)
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), said)
        painter.end()


class PresetsBar(QWidget):
    """Shows the model's presets and which one is in force, "edited" where a knob was moved by hand."""

    def __init__(self, theme: Theme, model: SettingsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model
        self.segments: list[Segment] = []
        self.more = Segment(theme, self)
        self.more.symbol = "ellipsis"
        self.more.setAccessibleName("More presets")
        self.more.clicked.connect(self._offer_rest)
        self._hidden: list[str] = []
        self._shown: tuple[object, ...] = ()
        self.setAccessibleName("Presets")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.scaled(26))
        model.changed.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what the model holds."""
        shown = (self._model.presets.names(), self._model.preset, self._model.edited, self._theme.text_scale)
        if shown == self._shown and all(s.isChecked() == (s.objectName() == shown[1]) for s in self.segments):
            return
        self._shown = shown
        names = self._model.presets.names()
        if [s.objectName() for s in self.segments] != list(names):
            self._make(names)
        for segment in self.segments:
            name = segment.objectName()
            on = name == self._model.preset
            segment.setChecked(on)
            segment.setText(f"{name}, edited" if on and self._model.edited else name)
            segment.setAccessibleName(f"Preset {segment.text()}")
        self.setFixedHeight(self._theme.scaled(26))
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(sum(s.sizeHint().width() for s in self.segments), self._theme.scaled(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(160), self._theme.scaled(26))

    def choose(self, number: int) -> None:
        """Take the preset at this place, counted from 1; nothing where there is none."""
        names = self._model.presets.names()
        if 1 <= number <= len(names):
            self._model.choose_preset(names[number - 1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        shown = [s for s in self.segments if s.isVisible()]
        at = next((i for i, s in enumerate(shown) if s.hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
        else:
            shown[(at + step) % len(shown)].setFocus(Qt.FocusReason.TabFocusReason)

    def _make(self, names: tuple[str, ...]) -> None:
        for old in self.segments:
            old.deleteLater()
        self.segments = []
        for name in names:
            segment = Segment(self._theme, self)
            segment.setObjectName(name)
            segment.clicked.connect(lambda _on, n=name: self._choose(n))
            if self._model.presets.is_own(name):
                delete = QAction(f"Delete “{name}”", segment)
                delete.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
                delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                delete.triggered.connect(lambda _on=False, n=name: self._model.delete_preset(n))
                segment.addAction(delete)
                segment.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
                segment.setToolTip("Your own preset. Delete removes it.")
            segment.show()
            self.segments.append(segment)
        self.more.raise_()

    def _choose(self, name: str) -> None:
        self._model.choose_preset(name)
        self.refresh()  # the button checked itself; where nothing changed it must be unchecked again

    def _arrange(self) -> None:
        widths = [s.sizeHint().width() for s in self.segments]
        fits = sum(widths) <= self.width()
        room = self.width() if fits else self.width() - MORE
        chosen = next((i for i, s in enumerate(self.segments) if s.isChecked()), -1)
        room_for_others = room - (widths[chosen] if chosen >= 0 else 0)
        left, seen = 0, []
        for i, (segment, wide) in enumerate(zip(self.segments, widths, strict=True)):
            stays = i == chosen or wide <= room_for_others
            segment.setVisible(stays)
            if not stays:
                room_for_others = -1  # keep the order: what comes after goes into the menu too
                continue
            if i != chosen:
                room_for_others -= wide
            segment.setGeometry(left, 0, min(wide, room - left), self.height())
            left += wide
            seen.append(segment)
        self._hidden = [s.objectName() for s in self.segments if s not in seen]
        self.more.setVisible(bool(self._hidden))
        self.more.setGeometry(left, 0, MORE, self.height())
        for segment in seen:
            segment.first = segment is seen[0]
            segment.last = segment is seen[-1] and not self._hidden
            segment.update()
        self.more.last = True

    def _offer_rest(self) -> None:
        self.more.setChecked(False)
        menu = QMenu(self)
        for name in self._hidden:
            menu.addAction(name).triggered.connect(lambda _on=False, n=name: self._choose(n))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))


def rounded(box: QRectF, left: float, right: float) -> QPainterPath:
    """A box whose left and right corners are rounded differently."""
    path = QPainterPath()
    path.moveTo(box.left() + left, box.top())
    path.lineTo(box.right() - right, box.top())
    if right:
        path.arcTo(box.right() - 2 * right, box.top(), 2 * right, 2 * right, 90, -90)
    path.lineTo(box.right(), box.bottom() - right)
    if right:
        path.arcTo(box.right() - 2 * right, box.bottom() - 2 * right, 2 * right, 2 * right, 0, -90)
    path.lineTo(box.left() + left, box.bottom())
    if left:
        path.arcTo(box.left(), box.bottom() - 2 * left, 2 * left, 2 * left, 270, -90)
    path.lineTo(box.left(), box.top() + left)
    if left:
        path.arcTo(box.left(), box.top(), 2 * left, 2 * left, 180, -90)
    path.closeSubpath()
    return path
