"""The master slider's table as a TOML file with its prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.lab.score.sets import Group
from assistant.lab.sweep.tried import Tried
from assistant.settings.access import KNOBS
from assistant.settings.sensitivity import MEASURES, ON_SPEAKERS, OnSpeakers

HEAD = """\
# What the master slider "Sensitivity" moves. Rows by position, 0 to 100; between two rows each value is interpolated
# and rounded to its setting's step. A setting that a row does not name has its default there.
#
# stop_p50_ms, stop_p95_ms: from a voice's onset to the decision to stop; false_stops_per_hour: of noises without a
# voice; speakers_…: over Interject's own echo, self-stops in a minute without anybody else. Made by
# python -m assistant.lab.sweep --scenarios DIR --out resources/sensitivity.toml
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the table was measured on."""

    interruptions: int
    noise_hours: float
    on_speakers: int
    points: int
    judge: str

    def words(self) -> str:
        """As comment lines."""
        speakers = f", {self.on_speakers} interruptions on loudspeakers" if self.on_speakers else ""
        heard = f"{self.interruptions} interruptions and {self.noise_hours:.1f} hours of noise{speakers}"
        return f"# from {heard}; {self.points} settings were tried.\n# {self.judge}\n"


def on_speakers_price(group: Group) -> OnSpeakers | None:
    """group: the whole of a scored set echo. None where nothing was stopped at all."""
    named = ("stop_p50", "stop_p95", "hit", "self_stops_after")
    p50, p95, hit, self_stops = (group.figures[name].value for name in named)
    if p50 is None or p95 is None or hit is None:
        return None
    return OnSpeakers(p50, p95, hit, self_stops or 0.0)


def table_text(rows: Mapping[int, Tried], speakers: Mapping[int, OnSpeakers], measured: Measured) -> str:
    """The whole file. speakers: by position, those that were measured.

    The first row names every setting that was tried, so that one moved by hand loses the price though no row moves it.
    """
    parts = [HEAD + measured.words()]
    for position, tried in sorted(rows.items()):
        lines = ["[[row]]", f"position = {position}"]
        for key, value in tried.point.changes.items():
            if value != KNOBS[key].default or position == min(rows):
                lines.append(f"{key} = {value}")
        prices: list[float] = [tried.stop_p50_ms, tried.stop_p95_ms, tried.false_stops_per_hour]
        names = [*MEASURES]
        if on := speakers.get(position):
            names += ON_SPEAKERS
            prices += [on.stop_p50_ms, on.stop_p95_ms, on.hit_percent, on.self_stops_per_minute]
        lines += [f"{name} = {_digits(name, price)}" for name, price in zip(names, prices, strict=True)]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _digits(name: str, price: float) -> str:
    return f"{price:.0f}" if name.endswith("_ms") else f"{price:.2f}" if "minute" in name else f"{price:.1f}"
