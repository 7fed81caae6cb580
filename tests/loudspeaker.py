"""A loudspeaker in a room, between the virtual speaker and the virtual mic: the application hears its own voice.

    speaker ── parec ── a small driver that saturates ── room response ── noise bed ──┬── pacat ── mic
    a sound file that appears in the room's folder: somebody speaks ──────────────────┘

The room is a process of its own, so that no test's thread makes it late, and plays one stream for as long as it lasts:
each stream that comes or goes moves the server's timing for all others by some samples, and so the echo's path. Three
channels of one device carry what the speaker plays, what the mic hears and what the person in the room says,
sample-aligned: the onset of a voice is known although the mic is full of echo.
"""

from __future__ import annotations

import argparse
import array
import contextlib
import fcntl
import os
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.audio.room import BLOCK, PartitionedConvolution, noise_bed, room_response
from assistant.settings.sections import Voice
from assistant.speech.loudness import loudness_lufs
from tests.talkers import level_dbfs, spoken
from tests.virtual_audio import RATE, AlignedAudio

Floats = npt.NDArray[np.float32]

SPEAKER, MIC, VOICE = 0, 1, 2
"""Channels of a recording of "room.monitor"."""
CHANNELS = 3
LATENCY_MS = 20
"""What the player keeps in hand. With 80 the server breaks the application's own streams: ten milliseconds a second."""
MOST_WAITING = 6 * BLOCK * 8
"""Bytes: what waits longer for the player is dropped. Else each moment that this process or the server was late for
would make the echo later for ever, until it were later than any room's."""
SILENCE_DBFS = -120.0
"""Echo at this level is none: headphones."""
SAID = "said.f32"
_SAMPLE = "Every morning the fishermen carry their boats over the sand. In the evening the lamp is lit again."


@dataclass(frozen=True, slots=True)
class EchoPath:
    """gain_db: of the echo of white noise. drive: how hard the driver saturates, tanh; 0 is linear."""

    gain_db: float = -10.0
    reverberation_s: float = 0.3
    drive: float = 2.0
    noise_dbfs: float = -65.0
    seed: int = 1


class SimulatedLoudspeaker:
    """What the mic hears of the speaker, block by block."""

    def __init__(self, path: EchoPath) -> None:
        self._drive = path.drive
        self._air = PartitionedConvolution(room_response(path.reverberation_s, path.gain_db, path.seed))
        self._noise = noise_bed(path.noise_dbfs, path.seed + 1).reshape(-1, BLOCK)
        self._steps = 0

    def step(self, played: Floats) -> Floats:
        """(BLOCK,) float32 at 48 kHz each."""
        if self._drive:
            played = (np.tanh(self._drive / 0.5 * played) * (0.5 / self._drive)).astype(np.float32)
        heard = self._air.step(played) + self._noise[self._steps % len(self._noise)]
        self._steps += 1
        return heard


