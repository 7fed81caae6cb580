"""Why assistant/audio/realtime.py is as it is: what busy threads and the garbage collector do to the audio callback.

python -m tests.benchmarks.bench_interpreter [SECONDS]
"""

from __future__ import annotations

import gc
import sys
import threading
import time

from assistant.audio.callback import BlockCallback
from assistant.audio.injection import MicInjection
from assistant.audio.playout import Playout
from assistant.audio.realtime import SWITCH_INTERVAL_S
from assistant.audio.room import RoomDevice
from assistant.signal.ring import BlockRing

SECONDS = 5.0
PYTHONS_OWN_S = 0.005
OBJECTS = 500_000


def lateness(burners: int, switch_interval_s: float, seconds: float) -> BlockCallback:
    """The simulated room for a while, beside so many threads of pure Python.

    The room is Python itself and asks for the interpreter several times a block, so it suffers more than a device does.
    """
    sys.setswitchinterval(switch_interval_s)
    callback = BlockCallback(Playout(), BlockRing(1.0), MicInjection())
    room = RoomDevice()
    room.open(callback)
    over = threading.Event()
    threads = [threading.Thread(target=_burn, args=(over,), daemon=True) for _ in range(burners)]
    for thread in threads:
        thread.start()
    until = time.perf_counter() + seconds
    room.run_until(lambda: time.perf_counter() > until)
    over.set()
    for thread in threads:
        thread.join()
    return callback


def collection_ms() -> tuple[float, float]:
    """How long a full collection over a big heap stops every thread: before gc.freeze(), and after."""
    heap = [{"number": number} for number in range(OBJECTS)]
    before_ms = _collected_ms()
    gc.freeze()
    after_ms = _collected_ms()
    gc.unfreeze()
    del heap
    return before_ms, after_ms


def _burn(over: threading.Event) -> None:
    number = 0
    while not over.is_set():
        for _ in range(1000):
            number += 1


def _collected_ms() -> float:
    began = time.perf_counter()
    gc.collect()
    return (time.perf_counter() - began) * 1e3


def main(seconds: float) -> None:
    """Prints a table."""
    print("busy threads  switch interval   late p50   late p95   worst, ms   xruns")
    for burners in (0, 1, 3):
        for interval_s in (PYTHONS_OWN_S, SWITCH_INTERVAL_S):
            callback = lateness(burners, interval_s, seconds)
            late = callback.lateness.histogram
            print(
                f"{burners:>12}  {interval_s * 1e3:>12.1f} ms  {late.percentile_ms(50):>9.1f}  "
                f"{late.percentile_ms(95):>9.1f}  {late.largest_ms:>10.1f}  {callback.xruns_in:>6}"
            )
    before_ms, after_ms = collection_ms()
    print(f"A full collection with {OBJECTS} objects: {before_ms:.0f} ms, after gc.freeze() {after_ms:.1f} ms")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
