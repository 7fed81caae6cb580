"""A hundred random hours through the core: what a step costs, and that no state is ever dead.

python -m tests.benchmarks.bench_core [HOURS]
"""

from __future__ import annotations

import random
import sys
import time

from assistant.settings.sections import FRAME_MS, Settings
from assistant.turns.states import State
from tests.turns.randomness import STRETCH_FRAMES, random_frames

HOURS = 100
STRETCHES_AN_HOUR = 3_600_000 // (STRETCH_FRAMES * FRAME_MS)


def main(hours: int) -> None:
    """Prints one line. Raises AssertionError for ten minutes in which a state was not visited."""
    stretches = hours * STRETCHES_AN_HOUR
    began = time.process_time()
    for number, seen in enumerate(random_frames(random.Random(1), Settings(), stretches)):
        missing = set(State) - seen
        assert not missing, (
            f"in the ten minutes from {number * 10} on, never {', '.join(each.name for each in missing)}"
        )
    took_s = time.process_time() - began
    steps = stretches * STRETCH_FRAMES
    # The making of the random frames is in it, about half of the time.
    print(
        f"{hours} hours, {steps} steps: {took_s / steps * 1e6:.1f} µs a step, {hours * 3600 / took_s:.0f} × real time"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else HOURS)
