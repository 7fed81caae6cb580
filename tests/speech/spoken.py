"""What a voice has spoken, chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assistant.speech.voice import SpokenChunk, WordMark


@dataclass
class Spoken:
    """wanted: the chunk that is answered with "no more"."""

    chunks: list[SpokenChunk] = field(default_factory=list)
    wanted: int = 1_000_000

    def emit(self, chunk: SpokenChunk) -> bool:
        self.chunks.append(chunk)
        return len(self.chunks) < self.wanted

    @property
    def audio(self) -> npt.NDArray[np.float32]:
        return np.concatenate([chunk.audio for chunk in self.chunks])

    @property
    def words(self) -> list[WordMark]:
        return [mark for chunk in self.chunks for mark in chunk.words]
