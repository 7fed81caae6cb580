"""Something to hear for the measurements: Interject's own voice from the loudspeaker, and one that interrupts it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.audio.room import BLOCK, PartitionedConvolution, noise_bed, room_response
from assistant.brain.passages import load_passages
from assistant.commands.measures.figure import NotMeasured
from assistant.signal.decimate import Decimator
from assistant.speech.espeak import EspeakVoice
from assistant.speech.interrupter import INTERRUPTIONS, Interrupter
from assistant.speech.voice import SpokenChunk, VoiceFailed

RATE = 48_000
EVERY_S = 4.0
"""Between two interruptions."""
ECHO_DB, RT60_S, NOISE_DBFS = -20.0, 0.3, -60.0

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """near: the mic. far: the loudspeaker. echo: its part in near. Each (n,) float32, mono, at `rate`."""

    near: Floats
    far: Floats
    echo: Floats
    rate: int = RATE

    @property
    def seconds(self) -> float:
        return len(self.near) / self.rate

    def at_16_khz(self) -> Heard:
        """The same, slower."""
        near, far, echo = (Decimator().process(sound) for sound in (self.near, self.far, self.echo))
        return Heard(near, far, echo, 16_000)


def conversation(seconds: float) -> Heard:
    """Rehearsal over a loudspeaker in a room, interrupted now and then. Raises NotMeasured without a voice."""
    n = round(seconds * RATE) // BLOCK * BLOCK
    try:
        far = _read_aloud(n)
        said = [Interrupter(EspeakVoice()).utter(text).audio for text in INTERRUPTIONS]
    except VoiceFailed as failed:
        raise NotMeasured(str(failed)) from failed
    air = PartitionedConvolution(room_response(RT60_S, ECHO_DB, seed=1))
    echo = np.concatenate([air.step(block) for block in far.reshape(-1, BLOCK)])
    near = echo + np.resize(noise_bed(NOISE_DBFS, seed=2), n)
    for i, start in enumerate(range(round(EVERY_S * RATE), n, round(EVERY_S * RATE))):
        part = said[i % len(said)][: n - start]
        near[start : start + len(part)] += part
    return Heard(np.clip(near, -1, 1, dtype=np.float32), far, echo.astype(np.float32))


def _read_aloud(n: int) -> Floats:
    chunks: list[Floats] = []

    def take(chunk: SpokenChunk) -> bool:
        chunks.append(chunk.audio)
        return sum(map(len, chunks)) < n

    voice = EspeakVoice()
    sentences = [sentence for passage in load_passages() for sentence in passage.sentences]
    while sum(map(len, chunks)) < n:
        for sentence in sentences:
            voice.speak(sentence, take)
            if sum(map(len, chunks)) >= n:
                break
    return np.concatenate(chunks)[:n]
