"""A recorded situation to decide again: the microphone, and what the loudspeaker was given."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.lab.sound_file import BadSound, Floats, read_sound

LONGEST_DELAY_S = 10.0
"""From loudspeaker to mic: far above any device's, low enough that a wrong unit is noticed."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """mic, far, echo: files, far and echo None for headphones. far: the playback at full level, on the mic's clock.

    echo: the loudspeaker's own part of mic, which a playback that ducks or stops changes. delay_s: from far to echo.
    """

    id: str
    mic: Path
    far: Path | None = None
    echo: Path | None = None
    delay_s: float = 0.0

    def read(self) -> tuple[Floats, Floats | None, Floats | None]:
        """mic, far and echo as (n,) float32 at 16 kHz, all as long as mic. Raises BadSound."""
        mic = read_sound(self.mic)
        return mic, _like(mic, self.far), _like(mic, self.echo)


def find_scenarios(places: list[Path], far: Path | None = None) -> list[Scenario]:
    """Scenarios (JSON beside their sound) in folders, and plain sound files as they are. Raises BadSound.

    far: the playback of a single plain file.
    """
    found = []
    for place in places:
        if place.is_dir():
            files = sorted(place.rglob("*.json"))
            if not files:
                raise BadSound(f"{place} holds no scenarios: there is no .json file in it or below it.")
            found += [_from_json(file) for file in files]
        elif place.suffix == ".json":
            found.append(_from_json(place))
        else:
            found.append(Scenario(place.stem, place, far))
    if far is not None and len(found) != 1:
        raise BadSound("--far goes with exactly one sound file.")
    return found


def _from_json(file: Path) -> Scenario:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        mic = Path(told["mic"])
        if not mic.name:
            raise ValueError("mic names no file")
        root = file.parents[len(mic.parts) - 1]
        far, echo = told.get("far"), told.get("echo")
        delay_s = float((told.get("cond") or {}).get("delay_ms") or 0) / 1000
        if not 0 <= delay_s <= LONGEST_DELAY_S:
            raise ValueError(f"delay_ms must be 0 to {LONGEST_DELAY_S * 1000:.0f}")
        return Scenario(
            id=told["id"],
            mic=root / mic,
            far=root / far if far else None,
            echo=root / echo if echo else None,
            delay_s=delay_s,
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise BadSound(f"{file} is no scenario: {error!r}. It needs at least id and mic.") from error


def _like(mic: Floats, path: Path | None) -> Floats | None:
    if path is None:
        return None
    sound = read_sound(path)
    missing = len(mic) - len(sound)
    if missing > 0:
        sound = np.pad(sound, (0, missing))
    return sound[: len(mic)]


