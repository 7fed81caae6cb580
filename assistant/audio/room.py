"""The simulated room: a loudspeaker, a mic and the air between them, in place of a sound device."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from assistant.audio.stream import RATE, OnBlock

BLOCK = 480
_LATE_S = 0.1


def room_response(rt60_s: float, echo_db: float, seed: int, rate: int = RATE) -> np.ndarray:
    """How the mic hears the loudspeaker: (n,) float32, direct sound first, then decaying noise for 2/3 of `rt60_s`.

    `echo_db` is the level of the echo of white noise against the noise itself. Exponentially decaying Gaussian noise is
    Polack's model of a room's late response (1988); the direct sound carries half the energy, as near a loudspeaker.
    Raises ValueError unless rt60_s > 0.
    """
    if rt60_s <= 0:
        raise ValueError(f"the reverberation time must be above 0 s, not {rt60_s:g}")
    # Two thirds of it, 40 dB down: what follows is under the noise bed, and costs time in every block.
    n = max(2, round(rt60_s * rate * 2 / 3))
    decay = np.exp(-np.log(1000) * np.arange(n) / (rt60_s * rate))
    response = np.random.default_rng(seed).standard_normal(n) * decay
    response[0] = 0.0
    response *= 1.0 / np.sqrt(np.sum(response**2))
    response[0] = 1.0
    return np.asarray(response * (10 ** (echo_db / 20) / np.sqrt(2)), np.float32)


def noise_bed(level_dbfs: float, seed: int, seconds: float = 8.0, rate: int = RATE) -> np.ndarray:
    """A quiet room's noise, to be repeated: (whole blocks,) float32, falling 3 dB an octave, RMS `level_dbfs`."""
    n = round(seconds * rate / BLOCK) * BLOCK
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(n))
    hertz = np.fft.rfftfreq(n, 1 / rate)
    spectrum *= 1 / np.sqrt(np.maximum(hertz, 30.0))
    spectrum[hertz < 30.0] = 0.0
    bed = np.fft.irfft(spectrum, n)
    bed *= 10 ** (level_dbfs / 20) / np.sqrt(np.mean(bed**2))
    return bed.astype(np.float32)


class PartitionedConvolution:
    """Convolves a stream with a long response, block by block, exactly.

    Uniformly partitioned overlap-save with a frequency-domain delay line (Stockham 1966; Gardner 1995): one FFT of two
    blocks each way, and one multiplication a partition.
    """

    def __init__(self, response: np.ndarray, block: int = BLOCK) -> None:
        self._block = block
        partitions = -(-len(response) // block)
        padded = np.zeros(partitions * block, np.float32)
        padded[: len(response)] = response
        self._filter = np.fft.rfft(padded.reshape(partitions, block), 2 * block).astype(np.complex64)
        self._line = np.zeros_like(self._filter)
        self._window = np.zeros(2 * block, np.float32)
        self._newest = 0

    def step(self, sound: np.ndarray) -> np.ndarray:
        """Takes the next block, (block,) float32, and returns the output's block of the same time."""
        self._window[: self._block] = self._window[self._block :]
        self._window[self._block :] = sound
        partitions = len(self._line)
        self._newest = (self._newest - 1) % partitions
        self._line[self._newest] = np.fft.rfft(self._window)
        # Partition p meets the block of p steps ago, which lies p places after the newest, going round.
        split = partitions - self._newest
        total = np.einsum("pf,pf->f", self._filter[:split], self._line[self._newest :])
        total += np.einsum("pf,pf->f", self._filter[split:], self._line[: self._newest])
        return np.fft.irfft(total, 2 * self._block)[self._block :].astype(np.float32)


class RoomDevice:
    """A sound device without hardware: what the loudspeaker plays comes back through a room, over a bed of noise.

    Owned by the thread that calls `run_until` or `tick`; `open` and `close` may be called by another. It keeps real
    time by itself, 10 ms a block. Whatever listens cannot tell: it calls the same callback as a real device does.
    """

    input_name = "Simulated microphone"
    output_name = "Simulated loudspeaker"
    block_ms = BLOCK / RATE * 1000
    input_latency_s = input_lag_s = 0.0
    failure = ""

    def __init__(
        self,
        *,
        echo_db: float = -20.0,
        delay_ms: float = 30.0,
        rt60_s: float = 0.3,
        noise_dbfs: float = -60.0,
        seed: int = 1,
        heard_by: Callable[[np.ndarray], object] | None = None,
        clock_s: Callable[[], float] = time.perf_counter,
        sleep_s: Callable[[float], None] = time.sleep,
    ) -> None:
        """`delay_ms` is the round trip from playback to mic, at least one block; `heard_by` is somebody in the room,
        such as `Interrupter.hear`, who gets each block that was played, (480,) float32. Raises ValueError.
        """
        delay = round(delay_ms * RATE / 1000)
        if delay < BLOCK:
            raise ValueError(f"sound needs at least one block, 10 ms, from loudspeaker to mic, not {delay_ms:g} ms")
        # The block played now is first heard in the next one: one block of the delay is the loop's own.
        response = np.concatenate([np.zeros(delay - BLOCK, np.float32), room_response(rt60_s, echo_db, seed)])
        self.output_latency_s = delay / RATE
        self._air = PartitionedConvolution(response)
        self._noise = noise_bed(noise_dbfs, seed + 1).reshape(-1, BLOCK)
        self._near = np.zeros((BLOCK, 1), np.float32)
        self._out = np.zeros((BLOCK, 1), np.float32)
        self._steps = 0
        self._due_s: float | None = None
        self._heard_by = heard_by
        self._clock_s = clock_s
        self._sleep_s = sleep_s
        self._on_block: OnBlock | None = None

    def open(self, on_block: OnBlock) -> None:
        """Connects the callback. Blocks flow as soon as a thread ticks."""
        self._on_block = on_block

    def close(self) -> None:
        """Disconnects the callback."""
        self._on_block = None

    def step(self, late: bool = False) -> None:
        """Lets 10 ms pass at once: one block in, one block out. Does nothing while closed."""
        on_block = self._on_block
        if on_block is None:
            return
        near = self._near[:, 0]
        np.add(self._air.step(self._out[:, 0]), self._noise[self._steps % len(self._noise)], out=near)
        np.clip(near, -1.0, 1.0, out=near)
        on_block(self._near, self._out, late, late)
        if self._heard_by is not None:
            self._heard_by(self._out[:, 0])
        self._steps += 1

    def tick(self) -> None:
        """Sleeps until the next block is due, then lets it pass. A block more than 100 ms late counts as an xrun."""
        now_s = self._clock_s()
        if self._due_s is None:
            self._due_s = now_s
        if now_s < self._due_s:
            self._sleep_s(self._due_s - now_s)
        late = now_s - self._due_s > _LATE_S
        if late:
            self._due_s = now_s
        self._due_s += BLOCK / RATE
        self.step(late)

    def run_until(self, stop: Callable[[], bool]) -> None:
        """Ticks until `stop()` is true. To be run by a worker's thread."""
        self._due_s = None
        while not stop():
            self.tick()
