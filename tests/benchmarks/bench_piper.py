"""How soon a Piper voice begins, how fast it speaks, how soon it stops, and how long others wait for it.

python -m tests.benchmarks.bench_piper VOICE.onnx [--times N]

Each figure is the median, and the worst where a slash stands. "whole" is the same voice with its decoder run once a
sentence, as piper-tts does it. Weights do not matter: a network of the voice's shape takes the same time.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from assistant.speech.piper import PiperSpeech
from assistant.speech.voice import VOICE_RATE, SpokenChunk

CLAUSE = "Of course, I will do."
SENTENCE = "From the gallery he could see the whole harbour, and the ferry coming in, as one of the men said."


class GapWatch:
    """A thread that wants the interpreter every millisecond, as an audio callback does, and notes its waits."""

    def __init__(self) -> None:
        self._gaps: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> GapWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        before = time.perf_counter()
        while not self._over.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            self._gaps.append(now - before - 0.001)
            before = now

    def __str__(self) -> str:
        gaps_ms = 1000 * np.array(self._gaps)
        middle, most = np.percentile(gaps_ms, (50, 99))
        return f"median {middle:.1f}, 99th percentile {most:.1f}, worst {gaps_ms.max():.1f} ms"


class Timed:
    """One phrase spoken: seconds to its first chunk and to its last, of the clock and of this thread's processor."""

    def __init__(self, voice: PiperSpeech, phrase: str) -> None:
        self.samples = 0
        self.first_s = self.first_cpu_s = 0.0
        self._began, self._began_cpu = time.perf_counter(), time.thread_time()
        voice.speak(phrase, self._take)
        self.all_s, self.cpu_s = time.perf_counter() - self._began, time.thread_time() - self._began_cpu

    def _take(self, chunk: SpokenChunk) -> bool:
        if not self.samples:
            self.first_s, self.first_cpu_s = time.perf_counter() - self._began, time.thread_time() - self._began_cpu
        self.samples += len(chunk.audio)
        return True

    @property
    def sound_s(self) -> float:
        return self.samples / VOICE_RATE


def report(name: str, voice: PiperSpeech, phrase: str, times: int) -> None:
    runs = [Timed(voice, phrase) for _ in range(times)]

    def middle(figure: Callable[[Timed], float]) -> float:
        return float(np.median([figure(run) for run in runs]))

    print(
        f"{name:<24} {middle(lambda r: r.sound_s):5.2f} s sound   first {1000 * middle(lambda r: r.first_s):5.0f} ms "
        f"(cpu {1000 * middle(lambda r: r.first_cpu_s):5.0f})   real-time factor "
        f"{middle(lambda r: r.all_s / r.sound_s):.3f} (cpu {middle(lambda r: r.cpu_s / r.sound_s):.3f})"
    )


def stop_latency_ms(voice: PiperSpeech, after_s: float) -> float:
    """From the moment when nobody wants the sentence any more until the voice can be asked for something else."""
    began = time.perf_counter()

    def emit(chunk: SpokenChunk) -> bool:
        return time.perf_counter() - began < after_s

    voice.speak(SENTENCE, emit)
    return 1000 * max(0.0, time.perf_counter() - began - after_s)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("voice", type=Path)
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    sys.setswitchinterval(0.0005)
    with GapWatch() as idle:
        time.sleep(1)
    with GapWatch() as loading:
        began = time.perf_counter()
        voice = PiperSpeech(arguments.voice)
        print(f"loaded in {time.perf_counter() - began:.1f} s; sound comes {'in pieces' if voice.streams else 'whole'}")
    with GapWatch() as speaking:
        report("clause of 5 words", voice, CLAUSE, arguments.times)
        report("sentence of 20 words", voice, SENTENCE, arguments.times)
        longest_s = Timed(voice, SENTENCE).all_s
        stops_ms = [stop_latency_ms(voice, random.uniform(0, 0.8 * longest_s)) for _ in range(4 * arguments.times)]
        print(f"{'stop inside a sentence':<24} {np.median(stops_ms):.0f} / {max(stops_ms):.0f} ms")
    for name, gaps in (("idle", idle), ("loading", loading), ("speaking", speaking)):
        print(f"{'waits of another thread':<24} {name}: {gaps}")
    voice._model._overlap = 0  # nothing to decode twice: the decoder takes a sentence at once
    report("clause, whole", voice, CLAUSE, arguments.times)
    report("sentence, whole", voice, SENTENCE, arguments.times)


if __name__ == "__main__":
    main()
