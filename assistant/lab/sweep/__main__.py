"""`python -m assistant.lab.sweep`: tries what the master slider moves on recorded scenarios, and writes its table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from assistant.lab.score.judged import Heads, judged
from assistant.lab.score.sets import score
from assistant.lab.score.truth import NoTruth, Trial, read_trials, seed_folders
from assistant.lab.sound_file import BadSound
from assistant.lab.sweep.points import default_point, grid
from assistant.lab.sweep.table_file import Measured, on_speakers_price, table_text
from assistant.lab.sweep.tried import Tried, try_points
from assistant.lab.sweep.walk import walk
from assistant.settings.paths import MissingResource
from assistant.settings.sensitivity import OnSpeakers, read_rows
from assistant.speech.head import HeadMissing
from assistant.speech.silero import VadMissing

ON_HEADPHONES = ("interrupt", "noise")
ON_LOUDSPEAKERS = "echo"


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        if not arguments.out.parent.is_dir():
            raise NotADirectoryError(f"{arguments.out.parent} is no folder. Choose another place for the table.")
        wanted = {*ON_HEADPHONES, ON_LOUDSPEAKERS}
        trials = [trial for folder in seed_folders(arguments.scenarios) for trial in read_trials(folder, wanted)]
        heads = Heads(arguments.heads)
        heads.check(trials)
        headphones = [trial for trial in trials if trial.truth.set in ON_HEADPHONES]
        loudspeakers = [trial for trial in trials if trial.truth.set == ON_LOUDSPEAKERS]
        points = grid()
        tried = try_points(headphones, points, heads, arguments.jobs, _progress(len(headphones)))
        rows = walk(tried, tried[points.index(default_point())])
        speakers = _on_loudspeakers(loudspeakers, rows, heads, arguments.jobs)
        measured = Measured(
            interruptions=sum(trial.truth.onset_s is not None for trial in headphones),
            noise_hours=sum(trial.truth.seconds for trial in headphones if trial.truth.onset_s is None) / 3600,
            on_speakers=sum(trial.truth.has_near for trial in loudspeakers),
            points=len(points),
            judge=_judge(heads, trials),
        )
        fresh = arguments.out.with_name(arguments.out.name + ".part")
        fresh.write_text(table_text(rows, speakers, measured), encoding="utf-8")
        read_rows(fresh)  # a table with a value that is not allowed must not take the old one's place
        fresh.replace(arguments.out)
    except (BadSound, NoTruth, VadMissing, HeadMissing, MissingResource, ValueError, OSError) as error:
        _tell(f"interject: {error}")
        return 1
    for position, each in rows.items():
        _tell(_line(position, each, speakers.get(position)))
    _tell(f"written: {arguments.out}")
    return 0


def _on_loudspeakers(
    trials: list[Trial], rows: dict[int, Tried], heads: Heads, jobs: int
) -> dict[int, OnSpeakers]:
    """The loop is closed there: each row is replayed from the sound on, once for all positions that share it."""
    prices: dict[int, OnSpeakers] = {}
    for point in dict.fromkeys(each.point for each in rows.values()) if trials else ():
        _tell(f"on loudspeakers: {point}")
        (of_set,) = score(tuple(judged(trials, point.settings(), heads, jobs)))
        if price := on_speakers_price(of_set.group("all")):
            prices |= {position: price for position, each in rows.items() if each.point == point}
    return prices


def _judge(heads: Heads, trials: list[Trial]) -> str:
    if heads.folder is None:
        return "Judged by the shipped network."
    if any(trial.truth.fold is None for trial in trials):
        return "Judged by networks trained without each scenario's fold, where it names one."
    return "Each was judged by a network that had never heard its talker or its noise."


def _line(position: int, each: Tried, on: OnSpeakers | None) -> str:
    speakers = f", on speakers {on.stop_p50_ms:.0f} ms, {on.hit_percent:.0f} % hits" if on else ""
    return (
        f"{position:3}: {each.stop_p50_ms:.0f} / {each.stop_p95_ms:.0f} ms, {each.false_stops_per_hour:.1f} false "
        f"stops and {each.ducks_per_hour:.0f} ducks an hour, {each.hit_percent:.0f} % hits{speakers}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant.lab.sweep", description=__doc__)
    where = "a folder with the sets interrupt, noise and, for loudspeakers, echo; or one with such a folder a seed"
    parser.add_argument("--scenarios", type=Path, nargs="+", required=True, metavar="DIR", help=where)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the table, sensitivity.toml")
    judges = "what assistant.lab.train --folds wrote: judges each scenario by the network without its cond.fold"
    parser.add_argument("--heads", type=Path, metavar="DIR", help=judges)
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="so many processes at once (default 1)")
    return parser


def _progress(count: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if done % 50 == 0 or done == count:
            _tell(f"{done} of {count} scenarios on headphones")

    return tell


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
