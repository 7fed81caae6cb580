"""Four situations that every voice assistant meets, through the real window: what it did each time, and how fast.

python -m tests.benchmarks.bench_situations [--trials 8] [--headphones] [--first] [--only NAME …] [words of `run`]

Somebody interrupts; says "mm-hm" while listening; talks to somebody else in the room; a radio or several talkers sound
in the background. All by eSpeak NG, into a virtual mic that also hears the assistant, 0 dB against its voice.

What this cannot show: the recogniser is a real Whisper of a few hundred kilobytes that hears the same words in every
sound, so each situation has one that hears the right words. So the words are always understood, and always at once;
with real weights they may be wrong and come later. Nothing tells whom somebody talks to but the words: there it
must be expected to stop and answer. The language model is as small and talks for ever, so that it is always speaking.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from assistant.lab.train.loudspeaker import band_limited, convolved, room_response
from assistant.speech.interrupter import BACKCHANNELS
from tests.device.driver import say
from tests.device.over_loudspeaker import ECHO_DBFS, Place, carried_out_ms, in_the_room, speaking_room
from tests.loudspeaker import SILENCE_DBFS, VOICE
from tests.talkers import RATE as LOW_RATE
from tests.talkers import TALKERS, at_level, spoken
from tests.tiny.gguf import make_gguf
from tests.tiny.whisper import make_whisper
from tests.virtual_audio import RATE

Floats = npt.NDArray[np.float32]

TALK = (
    "Ships come in with the tide, and boats go out again. Every morning people carry fish along this quay, while gulls "
    "wait above. Later my old lighthouse turns on its lamp, then night falls over quiet water."
)
QUESTIONS = ("Can I ask you something?", "What was that again?", "And who lives in the harbour?", "How far away is it?")
TO_OTHERS = (
    ("Did you feed the cat this morning?", "Yes, at eight, before I left."),
    ("Have you seen my keys anywhere?", "They are on the kitchen table."),
    ("Shall we eat at seven tonight?", "Half past would be better for me."),
)
BROADCAST = (
    "And now the weather. Rain moves in from the west tonight, with strong winds along the coast and some snow on the "
    "hills. Tomorrow will be cold and bright in most places."
)
WATCHED_S = 3.5
"""After the sound: longer than the pause that ends a turn, and an answer."""


@dataclass(frozen=True)
class Situation:
    """heard: the words that its recogniser hears. wanted: what a polite listener does."""

    name: str
    heard: str
    wanted: str
    sound: Callable[[int], Floats]


def interruption(number: int) -> Floats:
    voice = TALKERS[number % len(TALKERS)]
    return in_the_room(spoken(QUESTIONS[number % len(QUESTIONS)], voice), ECHO_DBFS, number)


def backchannel(number: int) -> Floats:
    voice = TALKERS[number % len(TALKERS)]
    return in_the_room(spoken(BACKCHANNELS[number % len(BACKCHANNELS)], voice), ECHO_DBFS - 3, number)


def to_somebody_else(number: int) -> Floats:
    """Two people two metres away, who face each other."""
    first, second = TO_OTHERS[number % len(TO_OTHERS)]
    one, other = TALKERS[number % len(TALKERS)], TALKERS[(number + 1) % len(TALKERS)]
    pause = np.zeros(RATE // 4, np.float32)
    asked = far_away(spoken(first, one), ECHO_DBFS - 6, number, -3.0)
    return np.concatenate([asked, pause, far_away(spoken(second, other), ECHO_DBFS - 9, number + 1, -5.0)])


def background(number: int) -> Floats:
    """A radio in the next corner, or five people at once."""
    if number % 2 == 0:
        radio = spoken(BROADCAST, TALKERS[number // 2 % len(TALKERS)])[: 6 * RATE]
        return far_away(radio, ECHO_DBFS - 14, number, -6.0, (300, 3500))
    talkers = [spoken(BROADCAST[at * 20 :], voice)[: 6 * RATE] for at, voice in enumerate(TALKERS[:5])]
    babble = np.sum([at_level(np.pad(each, (0, 6 * RATE - len(each))), -30) for each in talkers], axis=0)
    return far_away(babble.astype(np.float32), ECHO_DBFS - 12, number, -6.0)


def far_away(
    sound: Floats, dbfs: float, seed: int, direct_db: float, band_hz: tuple[float, float] = (80, 7000)
) -> Floats:
    """direct_db: direct to reverberant; negative is more than a metre away."""
    low = np.asarray(soxr.resample(np.pad(sound, (0, RATE // 2)), RATE, LOW_RATE), np.float32)
    response = room_response(np.random.default_rng([9, seed]), 0.5, direct_db)
    heard = convolved(band_limited(low, *band_hz), response)
    return np.asarray(soxr.resample(at_level(heard, dbfs, LOW_RATE), LOW_RATE, RATE), np.float32)


SITUATIONS = (
    Situation("interruption", "tell me about that", "stops, answers", interruption),
    Situation("backchannel", "mm-hm", "carries on", backchannel),
    Situation("to-somebody-else", "did you feed the cat", "carries on", to_somebody_else),
    Situation("background", "rain moves in tonight", "carries on", background),
)


@dataclass(frozen=True)
class Done:
    """did: in the order it was done, of ducked, restored, stopped, resumed, answered. mute_ms: the longest silence."""

    did: tuple[str, ...]
    duck_ms: float | None
    stop_ms: float | None
    silent_ms: float | None
    mute_ms: float


_SHOWN = {"duck": "ducked", "restore": "restored", "stop": "stopped", "resume": "resumed", "reply": "answered"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=8)
    parser.add_argument("--headphones", action="store_true", help="the mic does not hear the assistant")
    parser.add_argument("--first", action="store_true", help="before all else on the machine, where allowed")
    parser.add_argument("--only", nargs="*", default=[], choices=[each.name for each in SITUATIONS])
    arguments, words = parser.parse_known_args()
    lines = []
    for situation in SITUATIONS:
        if not arguments.only or situation.name in arguments.only:
            try:
                done = observed(situation, arguments, words)
            except pytest.skip.Exception as missing:
                sys.exit(str(missing))
            lines += told(situation, done)
    print("from the first sound, p50 / p95 in ms: first duck, decision to stop, silence in the recording")
    print("\n".join(lines))


def observed(situation: Situation, arguments: argparse.Namespace, words: Sequence[str]) -> list[Done]:
    """Every trial of one situation, in one conversation."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        models = {
            "--ears.model": make_whisper(home / "whisper", situation.heard),
            "--brain.model": make_gguf(home / "mind.gguf", TALK, context=32768, end=False),
        }
        options = [str(word) for pair in models.items() for word in pair]
        options += ["--brain.context_tokens", "32768", "--brain.reply_tokens", "2048", "--seconds", "3600", *words]
        echo_dbfs = SILENCE_DBFS if arguments.headphones else ECHO_DBFS
        with speaking_room(home, *options, echo_dbfs=echo_dbfs, first=arguments.first) as place:
            begin(place)
            done = []
            for number in range(arguments.trials):
                done.append(trial(place, situation.sound(number)))
                print(f"{situation.name} {number + 1}: {', '.join(done[-1].did) or 'carried on'}", file=sys.stderr)
            return done


