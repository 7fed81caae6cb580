"""A real microphone and loudspeaker: one PortAudio duplex stream at 48 kHz."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from assistant.audio.devices import (
    DeviceUnavailable,
    ListedDevice,
    choose,
    portaudio,
    query,
    quiet_errors,
    refresh,
    stream_closed,
    stream_opened,
)

RATE = 48_000
OUTPUT_LATENCY_S = 0.02
"""A few blocks in reserve: with less, which some sound systems offer, a busy processor is heard as crackles."""
AGE_S = 0.5
"""How long the mic's age is watched for its least: a stall passes, a backlog stays."""

OnBlock = Callable[[np.ndarray, np.ndarray, bool, bool], None]
"""(near_in, out, xrun_in, xrun_out): near_in and out are (n, channels) float32 at 48 kHz; out is to be filled."""


class SoundDevice(Protocol):
    """A mic and a loudspeaker that call back once a block. Either real, or a simulated room."""

    @property
    def input_name(self) -> str: ...
    @property
    def output_name(self) -> str: ...
    @property
    def block_ms(self) -> float: ...
    @property
    def input_latency_s(self) -> float: ...
    @property
    def output_latency_s(self) -> float: ...
    @property
    def input_lag_s(self) -> float:
        """How far behind its latency the mic runs, at the least of the last half second."""
    @property
    def failure(self) -> str:
        """Why the stream ended by itself; empty if it did not."""

    def open(self, on_block: OnBlock) -> None:
        """Starts the stream. May take seconds. Raises DeviceUnavailable."""

    def close(self) -> None:
        """Ends the stream, and does nothing if there is none. May hang in the sound system; `open` works after it."""


class PortAudioDevice:
    """One duplex stream at 48 kHz. `open` and `close` are called by one thread at a time.

    Why one duplex stream and not one for each side: on a virtual PulseAudio device two streams brought a sound back
    after 31 ms and one after 36 ms, but only with one do near and far keep their alignment by construction, through
    every xrun and however the two threads are scheduled. The echo canceller needs that more than it needs 5 ms.
    """

    def __init__(self, input_name: str = "", output_name: str = "", block_ms: int = 5) -> None:
        """Names as `choose` takes them; empty follows the system's choice."""
        self.input_name = input_name
        self.output_name = output_name
        self.block_ms: float = block_ms
        self.input_latency_s = 0.0
        self.output_latency_s = 0.0
        self._wanted = (input_name, output_name)
        self._block = RATE * block_ms // 1000
        self._run: _Run | None = None
        self._refused = False

    @property
    def input_lag_s(self) -> float:
        run = self._run  # closing, in another thread, takes it away
        return max(0.0, run.input_age_s - self.input_latency_s) if run else 0.0

    @property
    def failure(self) -> str:
        run = self._run
        return run.failure if run else ""

    def open(self, on_block: OnBlock) -> None:
        """Finds the devices anew, opens and starts the stream. Raises DeviceUnavailable."""
        with portaudio() as sd, quiet_errors() if self._refused else contextlib.nullcontext():
            self._refused = True
            refresh(sd)
            devices = query(sd)
            near = choose(devices, "input", self._wanted[0])
            far = choose(devices, "output", self._wanted[1])
            run = _Run(on_block, sd.CallbackAbort)
            stream_opened()
            try:
                run.stream = self._started(sd, near, far, run)
            except BaseException:
                stream_closed()
                raise
        self._refused = False
        self._run = run
        self.input_name, self.output_name = near.name, far.name
        self.input_latency_s, self.output_latency_s = run.stream.latency

    def close(self) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        # Not under the library's lock: closing a stream whose device is gone may hang, and a list of devices must not.
        # `stop` is left out: it waits for what is queued to be played, seconds on some hosts.
        run.stream.abort()
        run.stream.close()
        stream_closed()

    def _started(self, sd: ModuleType, near: ListedDevice, far: ListedDevice, run: _Run) -> Any:
        """Opens with one mic channel and two of the loudspeaker, else with as many as the devices have."""
        extra = sd.WasapiSettings(auto_convert=True) if near.host_api == "Windows WASAPI" else None
        reserve_s = max(OUTPUT_LATENCY_S, sd.query_devices(far.index)["default_low_output_latency"])
        stereo = min(2, far.outputs)
        shapes = dict.fromkeys([(1, stereo), (near.inputs, stereo), (near.inputs, far.outputs)])
        refusal: Exception | None = None
        for channels in shapes:
            try:
                stream = sd.Stream(
                    samplerate=RATE,
                    blocksize=self._block,
                    device=(near.index, far.index),
                    channels=channels,
                    dtype="float32",
                    latency=("low", reserve_s),
                    extra_settings=extra,
                    callback=run,
                )
                try:
                    stream.start()
                except BaseException:
                    stream.close()
                    raise
                return stream
            except sd.PortAudioError as error:
                refusal = error
        named = f"“{near.name}” and “{far.name}”" if near.name != far.name else f"Both sides of “{far.name}”"
        raise DeviceUnavailable(
            f"{named} do not open together at 48 kHz ({_reason(refusal)}).",
            "Close other programs that use them, set both to 48 kHz, choose another pair, or use the simulated room.",
        ) from refusal


class _Run:
    """One opening of the stream, and what PortAudio calls for it."""

    def __init__(self, on_block: OnBlock, abort: type[Exception]) -> None:
        self.failure = ""
        self.input_age_s = 0.0
        """How old a block of the mic is when it comes, at the least of the last AGE_S; 0 where that is not known."""
        self._youngest_s = self._looked_s = 0.0
        self.stream: Any = None
        self._on_block = on_block
        self._abort = abort

    def __call__(self, near_in: np.ndarray, out: np.ndarray, _frames: int, time: Any, status: Any) -> None:
        if time.inputBufferAdcTime > 0:  # some tell 0, which is no time
            self._note_age(time.currentTime, time.currentTime - time.inputBufferAdcTime)
        xrun_in = xrun_out = False
        if status:
            xrun_in = status.input_overflow or status.input_underflow
            xrun_out = status.output_underflow or status.output_overflow
        try:
            self._on_block(near_in, out, xrun_in, xrun_out)
        except Exception as error:
            # Nobody can catch it above: it ends this stream, and the watchdog says why and opens a new one.
            out.fill(0.0)
            self.failure = f"{type(error).__name__} in the audio callback: {error}"
            raise self._abort from error

    def _note_age(self, now_s: float, age_s: float) -> None:
        self._youngest_s = min(self._youngest_s, age_s)
        if now_s - self._looked_s >= AGE_S:
            if self._looked_s:
                self.input_age_s = self._youngest_s
            self._youngest_s, self._looked_s = age_s, now_s


def _reason(refusal: Exception | None) -> str:
    text = str(refusal).splitlines()[0] if refusal else "no reason given"
    return text.removesuffix(".")
