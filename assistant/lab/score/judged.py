"""Decides trials, each with a network that has heard nothing of them, in as many processes as wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.audio.frame_path import Detector
from assistant.lab.replay import replay
from assistant.lab.score.outcome import Decided, decided
from assistant.lab.score.spread import spread
from assistant.lab.score.truth import Trial
from assistant.settings.sections import Settings
from assistant.speech.detectors import chosen_detector
from assistant.speech.head import Head, HeadMissing, LearnedDetector


@dataclass(frozen=True, slots=True)
class Heads:
    """Which network judges a trial. folder: what `assistant.lab.train --folds K` wrote; None for the shipped network.

    A trial whose clips were left out of one network (`cond.fold` n) is judged by that one, without-fold-n.onnx. One
    that names no fold holds nothing of the training's clips and is judged by detector.onnx.
    """

    folder: Path | None = None

    def check(self, trials: Sequence[Trial]) -> None:
        """Raises HeadMissing, before anything is replayed, for a network that will be wanted and is not there."""
        for trial in trials:
            self.path(trial)

    def path(self, trial: Trial) -> Path | None:
        """None: the shipped network. Raises HeadMissing."""
        if self.folder is None:
            return None
        fold = trial.truth.fold
        path = self.folder / ("detector.onnx" if fold is None else f"without-fold-{fold}.onnx")
        if not path.is_file():
            raise HeadMissing(f"{path} is missing, {trial.truth.id} wants it: python -m assistant.lab.train --folds")
        return path

    def detector(self, trial: Trial, settings: Settings) -> Detector:
        """A new one. Raises VadMissing and HeadMissing."""
        path = self.path(trial) if settings.vad.detector == "learned" else None
        return LearnedDetector(head=Head(path)) if path else chosen_detector(settings.vad)


def judged(trials: Sequence[Trial], settings: Settings, heads: Heads, jobs: int = 1) -> Iterator[Decided]:
    """In the order of the trials. Raises BadSound, VadMissing and HeadMissing."""
    return spread(partial(_judge, settings=settings, heads=heads), trials, jobs)


def _judge(trial: Trial, settings: Settings, heads: Heads) -> Decided:
    replayed = replay(trial.scenario, settings, heads.detector(trial, settings))
    return decided(trial.truth, replayed.events(), replayed.cpu_s, trial.scenario.far is not None)
