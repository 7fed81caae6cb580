"""`bench`: what each part costs on this machine, each figure with its aim beside it."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path

from assistant.commands.checkup.machine import load_average, usable_cores
from assistant.commands.measures.child import INSIDE_FLAG, OPTIONS_FLAG
from assistant.commands.measures.figure import FULL, QUICK, Drawn, Effort, Figure, Measure, Measured, NotMeasured
from assistant.commands.measures.table import row
from assistant.commands.printing import marks, never_refuse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"some of: {', '.join(PARTS)} (default: all, but {' and '.join(WITH_MODELS)} only if models are chosen); "
        f"or {BARGE_IN}, by itself",
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer repeats and shorter runs: a minute, rougher figures"
    )
    parser.add_argument("--devices", action="store_true", help="the callback on the sound devices: you will hear it")
    parser.add_argument("--seconds", type=float, metavar="N", help="how long it speaks for the callback's figures")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    parser.add_argument(
        "--set",
        dest="given",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help=f"a setting for {', '.join((*WITH_MODELS, BARGE_IN))}, as in --set ears.model=PATH; may be repeated",
    )
    _add_barge_in(parser)
    parser.add_argument(INSIDE_FLAG, help=argparse.SUPPRESS)
    parser.add_argument(OPTIONS_FLAG, help=argparse.SUPPRESS)


def _add_barge_in(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        BARGE_IN,
        "The decision on recorded scenarios: JSON files that tell id, set, mic, seconds, cond (what was recorded) and "
        "speech (when somebody spoke), beside their sound; far and echo for loudspeakers.",
    )
    group.add_argument(
        "--scenarios",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="DIR",
        help="a folder with one folder a set, or one that holds such a folder for each seed: DIR/1, DIR/2, …",
    )
    group.add_argument("--seeds", type=_seeds, metavar="1-5", help="which of the seeds (default: all that are there)")
    group.add_argument("--preset", metavar="NAME", help="begin with this preset, not with the defaults")
    group.add_argument(
        "--heads",
        type=Path,
        metavar="DIR",
        help="what `python -m assistant.lab.train --folds K` wrote. A scenario whose cond.fold is N is judged by "
        "without-fold-N.onnx, which has heard none of the clips of fold N, and one without a fold by detector.onnx. "
        "Without this the shipped network judges: honest only on clips that were not in its training",
    )
    group.add_argument("--jobs", type=int, default=1, metavar="N", help="so many processes at once (default 1)")
    group.add_argument("--picture", type=Path, metavar="FILE", help="draw the front into this .svg or .png file")


def _seeds(text: str) -> list[int]:
    """Of "1-3,7": 1, 2, 3 and 7."""
    seeds: list[int] = []
    try:
        for part in text.split(","):
            first, dash, last = part.partition("-")
            seeds += range(int(first), int(last if dash else first) + 1)
    except ValueError:
        seeds = []
    if not seeds:
        raise argparse.ArgumentTypeError(f"{text} names no seeds: write 3, 1-5 or 1,4.")
    return seeds


def run(arguments: argparse.Namespace) -> int:
    """Returns 1 where a part could not be measured. An aim that is missed is no error: machines are busy."""
    if arguments.inside:
        from assistant.commands.measures.inside import run_inside

        return run_inside(arguments.inside, arguments.options)
    never_refuse()
    if BARGE_IN in arguments.parts:
        if len(arguments.parts) > 1:
            print(f"interject: {BARGE_IN} is measured by itself. Leave the other parts out.", file=sys.stderr)
            return 2
        from assistant.commands.measures.barge_in import run_barge_in

        return run_barge_in(arguments, machine_words())
    unknown = [part for part in arguments.parts if part not in PARTS]
    if unknown:
        print(f"interject: there is no part {unknown[0]}. There are {', '.join(PARTS)}, {BARGE_IN}.", file=sys.stderr)
        return 2
    effort = replace(QUICK if arguments.quick else FULL, devices=arguments.devices)
    if arguments.seconds:
        effort = replace(effort, seconds=arguments.seconds)
    from assistant.settings.access import SettingRefused

    try:
        effort = replace(effort, knobs=_knobs(arguments.given))
    except SettingRefused as error:
        print(f"interject: {error}", file=sys.stderr)
        return 2
    parts = [part for part in PARTS if part in arguments.parts] or [
        part for part in PARTS if part not in WITH_MODELS or effort.knobs["brain.model"]
    ]
    return _measure_and_tell(parts, effort, arguments.json)


def _knobs(given: Sequence[str]) -> dict[str, str]:
    """What was given for this run, and the models of the person's own settings as paths; nothing else of those counts.

    Raises SettingRefused. Reads here what the processes that are started to be timed do without.
    """
    from assistant.commands.chosen import chosen
    from assistant.models.catalogue import Kind
    from assistant.models.shelf import ModelMissing, Shelf
    from assistant.settings.access import SettingRefused
    from assistant.settings.overrides import from_flags

    words = argparse.Namespace(preset=None, overrides=[("--set", text) for text in given])
    knobs = {each.key: each.text for each in from_flags(words)}
    settings = chosen(words).settings
    chosen_models: tuple[tuple[str, Kind, str], ...] = (
        ("ears.model", "ears", settings.ears.model),
        ("brain.model", "mind", settings.brain.model),
        ("voice.model", "voice", settings.voice.model),
    )
    for key, kind, name in chosen_models:
        try:
            knobs[key] = str(Shelf().find(kind, name)) if name else ""
        except ModelMissing as missing:
            raise SettingRefused(f"{key}: {missing}") from missing
    return knobs


def _measure_and_tell(parts: Sequence[str], effort: Effort, file: Path | None) -> int:
    before = load_average()
    print(f"{machine_words()}, load average before {_load_words(before)}", flush=True)
    print(f"{'part':<11}{'what':<34}{'median':>18}  {'least…most':<15} aim", flush=True)
    figures: list[Figure] = []
    below: list[Figure] = []
    drawn: list[Drawn] = []
    failed: dict[str, str] = {}
    for part in parts:
        try:
            for measured in PARTS[part](effort):
                if isinstance(measured, Drawn):
                    drawn.append(measured)
                    below.extend(measured.figures)
                else:
                    figures.append(measured)
                    print(row(measured, marks(sys.stdout)), flush=True)
        except (NotMeasured, ImportError, OSError) as error:
            failed[part] = str(error)
            print(f"{part:<11}not measured: {error} Look at: interject doctor", flush=True)
    for each in drawn:
        print("\n" + "\n".join(each.lines), flush=True)
    after = load_average()
    print(f"\nLoad average after {_load_words(after)}. {verdict(figures)}", flush=True)
    if file is not None:
        loads = {"before": before, "after": after}
        told = {
            "machine": machine_words(),
            "load_average": loads,
            "figures": [{**asdict(figure), "is_met": figure.is_met} for figure in (*figures, *below)],
            "not_measured": failed,
        }
        try:
            file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            print(f"interject: {error}. Choose another place for --json.", file=sys.stderr)
            return 1
    return 1 if failed else 0


def verdict(figures: Sequence[Figure]) -> str:
    """How many aims were reached, and which were not."""
    judged = [figure for figure in figures if figure.is_met is not None]
    if not judged:
        return "No aim was set for these parts."
    missed = [f"{figure.part}: {figure.name}" for figure in judged if not figure.is_met]
    told = f"{len(judged) - len(missed)} of {len(judged)} aims reached"
    return f"{told}; missed: {'; '.join(missed)}." if missed else f"{told}."


def machine_words() -> str:
    """The machine in a few words."""
    return f"{platform.system()} {platform.machine()}, {usable_cores()} cores, Python {platform.python_version()}"


def _load_words(load: float | None) -> str:
    return "unknown" if load is None else f"{load:.1f}"


def _part(module: str, name: str) -> Measure:
    """Imported when it is measured: the processes that are started to be timed load this file too."""

    def measure(effort: Effort) -> Iterable[Measured]:
        work: Measure = getattr(import_module(f"assistant.commands.measures.{module}"), name)
        return work(effort)

    return measure


PARTS: Mapping[str, Measure] = {
    "core": _part("path", "core"),
    "vad": _part("path", "vad"),
    "front-end": _part("path", "front_end"),
    "frame-path": _part("path", "frame_path"),
    "replay": _part("path", "replayed"),
    "drawing": _part("app", "drawing"),
    "listening": _part("app", "listening"),
    "callback": _part("app", "callback"),
    "start-up": _part("app", "start_up"),
    "replies": _part("replies", "replies"),
    "stopping": _part("replies", "stopping"),
}
WITH_MODELS = ("replies", "stopping")
BARGE_IN = "barge-in"
"""Not among the parts: it needs recordings, takes minutes, and its figures are not of this machine."""
