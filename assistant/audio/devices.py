"""The sound devices of this machine: listing them and choosing one by name.

PortAudio is one per process and not thread-safe. Its list of devices is made when it is initialised, so a device that
was plugged in later shows only after it was ended and begun again, which must not happen while a stream is open. The
lock and the count here mirror that state of the library; the audio callback uses neither.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

Side = Literal["input", "output"]

NO_LIBRARY_REMEDY = "Install PortAudio (Debian and Ubuntu: apt install libportaudio2), or use the simulated room."
NO_DEVICE_REMEDY = "Plug a microphone and a loudspeaker in, or use the simulated room."
BUSY_REMEDY = "Wait a moment. If it stays so, restart the system's sound server."

_WORDS: dict[Side, str] = {"input": "microphone", "output": "loudspeaker"}
_PATIENCE_S = 0.5


class DeviceUnavailable(Exception):
    """A sound device that cannot be had: what is the matter, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A device as PortAudio names it. `inputs` and `outputs` count channels; `rate_hz` is its own rate."""

    index: int
    name: str
    host_api: str
    inputs: int
    outputs: int
    default_input: bool
    default_output: bool
    rate_hz: float

    def channels(self, side: Side) -> int:
        """How many channels it has on that side; 0 if it is not such a device."""
        return self.inputs if side == "input" else self.outputs

    def is_default(self, side: Side) -> bool:
        """Whether the system would choose it for that side."""
        return self.default_input if side == "input" else self.default_output


@dataclass(frozen=True, slots=True)
class DeviceList:
    """What was found; `reason` says why nothing was, and `remedy` what to do, else both are empty."""

    devices: tuple[ListedDevice, ...]
    reason: str = ""
    remedy: str = ""


class _Library:
    """PortAudio's process-wide state: loaded on first use, and how many streams are open in it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.streams = 0


_library = _Library()


@contextlib.contextmanager
def portaudio() -> Iterator[ModuleType]:
    """The sounddevice module, for this thread alone while the block runs.

    Raises DeviceUnavailable if PortAudio is not installed, or if another thread's call into it does not come back.
    """
    if not _library.lock.acquire(timeout=_PATIENCE_S):
        raise DeviceUnavailable("The sound system does not answer.", BUSY_REMEDY)
    try:
        try:
            import sounddevice
        except OSError as error:
            raise DeviceUnavailable("The PortAudio library is not installed.", NO_LIBRARY_REMEDY) from error
        except ImportError as error:
            raise DeviceUnavailable("The sounddevice package is not installed.", NO_LIBRARY_REMEDY) from error
        yield sounddevice
    finally:
        _library.lock.release()


@contextlib.contextmanager
def quiet_errors() -> Iterator[None]:
    """Sends what ALSA and PortAudio print on the standard error stream nowhere while the block runs.

    For second and later tries only: both report what fails by their results too, and would fill the terminal once a
    second. The stream is the process's, so whatever another thread prints there in the meantime is lost as well.
    """
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def refresh(sd: ModuleType) -> None:
    """Lets PortAudio look for devices again, unless a stream is open. To be called inside `portaudio()`."""
    if _library.streams == 0:
        sd._terminate()
        sd._initialize()


def stream_opened() -> None:
    """Says that a stream is about to be opened. To be called inside `portaudio()`."""
    _library.streams += 1


def stream_closed() -> None:
    """Says that a stream is gone. One that hangs in closing never is, and the list is never refreshed under it."""
    _library.streams -= 1


def list_devices(look_again: bool = False) -> DeviceList:
    """The devices of the host API that Interject uses; never raises.

    One API only, because a duplex stream needs both of its devices on the same: WASAPI on Windows (the default there is
    MME, with long buffers), elsewhere the default. `look_again` also finds what was plugged in since the last look, if
    no stream is open.
    """
    try:
        with portaudio() as sd:
            if look_again:
                refresh(sd)
            devices = query(sd)
    except DeviceUnavailable as error:
        return DeviceList((), error.what, error.remedy)
    if not devices:
        return DeviceList((), "No sound device was found.", NO_DEVICE_REMEDY)
    return DeviceList(devices)


def query(sd: ModuleType) -> tuple[ListedDevice, ...]:
    """Reads PortAudio's list. To be called inside `portaudio()`. Raises DeviceUnavailable if PortAudio cannot."""
    try:
        apis = sd.query_hostapis()
        if not apis:
            return ()
        names = [api["name"] for api in apis]
        api = apis[names.index("Windows WASAPI") if "Windows WASAPI" in names else sd.default.hostapi]
        entries = [(index, sd.query_devices(index)) for index in api["devices"]]
    except sd.PortAudioError as error:
        raise DeviceUnavailable(f"The devices cannot be listed: {error}.", BUSY_REMEDY) from error
    return tuple(
        ListedDevice(
            index=index,
            name=str(entry["name"]),
            host_api=str(api["name"]),
            inputs=int(entry["max_input_channels"]),
            outputs=int(entry["max_output_channels"]),
            default_input=index == api["default_input_device"],
            default_output=index == api["default_output_device"],
            rate_hz=float(entry["default_samplerate"]),
        )
        for index, entry in entries
    )


def choose(devices: tuple[ListedDevice, ...], side: Side, name: str) -> ListedDevice:
    """The device that `name` means: the system's choice if empty, else the exact name, else the only one containing it.

    Raises DeviceUnavailable if there is none, or more than one contains the name.
    """
    fitting = [device for device in devices if device.channels(side)]
    if not fitting:
        raise DeviceUnavailable(f"No {_WORDS[side]} was found.", NO_DEVICE_REMEDY)
    if not name:
        return next((device for device in fitting if device.is_default(side)), fitting[0])
    exact = [device for device in fitting if device.name == name]
    if exact:
        return exact[0]
    containing = [device for device in fitting if name.casefold() in device.name.casefold()]
    if len(containing) == 1:
        return containing[0]
    listed = ", ".join(device.name for device in containing or fitting)
    if containing:
        raise DeviceUnavailable(f"More than one {_WORDS[side]} is called “{name}”: {listed}.", "Give more of its name.")
    raise DeviceUnavailable(f"There is no {_WORDS[side]} called “{name}”.", f"Plug it in, or choose one of: {listed}.")
