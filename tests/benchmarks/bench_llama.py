"""What a language model takes on this machine: prompt, answer, what the KV cache saves, and how soon it can be stopped.

python -m tests.benchmarks.bench_llama MODEL.gguf [--cancels N]

The words of the prompt are any words; a model of random weights is as fast as one that makes sense.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from assistant.audio.realtime import SWITCH_INTERVAL_S
from assistant.brain.llama import Cancelled, LanguageModel
from assistant.brain.llama_partner import LlamaPartner
from assistant.brain.partner import Interruption, Thought, UserTurn
from assistant.brain.runs import Run, Segment
from assistant.settings import sections

PROMPT_WORDS = 300
TOKENS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--cancels", type=int, default=40, help="cancellations of each kind (40)")
    given = parser.parse_args()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    began = time.perf_counter()
    model = LanguageModel(given.model, 4096, -1)
    print(f"{model.name}: loaded in {time.perf_counter() - began:.2f} s")
    with Pulse() as idle:
        time.sleep(5)
    with Pulse() as busy:
        speed(model)
    for name, pulse in (("idle", idle), ("at work", busy)):
        print(f"with it {name}, another thread is late by: p99 {pulse.p(99):.1f} ms, at most {pulse.p(100):.1f} ms")
    stops(model, given.cancels)
    model.close()
    conversation(given.model)


def words(count: int) -> list[str]:
    draw = random.Random(count)
    return ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(2, 8))) for _ in range(count)]


def prompt(model: LanguageModel, count: int) -> list[int]:
    return model.vocabulary.tokens([Segment(Run(" ".join(words(count))))])


def speed(model: LanguageModel) -> None:
    tokens = prompt(model, PROMPT_WORDS)
    began = time.perf_counter()
    model.evaluate(tokens, never)
    prompt_s = time.perf_counter() - began
    began = time.perf_counter()
    made = sum(1 for _ in islice(model.generate(0.7, never), TOKENS))
    made_s = time.perf_counter() - began
    print(f"prompt {len(tokens) / prompt_s:.0f} tokens/s ({len(tokens)}), answer {made / made_s:.1f} tokens/s ({made})")


def stops(model: LanguageModel, count: int) -> None:
    """From the moment that nobody wants the result to the moment that the thread is free again."""
    inside = [stopped(lambda cancelled, n=n: model.evaluate(prompt(model, 200 + n), cancelled)) for n in range(count)]
    model.evaluate(prompt(model, 20), never)
    between = [stopped(lambda cancelled: _drain(model, cancelled)) for _ in range(count)]
    for name, took_ms in (("inside the prompt", inside), ("in the answer", between)):
        p50, p95 = statistics.median(took_ms), statistics.quantiles(took_ms, n=20)[-1]
        print(f"stopped {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, longest {max(took_ms):.1f} ms")


def stopped(work: Callable[[Callable[[], bool]], object]) -> float:
    """Milliseconds until `work` ends that is cancelled at some moment by another thread."""
    unwanted_s: list[float] = []
    timer = threading.Timer(random.uniform(0.05, 0.4), lambda: unwanted_s.append(time.perf_counter()))
    timer.start()
    try:
        while True:
            work(lambda: bool(unwanted_s))
    except Cancelled:
        return (time.perf_counter() - unwanted_s[0]) * 1000


def _drain(model: LanguageModel, cancelled: Callable[[], bool]) -> None:
    for _ in islice(model.generate(0.7, cancelled), TOKENS):
        pass
    model.evaluate(prompt(model, 20), cancelled)


def conversation(path: Path) -> None:
    """Three turns, one interrupted, the last words of each known before the turn is over."""
    thoughts: list[Thought] = []
    partner = LlamaPartner(path, sections.Brain(reply_tokens=32), thoughts.append)
    print("turn             reused  evaluated  first phrase")
    cut: Interruption | None = None
    for number, name in enumerate(("first", "second", "interrupted", "prepared"), start=1):
        turn = UserTurn(" ".join(words(12 + number)), 3.0, cut, number=number)
        if name == "prepared":
            partner.warm(turn, never)
        began = time.perf_counter()
        first_s, said = 0.0, []
        for phrase in partner.reply(turn, never):
            first_s = first_s or time.perf_counter() - began
            said.append(phrase.text)
        heard = " ".join(said).split()
        half = len(heard) // 2
        cut = Interruption(" ".join(heard[:half]), " ".join(heard[half:]), "", 100.0, "") if name == "second" else None
        thought = thoughts[-1]
        print(f"{name:16} {thought.reused:6} {thought.evaluated:10}  {first_s:.2f} s (prompt {thought.prompt_s:.2f} s)")


class Pulse:
    """A thread that asks for the interpreter every millisecond, as the audio callback does every ten."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._late_ms: list[float] = []

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.is_set():
            began = time.perf_counter()
            time.sleep(0.001)
            self._late_ms.append((time.perf_counter() - began - 0.001) * 1000)

    def p(self, percent: int) -> float:
        ordered = sorted(self._late_ms)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def never() -> bool:
    return False


if __name__ == "__main__":
    main()
