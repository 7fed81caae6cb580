"""What really happened in a scenario, and the folders in which scenarios with their truth lie."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.lab.scenario import Scenario, find_scenarios
from assistant.lab.sound_file import BadSound

SETS = ("interrupt", "noise", "short", "echo", "echo_hard", "echo_noise", "echo_real")
_SEED = re.compile(r"(?:seed|s)?[-_ ]?(\d+)", re.IGNORECASE)
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "interrupt": ("snr",),
    "noise": ("kind", "group"),
    "short": ("kind",),
    "echo": ("near", "ser_db"),
    "echo_hard": ("near", "ser_db"),
    "echo_noise": (),
    "echo_real": ("near",),
}
"""What `cond` must tell in each set."""


class NoTruth(ValueError):
    """A scenario does not tell what happened in it, so that it cannot be scored. The text says what is missing."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What happened in one scenario.

    onset_s, offset_s: of the user's first utterance; None where nobody is known to speak. has_near: somebody speaks,
    even if it is not known when. kind, is_speechlike: of a noise or a word. ser_db: speech to echo. snr: the bed of an
    interruption, "clean" or dB. fold: its clips were left out of the network of that number (`assistant.lab.train`).
    """

    id: str
    set: str
    seconds: float
    onset_s: float | None = None
    offset_s: float | None = None
    has_near: bool = False
    kind: str = ""
    is_speechlike: bool = False
    ser_db: float | None = None
    snr: str = ""
    fold: int | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A scenario with its truth. seed: the name of the folder it is from."""

    scenario: Scenario
    truth: Truth
    seed: str


def seed_folders(places: Sequence[Path], seeds: Iterable[int] = ()) -> list[Path]:
    """One folder a seed, each with its sets in it. places: such folders, or folders that hold one of them a seed.

    seeds: which of those (all by default), by the number in the folder's name: 1, seed-1, s1. Raises BadSound.
    """
    wanted = sorted(set(seeds))
    found: list[Path] = []
    for place in places:
        if not place.is_dir():
            raise BadSound(f"{place} is no folder. Name a folder of scenarios.")
        if any(place.glob("*/*.json")):
            if wanted:
                raise BadSound(f"{place} is one seed's folder: --seeds picks from a folder that holds one a seed.")
            found.append(place)
            continue
        numbered = _numbered(place)
        missing = [str(seed) for seed in wanted if seed not in numbered]
        if missing or not numbered:
            there = ", ".join(numbered[seed].name for seed in sorted(numbered)) or "none"
            which = f"seed {', '.join(missing)}" if missing else "scenarios"
            raise BadSound(f"{place} holds no {which}: wanted 1/<set>/*.json or seed-1/<set>/*.json, found {there}.")
        found += [numbered[seed] for seed in wanted or sorted(numbered)]
    return found


def read_trials(folder: Path, sets: Iterable[str] = SETS) -> list[Trial]:
    """The scenarios of one seed's folder, in order, of those sets. Raises BadSound and NoTruth."""
    wanted = tuple(sets)
    trials = []
    for file in sorted(folder.glob("*/*.json")):
        (scenario,) = find_scenarios([file])
        truth = _truth(file, json.loads(file.read_text(encoding="utf-8")))
        if truth.set in wanted:
            trials.append(Trial(scenario, truth, folder.name))
    if not trials:
        raise BadSound(f"{folder} holds no scenarios of {', '.join(wanted)}.")
    return trials


def _numbered(place: Path) -> dict[int, Path]:
    return {
        int(match[1]): folder
        for folder in sorted(place.iterdir())
        if folder.is_dir() and (match := _SEED.fullmatch(folder.name)) and any(folder.glob("*/*.json"))
    }


def _truth(file: Path, told: Any) -> Truth:
    cond, speech = told.get("cond"), told.get("speech")
    if not isinstance(cond, dict) or not isinstance(speech, list):
        raise NoTruth(f"{file} cannot be scored: it does not tell what happened in it (`cond` and `speech`).")
    of_set = told.get("set")
    if of_set not in SETS:
        raise NoTruth(f"{file} cannot be scored: its set is {of_set!r}, not one of {', '.join(SETS)}.")
    missing = [name for name in _NEEDED[of_set] if name not in cond]
    if missing:
        raise NoTruth(f"{file} cannot be scored: its `cond` does not tell {' and '.join(missing)}.")
    try:
        onset_s, offset_s = (float(speech[0][edge]) for edge in ("onset", "offset")) if speech else (None, None)
        has_near = bool(cond["near"]) if "near" in cond else bool(speech)
        truth = Truth(
            id=told["id"],
            set=of_set,
            seconds=float(told["seconds"]),
            onset_s=onset_s,
            offset_s=offset_s,
            has_near=has_near,
            kind=str(cond.get("kind", "")),
            is_speechlike=cond.get("group") == "speechlike",
            ser_db=float(cond["ser_db"]) if "ser_db" in cond else None,
            snr=str(cond.get("snr", "")),
            fold=int(cond["fold"]) if "fold" in cond else None,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise NoTruth(f"{file} cannot be scored: {error!r}. It needs seconds and speech's onset, offset.") from error
    if onset_s is None and (of_set in ("interrupt", "short") or (has_near and of_set in ("echo", "echo_hard"))):
        raise NoTruth(f"{file} cannot be scored: somebody speaks in it, and `speech` does not tell when.")
    return truth
