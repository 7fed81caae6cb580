"""The real application on a loudspeaker: cut in, measured in the recording, and left alone with its own voice."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.audio.room import room_response
from assistant.lab.train.loudspeaker import convolved
from assistant.settings.sections import Voice
from assistant.speech.interrupter import INTERRUPTIONS
from tests.device.driver import Application, Recording, Said, say, screen
from tests.loudspeaker import CHANNELS, MIC, SPEAKER, VOICE, RoomAudio, path_with_echo_at
from tests.talkers import TALKERS, at_level, level_dbfs, spoken
from tests.virtual_audio import RATE, virtual_audio

Floats = npt.NDArray[np.float32]

ECHO_DBFS = -24.0
"""Of the assistant's own voice at the mic."""
RATIOS_DB = (0.0, 6.0, -6.0)
"""Speech to echo, in turns."""
_APPLICATION_RATE = 16_000
_FIRST_NICE = -19
_LATEST_S = 1.5
"""After the end of what was said: a stop later than this is a miss."""
_LEAST_SILENCE_S = 0.3


@dataclass(frozen=True, slots=True)
class Interruption:
    """What is going to be said. audio: as it arrives at the mic, (n,) float32 at 48 kHz."""

    talker: int
    ratio_db: float
    audio: Floats


@dataclass(frozen=True, slots=True)
class Barge:
    """One interruption as the recording shows it.

    silent_ms: onset to the speaker's last sound; None for a miss. reaction_ms: onset to when the first duck or stop was
    carried out; stop_ms: and the stop. premature: it had stopped itself before the onset. echo_dbfs: at the mic, in the
    second before it. path_ms: how late the mic hears the speaker.
    """

    interruption: Interruption
    said: Said
    premature: bool
    silent_ms: float | None
    reaction_ms: float | None
    stop_ms: float | None
    echo_dbfs: float
    path_ms: float


@dataclass(frozen=True, slots=True)
class Alone:
    """Itself and nobody else. silences: pauses of the speaker longer than any between its sentences."""

    minutes: float
    stops: int
    ducks: int
    silences: int


@dataclass(frozen=True, slots=True)
class Place:
    """A running application in a room, and all that can be observed."""

    sound: RoomAudio
    recording: Recording
    app: Application


@contextlib.contextmanager
def speaking_room(home: Path, *words: str, echo_dbfs: float = ECHO_DBFS, first: bool = False) -> Iterator[Place]:
    """The application with its window, in a room. echo_dbfs: SILENCE_DBFS for headphones. first: with more of the
    processor than whatever else keeps the machine busy, where that is allowed."""
    with contextlib.ExitStack() as stack:
        sound = stack.enter_context(virtual_audio(RoomAudio))
        display = stack.enter_context(screen())
        path = stack.enter_context(sound.recording("room.monitor", CHANNELS))
        stack.enter_context(sound.loudspeaker(path_with_echo_at(echo_dbfs)))
        app = Application(sound, display, home, *words)
        if first:
            with contextlib.suppress(PermissionError):
                os.setpriority(os.PRIO_PROCESS, app.process.pid, _FIRST_NICE)
        try:
            yield Place(sound, Recording(path, CHANNELS), app)
        finally:
            app.close()


def in_the_room(voice: Floats, dbfs: float, seed: int = 7, reverberation_s: float = 0.25) -> Floats:
    """As the mic hears somebody in front of it: direct sound first, so that its onset is the onset."""
    response = room_response(reverberation_s, 0.0, seed)
    return at_level(convolved(np.pad(voice, (0, RATE // 5)), response), dbfs)


def interruptions(count: int, seed: int = 1, texts: Sequence[str] = INTERRUPTIONS) -> list[Interruption]:
    """So many, by all voices, at all ratios of speech to echo."""
    voices: Sequence[Voice] = TALKERS
    made = []
    for number in range(count):
        talker, ratio_db = number % len(voices), RATIOS_DB[number // len(voices) % len(RATIOS_DB)]
        voice = spoken(texts[number % len(texts)], voices[talker])
        made.append(Interruption(talker, ratio_db, in_the_room(voice, ECHO_DBFS + ratio_db, seed + number)))
    random.Random(seed).shuffle(made)
    return made


def cut_in(place: Place, interruption: Interruption, chance: random.Random) -> Barge:
    """Waits until it speaks, speaks over it at some moment, and waits until that has been decided."""
    recording, app = place.recording, place.app
    stops_before = len(app.events("stop"))
    recording.wait_for_speech()
    recording.wait(chance.uniform(0.5, 3.0))
    if not recording.speaks():
        recording.wait_for_speech()
    before = len(app.events())
    premature = len(app.events("stop")) > stops_before
    said = say(place.sound, recording, interruption.audio, VOICE)
    recording.wait(_LATEST_S)
    events = app.events()[before:]
    stop_ms = carried_out_ms(recording, said, events, "stop")
    silent_at, lasted = recording.longest_silence(said.start, said.end + _LATEST_S)
    silent = stop_ms is not None and lasted >= _LEAST_SILENCE_S
    return Barge(
        interruption,
        said,
        premature,
        (silent_at - said.start) * 1000 if silent else None,
        carried_out_ms(recording, said, events, "duck", "stop"),
        stop_ms,
        level_dbfs(recording.channel(MIC, said.start - 1.0, said.start)),
        path_delay_ms(recording, said.start),
    )


def carried_out_ms(recording: Recording, said: Said, events: Sequence[dict[str, Any]], *kinds: str) -> float | None:
    """From the onset of what was said to the first of these events; None if there was none."""
    found = next((event["monotonic_s"] for event in events if event["event"] in kinds), None)
    return None if found is None else (recording.at(found) - said.start) * 1000


def left_alone(place: Place, seconds: float) -> Alone:
    """Nobody speaks but itself. What it decided while this waited for its first word counts."""
    before = len(place.app.events())
    place.recording.wait_for_speech()
    began = place.recording.seconds
    silences = 0
    while (left := began + seconds - place.recording.seconds) > 0:
        start = place.recording.seconds
        place.recording.wait(min(left, 10.0))
        _, lasted = place.recording.longest_silence(start, place.recording.seconds)
        silences += lasted > 1.2
    kinds = [event["event"] for event in place.app.events()[before:]]
    lasted = place.recording.seconds - began
    return Alone(lasted / 60, kinds.count("stop"), kinds.count("duck"), silences)


def fallen_behind_ms(place: Place) -> float:
    """How much sound the application has lost, or is late with, since its first decision: 0 on a quiet machine."""
    behind = [e["monotonic_s"] - e["sample"] / _APPLICATION_RATE for e in place.app.events("duck", "stop", "restore")]
    return (max(behind) - behind[0]) * 1000 if behind else 0.0


def path_delay_ms(recording: Recording, end: float, seconds: float = 2.0) -> float:
    """How late the mic hears the speaker, by their whitened cross-correlation (Knapp and Carter's PHAT, 1976)."""
    played, heard = (recording.channel(number, end - seconds, end) for number in (SPEAKER, MIC))
    cross = np.conj(np.fft.rfft(played)) * np.fft.rfft(heard)
    hertz = np.fft.rfftfreq(len(played), 1 / RATE)
    cross[(hertz < 200) | (hertz > 4000)] = 0
    found = np.fft.irfft(cross / (np.abs(cross) + 1e-12))
    return float(np.argmax(found[: RATE // 2])) / RATE * 1000
