"""Reckons what a person waited for, from the end of their turn to the first sound of the reply."""

from __future__ import annotations

import time

from assistant.audio.callback import BlockCallback
from assistant.workers.reply_times import ReplyTimes
from assistant.workers.stopwatch import Step, Stopwatch
from assistant.workers.stream_clock import StreamClock

_STAGES: tuple[Step, ...] = ("heard", "token", "phrase", "sound")


class ReplyClock:
    """Owned by the turn thread. All clock times are seconds of time.perf_counter().

    wasted: replies that were prepared for the turn under way and thrown away unheard.
    """

    def __init__(self, callback: BlockCallback, clock: StreamClock, stopwatch: Stopwatch) -> None:
        self.wasted = 0
        self._callback = callback
        self._clock = clock
        self._stopwatch = stopwatch
        self._turn: tuple[int, float, int] | None = None

    def turn_over(self, number: int, silence_ms: int) -> None:
        """The person has finished, typed a line or pressed a button: from now on they wait. silence_ms: that told it.

        number: 0 for a button.
        """
        self._turn = (number, time.perf_counter(), silence_ms)

    def started(self, generation: int) -> ReplyTimes | None:
        """The reply sounds. None where nobody waited for it: it goes on after a false stop."""
        turn, self._turn = self._turn, None
        wasted, self.wasted = self.wasted, 0
        asked, sound = self._stopwatch.at(generation, "asked"), self._stopwatch.at(generation, "sound")
        left = self._first_sound(generation)
        if turn is None or asked is None or sound is None or left is None:
            return None
        number, over, silence_ms = turn
        reached, stages_ms = max(over, asked), list[float]()
        for step in _STAGES:
            at = max(reached, self._stopwatch.at(generation, step) or reached)
            stages_ms.append((at - reached) * 1000)
            reached = at
        prepared = asked < over
        work = sound - asked
        words_ms, prompt_ms, clause_ms, voice_ms = stages_ms
        return ReplyTimes(
            number,
            silence_ms,
            words_ms,
            prompt_ms,
            clause_ms,
            voice_ms,
            device_ms=max(0.0, (left - reached) * 1000) + self._clock.output_latency_ms,
            prepared=prepared,
            saved_ms=(over + work - max(over, sound)) * 1000 if prepared else 0.0,
            wasted=wasted,
        )

    def _first_sound(self, generation: int) -> float | None:
        """When the reply's first sample was handed to the device."""
        started, latest = self._callback.playout.started_at(generation), self._callback.latest
        if started is None or latest is None:
            return None
        sample, at_ns = latest
        return at_ns * 1e-9 + (started - sample) / self._clock.rate
