"""A loudspeaker and a microphone that exist only in a private PulseAudio, for tests on a machine without sound.

    speaker = null sink "speaker" (default sink); what it plays is recorded from "speaker.monitor"
    mic     = source "mic" (default source); what is played into the sink "mic_feed" is heard there
    echo    = a loopback from the speaker to the mic, switched on and off

The daemon, its listeners and its socket live in one temporary folder and end with the test. No other sound server is
touched.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
import pytest

RATE = 48_000
_PROGRAMS = ("pulseaudio", "pactl", "paplay", "parec")


class VirtualAudio:
    """One private sound server. Made by `virtual_audio()`; all of its methods talk to that server only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        socket = folder / "native"
        self.environment = {
            **os.environ,
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder),
            "PULSE_COOKIE": str(folder / "cookie"),
        }
        self._modules: dict[str, str] = {}
        self._listeners: dict[str, subprocess.Popen[bytes]] = {}
        self._log: IO[bytes] = (folder / "pulse.log").open("wb")
        self._daemon = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
                *("--disable-shm=yes", "--realtime=no", "--high-priority=no", "--log-target=stderr"),
                *("-L", f"module-native-protocol-unix auth-anonymous=1 socket={socket}"),
            ],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )
        self._await_server()
        self.add_speaker()
        self.add_mic()
        self.wait_until_quick()

    def _await_server(self) -> None:
        for _ in range(100):
            answer = subprocess.run(["pactl", "info"], env=self.environment, capture_output=True, check=False)
            if answer.returncode == 0:
                return
            if self._daemon.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"pulseaudio did not start: {(self.folder / 'pulse.log').read_text()[-2000:]}")

    def pactl(self, *words: str) -> str:
        """Runs one pactl command on this server and returns what it printed."""
        return subprocess.run(
            ["pactl", *words], env=self.environment, capture_output=True, text=True, check=True, timeout=10
        ).stdout.strip()

    def add_speaker(self) -> None:
        """Plugs the loudspeaker in. It becomes the default."""
        self._modules["speaker"] = self.pactl(
            "load-module", "module-null-sink", "sink_name=speaker", f"rate={RATE}", "channels=2"
        )
        self.pactl("set-default-sink", "speaker")
        self._listen()

    def add_mic(self) -> None:
        """Plugs the microphone in. It becomes the default."""
        self._modules["mic_feed"] = self.pactl(
            "load-module", "module-null-sink", "sink_name=mic_feed", f"rate={RATE}", "channels=1"
        )
        self._modules["mic"] = self.pactl(
            "load-module", "module-remap-source", "source_name=mic", "master=mic_feed.monitor"
        )
        self.pactl("set-default-source", "mic")
        self._listen()

    def remove_speaker(self) -> None:
        """Unplugs the loudspeaker: streams on it lose their device."""
        self.pactl("unload-module", self._modules.pop("speaker"))

    def remove_mic(self) -> None:
        """Unplugs the microphone: streams on it lose their device."""
        self.pactl("unload-module", self._modules.pop("mic"))
        self.pactl("unload-module", self._modules.pop("mic_feed"))

    def echo_on(self, latency_ms: int = 5) -> None:
        """Lets the mic hear the speaker at full level."""
        self._modules["echo"] = self.pactl(
            *("load-module", "module-loopback", "source=speaker.monitor", "sink=mic_feed"),
            *(f"latency_msec={latency_ms}", "adjust_time=0"),
        )

    def echo_off(self) -> None:
        """Ends what `echo_on` began."""
        self.pactl("unload-module", self._modules.pop("echo"))

    def speak_into_mic(self, sound: np.ndarray) -> subprocess.Popen[bytes]:
        """Plays `sound`, (n,) float32 mono 48 kHz ±1.0, into the microphone. Returns the running player."""
        path = self.folder / f"said-{time.monotonic_ns()}.wav"
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
        return subprocess.Popen(["paplay", "--latency-msec=20", "-d", "mic_feed", str(path)], env=self.environment)

    @contextlib.contextmanager
    def recording(self, source: str = "speaker.monitor", channels: int = 1) -> Iterator[Path]:
        """Records a source while the block runs. Yields the path of raw little-endian float32 at 48 kHz."""
        path = self.folder / f"recorded-{time.monotonic_ns()}.f32"
        with path.open("wb") as out:
            recorder = subprocess.Popen(
                [*("parec", "-d", source, "--raw", "--format=float32le", f"--channels={channels}"), f"--rate={RATE}",
                 "--latency-msec=10"],
                env=self.environment,
                stdout=out,
            )  # fmt: skip
            try:
                yield path
            finally:
                _end(recorder)

    def close(self) -> None:
        """Ends the listeners and the daemon that this object started, and nothing else."""
        for source in tuple(self._listeners):
            self._end_listener(source)
        _end(self._daemon)
        self._log.close()

    def wait_until_quick(self) -> None:
        """Waits, at most 4 s, until every device works in short blocks, as a real one does."""
        for _ in range(40):
            listed = self.pactl("list", "sinks")
            if all(int(us) < 50_000 for us in re.findall(r"Latency: (\d+) usec, configured", listed)):
                return
            time.sleep(0.1)

    def _listen(self) -> None:
        # An idle null sink works in 2 s blocks: without a listener that asks for little latency the first stream starts
        # two seconds late. All are begun anew, because the server moves some of them when a default changes.
        for source in tuple(self._listeners):
            self._end_listener(source)
        for device, source in (("speaker", "speaker.monitor"), ("mic", "mic")):
            if device in self._modules:
                self._listeners[source] = subprocess.Popen(
                    ["parec", "-d", source, "--latency-msec=10", "--raw"],
                    env=self.environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )

    def _end_listener(self, source: str) -> None:
        _end(self._listeners.pop(source))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)


