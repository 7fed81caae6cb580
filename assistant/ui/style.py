"""The look as one object: Theme holds the tokens and the text size, and dresses the application with them."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

from assistant.ui.qss import sheet
from assistant.ui.tokens import DARK, LIGHT, Tokens
from assistant.ui.type import inter, load_fonts

TOOLTIP_DELAY_MS = 400


class InterjectStyle(QProxyStyle):
    """Fusion, with sliders that go where they are clicked and tooltips that come soon."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803
    ) -> int:
        if hint == QStyle.StyleHint.SH_Slider_AbsoluteSetButtons:
            return Qt.MouseButton.LeftButton.value
        if hint == QStyle.StyleHint.SH_ToolTip_WakeUpDelay:
            return TOOLTIP_DELAY_MS
        return super().styleHint(hint, option, widget, returnData)


class Theme(QObject):
    """The current tokens and text size. Owned by the GUI thread.

    `changed` comes after the application was dressed anew: painted widgets drop their caches then.
    While `hold(True)` is in force (sound plays) a change waits, because dressing every widget takes tens of
    milliseconds in which no other Python thread runs.
    """

    changed = Signal(object)

    def __init__(self, app: QApplication, wanted: str = "system", text_scale: float = 1.0) -> None:
        """wanted: "system", "light" or "dark". Loads the fonts; raises FontRefused."""
        super().__init__()
        load_fonts()
        self._app = app
        self._wanted = wanted
        self._held = False
        self._style = InterjectStyle()
        app.setStyle(self._style)
        self.text_scale = text_scale
        self.tokens: Tokens = self._chosen()
        app.styleHints().colorSchemeChanged.connect(self._refresh)
        self._dress()

    def set(self, wanted: str, text_scale: float) -> None:
        """Ask for another look; it comes at once, or when the sound is silent."""
        self._wanted, self._text_scale_wanted = wanted, text_scale
        self._refresh()

    def hold(self, sounding: bool) -> None:
        """True while sound plays."""
        self._held = sounding
        self._refresh()

    @property
    def waiting(self) -> bool:
        """Whether a change was asked for and waits for silence."""
        return self._chosen() is not self.tokens or self._text_scale_wanted != self.text_scale

    def font(self, px: float, weight: int = 400) -> QFont:
        """Inter at `px` × the text size. Shared: do not change it."""
        return inter(px * self.text_scale, weight, self._app.devicePixelRatio() == int(self._app.devicePixelRatio()))

    def scaled(self, px: float) -> int:
        """A length that holds text, in logical pixels at the present text size."""
        return round(px * self.text_scale)

    @property
    def row_scale(self) -> float:
        """By how much the text of rows grew: letters have whole pixels, so this may be more than the text size."""
        return max(self.text_scale, *(round(px * self.text_scale) / px for px in (12, 13)))

    def color(self, token: str, opacity: float = 1.0) -> QColor:
        """A token by its name as a fresh QColor."""
        colour = QColor(cast(str, getattr(self.tokens, token)))
        colour.setAlphaF(opacity)
        return colour

    def _chosen(self) -> Tokens:
        if self._wanted == "system":
            # Unknown where the desktop tells nothing: light
            return DARK if self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._wanted == "dark" else LIGHT

    def _refresh(self) -> None:
        if self._held or not self.waiting:
            return
        self.tokens = self._chosen()
        self.text_scale = self._text_scale_wanted
        self._dress()
        self.changed.emit(self.tokens)

    def _dress(self) -> None:
        self._text_scale_wanted = self.text_scale
        self._app.setFont(self.font(13))
        self._app.setPalette(palette(self.tokens))
        self._app.setStyleSheet(sheet(self.tokens, self.text_scale))


def palette(t: Tokens) -> QPalette:
    """Every role from the tokens, so that nothing of the desktop's own palette shines through."""
    role = QPalette.ColorRole
    filled = QPalette()
    for which, colour in {
        role.Window: t.window,
        role.WindowText: t.text,
        role.Base: t.surface,
        role.AlternateBase: t.sunken,
        role.ToolTipBase: t.raised,
        role.ToolTipText: t.text,
        role.PlaceholderText: t.text3,
        role.Text: t.text,
        role.Button: t.surface,
        role.ButtonText: t.text,
        role.BrightText: t.stop,
        role.Light: t.line,
        role.Midlight: t.line,
        role.Mid: t.line2,
        role.Dark: t.control,
        role.Shadow: t.line2,
        role.Highlight: t.near,
        role.HighlightedText: t.on_near,
        role.Link: t.near,
        role.LinkVisited: t.near,
        role.Accent: t.near,
    }.items():
        filled.setColor(which, QColor(colour))
    off = QPalette.ColorGroup.Disabled
    for which in (role.WindowText, role.Text, role.ButtonText):
        filled.setColor(off, which, QColor(t.text3))
    return filled
