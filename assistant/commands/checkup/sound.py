"""The sound: PortAudio, the devices, and how a stream on them behaves for a moment."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.commands.checkup.finding import Finding

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.audio.health import SoundHealth
    from assistant.audio.loop import SoundLoop
    from assistant.audio.stream import SoundDevice

    Floats = npt.NDArray[np.float32]

LISTEN_S = 1.5
OPENING_S = 8.0
"""An idle sound server may take two seconds a side."""
_POLL_S = 0.02
LATE_MS = 5.0
"""Half a block: a callback that is later at one block in twenty is near to a crackle."""
ROOM_REMEDY = "The room: python3 packaging/start.py run --room"
CLIPPING = 0.999


def library() -> Iterator[Finding]:
    """PortAudio, and how many devices it lists."""
    from assistant.audio.devices import DeviceUnavailable, list_devices, portaudio, quiet_errors

    try:
        with quiet_errors(), portaudio() as sd:
            version = sd.get_portaudio_version()[1]
    except DeviceUnavailable as missing:
        yield Finding("PortAudio", "warning", missing.what, f"{missing.remedy} {ROOM_REMEDY}")
        return
    yield Finding("PortAudio", "ok", version.split(",")[0])
    with quiet_errors():
        found = list_devices(look_again=True)
    if not found.devices:
        yield Finding("Devices", "warning", found.reason, f"{found.remedy} {ROOM_REMEDY}")
        return
    inputs = [device.name for device in found.devices if device.inputs]
    outputs = [device.name for device in found.devices if device.outputs]
    figures = {"microphones": float(len(inputs)), "loudspeakers": float(len(outputs))}
    lacking = [word for word, names in (("microphone", inputs), ("loudspeaker", outputs)) if not names]
    if lacking:
        told = f"No {' and no '.join(lacking)} among {len(found.devices)} devices."
        yield Finding("Devices", "warning", told, f"Plug one in. {ROOM_REMEDY}", figures)
        return
    told = f"{len(inputs)} microphones, {len(outputs)} loudspeakers ({found.devices[0].host_api})"
    yield Finding("Devices", "ok", told, figures=figures)


def stream() -> Iterator[Finding]:
    """Opens the devices that the settings name and listens for LISTEN_S. Plays silence. Nothing is kept."""
    from assistant.audio.devices import list_devices, quiet_errors
    from assistant.audio.stream import PortAudioDevice
    from assistant.commands.checkup.choices import present

    audio = present().settings.audio
    with quiet_errors():
        if not list_devices().devices:
            return
        yield from listen(PortAudioDevice(audio.input, audio.output, audio.block_ms))


def listen(device: SoundDevice, seconds: float = LISTEN_S) -> Iterator[Finding]:
    """How a device behaves that calls back by itself once it is open."""
    from assistant.audio.callback import BlockCallback
    from assistant.audio.injection import MicInjection
    from assistant.audio.loop import SoundLoop
    from assistant.audio.playout import Playout
    from assistant.signal.ring import BlockRing
    from assistant.workers.sound import aside

    callback = BlockCallback(Playout(), BlockRing(seconds + 1), MicInjection())
    loop = SoundLoop(callback, aside)
    loop.use(device)
    try:
        health = _until_running(loop)
        if health.state != "running":
            told = health.message or f"It did not open within {OPENING_S:.0f} s."
            yield Finding("Stream", "warning", told, f"{health.remedy} {ROOM_REMEDY}".strip())
            return
        first = callback.ring.written
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            health = loop.check()
            time.sleep(_POLL_S)
        near = callback.ring.read(first).near
        yield _behaviour(health)
        yield _microphone(near, health.input_name)
    finally:
        loop.shut()


def _until_running(loop: SoundLoop) -> SoundHealth:
    end = time.perf_counter() + OPENING_S
    while True:
        health = loop.check()
        if health.state in ("running", "lost") or time.perf_counter() > end:
            return health
        time.sleep(_POLL_S)


def _behaviour(health: SoundHealth) -> Finding:
    xruns = health.xruns_in + health.xruns_out
    figures = {
        "input_latency_ms": health.input_latency_ms,
        "output_latency_ms": health.output_latency_ms,
        "lateness_p95_ms": health.lateness_p95_ms,
        "lateness_max_ms": health.lateness_max_ms,
        "xruns": float(xruns),
    }
    told = (
        f"“{health.input_name}” → “{health.output_name}”: in {health.input_latency_ms:.0f} ms, "
        f"out {health.output_latency_ms:.0f} ms, callback late p95 {health.lateness_p95_ms:.1f} ms, xruns {xruns}"
    )
    if health.openings > 1 or health.state != "running":
        told = f"{told}; it broke off meanwhile"
        return Finding("Stream", "warning", told, "Choose another device, or look at its cable.", figures)
    if xruns or health.lateness_p95_ms > LATE_MS:
        remedy = "Close other programs, or use blocks of 20 ms: python3 packaging/start.py run --audio.block_ms 20"
        return Finding("Stream", "warning", told, remedy, figures)
    return Finding("Stream", "ok", told, figures=figures)


def _microphone(near: Floats, name: str) -> Finding:
    """Whether anything comes in: a microphone without permission, or muted by its switch, gives zeros."""
    import numpy as np

    loudest = float(np.abs(near).max(initial=0.0))
    rms = float(np.sqrt(np.mean(np.square(near, dtype=np.float64)))) if near.size else 0.0
    level_dbfs = 20 * math.log10(max(rms, 1e-6))
    figures = {"mic_dbfs": level_dbfs}
    if loudest == 0.0:
        remedy = "Switch it on, and allow it to be used: on macOS and Windows in the privacy settings."
        return Finding("Microphone", "warning", f"“{name}” gives nothing but zeros.", remedy, figures)
    if loudest >= CLIPPING:
        remedy = "Turn its level down in the system's sound settings."
        return Finding("Microphone", "warning", f"“{name}” is overdriven ({level_dbfs:.0f} dBFS).", remedy, figures)
    return Finding("Microphone", "ok", f"gives sound: {level_dbfs:.0f} dBFS", figures=figures)
