"""The colours: one name for each meaning, in a light and a dark set; nothing else in the house names a colour."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours as "#RRGGBB". `near` is the person and everything that they changed, `far` is Interject's voice."""

    dark: bool
    window: str
    surface: str
    sunken: str
    raised: str
    line: str
    line2: str
    control: str
    text: str
    text2: str
    text3: str
    groove: str
    fill: str
    knob: str
    near: str
    near_soft: str
    far: str
    vad: str
    duck: str
    duck_fill: str
    stop: str
    stop_soft: str
    listening: str
    thinking: str
    on_near: str
    on_far: str
    on_vad: str
    on_stop: str
    on_duck_fill: str
    on_listening: str
    on_thinking: str
    bubble: str
    on_bubble: str


LIGHT = Tokens(
    dark=False,
    window="#F3F4F6",
    surface="#FFFFFF",
    sunken="#F8F9FB",
    raised="#FFFFFF",
    line="#DDE1E7",
    line2="#C2C8D1",
    control="#858D99",
    text="#191C21",
    text2="#4B535F",
    text3="#616975",
    groove="#D3D8DF",
    fill="#4B535F",
    knob="#FFFFFF",
    near="#0A62C4",
    near_soft="#E1EDFC",
    far="#007A63",
    vad="#9B2C85",
    duck="#A85A00",
    duck_fill="#F0A93A",
    stop="#C3291C",
    stop_soft="#FCE4E1",
    listening="#6B7480",
    thinking="#5B5F97",
    on_near="#FFFFFF",
    on_far="#FFFFFF",
    on_vad="#FFFFFF",
    on_stop="#FFFFFF",
    on_duck_fill="#3A2200",
    on_listening="#FFFFFF",
    on_thinking="#FFFFFF",
    bubble="#191C21",
    on_bubble="#FFFFFF",
)

DARK = Tokens(
    dark=True,
    window="#131519",
    surface="#1B1E23",
    sunken="#15171B",
    raised="#252930",
    line="#2C3138",
    line2="#454C57",
    control="#78818E",
    text="#ECEEF1",
    text2="#B6BDC7",
    text3="#939CA8",
    groove="#3A4049",
    fill="#B6BDC7",
    knob="#ECEEF1",
    near="#62AEFF",
    near_soft="#16304D",
    far="#38C7A6",
    vad="#E48BD1",
    duck="#F2AE43",
    duck_fill="#D9932B",
    stop="#FF7C68",
    stop_soft="#47201B",
    listening="#8A93A0",
    thinking="#A3A8E0",
    on_near="#06203C",
    on_far="#06251E",
    on_vad="#33102C",
    on_stop="#3A0C06",
    on_duck_fill="#1D1200",
    on_listening="#15171B",
    on_thinking="#15171B",
    bubble="#ECEEF1",
    on_bubble="#191C21",
)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21. Formula: WCAG 2.2, relative luminance and contrast ratio."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
