"""The audio callback: it copies and counts, and does nothing else."""

from __future__ import annotations

import _thread
import time
from collections.abc import Callable

import numpy as np

from assistant.audio.health import Histogram, Lateness
from assistant.audio.injection import MicInjection
from assistant.audio.playout import Playout
from assistant.signal.ring import BlockRing

LONGEST_BLOCK_MS = 40


class BlockCallback:
    """Takes a block from the mic, gives one to the loudspeaker, and writes both side by side into the ring.

    Called by the device's thread, real or simulated, once a block. Constraints: no lock, no log, no Qt, no model, no
    allocation but views and small numbers, because whatever it waits for is heard as a crackle. `_thread.lock` is used
    as a binary semaphore to wake the reader: releasing it is one system call and never waits.
    """

    def __init__(
        self,
        playout: Playout,
        ring: BlockRing,
        injection: MicInjection,
        clock_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self.playout = playout
        self.ring = ring
        self.injection = injection
        self.mic_muted = False
        """Set by the window's thread: nothing of the mic then enters the program. Injected sounds still do."""
        self.xruns_in = 0
        self.xruns_out = 0
        self.latest: tuple[int, int] | None = None
        """(stream sample after the newest block, `clock_ns` when it came): ties samples to the clock."""
        self.lateness = Lateness()
        self.busy = Histogram(bin_ms=0.02)
        self._clock_ns = clock_ns
        longest = playout.rate * LONGEST_BLOCK_MS // 1000
        self._near = np.zeros(longest, np.float32)
        self._far = np.zeros(longest, np.float32)
        self._ns_per_sample = 1e9 / playout.rate
        self._wake = _thread.allocate_lock()
        self._wake.acquire()

    def restart(self) -> None:
        """To be called when a stream was opened, before its first block."""
        self.lateness.restart()

    def __call__(self, near_in: np.ndarray, out: np.ndarray, xrun_in: bool = False, xrun_out: bool = False) -> None:
        """One block: `near_in` and `out` are (n, channels) float32 at the playout's rate, n whole blocks of the ring.

        Channel 0 of the mic is taken; every channel of the loudspeaker gets the same.
        """
        began_ns = self._clock_ns()
        n = len(out)
        ring, near, far = self.ring, self._near[:n], self._far[:n]
        after_loss = xrun_in or xrun_out
        if after_loss:  # counted as such; measured on from here, or one stall would make all that follows late
            self.lateness.restart()
        self.lateness.note(began_ns, int(n * self._ns_per_sample))
        if xrun_in:
            self.xruns_in += 1
        if xrun_out:
            self.xruns_out += 1
        sample = ring.written * ring.block
        self.playout.render(far, sample)
        out[:] = far[:, None]
        if self.mic_muted:
            near.fill(0.0)
        else:
            near[:] = near_in[:, 0]
        self.injection.mix(near, sample)
        for start in range(0, n, ring.block):
            ring.write(near[start : start + ring.block], far[start : start + ring.block], after_loss and not start)
        self.latest = (sample + n, began_ns)
        if self._wake.locked():
            self._wake.release()
        self.busy.note((self._clock_ns() - began_ns) * 1e-6)

    def wait(self, at_most_s: float) -> bool:
        """Sleeps until there is a new block, or for that long. Returns whether there is one. For one reader only."""
        return self._wake.acquire(timeout=at_most_s)
