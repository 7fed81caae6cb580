"""The typeface: Inter, loaded from the resources, with figures of one width."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from assistant.settings.paths import resource

FAMILY = "Inter"
_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")
_WEIGHTS = {400: QFont.Weight.Normal, 500: QFont.Weight.Medium, 600: QFont.Weight.DemiBold}


class FontRefused(RuntimeError):
    """A font that ships with the program cannot be loaded."""


@cache
def load_fonts() -> None:
    """Make Inter known to Qt. Call after the QApplication exists and before the first widget. Raises FontRefused."""
    for name in _FILES:
        path = resource(f"fonts/{name}")
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FontRefused(f"{path} cannot be loaded as a font. Install Interject again.")


@cache
def inter(px: float, weight: int = 400, whole_pixels: bool = True) -> QFont:
    """Inter at `px` logical pixels (rounded) with tabular figures. weight: 400, 500 or 600.

    whole_pixels: False at fractional screen scales, where hinting would move the letters about.
    Do not change the font you get: it is shared.
    """
    font = QFont(FAMILY)
    font.setPixelSize(max(11, round(px)))
    font.setWeight(_WEIGHTS[weight])
    font.setFeature(QFont.Tag("tnum"), 1)
    if not whole_pixels:
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
