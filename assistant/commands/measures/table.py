"""Figures as lines for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.commands.measures.figure import Figure

EDGES_MS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
"""Of the drawn bins of lateness: the callback has 5 ms a block and a device keeps a few in reserve."""
_BAR = 40


def row(figure: Figure, mark_of: Mapping[str, str]) -> str:
    """part, name, value with unit, its spread, and the aim with whether it was met."""
    value = f"{_short(figure.value)} {figure.unit}"
    spread = f"{_short(figure.least)}…{_short(figure.most)}" if figure.repeats > 1 else ""
    aim = ""
    if figure.aim is not None:
        met = mark_of["ok" if figure.is_met else "problem"]
        aim = f"{met} aim {figure.aim.bound} {_short(figure.aim.limit)}"
    return f"{figure.part:<11}{figure.name:<34}{value:>18}  {spread:<15} {aim}".rstrip()


def histogram(counts: Sequence[int], bin_ms: float) -> tuple[str, ...]:
    """A text drawing of how late the blocks came. counts: as Histogram.counts(), bins of `bin_ms`."""
    total = sum(counts)
    if not total:
        return ("no blocks",)
    edges = (0.0, *EDGES_MS)
    sums = [0] * len(edges)
    for i, count in enumerate(counts):
        middle_ms = (i + 0.5) * bin_ms
        sums[max(k for k, edge in enumerate(edges) if edge <= middle_ms)] += count
    last = max(k for k, each in enumerate(sums) if each)
    most = max(sums)
    return tuple(_bar(edges, k, sums[k], total, most) for k in range(last + 1))


def _bar(edges: Sequence[float], k: int, count: int, total: int, most: int) -> str:
    to = f"{edges[k + 1]:>4g}" if k + 1 < len(edges) else "   …"
    bar = "#" * -(-count * _BAR // most)  # rounded up: one block that was late must be seen
    return f"{edges[k]:>4g} to {to} ms  {bar:<{_BAR}} {count:>6}  {count / total:7.2%}"


def _short(value: float) -> str:
    """Three digits that count."""
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
