"""python -m tests.benchmarks.bench_whisper DIR [SOUND …]: what a pass of a Whisper model costs here, part by part.

DIR: a CTranslate2 folder. With random weights of the right shape the times are right and the words are not. SOUND:
recordings of speech (16 kHz mono) to compare the words of short windows with those of the full one.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from assistant.settings import sections
from assistant.speech.ears import EARS_RATE, Around
from assistant.speech.hallucination import is_sure
from assistant.speech.whisper import LONGEST_QUICK, PADDING, SHORT_WINDOW, WhisperEars
from assistant.speech.whisper_net import FRAME, FULL_WINDOW, WhisperNet
from assistant.turns.words import plain_words

ROUNDS = 3


def ms(work: Callable[[], object]) -> str:
    """Median and longest of a few rounds."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - began))
    return f"{sorted(took)[ROUNDS // 2]:6.0f} ms (longest {max(took):.0f})"


def noise(seconds: float) -> npt.NDArray[np.float32]:
    return (0.1 * np.random.default_rng(1).standard_normal(int(seconds * EARS_RATE))).astype(np.float32)


def never() -> bool:
    return False


def parts(folder: Path) -> None:
    net = WhisperNet(folder)
    for seconds in (1, 5, 10):
        audio = noise(seconds)
        for label, frames in (("short", max(SHORT_WINDOW, len(audio) // FRAME + PADDING)), ("full", FULL_WINDOW)):
            encoded = net.encode(audio, frames)
            print(f"{seconds:3d} s, {label:5} window: encoder {ms(partial(net.encode, audio, frames))}")
            for beam in (1, 5):
                decode = partial(net.decode, encoded, "en", beam=beam)
                print(f"      decoder, beam {beam}, {decode().tokens} tokens: {ms(decode)}")


def whole(folder: Path) -> None:
    for seconds in (2, 5, 10):
        audio = noise(seconds)
        for quick in (True, False):
            ears = WhisperEars(folder, sections.Ears(final="quick" if quick else "full"))
            print(f"hear({seconds} s), quick {quick}: {ms(partial(ears.hear, audio, Around(), never))}")
        print(f"follow({seconds} s): {ms(partial(ears.follow, 1, audio, Around(), never))}")


def against_faster_whisper(folder: Path) -> None:
    from faster_whisper import WhisperModel

    audio = noise(5)
    for threads in (1, 2):
        model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)
        for beam in (1, 5):
            for plain in (True, False):
                options = {"beam_size": beam, "without_timestamps": plain, "temperature": 0, "max_new_tokens": 20}
                work = partial(transcribe, model, audio, options)
                print(f"transcribe(5 s), threads {threads}, beam {beam}, without timestamps {plain}: {ms(work)}")


def transcribe(model: Any, audio: npt.NDArray[np.float32], options: dict[str, Any]) -> str:
    return "".join(segment.text for segment in model.transcribe(audio, language="en", **options)[0])


def longest_gap(folder: Path) -> None:
    """How long another thread of Python was kept from running."""
    sys.setswitchinterval(0.0005)
    net = WhisperNet(folder)
    audio, encoded = noise(5), net.encode(noise(5), FULL_WINDOW)
    for label, work in (
        ("nothing", lambda: time.sleep(0.5)),
        ("loading", lambda: WhisperNet(folder)),
        ("encoder", lambda: net.encode(audio, FULL_WINDOW)),
        ("decoder", lambda: net.decode(encoded, "en", beam=5)),
    ):
        gaps: list[float] = []
        done = threading.Event()

        def tick(gaps: list[float] = gaps, done: threading.Event = done) -> None:
            last = time.perf_counter()
            while not done.is_set():
                time.sleep(0.001)
                now = time.perf_counter()
                gaps.append(1000 * (now - last))
                last = now

        thread = threading.Thread(target=tick)
        thread.start()
        work()
        done.set()
        thread.join()
        print(f"{label}: another thread waited {np.percentile(gaps, 99):.1f} ms (p99), {max(gaps):.1f} ms at most")


def compare(folder: Path, sounds: list[Path]) -> None:
    """How often a short window that is sure of its words says what the full one says."""
    net = WhisperNet(folder)
    sure = same = count = 0
    for path in sounds:
        audio, rate = soundfile.read(path, dtype="float32")
        frames = max(SHORT_WINDOW, len(audio) // FRAME + PADDING)
        if rate != EARS_RATE or audio.ndim > 1 or frames > LONGEST_QUICK:
            continue
        count += 1
        short = net.decode(net.encode(audio, frames), "en")
        if is_sure(short):
            full = net.decode(net.encode(audio, FULL_WINDOW), "en")
            sure += 1
            same += plain_words(short.text) == plain_words(full.text)
            if plain_words(short.text) != plain_words(full.text):
                print(f"{path.name}: short {short.text!r}, full {full.text!r}")
    print(f"{count} recordings: sure of {sure}, of these the same as in a full window {same}")


if __name__ == "__main__":
    directory = Path(sys.argv[1])
    if len(sys.argv) > 2:
        compare(directory, [Path(name) for name in sys.argv[2:]])
    else:
        parts(directory)
        whole(directory)
        longest_gap(directory)
        against_faster_whisper(directory)
