"""Many examples as arrays, made in pieces and kept on disk, so that a training can be repeated in minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.lab.train.features import Crowd, examples
from assistant.lab.train.mixes import MixMaker
from assistant.lab.train.processes import forked
from assistant.settings.sections import Settings

PIECE = 100


@dataclass(frozen=True, slots=True)
class Examples:
    """inputs: (sequences, frames, INPUTS) float16. is_voice, weight: (sequences, frames). fold: (sequences,)."""

    inputs: npt.NDArray[np.float16]
    is_voice: npt.NDArray[np.float32]
    weight: npt.NDArray[np.float32]
    fold: npt.NDArray[np.int64]


def load_or_make(
    maker: MixMaker, count: int, settings: Settings, work: Path | None, tell: Callable[[str], None], jobs: int = 1
) -> Iterator[Examples]:
    """The first `count` mixes of `maker`, in pieces. work: a folder of those of an earlier run, same clips and seed."""
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)

    def piece(start: int) -> Examples:
        end = min(count, start + PIECE)
        file = work / f"{start:05d}-{end:05d}.npz" if work is not None else None
        if file is not None and file.exists():
            with np.load(file) as kept:
                return Examples(kept["inputs"], kept["is_voice"], kept["weight"], kept["fold"])
        made = _made(maker, range(start, end), settings)
        if file is not None:
            np.savez(file, inputs=made.inputs, is_voice=made.is_voice, weight=made.weight, fold=made.fold)
        tell(f"{end} of {count} mixes heard")
        return made

    yield from forked(piece, range(0, count, PIECE), jobs)


def gathered(pieces: Iterator[Examples], count: int) -> Examples:
    """All `count` sequences of the pieces, which are never in memory twice: they are gigabytes."""
    names = Examples.__slots__
    first = next(pieces)
    room = Examples(*(np.empty((count, *getattr(first, name).shape[1:]), getattr(first, name).dtype) for name in names))
    at = 0
    for piece in chain([first], pieces):
        for name in names:
            getattr(room, name)[at : at + len(piece.fold)] = getattr(piece, name)
        at += len(piece.fold)
    return room


def _made(maker: MixMaker, numbers: Sequence[int], settings: Settings) -> Examples:
    made = examples([maker.make(number) for number in numbers], settings, Crowd())
    return Examples(
        np.stack([each.inputs for each in made]),
        np.stack([each.is_voice for each in made]),
        np.stack([each.weight for each in made]),
        np.array([each.fold for each in made], np.int64),
    )