def begin(place: Place) -> None:
    """The first question, asked again until it speaks: nothing tells when the models are loaded."""
    question = in_the_room(spoken("Tell me about the harbour, please.", TALKERS[0]), ECHO_DBFS)
    for _ in range(6):
        place.recording.wait(5.0)
        if place.recording.speaks(1.0) or place.app.events("reply"):
            return
        say(place.sound, place.recording, question, VOICE)
    raise RuntimeError("the application never answered the first question")


def trial(place: Place, sound: Floats) -> Done:
    """One sound over its speech, and what became of it."""
    recording, app = place.recording, place.app
    recording.wait_for_speech(at_most=30.0)
    recording.wait(1.0)
    before = len(app.events())
    said = say(place.sound, recording, sound, VOICE)
    recording.wait(WATCHED_S)
    events = app.events()[before:]
    _, mute_s = recording.longest_silence(said.start, said.end + WATCHED_S)
    stop_ms = carried_out_ms(recording, said, events, "stop")
    silent_ms = None
    if stop_ms is not None:
        decided = said.start + max(0.0, stop_ms / 1000 - 0.05)
        silent_at = recording.falls_silent(decided, said.end + WATCHED_S)
        silent_ms = (silent_at - said.start) * 1000 if silent_at is not None else None
    did = tuple(dict.fromkeys(_SHOWN[event["event"]] for event in events if event["event"] in _SHOWN))
    return Done(did, carried_out_ms(recording, said, events, "duck", "stop"), stop_ms, silent_ms, mute_s * 1000)


def told(situation: Situation, done: Sequence[Done]) -> list[str]:
    """The situation, and a line for each way it went, the most frequent first."""
    ways: dict[tuple[str, ...], list[Done]] = {}
    for each in done:
        ways.setdefault(each.did, []).append(each)
    lines = ["", f"{situation.name} ({len(done)}; recogniser hears “{situation.heard}”; polite: {situation.wanted})"]
    for did, some in sorted(ways.items(), key=lambda way: -len(way[1])):
        figures = (
            f"duck {_spread([each.duck_ms for each in some])}, stop {_spread([each.stop_ms for each in some])}, "
            f"silent {_spread([each.silent_ms for each in some])}, "
            f"longest silence {np.median([each.mute_ms for each in some]):.0f}"
        )
        lines.append(f"  {len(some):>3} × {', '.join(did) or 'carried on':44}{figures if did else ''}")
    return lines


def _spread(values_ms: Sequence[Any]) -> str:
    known = [value for value in values_ms if value is not None]
    return f"{np.percentile(known, 50):.0f} / {np.percentile(known, 95):.0f}" if known else "–"


if __name__ == "__main__":
    main()
