"""The sizes of the window's parts: one set for roomy windows and one for compact ones."""

from __future__ import annotations

from dataclasses import dataclass

COMPACT_BELOW_WIDTH = 1180
COMPACT_BELOW_HEIGHT = 800


@dataclass(frozen=True, slots=True)
class Metrics:
    """Lengths in logical pixels. `lens_most` is what the lens may grow to; `page_margin` is for text pages."""

    compact: bool
    top_bar: int
    status_bar: int
    conversation: int
    panel_side: int
    panel_top: int
    gap: int
    scope_card: int
    scope: int
    scope_most: int
    card: int
    card_lens: int
    card_figures: int
    lens_most: int
    tuning: int
    row: int
    text_margin: int
    page_margin: int


ROOMY = Metrics(
    compact=False,
    top_bar=48,
    status_bar=26,
    conversation=440,
    panel_side=14,
    panel_top=10,
    gap=10,
    scope_card=281,
    scope=240,
    scope_most=420,
    card=126,
    card_lens=330,
    card_figures=164,
    lens_most=480,
    tuning=278,
    row=26,
    text_margin=20,
    page_margin=24,
)

COMPACT = Metrics(
    compact=True,
    top_bar=44,
    status_bar=24,
    conversation=336,
    panel_side=10,
    panel_top=7,
    gap=7,
    scope_card=238,
    scope=204,
    scope_most=420,
    card=114,
    card_lens=240,
    card_figures=150,
    lens_most=480,
    tuning=248,
    row=24,
    text_margin=16,
    page_margin=16,
)


def metrics_for(width: int, height: int) -> Metrics:
    """The set for a window of this size in logical pixels."""
    return COMPACT if width < COMPACT_BELOW_WIDTH or height < COMPACT_BELOW_HEIGHT else ROOMY
