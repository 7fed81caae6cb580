"""The watchdog: keeps the wanted sound device open, and opens it again when its blocks stop."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from assistant.audio.callback import BlockCallback
from assistant.audio.devices import BUSY_REMEDY, NO_DEVICE_REMEDY, DeviceUnavailable
from assistant.audio.health import SoundHealth, State
from assistant.audio.stream import SoundDevice

STALL_S = 0.5
"""No block for this long: the stream is dead, whatever it says. Some die without any error."""
FIRST_BLOCK_S = 4.0
"""A stream that was just opened may take this long: an idle PulseAudio device works in blocks of 2 s, on both sides."""
CLOSE_PATIENCE_S = 3.0
"""A closing that takes longer is left behind; the next opening does not wait for it."""
LAG_S = 0.06
"""A mic that is so far behind stays behind: sound systems that put a stall between themselves and the sound card (an
underflow on PulseAudio's ALSA device kept 70 to 130 ms each) never catch up, and every interruption is heard so much
later."""
LAG_PATIENCE_S = 3.0
"""After an opening, before lag counts: what a start-up keeps busy would only fall behind again. Twice as long after
each opening for lag: it costs a third of a second of sound, and does little good on a machine that is too busy."""
LONGEST_LAG_PATIENCE_S = 48.0
LAG_FORGOTTEN_S = 60.0
"""After so long without lag the next one is mended soon again."""
LAG_OPENINGS = 3
"""So many that did not mend it, and lag is the device's own way: one may report less latency than it has."""
_RETRY_S = (0.0, 0.25, 0.5, 1.0)
_STEADY_S = 5.0

Aside = Callable[[Callable[[], None]], None]
"""Runs a function in a daemon thread of its own and returns at once."""


class _Gate:
    """What a device calls instead of the callback: once shut, a stream that nobody could close gets silence only."""

    __slots__ = ("_callback", "shut")

    def __init__(self, callback: BlockCallback) -> None:
        self._callback = callback
        self.shut = False

    def __call__(self, near_in: np.ndarray, out: np.ndarray, xrun_in: bool, xrun_out: bool) -> None:
        if self.shut:
            out.fill(0.0)
        else:
            self._callback(near_in, out, xrun_in, xrun_out)


class _Task:
    """An opening or a closing that runs aside. Its thread writes `failure`, then `done`; the watchdog only looks."""

    def __init__(self, device: SoundDevice, work: Callable[[], None], opens: bool, began_s: float) -> None:
        self.device = device
        self.opens = opens
        self.began_s = began_s
        self.done = False
        self.failure: DeviceUnavailable | None = None
        self._work = work

    def __call__(self) -> None:
        try:
            self._work()
        except DeviceUnavailable as unavailable:
            self.failure = unavailable
        except Exception as error:
            self.failure = DeviceUnavailable(f"The sound device failed: {type(error).__name__}: {error}.", BUSY_REMEDY)
        finally:
            self.done = True


class SoundLoop:
    """Owned by the thread that calls `check`, about ten times a second. `use` may be called by any thread.

    Opening and closing can hang in the sound system, so both run `aside`, one at a time, and `check` never waits for
    them. A closing that hangs is left behind with its thread: its stream gets silence by then, and PortAudio's device
    list is not refreshed any more while it hangs. An opening that hangs is waited for, and the health says so; if
    another device is chosen meanwhile, it is left behind too, and closed should it ever succeed.
    """

    def __init__(self, callback: BlockCallback, aside: Aside, clock_s: Callable[[], float] = time.perf_counter) -> None:
        """`clock_s` must be the callback's clock, in seconds."""
        self._callback = callback
        self._aside = aside
        self._clock_s = clock_s
        self._wanted: SoundDevice | None = None
        self._tried: SoundDevice | None = None
        self._open: SoundDevice | None = None
        self._task: _Task | None = None
        self._gate = _Gate(callback)
        self._strays: list[_Task] = []
        self._opened_s = 0.0
        self._blocks_before = 0
        self._openings = 0
        self._failures = 0
        self._retry_s = 0.0
        self._lag_openings = 0
        self._lag_patience_s = LAG_PATIENCE_S
        self._borne_lag_s = 0.0
        self._state: State = "none"
        self._message = ""
        self._remedy = ""
        self.health = self._snapshot()
        """The newest snapshot, replaced by each `check`. Anyone may read it."""

    def use(self, device: SoundDevice | None) -> None:
        """Changes to another device, or to none. Takes effect with the next checks."""
        self._wanted = device

    def check(self, now_s: float | None = None) -> SoundHealth:
        """Looks after the device and returns how it does. Never blocks."""
        now_s = self._clock_s() if now_s is None else now_s
        self._settle(now_s)
        if self._task is None:
            self._attend(now_s)
        self.health = self._snapshot()
        return self.health

    def shut(self, at_most_s: float = 1.0) -> bool:
        """Closes the device and waits for that at most so long. Returns whether it is closed."""
        self.use(None)
        until_s = self._clock_s() + at_most_s
        while self.check().state != "none":
            if self._clock_s() >= until_s:
                return False
            time.sleep(0.01)
        return True

    def _settle(self, now_s: float) -> None:
        """Takes the result of an opening or closing that has come to its end, or gives it up."""
        for stray in tuple(self._strays):
            if stray.done:
                self._strays.remove(stray)
                if stray.failure is None:
                    self._aside(stray.device.close)
        task = self._task
        if task is None:
            return
        waited_s = now_s - task.began_s
        if not task.done:
            if task.opens and waited_s > FIRST_BLOCK_S and task.device is not self._wanted:
                self._gate.shut = True
                self._strays.append(task)
                self._task = None
            elif task.opens and waited_s > FIRST_BLOCK_S:
                self._say("lost", f"The sound system has not answered for {waited_s:.0f} s.", BUSY_REMEDY)
            elif not task.opens and waited_s > CLOSE_PATIENCE_S:
                self._task = None
            return
        self._task = None
        if not task.opens:
            return
        if task.failure is None:
            self._open, self._opened_s, self._blocks_before = task.device, now_s, self._callback.ring.written
            self._openings += 1
        elif task.device is self._wanted:
            self._say("lost", task.failure.what, task.failure.remedy)
            self._retry_later(now_s)

    def _attend(self, now_s: float) -> None:
        """Does the next thing that is due; nothing is under way."""
        wanted, open_now = self._wanted, self._open
        if wanted is not self._tried:
            self._tried, self._failures, self._retry_s = wanted, 0, now_s
            self._lag_openings, self._lag_patience_s, self._borne_lag_s = 0, LAG_PATIENCE_S, 0.0
            self._say("none" if wanted is None and open_now is None else "opening", "", "")
        if open_now is not None and open_now is not wanted:
            self._close(open_now, now_s)
        elif wanted is None:
            self._say("none", "", "")
        elif open_now is None:
            if now_s >= self._retry_s and all(stray.device is not wanted for stray in self._strays):
                self._start_opening(wanted, now_s)
        else:
            self._watch(open_now, now_s)

    def _watch(self, device: SoundDevice, now_s: float) -> None:
        flowing = self._callback.ring.written > self._blocks_before
        if device.failure:
            self._lose(device, device.failure + ".", "If it happens again, please report it with this text.", now_s)
        elif not flowing:
            if now_s - self._opened_s > FIRST_BLOCK_S:
                self._lose(device, "The sound device opened, but gives no sound.", NO_DEVICE_REMEDY, now_s)
        elif self._age_s(now_s) > STALL_S:
            named = " and ".join(f"“{name}”" for name in dict.fromkeys((device.input_name, device.output_name)))
            self._lose(device, f"{named} stopped giving sound.", "Interject opens them again by itself.", now_s)
        elif self._falls_behind(lag_s := device.input_lag_s, now_s - self._opened_s):
            behind = f"The microphone had fallen {lag_s * 1000:.0f} ms behind."
            self._lose(device, behind, "Interject opens it again by itself.", now_s)
        else:
            self._say("running", "", "")
            if now_s - self._opened_s > _STEADY_S:
                self._failures = 0

    def _falls_behind(self, lag_s: float, open_for_s: float) -> bool:
        """Whether the mic lags, and a new opening may mend it."""
        if open_for_s < self._lag_patience_s:
            return False
        self._borne_lag_s = min(self._borne_lag_s, lag_s)
        if lag_s <= self._borne_lag_s + LAG_S:
            self._lag_openings = 0
            if open_for_s > LAG_FORGOTTEN_S:
                self._lag_patience_s = LAG_PATIENCE_S
        elif self._lag_openings < LAG_OPENINGS:
            self._lag_openings += 1
            self._lag_patience_s = min(2 * self._lag_patience_s, LONGEST_LAG_PATIENCE_S)
            return True
        else:
            self._lag_openings, self._borne_lag_s = 0, lag_s
        return False

    def _lose(self, device: SoundDevice, message: str, remedy: str, now_s: float) -> None:
        self._say("reopening" if self._state == "running" else "lost", message, remedy)
        self._retry_later(now_s)
        self._close(device, now_s)

    def _retry_later(self, now_s: float) -> None:
        self._retry_s = now_s + _RETRY_S[min(self._failures, len(_RETRY_S) - 1)]
        self._failures += 1

    def _close(self, device: SoundDevice, now_s: float) -> None:
        self._open = None
        self._gate.shut = True
        self._begin(_Task(device, device.close, opens=False, began_s=now_s))

    def _start_opening(self, device: SoundDevice, now_s: float) -> None:
        self._callback.restart()
        gate = self._gate = _Gate(self._callback)
        self._begin(_Task(device, lambda: device.open(gate), opens=True, began_s=now_s))

    def _begin(self, task: _Task) -> None:
        self._task = task
        self._aside(task)

    def _say(self, state: State, message: str, remedy: str) -> None:
        self._state, self._message, self._remedy = state, message, remedy

    def _age_s(self, now_s: float) -> float:
        latest = self._callback.latest
        came_s = latest[1] * 1e-9 if latest else self._opened_s
        return now_s - max(came_s, self._opened_s)

    def _snapshot(self) -> SoundHealth:
        callback, device = self._callback, self._open
        lateness = callback.lateness.histogram
        return SoundHealth(
            state=self._state,
            message=self._message,
            remedy=self._remedy,
            input_name=device.input_name if device else "",
            output_name=device.output_name if device else "",
            block_ms=device.block_ms if device else 0.0,
            blocks=callback.ring.written,
            openings=self._openings,
            xruns_in=callback.xruns_in,
            xruns_out=callback.xruns_out,
            lateness_p50_ms=lateness.percentile_ms(50),
            lateness_p95_ms=lateness.percentile_ms(95),
            lateness_max_ms=lateness.largest_ms,
            busy_p95_ms=callback.busy.percentile_ms(95),
            input_latency_ms=(device.input_latency_s + device.input_lag_s) * 1e3 if device else 0.0,
            output_latency_ms=device.output_latency_s * 1e3 if device else 0.0,
        )
