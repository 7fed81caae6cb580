"""`bench barge-in`: the decision on recorded scenarios, each figure with its interval, and a picture of the front."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.commands.chosen import chosen
from assistant.commands.measures.barge_in_aims import Reached, reached
from assistant.commands.measures.barge_in_table import aims, table
from assistant.commands.printing import marks
from assistant.lab.score.judged import Heads, judged
from assistant.lab.score.outcome import Decided
from assistant.lab.score.sets import SetScore, processor_ms, score
from assistant.lab.score.truth import NoTruth, Trial, read_trials, seed_folders
from assistant.lab.sound_file import BadSound
from assistant.settings.access import KNOBS, SettingRefused, value
from assistant.settings.paths import MissingResource
from assistant.settings.presets import PresetRefused
from assistant.settings.sections import Settings
from assistant.speech.head import HeadMissing
from assistant.speech.silero import VadMissing

PICTURES = (".svg", ".png")


def run_barge_in(arguments: argparse.Namespace, machine: str) -> int:
    """machine: in a few words. Returns 2 for what cannot be asked for, 1 for scenarios that cannot be read.

    The person's own settings file does not count: the same command gives the same figures everywhere.
    """
    try:
        _check_places(arguments)
        words = [("--set", text) for text in arguments.given]
        flags = argparse.Namespace(preset=arguments.preset, overrides=words)
        settings = chosen(flags, with_file=False).settings
    except (SettingRefused, PresetRefused, _Unusable) as error:
        print(f"interject: {error}", file=sys.stderr)
        return 2
    try:
        folders = seed_folders(arguments.scenarios, arguments.seeds or ())
        trials = [trial for folder in folders for trial in read_trials(folder)]
        heads = Heads(arguments.heads)
        if settings.vad.detector == "learned":
            heads.check(trials)
        print("\n".join([machine, *_heading(trials, folders, settings, heads)]), flush=True)
        all_decided = list(_with_progress(judged(trials, settings, heads, max(1, arguments.jobs)), len(trials)))
        scores = score(all_decided)
        wanted = tuple(reached(scores))
        print("\n".join(["", *table(scores, processor_ms(all_decided)), "", *aims(wanted, marks(sys.stdout))]))
        if arguments.json is not None:
            told = {"machine": machine, **_told(folders, settings, arguments.heads, scores, all_decided, wanted)}
            arguments.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if arguments.picture is not None:
            from assistant.commands.measures.barge_in_picture import paint_front  # Qt only where it draws

            paint_front(scores, arguments.picture)
    except (BadSound, NoTruth, VadMissing, HeadMissing, MissingResource, OSError) as error:
        print(f"interject: {error}", file=sys.stderr)
        return 1
    return 0


class _Unusable(ValueError):
    """The command line asks for what cannot be."""


def _check_places(arguments: argparse.Namespace) -> None:
    """Before minutes of replaying. Raises _Unusable."""
    if not arguments.scenarios:
        raise _Unusable("bench barge-in needs recorded scenarios: --scenarios DIR.")
    if arguments.picture is not None and arguments.picture.suffix.lower() not in PICTURES:
        raise _Unusable(f"{arguments.picture} is neither .svg nor .png.")
    for file in (arguments.json, arguments.picture):
        if file is not None and not file.parent.is_dir():
            raise _Unusable(f"{file.parent} is no folder. Choose another place for {file.name}.")


def _heading(trials: Sequence[Trial], folders: Sequence[Path], settings: Settings, heads: Heads) -> list[str]:
    minutes = sum(trial.truth.seconds for trial in trials) / 60
    named = ", ".join(folder.name for folder in folders)
    lines = [f"{len(trials)} scenarios, {minutes:.0f} minutes, from {named}"]
    if changed := _changed(settings):
        lines.append("With " + ", ".join(f"{key} {shown}" for key, shown in changed.items()))
    if settings.vad.detector != "learned":
        lines.append("Silero alone: nothing in it was trained here.")
    elif heads.folder is None:
        lines.append("Judged by the shipped network, which may have heard some of these clips: see --heads.")
    else:
        folds = sum(trial.truth.fold is not None for trial in trials)
        others = f"; {len(trials) - folds} name no fold, by detector.onnx" if folds < len(trials) else ""
        lines.append(f"{folds} judged by a network that never heard their clips{others}.")
    return lines


def _with_progress(all_decided: Iterator[Decided], count: int) -> Iterator[Decided]:
    """How far it is, for a person who watches."""
    began_s = time.monotonic()
    for done, each in enumerate(all_decided, 1):
        if sys.stderr.isatty():
            left_s = (time.monotonic() - began_s) / done * (count - done)
            end = "\r" if done < count else "\r\033[K"
            print(f"{done} of {count} scenarios, about {left_s / 60:.0f} minutes left ", end=end, file=sys.stderr)
        yield each


def _changed(settings: Settings) -> dict[str, Any]:
    return {key: now for key in KNOBS if (now := value(settings, key)) != value(Settings(), key)}


def _told(
    folders: Sequence[Path],
    settings: Settings,
    heads: Path | None,
    scores: Sequence[SetScore],
    all_decided: Sequence[Decided],
    wanted: Sequence[Reached],
) -> dict[str, Any]:
    """The whole result for a file. low and high: the 95 % confidence interval."""
    return {
        "scenarios": len(all_decided),
        "minutes": sum(each.truth.seconds for each in all_decided) / 60,
        "folders": [str(folder) for folder in folders],
        "heads": str(heads) if heads is not None else None,
        "changed_settings": _changed(settings),
        "sets": {each.set: {group.name: asdict(group) for group in each.groups} for each in scores},
        "processor": {name: asdict(cost) for name, cost in processor_ms(all_decided).items()},
        "aims": [{**asdict(each.wanted), "value": each.figure.value, "is_met": each.is_met} for each in wanted],
    }
