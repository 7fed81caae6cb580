"""Playout: the queue between the speaking worker and the loudspeaker, which can be ducked and cut at any sample."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from assistant.signal.ramp import GainRamp

AUDIBLE = 0.001
"""Linear gain under which sound counts as not heard: 60 dB down, as in the definition of reverberation time
(ISO 3382). The deepest duck (-40 dB) is far above it."""

_REMEMBERED = 64
"""Replies whose figures are kept. A conversation asks about the present one and perhaps the one before."""


@dataclass(frozen=True, slots=True, eq=False)
class PlayoutChunk:
    """A piece of a reply. Raises ValueError if `audio` is not (n,) float32."""

    generation: int
    audio: np.ndarray
    """(n,) float32, mono 48 kHz, ±1.0, read-only. May be empty, to say that the reply has ended."""
    last: bool
    """True: the reply ends with this chunk."""

    def __post_init__(self) -> None:
        if self.audio.ndim != 1 or self.audio.dtype != np.float32:
            given = f"{self.audio.shape} {self.audio.dtype}"
            raise ValueError(f"a playout chunk is (n,) float32 at 48 kHz, not {given}; convert it first")
        if self.audio.flags.writeable:
            view = self.audio.view()
            view.flags.writeable = False
            object.__setattr__(self, "audio", view)


class _Reply:
    """What became of one reply. Written by the callback only."""

    __slots__ = ("cut_at", "finished_at", "generation", "heard", "rendered", "started_at")

    def __init__(self) -> None:
        self.begin(-1, None)

    def begin(self, generation: int, started_at: int | None) -> None:
        # The number goes last: a reader that finds its generation finds its figures.
        self.generation = -1
        self.started_at: int | None = started_at
        self.cut_at: int | None = None
        self.finished_at: int | None = None
        self.rendered = 0
        self.heard = 0
        self.generation = generation


class Playout:
    """One object with three owners and no lock; every field has one writer.

    The speaking worker puts chunks. The turn thread owns `generation`, `gain_target` and `volume`. The audio callback
    calls `render` and owns the rest. Anyone may read. Plain attributes and a deque's ends are atomic under the GIL.

    A gain change takes `ramp_ms`. When the generation advances, the old reply fades out over its own sound within
    `ramp_ms`, everything older is dropped, and the new reply begins at the next sample.
    """

    def __init__(self, ramp_ms: float = 5.0, rate: int = 48_000) -> None:
        self.rate = rate
        self.gain_target = 1.0
        """Linear; the turn thread writes it to duck and to restore."""
        self.held = -1
        """A generation whose sound waits; the turn thread writes it. What is held can still be made stale."""
        self.volume = 1.0
        """Linear, 0 < volume <= 1; scales every reply and does not count for what is audible."""
        self.underruns = 0
        """Gaps inside replies because a chunk came too late."""
        self.underrun_samples = 0
        self.playing = False
        """True from a reply's first sample to its last or to the end of its cut, gaps included."""
        self._generation = 0
        self._queue: deque[PlayoutChunk] = deque()
        self._accepted_generation = 0
        self._accepted = 0
        self.ramp_samples = max(1, round(ramp_ms * rate / 1000))
        """How long every change of gain takes, a cut included."""
        self._ramp = GainRamp(self.ramp_samples)
        self._chunk: PlayoutChunk | None = None
        self._chunk_at = 0
        self._starved = False
        self._replies = [_Reply() for _ in range(_REMEMBERED)]
        self._reply = self._replies[0]

    # The speaking worker's side.

    def put(self, chunk: PlayoutChunk) -> None:
        """Queues a chunk; one of an older generation is dropped.

        Raises ValueError for a generation that the turn thread has not given out.
        """
        generation = self._generation
        if chunk.generation < generation:
            return
        if chunk.generation > generation:
            raise ValueError(f"generation {chunk.generation} is ahead of playout's own, {generation}")
        if chunk.generation != self._accepted_generation:
            self._accepted_generation, self._accepted = chunk.generation, 0
        self._accepted += len(chunk.audio)
        self._queue.append(chunk)

    @property
    def pending_samples(self) -> int:
        """Samples of the present generation that are queued and not yet rendered. May be a block off."""
        if self._accepted_generation != self._generation:
            return 0
        reply = self._find(self._generation)
        return max(self._accepted - (reply.rendered if reply else 0), 0)

    # The turn thread's side.

    @property
    def generation(self) -> int:
        """The reply that may sound. It only grows."""
        return self._generation

    def advance(self) -> int:
        """Makes every chunk so far stale and returns the new generation. Called by the turn thread only."""
        self._generation += 1
        return self._generation

    # The callback's side.

    def render(self, out: np.ndarray, stream_sample: int) -> None:
        """Fills `out`, (n,) float32 mono 48 kHz, whose first sample is number `stream_sample` of the stream.

        Called by the audio callback: takes no lock, logs nothing and allocates nothing but views.
        """
        # The gain first: a cut advances the generation and then takes the duck back, so read the other way round a
        # ducked reply could come up again for the block before it is cut.
        level = self.gain_target * self.volume
        generation = self._generation
        at = 0
        while at < len(out):
            fading = self.playing and self._reply.generation != generation
            if fading and self._ramp.gain == 0.0:
                self._end_cut(stream_sample + at)
                continue
            if generation == self.held and not fading:
                break
            chunk = self._chunk or self._next_chunk(self._reply.generation if fading else generation)
            if chunk is None:
                if fading:
                    self._end_cut(stream_sample + at)
                    continue
                break
            if not self.playing:
                self._begin(chunk.generation, stream_sample + at)
            self._starved = False
            self._ramp.toward(0.0 if fading else level)
            at += self._sound(chunk, out[at:], fading)
            if self._chunk_at == len(chunk.audio):
                self._chunk = None
                if chunk.last and fading:
                    self._end_cut(stream_sample + at)
                elif chunk.last:
                    self._end_reply(stream_sample + at)
        if at < len(out):
            self._silence(out[at:])

    def _sound(self, chunk: PlayoutChunk, out: np.ndarray, fading: bool) -> int:
        """Writes as much of the chunk as fits, through the ramp. Returns how many samples that were."""
        sound = chunk.audio[self._chunk_at :]
        take = min(len(sound), len(out), self._ramp.remaining if fading else len(out))
        reply = self._reply
        heard = self._ramp.apply(sound[:take], out[:take], AUDIBLE * self.volume)
        if heard:
            reply.heard = reply.rendered + heard
        reply.rendered += take
        self._chunk_at += take
        return take

    def _next_chunk(self, generation: int) -> PlayoutChunk | None:
        """Takes the next chunk of the generation from the queue, dropping what is older."""
        queue = self._queue
        while queue and queue[0].generation < generation:
            queue.popleft()
        if not queue or queue[0].generation > generation:
            return None
        self._chunk, self._chunk_at = queue.popleft(), 0
        return self._chunk

    def _begin(self, generation: int, at: int) -> None:
        reply = self._replies[generation % _REMEMBERED]
        if reply.generation == generation:
            reply.finished_at = None
        else:
            reply.begin(generation, at)
        self._reply = reply
        self.playing = True

    def _end_reply(self, at: int) -> None:
        self._reply.finished_at = at
        self.playing = False
        self._ramp.jump(0.0)

    def _end_cut(self, at: int) -> None:
        self._reply.cut_at = at
        self._chunk = None
        self.playing = False
        self._ramp.jump(0.0)

    def _silence(self, out: np.ndarray) -> None:
        out.fill(0.0)
        if self.playing:
            if not self._starved:
                self.underruns += 1
                self._starved = True
            self.underrun_samples += len(out)
            # What comes after a gap begins in the middle of a sound: let it rise.
            self._ramp.jump(0.0)

    # Anyone's side.

    @property
    def gain(self) -> float:
        """The gain of the last sample that sounded (linear, with the volume); 0 in silence."""
        return self._ramp.gain

    def played(self, generation: int) -> int:
        """How far into the reply it was heard: samples from its first to the last one that left at an audible gain."""
        reply = self._find(generation)
        return reply.heard if reply else 0

    def started_at(self, generation: int) -> int | None:
        """Stream sample of the reply's first sample; None if it has not sounded (or is long forgotten)."""
        reply = self._find(generation)
        return reply.started_at if reply else None

    def cut_at(self, generation: int) -> int | None:
        """Stream sample from which a reply that was cut is silent; None if it was not cut, or never sounded."""
        reply = self._find(generation)
        return reply.cut_at if reply else None

    def finished(self, generation: int) -> int | None:
        """Stream sample after the last one of a reply that was played to its end; None if it was not."""
        reply = self._find(generation)
        return reply.finished_at if reply else None

    def _find(self, generation: int) -> _Reply | None:
        reply = self._replies[generation % _REMEMBERED]
        return reply if reply.generation == generation else None
