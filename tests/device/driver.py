"""Runs the real application on a virtual screen and virtual sound, speaks into its mic and measures the recording."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.virtual_audio import RATE, AlignedAudio

Floats = npt.NDArray[np.float32]
AUDIBLE = 10 ** (-60 / 20)
SAMPLE_BYTES = 4


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """A private X server; yields its display."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed: apt install xvfb")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


@dataclass(frozen=True, slots=True)
class Said:
    """A sound that was played into the mic. start, end: seconds of the recording, of its first and last sample above
    -60 dBFS."""

    start: float
    end: float


class Recording:
    """What speaker and mic carried, on one clock, still growing while the test runs."""

    def __init__(self, path: Path, channels: int = 2) -> None:
        self._path = path
        self._channels = channels
        self._frame_bytes = channels * SAMPLE_BYTES
        self._ahead_s = -float("inf")

    @property
    def seconds(self) -> float:
        lasted = self._path.stat().st_size // self._frame_bytes / RATE
        # It is written a little late, now more and now less: the least late look ties its clock to the wall's.
        self._ahead_s = max(self._ahead_s, lasted - time.monotonic())
        return lasted

    def at(self, monotonic_s: float) -> float:
        """The second of the recording at that time, some milliseconds early at most."""
        return monotonic_s + self._ahead_s

    def channel(self, number: int, start: float, end: float) -> Floats:
        """0 the speaker, 1 the mic, 2 the voice alone where that is recorded too; (n,) float32 at 48 kHz."""
        first, last = int(start * RATE), int(end * RATE)
        raw = np.fromfile(self._path, "<f4", (last - first) * self._channels, offset=first * self._frame_bytes)
        return raw[: len(raw) // self._channels * self._channels].reshape(-1, self._channels)[:, number]

    def wait(self, seconds: float) -> None:
        """Until so much more is recorded: the sound's own clock, not the wall's."""
        until = self.seconds + seconds
        while self.seconds < until:
            time.sleep(0.02)

    def speaks(self, within: float = 0.35) -> bool:
        """Whether the speaker has sounded all through the last moments."""
        end = self.seconds - 0.02
        pieces = np.array_split(self.channel(0, max(0.0, end - within), end), 4)
        return all(len(piece) and np.abs(piece).max() > 0.02 for piece in pieces)

    def wait_for_speech(self, at_most: float = 20.0) -> None:
        until = self.seconds + at_most
        while not self.speaks():
            assert self.seconds < until, "the application does not speak"
            time.sleep(0.02)

    def sounds_within(self, seconds: float) -> bool:
        """Waits until the speaker is audible, so long at most. Returns whether it was."""
        start = self.seconds
        while self.seconds < start + seconds:
            if self.first_sound(start, self.seconds) is not None:
                return True
            time.sleep(0.05)
        return False

    def last_sound(self, start: float, end: float) -> float | None:
        """When the speaker was last audible between these times; None if it was not."""
        loud = np.flatnonzero(np.abs(self.channel(0, start, end)) > AUDIBLE)
        return start + float(loud[-1] + 1) / RATE if len(loud) else None

    def falls_silent(self, start: float, end: float, for_s: float = 0.3) -> float | None:
        """The last sound of the speaker before it was silent so long, from `start` on; None if it never was."""
        loud = np.flatnonzero(np.abs(self.channel(0, start, end)) > AUDIBLE)
        edges = np.concatenate([[0], loud + 1, [int((end - start) * RATE)]])
        gaps = np.flatnonzero(np.diff(edges) >= for_s * RATE)
        return start + float(edges[gaps[0]]) / RATE if len(gaps) else None

    def longest_silence(self, start: float, end: float) -> tuple[float, float]:
        """Of the speaker between these times: when it began, and how many seconds it lasted."""
        loud = np.flatnonzero(np.abs(self.channel(0, start, end)) > AUDIBLE)
        edges = np.concatenate([[0], loud + 1, [int((end - start) * RATE)]])
        gap = int(np.argmax(np.diff(edges)))
        return start + float(edges[gap]) / RATE, float(edges[gap + 1] - edges[gap]) / RATE

    def first_sound(self, start: float, end: float, channel: int = 0) -> float | None:
        loud = np.flatnonzero(np.abs(self.channel(channel, start, end)) > AUDIBLE)
        return start + float(loud[0]) / RATE if len(loud) else None


class Application:
    """Interject as a person starts it: a child process with its own home, screen and sound."""

    def __init__(self, sound: AlignedAudio, display: str, home: Path, *words: str) -> None:
        self._home = home
        self.events_file = home / "events.jsonl"
        environment = {**sound.environment, "DISPLAY": display, "INTERJECT_HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
        environment.pop("INTERJECT_SETUP_STATUS", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "run", "--events", str(self.events_file), *words],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        """What the events file holds so far."""
        if not self.events_file.exists():
            return []
        lines = self.events_file.read_text(encoding="utf-8").splitlines()
        told = [json.loads(line) for line in lines]
        return [event for event in told if not kinds or event["event"] in kinds]

    def log(self) -> str:
        """What the log holds so far."""
        log = self._home / "state" / "interject.log"
        return log.read_text(encoding="utf-8") if log.exists() else ""

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> tuple[int, str, float]:
        """Asks it to end; returns its exit status, what it printed, and how long the ending took in seconds."""
        began = time.monotonic()
        self.process.terminate()
        try:
            printed, _ = self.process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return self.process.returncode, printed, time.monotonic() - began


def say(sound: AlignedAudio, recording: Recording, audio: Floats, channel: int = 1) -> Said:
    """Plays into the mic and waits until it is over. channel: where it is looked for in the recording."""
    before = recording.seconds
    player = sound.speak_into_mic(audio)
    player.wait(timeout=30)
    recording.wait(0.1)
    start = recording.first_sound(before, recording.seconds, channel)
    assert start is not None, "nothing arrived at the mic"
    loud = np.flatnonzero(np.abs(recording.channel(channel, start, recording.seconds)) > AUDIBLE)
    return Said(start, start + float(loud[-1]) / RATE)
