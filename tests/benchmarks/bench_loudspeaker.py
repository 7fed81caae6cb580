"""The real window on a loudspeaker in a room: how soon it yields to a voice, and whether it ever yields to its own.

python -m tests.benchmarks.bench_loudspeaker [--trials 60] [--monologue-minutes 10] [--home DIR] [--first] [--busy N]
                                         [further words of `assistant run`]

Everything is measured in a recording of the speaker, the mic and the person's voice on one clock; the person is eSpeak
NG in six voices, at 0, 6 and -6 dB against the echo. Needs PulseAudio, Xvfb and a quiet machine: where the sound
server or the application is late, the echo's path jumps and the filter has to begin anew. The last line tells. To see
what becomes of that, --busy N keeps so many cores at work meanwhile.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.lab.score.interval import percent, percentile
from tests.device.over_loudspeaker import (
    ECHO_DBFS,
    RATIOS_DB,
    Alone,
    Barge,
    cut_in,
    fallen_behind_ms,
    interruptions,
    left_alone,
    speaking_room,
)
from tests.talkers import TALKERS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--monologue-minutes", type=float, default=10.0)
    parser.add_argument("--home", type=Path, help="keeps the events file there")
    parser.add_argument("--first", action="store_true", help="before all else on the machine, where allowed")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="processes that do nothing but keep it busy")
    arguments, words = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as temporary, kept_busy(arguments.busy):
        home = arguments.home or Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        options = ("--rehearse", "--brain.report", "shown", *words)
        try:
            with speaking_room(home, *options, first=arguments.first) as place:
                cold = left_alone(place, 5.0)
                barges = []
                chance = random.Random(1)
                for number, interruption in enumerate(interruptions(arguments.trials), start=1):
                    barges.append(cut_in(place, interruption, chance))
                    silent_ms = barges[-1].silent_ms
                    told = "missed" if silent_ms is None else f"{silent_ms:.0f} ms"
                    print(f"\r{number} of {arguments.trials}: {told:10}", end="", file=sys.stderr, flush=True)
                print(file=sys.stderr)
                alone = left_alone(place, arguments.monologue_minutes * 60)
                behind_ms = fallen_behind_ms(place)
        except pytest.skip.Exception as missing:
            sys.exit(str(missing))
    for line in (*table(barges), *monologue(cold, alone), path(barges, behind_ms)):
        print(line)


@contextlib.contextmanager
def kept_busy(count: int) -> Iterator[None]:
    """So many cores have something else to do."""
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: sum(range(100_000))"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def table(barges: Sequence[Barge]) -> list[str]:
    """One line a ratio of speech to echo, one a voice, and one for all."""
    head = f"{'':24}{'trials':>7}{'missed':>8}{'early':>7}{'first reaction':>18}{'decision':>14}{'silence':>14}"
    lines = ["from the onset, p50 / p95 in ms; silence is the recording's", head, "─" * len(head)]
    said = [b.interruption for b in barges]
    groups = [(f"{ratio:+.0f} dB", [n for n, i in enumerate(said) if i.ratio_db == ratio]) for ratio in RATIOS_DB]
    groups += [(voice.language, [n for n, i in enumerate(said) if i.talker == t]) for t, voice in enumerate(TALKERS)]
    for name, numbers in (*groups, ("all", list(range(len(barges))))):
        if not numbers:
            continue
        judged = [barges[n] for n in numbers if not barges[n].premature]
        silent = [b.silent_ms for b in judged]
        lines.append(
            f"{name:24}{len(numbers):>7}{silent.count(None):>8}{len(numbers) - len(judged):>7}"
            f"{_spread([b.reaction_ms for b in judged]):>18}"
            f"{_spread([b.stop_ms for b in judged]):>14}{_spread(silent):>14}"
        )
    silences = [b.silent_ms for b in barges if not b.premature]
    hits = percent([ms is not None for ms in silences])
    p50, p95 = (percentile([None if ms is None else ms / 1000 for ms in silences], q) for q in (50, 95))
    if p50.low is not None and p95.low is not None:
        lines.append(
            f"95 % confidence: hits {hits.low:.0f}…{hits.high:.0f} %, p50 {p50.low:.0f}…{p50.high:.0f} ms, "
            f"p95 {p95.low:.0f}…{p95.high:.0f} ms"
        )
    return lines


def monologue(cold: Alone, alone: Alone) -> list[str]:
    """What it did with its own voice."""
    return [
        f"nobody speaks, from the first word on, {cold.minutes * 60:.0f} s: {cold.stops} stops, {cold.ducks} ducks",
        f"nobody speaks, {alone.minutes:.1f} min: {alone.stops} stops, {alone.ducks} ducks; "
        f"{alone.silences} silences over 1.2 s in the recording",
    ]


def path(barges: Sequence[Barge], behind_ms: float) -> str:
    """What the room was like, and the machine."""
    delays = np.array([b.path_ms for b in barges])
    jumps = int((np.abs(np.diff(delays)) > 3).sum())
    echo = np.median([b.echo_dbfs for b in barges])
    return (
        f"echo at the mic {echo:.0f} dBFS ({ECHO_DBFS:.0f} meant), {np.median(delays):.0f} ms late, "
        f"which changed {jumps} times between trials; the application fell behind by {behind_ms:.0f} ms"
    )


def _spread(values_ms: Sequence[float | None]) -> str:
    known = [value for value in values_ms if value is not None]
    return f"{np.percentile(known, 50):.0f} / {np.percentile(known, 95):.0f}" if known else "–"


if __name__ == "__main__":
    main()
