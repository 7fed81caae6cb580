"""Talkers that the training makes itself."""

from __future__ import annotations

import numpy as np

from assistant.lab.train.clips import RATE, phrases
from assistant.lab.train.synthetic import FOLDER, HIGHEST, synthetic_clips, talkers


def test_they_speak_and_go_round_the_folds() -> None:
    clips = synthetic_clips(count=4, folds=3, seed=1)
    assert {clip.folder: clip.fold for clip in clips} == {f"{FOLDER} {number}": number % 3 for number in range(4)}
    spoken = phrases(clips)
    assert {phrase.clip.folder for phrase in spoken} == {clip.folder for clip in clips}
    assert all(0.1 < len(phrase.sound) / RATE < 5 for phrase in spoken)


def test_a_seed_makes_the_same_ones_and_another_seed_others() -> None:
    first, again, other = (synthetic_clips(count=11, folds=2, seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(one.sound, two.sound) for one, two in zip(first, again, strict=True))
    assert any(not np.array_equal(one.sound, two.sound) for one, two in zip(first, other, strict=False))


def test_some_have_a_child_s_voice_at_an_adult_s_pace() -> None:
    drawn = talkers(200, seed=1)
    children = [talker for talker in drawn if talker.higher > 1]
    assert 20 < len(children) < 60
    assert all(1.2 <= child.higher <= HIGHEST for child in children)
    paces = [child.voice.words_per_minute * child.higher for child in children]
    assert min(paces) > 125
    assert max(paces) < 240