def path_with_echo_at(dbfs: float, path: EchoPath = EchoPath()) -> EchoPath:
    """The path whose gain brings the assistant's own voice to that level at the mic, while it speaks."""
    if dbfs <= SILENCE_DBFS:
        return EchoPath(**{**asdict(path), "gain_db": SILENCE_DBFS})
    voice = Voice()
    own = spoken(_SAMPLE, voice)
    own *= 10 ** ((voice.loudness_lufs - loudness_lufs(own, RATE)) / 20)
    simulated = SimulatedLoudspeaker(path)
    blocks = own[: len(own) // BLOCK * BLOCK].reshape(-1, BLOCK)
    heard = np.concatenate([simulated.step(block) for block in blocks])
    return EchoPath(**{**asdict(path), "gain_db": path.gain_db + dbfs - level_dbfs(heard)})


def before_others(*processes: subprocess.Popen[bytes]) -> None:
    """Air and sound cards are never late: where it is allowed they come before whatever keeps the machine busy."""
    for process in processes:
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.sched_setscheduler(process.pid, os.SCHED_RR, os.sched_param(5))


@dataclass(frozen=True, slots=True)
class Saying:
    """until_s: monotonic time by which it has been said, but for the room's latency."""

    until_s: float

    def wait(self, timeout: float) -> None:
        """As of the process that plays a sound."""
        time.sleep(min(timeout, max(0.0, self.until_s - time.monotonic()) + 0.1))


class RoomAudio(AlignedAudio):
    """Speaker, mic and the person's voice alone are three channels of one device."""

    def add_speaker(self) -> None:
        before_others(self._daemon)  # its threads for the devices are yet to come
        self._modules["room"] = self.pactl(
            *("load-module", "module-null-sink", "sink_name=room", f"rate={RATE}", f"channels={CHANNELS}"),
            "channel_map=front-left,front-right,rear-left",
        )
        self._modules["speaker"] = self._one_channel("speaker", "front-left")
        self._modules["voice"] = self.pactl(
            *("load-module", "module-remap-sink", "sink_name=voice", "master=room", "channels=2"),
            *("channel_map=front-left,front-right", "master_channel_map=front-right,rear-left", "remix=no"),
        )
        self.pactl("set-default-sink", "speaker")

    def speak_into_mic(self, sound: Floats) -> Saying:  # type: ignore[override]
        """The room plays it into the mic and, at the same samples, into the track of the voice alone."""
        writing = self.folder / "writing.f32"
        sound.astype("<f4").tofile(writing)
        writing.rename(self.folder / SAID)
        return Saying(time.monotonic() + len(sound) / RATE)

    @contextlib.contextmanager
    def loudspeaker(self, path: EchoPath) -> Iterator[None]:
        """The mic hears speaker and persons while the block runs. Raises RuntimeError if it ceased to."""
        raw = ("--raw", "--format=float32le", f"--rate={RATE}")
        words = [f"--{name.replace('_', '-')}={value}" for name, value in asdict(path).items()]
        listens = subprocess.Popen(
            ["parec", "-d", "speaker.monitor", *raw, "--channels=1", "--latency-msec=10"],
            env=self.environment,
            stdout=subprocess.PIPE,
        )
        convolves = subprocess.Popen(
            [sys.executable, "-m", "tests.loudspeaker", str(self.folder), *words],
            stdin=listens.stdout,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
            env=self.environment,
        )
        plays = subprocess.Popen(
            ["pacat", "-d", "voice", *raw, "--channels=2", f"--latency-msec={LATENCY_MS}"],
            env=self.environment,
            stdin=convolves.stdout,
        )
        processes = (listens, convolves, plays)
        before_others(*processes)
        assert listens.stdout is not None and convolves.stdout is not None and convolves.stderr is not None
        for pipe in (listens.stdout, convolves.stdout):
            pipe.close()  # its reader has its own
        try:
            convolves.stderr.readline()
            yield
            if any(process.poll() is not None for process in processes):
                raise RuntimeError("the loudspeaker's path has broken: what was measured is without echo")
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=5)
            convolves.stderr.close()


def main() -> None:
    """What the speaker plays on standard input, mic and voice to standard output, raw float32, until the input ends."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path, help="where a file “said.f32” is somebody who speaks")
    for name, value in asdict(EchoPath()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    words = vars(parser.parse_args())
    said = words.pop("folder") / SAID
    simulated = SimulatedLoudspeaker(EchoPath(**words))
    voice = np.zeros(0, np.float32)
    both = np.zeros((BLOCK, 2), "<f4")
    with open(0, "rb", buffering=0) as incoming, open(1, "wb", buffering=0) as outgoing:
        print("ready", file=sys.stderr, flush=True)
        pending = b""
        while some := incoming.read(BLOCK * 4 - len(pending)):
            pending += some
            if len(pending) < BLOCK * 4:
                continue
            if not len(voice) and said.exists():
                voice = np.fromfile(said, "<f4")
                voice = np.pad(voice, (0, -len(voice) % BLOCK))
                said.unlink()
            both[:, 1] = voice[:BLOCK] if len(voice) else 0
            both[:, 0] = np.clip(simulated.step(np.frombuffer(pending, "<f4")) + both[:, 1], -1, 1)
            voice, pending = voice[BLOCK:], b""
            if waiting(outgoing.fileno()) <= MOST_WAITING:
                outgoing.write(both.tobytes())


def waiting(pipe: int) -> int:
    """Bytes that nobody has read yet."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


if __name__ == "__main__":
    main()
