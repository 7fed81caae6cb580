"""What a frame costs: milliseconds of processor for Silero, for views of the echo and suppressor, for the head, in all.

python -m tests.benchmarks.bench_detector [--frames N]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.signal.echo_canceller import BINS
from assistant.signal.spectra import ROWS, WINDOW, Spectra, SpectrumAnalyser
from assistant.speech.head import INPUTS, Head, Hearing, LearnedDetector, RememberingSilero

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Frame:
    audio: Floats
    is_cancelled: bool
    spectra: Spectra
    uncertainty: Floats
    is_path_new: bool = False
    is_echo_misplaced: bool = False


def cost_ms(step: Callable[[int], object], frames: int) -> float:
    for at in range(20):
        step(at)
    began = time.process_time()
    for at in range(frames):
        step(at)
    return (time.process_time() - began) / frames * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=1000)
    parser.add_argument("--model", type=Path, help="another ONNX file than the shipped one")
    arguments = parser.parse_args()
    rng = np.random.default_rng(1)
    sound = (0.05 * rng.standard_normal((64, WINDOW))).astype(np.float32)
    inputs = rng.standard_normal((64, INPUTS)).astype(np.float32)
    bins = np.full(BINS, 1e-3, np.float32)
    silero, hearing, head = RememberingSilero(), Hearing(), Head(arguments.model)
    whole = LearnedDetector(head)
    spectra = [SpectrumAnalyser()(np.roll(sound, at, axis=0)[:ROWS]) for at in range(64)]
    frames = [Frame(sound[at], True, spectra[at], bins) for at in range(64)]
    stages: dict[str, Callable[[int], object]] = {
        "Silero": lambda at: silero(sound[at % 64]),
        "hearing": lambda at: hearing(frames[at % 64]),
        "head": lambda at: head(inputs[at % 64]),
        "all three": lambda at: whole(frames[at % 64]),
    }
    for name, step in stages.items():
        print(f"{name:10} {cost_ms(step, arguments.frames):.3f} ms a frame of 16 ms")


if __name__ == "__main__":
    main()
