"""Talkers that the training makes itself."""

from __future__ import annotations

import numpy as np

from assistant.lab.train.clips import RATE, phrases
from assistant.lab.train.synthetic import FOLDER, synthetic_clips


def test_they_speak_and_go_round_the_folds() -> None:
    clips = synthetic_clips(talkers=4, folds=3, seed=1)
    assert {clip.folder: clip.fold for clip in clips} == {f"{FOLDER} {number}": number % 3 for number in range(4)}
    spoken = phrases(clips)
    assert {phrase.clip.folder for phrase in spoken} == {clip.folder for clip in clips}
    assert all(0.1 < len(phrase.sound) / RATE < 5 for phrase in spoken)


def test_a_seed_makes_the_same_ones_and_another_seed_others() -> None:
    first, again, other = (synthetic_clips(talkers=2, folds=2, seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(one.sound, two.sound) for one, two in zip(first, again, strict=True))
    assert any(not np.array_equal(one.sound, two.sound) for one, two in zip(first, other, strict=False))
