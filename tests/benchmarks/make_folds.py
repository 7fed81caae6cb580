"""Deals a collection of clips into folds: folders to train on, and scenarios of each fold that its network never heard.

python -m tests.benchmarks.make_folds CLIPS MAKER OUT [--folds 5]

CLIPS holds manifest.csv (file, kind, licence, source, …), the clips that it names and, if some are not what their label
says, skip.txt. MAKER is a script that makes scenarios of such a folder: `MAKER --data DIR --seed N --out DIR`.

OUT/speech and OUT/noise are what `assistant.lab.train --folds 5` takes: a folder for each talker and each kind of
noise, without clips whose licence does not allow it. OUT/scenarios is what `assistant bench barge-in --heads` takes:
seed N made of the clips of fold N - 1 alone, which is written into cond.fold. Clips that nothing is trained on are
dealt out by turns, and the assistant's own voices are in every fold. The networks that judged the README's table are
in tests/benchmarks/folds.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from assistant.lab.train.clips import find_clips

FOLD_SEED = 7
"""As `assistant.lab.train` deals."""
NOT_TRAINED_ON = ("-nc", "conditions", "no licence")
"""In the licence: to measure with, not to learn from."""
OWN_VOICE = "farend"
SPEECH = ("speech", "short")
PAIRED = ("_mic", "_lpb", "_near")
"""Ends of the names of what was recorded together."""

Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path)
    parser.add_argument("maker", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    arguments = parser.parse_args()
    clips, out = arguments.clips.resolve(), arguments.out.resolve()
    rows = wanted(clips)
    link_training_folders(clips, out, rows)
    folds = dealt(rows, out, arguments.folds)
    for fold in range(arguments.folds):
        own = out / f"clips-{fold}"
        link_fold(clips, own, [row for row, of in zip(rows, folds, strict=True) if fold in of])
        make_scenarios(arguments.maker, own, out / "scenarios" / f"seed-{fold + 1}", fold)


def wanted(clips: Path) -> list[Row]:
    """The manifest without what skip.txt names."""
    skip = clips / "skip.txt"
    lines = skip.read_text(encoding="utf-8").splitlines() if skip.exists() else []
    skipped = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    with (clips / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if not any(name in f"{row['file']} {row['source']}" for name in skipped)]


def link_training_folders(clips: Path, out: Path, rows: list[Row]) -> None:
    """OUT/speech/<talker> and OUT/noise/<kind>."""
    for row in rows:
        file = Path(row["file"])
        is_speech = file.parts[0] in SPEECH
        if row["kind"] == OWN_VOICE or not (is_speech or file.parts[0] == "noise"):
            continue
        if any(word in row["licence"].lower() for word in NOT_TRAINED_ON):
            continue
        folder = out / "speech" / talker(file.stem) if is_speech else out / "noise" / row["kind"]
        link(clips / file, folder / file.name)


def talker(stem: str) -> str:
    """Who speaks, by the collections' ways of naming files; whoever is not known to speak twice is somebody else."""
    head, *parts = stem.split("_")
    if head == "mycroft":
        return stem.split("__", maxsplit=1)[0]
    if head == "fsdd":  # fsdd_DIGIT_NAME_NUMBER
        return f"{head}_{parts[1]}"
    if head == "tux":  # tux_LANGUAGE_WORD
        return f"{head}_{parts[0]}"
    if head == "ast":
        return head
    return stem.split("_snt", maxsplit=1)[0]  # sb_spk1_snt2


def dealt(rows: list[Row], out: Path, folds: int) -> list[list[int]]:
    """In which folds each row is."""
    trained = find_clips(out / "speech", folds, FOLD_SEED, by_folder=True)
    trained += find_clips(out / "noise", folds, FOLD_SEED, by_folder=False)
    of_trained = {clip.name: clip.fold for clip in trained}
    turns: Counter[tuple[str, str]] = Counter()
    of_group: dict[tuple[str, str], int] = {}
    found = []
    for row in rows:
        stem, kind = Path(row["file"]).stem, row["kind"]
        if stem in of_trained:
            found.append([of_trained[stem]])
        elif kind == OWN_VOICE:
            found.append(list(range(folds)))
        else:
            group = kind, next((stem.removesuffix(end) for end in PAIRED if stem.endswith(end)), stem)
            if group not in of_group:
                collection = kind, stem.split("_")[0]
                of_group[group] = turns[collection] % folds
                turns[collection] += 1
            found.append([of_group[group]])
    return found


def link_fold(clips: Path, own: Path, rows: list[Row]) -> None:
    """A folder like CLIPS with these rows alone in its manifest."""
    for entry in clips.iterdir():
        if entry.name != "manifest.csv":
            link(entry, own / entry.name)
    with (own / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def make_scenarios(maker: Path, own: Path, out: Path, fold: int) -> None:
    """Lets MAKER make them, and writes into each of which fold it is."""
    seed = str(fold + 1)
    subprocess.run([sys.executable, maker, "--data", own, "--seed", seed, "--out", out], check=True)
    for file in out.rglob("*.json"):
        told = json.loads(file.read_text(encoding="utf-8"))
        if "cond" in told:
            told["cond"]["fold"] = fold
            file.write_text(json.dumps(told), encoding="utf-8")


def link(target: Path, at: Path) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    if not at.exists():
        at.symlink_to(target)


if __name__ == "__main__":
    main()
