"""The shipped echo path when something goes wrong: what is left of the echo, and what is decided then.

python -m tests.benchmarks.bench_echo_faults [--trials 24] [--jobs N] [--preset NAME] [--set vad.start=.6 …]

Made-up rooms, eSpeak NG as assistant and as six other people, in turns 6 dB, 0 dB and -6 dB over the echo; where others
talk in the room, they are 10 dB under the person, far ones 14: first to somebody whose voice is not known, then to one
of whom it knows how loud they usually speak. In the loop as it runs: what is ducked or stopped is no longer in the
echo. Reduction: microphone before and behind the canceller in the first, second and third second after the event,
without a person. "Nobody": stops and ducks of 14 s (8 s from a cold start), a minute. Then somebody cuts in half a
second and two seconds after the event.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.audio.front_end import FRAME, RATE, FrontEnd
from assistant.commands.chosen import add_settings_flags, chosen
from assistant.lab.replay import replay
from assistant.lab.score.outcome import Decided, Outcome, decided, outcome
from assistant.lab.score.spread import spread
from assistant.lab.score.truth import Truth
from assistant.settings.sections import Settings
from assistant.turns.facts import SILENCE_DBFS
from tests.made_rooms import FAULTS, OTHERS, USER_DBFS, Made, make

AFTER_S = (0.5, 2.0)
RATIOS_DB = (6.0, 0.0, -6.0)


@dataclass(frozen=True)
class Task:
    """usual_dbfs: how loud the person is known to speak."""

    fault: str
    number: int
    settings: Settings
    usual_dbfs: float


@dataclass(frozen=True)
class Tried:
    """reduction_db: in the first, second and third second. outcomes: one for each of AFTER_S."""

    reduction_db: tuple[float, ...]
    alone: Decided
    after_event: tuple[int, int]
    outcomes: tuple[Outcome, ...]


def tried(task: Task) -> Tried:
    """One room, alone and with somebody who cuts in."""
    ratio_db = RATIOS_DB[task.number % len(RATIOS_DB)]
    quiet = make(task.fault, task.number, None, ratio_db)
    alone = _decided(quiet, task)
    outcomes = []
    for after_s in AFTER_S:
        made = make(task.fault, task.number, after_s, ratio_db)
        outcomes.append(outcome(_decided(made, task)))
    after = [name for at_s, name in alone.events if 0 <= at_s - quiet.event_s < 3]
    reduction_db, counts = _reduction_db(quiet, task.settings), (after.count("stop"), after.count("duck"))
    return Tried(reduction_db, alone, counts, tuple(outcomes))


def _decided(made: Made, task: Task) -> Decided:
    replayed = replay(made, task.settings, usual_dbfs=task.usual_dbfs)  # type: ignore[arg-type]
    truth = Truth(made.id, "echo", len(made.mic) / RATE, made.onset_s, made.offset_s, made.onset_s is not None)
    return decided(truth, replayed.events(), replayed.cpu_s, has_far=True)


def _reduction_db(made: Made, settings: Settings) -> tuple[float, ...]:
    frames = FrontEnd(RATE, settings).push(made.mic, made.far)
    before, behind = (np.concatenate([getattr(f, what)[-FRAME:] for f in frames]) for what in ("raw", "audio"))
    found = []
    for second in range(3):
        start = int((made.event_s + second) * RATE)
        powers = [float(np.square(sound[start : start + RATE]).sum()) + 1e-9 for sound in (before, behind)]
        found.append(10 * float(np.log10(powers[0] / powers[1])))
    return tuple(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=24)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    add_settings_flags(parser)
    arguments = parser.parse_args()
    settings = chosen(arguments).settings
    rows = {fault: (fault, SILENCE_DBFS) for fault in FAULTS}
    rows |= {f"{other}, known": (other, USER_DBFS) for other in OTHERS}
    tasks = [Task(fault, number, settings, dbfs) for fault, dbfs in rows.values() for number in range(arguments.trials)]
    found = list(spread(tried, tasks, arguments.jobs))
    head = (
        f"{'':18}{'reduction, dB, second':>24}{'nobody, a minute':>20}{'in 3 s after':>15}"
        + "".join(f"{f'cut in {after_s:g} s after':>34}" for after_s in AFTER_S)
    )
    below = (
        f"{'event':18}{'1st':>10}{'2nd':>7}{'3rd':>7}{'stops':>10}{'ducks':>10}{'stops':>8}{'ducks':>7}"
        + f"{'hit/early/miss':>17}{'duck':>5}{'stop p50/95':>12}" * len(AFTER_S)
    )
    print(f"{arguments.trials} rooms each; delays in ms of audio from the onset; medians of reductions")
    print(f"{head}\n{below}\n{'─' * len(below)}")
    for at, name in enumerate(rows):
        print(row(name, found[at * arguments.trials : (at + 1) * arguments.trials]))


def row(name: str, found: Sequence[Tried]) -> str:
    """One line of the table."""
    reductions = np.median([each.reduction_db for each in found], axis=0)
    minutes = sum(each.alone.truth.seconds for each in found) / 60
    stops = sum(len(each.alone.stops()) for each in found)
    ducks = sum(len(each.alone.ducks()) for each in found)
    after = np.sum([each.after_event for each in found], axis=0)
    told = f"{name:18}{reductions[0]:>10.1f}{reductions[1]:>7.1f}{reductions[2]:>7.1f}"
    told += f"{stops / minutes:>10.2f}{ducks / minutes:>10.2f}{after[0]:>8}{after[1]:>7}"
    for at in range(len(AFTER_S)):
        outcomes = [each.outcomes[at] for each in found]
        kinds = [sum(each.kind == kind for each in outcomes) for kind in ("hit", "premature", "miss")]
        told += f"{' / '.join(map(str, kinds)):>17}{_ms([o.reaction_s for o in outcomes], 50):>5}"
        stop_s = [o.stop_s for o in outcomes]
        told += f"{f'{_ms(stop_s, 50)} / {_ms(stop_s, 95)}':>12}"
    return told


def _ms(values_s: Sequence[float | None], q: float) -> str:
    known = [value for value in values_s if value is not None]
    return f"{np.percentile(known, q) * 1000:.0f}" if known else "–"


if __name__ == "__main__":
    main()
