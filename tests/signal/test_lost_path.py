"""A filter of another room is told from a user, a pause and a filter that is still learning."""

import numpy as np

from assistant.signal.lost_path import LostPath

LEARNT = LostPath.LEARNING_BLOCKS + 20


def told(path: LostPath, heard: list[float], left: list[float]) -> int:
    """How many times it was said to be lost."""
    return sum(path.update(*block) for block in zip(heard, left, strict=True))


def learnt() -> LostPath:
    path = LostPath()
    assert told(path, [1.0] * LEARNT, [0.05] * LEARNT) == 0
    return path


def test_an_estimate_that_adds_to_the_microphone_is_of_another_room() -> None:
    path = learnt()
    blocks = next(number for number in range(1, 40) if path.update(1.0, 2.0))
    assert blocks <= 10


def test_it_is_said_once_and_again_only_after_a_second() -> None:
    path = learnt()
    assert told(path, [1.0] * LostPath.LEARNING_BLOCKS, [2.0] * LostPath.LEARNING_BLOCKS) == 1
    assert told(path, [1.0] * 20, [2.0] * 20) == 1


def test_a_user_however_loud_is_no_other_room() -> None:
    said = 100 * np.abs(np.random.default_rng(1).standard_normal(200))
    assert told(learnt(), (said + 1).tolist(), (said + 0.05).tolist()) == 0


def test_the_moment_before_the_echo_arrives_does_not_count() -> None:
    assert told(learnt(), [1e-4] * 10, [0.02] * 10) == 0


def test_a_pause_between_two_words_does_not_hide_it() -> None:
    path = learnt()
    words = [told(path, [1.0] * 3 + [1e-5] * 60, [2.0] * 3 + [1e-5] * 60) for _ in range(4)]
    assert sum(words) == 1


def test_a_filter_that_is_new_is_not_lost() -> None:
    assert told(LostPath(), [1.0] * LostPath.LEARNING_BLOCKS, [2.0] * LostPath.LEARNING_BLOCKS) == 0
