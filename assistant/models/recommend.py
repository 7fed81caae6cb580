"""Which set suits a machine, and roughly how long each would take to reply on it."""

from __future__ import annotations

import math

from assistant.models.catalogue import Catalogue, Model, ModelSet
from assistant.models.machine import Machine

# Measured by `bench replies` with the real shapes on two busy cores; each kind's work grows with the size of its file.
EARS_S_PER_MB = 0.0031
"""Two or three seconds of speech through Whisper, quick final pass: tiny.en (75 MB) 0.21 s, base.en (145 MB) 0.5 s."""
MIND_S_PER_MB = 0.0008
"""The rest of a prompt and the first clause of an answer: Qwen2.5-0.5B Q4_0 (430 MB) 0.26 and 0.09 s."""
VOICE_S_PER_MB = 0.0014
"""The first sound of a clause from Piper: a medium voice (63 MB) 0.09 s."""
PAUSE_S, PREPARED_AFTER_S = 0.42, 0.16
"""The silence that ends a turn after a finished sentence, and that after which the answer is made, as the settings have
them."""
DEVICE_S = 0.03
EFFICIENCY = 0.8
"""n threads do the work of n ** 0.8: weights are read from a memory that all cores share."""
MOST_THREADS = 8
"""More threads than these gain nothing with models so small."""
PATIENT_S = 1.5
"""A set that would take longer than this to reply is not recommended while a quicker one is there."""
SHARE_OF_MEMORY = 0.6
"""The rest is for the system and the person's other programs."""
APP_MB = 400


def recommended(catalogue: Catalogue, machine: Machine) -> ModelSet:
    """The best set that fits the machine's memory and disk and replies within PATIENT_S; else the smallest.

    The disk does not rule out the smallest: the download tells how much is missing.
    """
    fitting = [
        each
        for each in catalogue.sets
        if not too_big(catalogue, each, machine) and reply_time_s(catalogue, each, machine) <= PATIENT_S
    ]
    return fitting[-1] if fitting else catalogue.sets[0]


def reply_time_s(catalogue: Catalogue, model_set: ModelSet, machine: Machine) -> float:
    """From the end of a short question to the first sound of the answer, pause included, without a graphics card.

    The answer is made in the pause; what takes longer is waited for. A guide for choosing, right to within a factor of
    two: processors differ more than that.
    """
    per_mb = {"ears": EARS_S_PER_MB, "mind": MIND_S_PER_MB, "voice": VOICE_S_PER_MB}
    threads = max(1, min(machine.cores - 1, MOST_THREADS))  # one core belongs to the sound
    work_s = sum(per_mb[model.kind] * _weights_mb(model) for model in catalogue.of(model_set))
    return max(PAUSE_S, PREPARED_AFTER_S + work_s / math.pow(threads, EFFICIENCY)) + DEVICE_S


def too_big(catalogue: Catalogue, model_set: ModelSet, machine: Machine) -> str:
    """Why the set does not fit the machine, or "" where it does."""
    needed_mb = memory_mb(catalogue, model_set)
    if needed_mb > SHARE_OF_MEMORY * machine.memory_mb:
        return f"It takes {needed_mb / 1000:.1f} GB of memory; this computer has {machine.memory_mb / 1000:.1f} GB."
    size_mb = catalogue.size(model_set) / 1e6
    if size_mb > machine.free_disk_mb:
        return f"It takes {size_mb / 1000:.1f} GB on the disk, where {machine.free_disk_mb / 1000:.1f} GB are free."
    return ""


def memory_mb(catalogue: Catalogue, model_set: ModelSet) -> int:
    """Of the whole set while it runs, the app included."""
    return APP_MB + sum(model.memory_mb for model in catalogue.of(model_set))


def _weights_mb(model: Model) -> float:
    """Its largest file: the weights. Tables of words cost no time."""
    return max(file.size for file in model.files) / 1e6
