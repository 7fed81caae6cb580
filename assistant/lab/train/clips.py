"""The recordings that a training is made of: found in folders, dealt into folds, trimmed to where they sound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.lab.sound_file import BadSound, read_sound

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

RATE = 16_000
SUFFIXES = {".wav", ".flac", ".ogg"}
HOP = RATE // 200
"""5 ms: the grid on which activity is judged."""
WINDOW = 2 * HOP
HUM_HZ = 180.0
"""Thumps and handling noise below a voice must not count as its onset."""
OVER_FLOOR_DB = 10.0
UNDER_ACTIVE_DB = 28.0
SETTLED_HOPS = (8, 10)
"""An onset is where 8 of the next 10 hops sound."""
BRIDGED_HOPS = 40
"""Silence inside a phrase up to 200 ms still belongs to it."""
LEAST_SNR_DB = 20.0
"""Under this the onset cannot be placed, and the clip is not used as speech."""
LEAST_ACTIVE_S = 0.12


@dataclass(frozen=True, slots=True)
class Clip:
    """sound: (n,) float32, 16 kHz. folder: the speaker, or the kind of noise. fold: 0 … folds - 1."""

    name: str
    folder: str
    fold: int
    sound: Floats


@dataclass(frozen=True, slots=True)
class Phrase:
    """Clean speech that begins and ends with it. active: (n // HOP,), where the voice sounds. level_dbfs: while so."""

    clip: Clip
    sound: Floats
    active: Flags
    level_dbfs: float


@dataclass(frozen=True)
class Recordings:
    """All that was found of one kind of use. phrases: of the speech, as far as it is clean."""

    speech: list[Clip]
    noise: list[Clip]
    phrases: list[Phrase]


def find_recordings(speech: Path | None, noise: Path | None, folds: int, seed: int) -> Recordings:
    """A folder for each speaker, and one for each kind of noise. None holds nothing. Raises BadSound as find_clips."""
    spoken = find_clips(speech, folds, seed, by_folder=True) if speech else []
    sounds = find_clips(noise, folds, seed, by_folder=False) if noise else []
    return Recordings(spoken, sounds, phrases(spoken))


def find_clips(root: Path, folds: int, seed: int, by_folder: bool, longest_s: float = 60.0) -> list[Clip]:
    """Every sound below `root`. by_folder: a folder (one speaker each) is never split between folds; else by clip.

    Raises BadSound if there are none.
    """
    files = sorted(path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not files:
        raise BadSound(f"{root} holds no sound: put WAV, FLAC or OGG files there, a folder for each speaker or kind.")
    folders = [str(path.parent.relative_to(root)) for path in files]
    sounds = [read_sound(path)[: int(longest_s * RATE)] for path in files]
    dealt = _by_folder(folders, sounds, folds, seed) if by_folder else _by_clip(folders, folds, seed)
    named = zip(files, folders, dealt, sounds, strict=True)
    return [Clip(path.stem, folder, fold, sound) for path, folder, fold, sound in named]


def _by_folder(folders: list[str], sounds: list[Floats], folds: int, seed: int) -> list[int]:
    """Longest folder first into the fold that holds least; ties in an order drawn from the seed."""
    lengths: dict[str, int] = {}
    for folder, sound in zip(folders, sounds, strict=True):
        lengths[folder] = lengths.get(folder, 0) + len(sound)
    order = np.random.default_rng(seed).permutation(len(lengths))
    names = sorted((sorted(lengths)[at] for at in order), key=lambda name: -lengths[name])
    held = [0] * folds
    of: dict[str, int] = {}
    for name in names:
        of[name] = held.index(min(held))
        held[of[name]] += lengths[name]
    return [of[folder] for folder in folders]


def _by_clip(folders: list[str], folds: int, seed: int) -> list[int]:
    """Each folder's clips go round the folds in an order drawn from the seed; a folder begins where the last ended."""
    rng = np.random.default_rng(seed)
    dealt = [0] * len(folders)
    next_fold = 0
    for folder in sorted(set(folders)):
        members = [at for at, name in enumerate(folders) if name == folder]
        for at in rng.permutation(members):
            dealt[int(at)] = next_fold
            next_fold = (next_fold + 1) % folds
    return dealt


def in_every_fold(recordings: Recordings, folds: int) -> Recordings:
    """The same recordings in each fold: what judges nothing may be learnt from whichever fold is held out."""

    def everywhere(clip: Clip) -> list[Clip]:
        return [replace(clip, fold=fold) for fold in range(folds)]

    return Recordings(
        recordings.speech,
        [clip for each in recordings.noise for clip in everywhere(each)],
        [replace(each, clip=clip) for each in recordings.phrases for clip in everywhere(each.clip)],
    )


def phrases(clips: list[Clip], longest_s: float = 4.0) -> list[Phrase]:
    """The clips' phrases, cut at pauses, without clips whose background hides the onset."""
    found: list[Phrase] = []
    for clip in clips:
        activity = find_activity(clip.sound)
        if activity is None:
            continue
        edges = np.flatnonzero(np.diff(np.concatenate([[0], activity.active.astype(np.int8), [0]])))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            end_at = min(end, start + int(longest_s * RATE) // HOP)
            if (end_at - start) * HOP < LEAST_ACTIVE_S * RATE:
                continue
            before, after = min(start, 12), 20
            sound = clip.sound[(start - before) * HOP : (end_at + after) * HOP].copy()
            active = activity.active[start - before : start - before + len(sound) // HOP].copy()
            active[end_at - start + before :] = False
            sound[: before * HOP] *= np.linspace(0, 1, before * HOP, dtype=np.float32)
            fade = min(10 * HOP, len(sound))
            sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
            found.append(Phrase(clip, sound, active[: len(sound) // HOP], activity.level_dbfs))
    return found


@dataclass(frozen=True, slots=True)
class Activity:
    active: Flags
    level_dbfs: float


def find_activity(sound: Floats) -> Activity | None:
    """Where a clean recording sounds, on a grid of HOP samples; None where nothing stands out enough from the floor."""
    if len(sound) < RATE // 5:
        return None
    levels = _levels(_without_hum(sound))
    level_dbfs = active_level(sound)
    floor_dbfs = float(np.percentile(levels, 10)) if len(levels) > 100 else float(levels.min())
    threshold = max(floor_dbfs + OVER_FLOOR_DB, level_dbfs - UNDER_ACTIVE_DB)
    if level_dbfs - floor_dbfs < LEAST_SNR_DB and len(sound) > RATE:
        return None
    loud = levels > threshold
    needed, span = SETTLED_HOPS
    settled = np.convolve(loud, np.ones(span, int))[span - 1 :][: len(loud)] >= needed
    active = np.zeros_like(loud)
    for at in np.flatnonzero(settled & loud):
        active[at : at + span] |= loud[at : at + span]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], active.astype(np.int8), [0]])))
    for end, start in zip(edges[1::2], edges[2::2], strict=False):
        if start - end <= BRIDGED_HOPS:
            active[end:start] = True
    return Activity(active, level_dbfs) if active.any() else None


def active_level(sound: Floats) -> float:
    """dBFS of the 25 ms windows less than 20 dB under the loudest."""
    count = max(1, (len(sound) - 400) // 200 + 1)
    powers = np.array([np.mean(np.square(sound[at * 200 : at * 200 + 400])) for at in range(count)]) + 1e-12
    return float(10 * np.log10(powers[powers > powers.max() / 100].mean()))


def _levels(sound: Floats) -> Floats:
    squares = np.square(sound[: len(sound) // HOP * HOP]).reshape(-1, HOP).mean(1)
    pairs = (squares + np.append(squares[1:], squares[-1])) / 2
    return np.asarray(10 * np.log10(pairs + 1e-12), np.float32)


def _without_hum(sound: Floats) -> Floats:
    spectrum = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum *= 1 / np.sqrt(1 + (HUM_HZ / np.maximum(hz, 1.0)) ** 4)
    return np.asarray(np.fft.irfft(spectrum, len(sound)), np.float32)