class AlignedAudio(VirtualAudio):
    """Speaker and mic are two channels of one device, so that a recording of "room.monitor" shows both on one clock.

    Channel 0 is what the speaker plays, channel 1 what the mic hears.
    """

    def add_speaker(self) -> None:
        self._modules["room"] = self.pactl(
            *("load-module", "module-null-sink", "sink_name=room", f"rate={RATE}", "channels=2"),
            "channel_map=front-left,front-right",
        )
        self._modules["speaker"] = self._one_channel("speaker", "front-left")
        self.pactl("set-default-sink", "speaker")

    def add_mic(self) -> None:
        self._modules["mic_feed"] = self._one_channel("mic_feed", "front-right")
        self._modules["mic"] = self.pactl(
            *("load-module", "module-remap-source", "source_name=mic", "master=room.monitor", "channels=1"),
            *("channel_map=mono", "master_channel_map=front-right", "remix=no"),
        )
        self.pactl("set-default-source", "mic")
        self._listen()

    def _one_channel(self, name: str, channel: str) -> str:
        return self.pactl(
            *("load-module", "module-remap-sink", f"sink_name={name}", "master=room", "channels=1"),
            *("channel_map=mono", f"master_channel_map={channel}", "remix=no"),
        )


Server = TypeVar("Server", bound=VirtualAudio)


@contextlib.contextmanager
def virtual_audio(kind: type[Server] = VirtualAudio) -> Iterator[Server]:
    """Starts the server and points this process's sound library at it; skips the test where there is no PulseAudio."""
    missing = [program for program in _PROGRAMS if shutil.which(program) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: apt install pulseaudio pulseaudio-utils libasound2-plugins")
    before = os.environ.copy()
    # Not pytest's tmp_path: the path of a socket may have 107 characters at most.
    with tempfile.TemporaryDirectory(prefix="sound-", ignore_cleanup_errors=True) as folder:
        sound = kind(Path(folder))
        try:
            os.environ.update({k: v for k, v in sound.environment.items() if k.startswith("PULSE_")})
            yield sound
        finally:
            sound.close()
            for name in ("PULSE_SERVER", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH", "PULSE_COOKIE"):
                os.environ.pop(name, None)
                if name in before:
                    os.environ[name] = before[name]
