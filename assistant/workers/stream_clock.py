"""Two clocks of the same stream: 48 kHz samples of the device, and 16 kHz samples of the front end."""

from __future__ import annotations

from dataclasses import dataclass

PER_SAMPLE = 3
"""48 kHz samples for each at 16 kHz."""


@dataclass(slots=True)
class StreamClock:
    """Owned by the turn thread. The front end counts only what it was fed; blocks that were lost shift the two.

    input_latency_ms, output_latency_ms: as PortAudio reports them.
    """

    rate: int = 48_000
    shift: int = 0
    input_latency_ms: float = 0.0
    output_latency_ms: float = 0.0

    def device_sample(self, front_sample: int) -> int:
        """The 48 kHz sample of the stream for a 16 kHz sample of the front end."""
        return front_sample * PER_SAMPLE + self.shift

    def front_sample(self, device_sample: int) -> int:
        return (device_sample - self.shift) // PER_SAMPLE

    def ms(self, samples: int) -> float:
        """48 kHz samples in milliseconds."""
        return samples * 1000 / self.rate
