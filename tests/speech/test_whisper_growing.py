"""An utterance of any length is followed through a window: no word is lost or said twice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.speech.ears import EARS_RATE, Following
from assistant.speech.whisper_cuts import pieces, quietest
from assistant.speech.whisper_growing import GrowingUtterance

Audio = npt.NDArray[np.float32]
WORD, GAP = 300 * EARS_RATE // 1000, 240 * EARS_RATE // 1000
LONGEST = 8 * EARS_RATE
VOCABULARY = ["zero", "one", "two", "three", "four", "five", "six", "seven"]


def speech(words: list[str]) -> Audio:
    """Each word is a steady level of its own, with a pause after it."""
    sounds = [np.full(WORD, 0.1 + VOCABULARY.index(word) / 10, np.float32) for word in words]
    return np.concatenate([part for sound in sounds for part in (sound, np.zeros(GAP, np.float32))])


class Listener:
    """Hears the words of a window. One that the end of the window cuts is heard as a stump."""

    def __init__(self) -> None:
        self.longest = 0
        self.cancelled = False

    def __call__(self, window: Audio) -> str | None:
        if self.cancelled:
            return None
        self.longest = max(self.longest, len(window))
        loud = np.concatenate([[False], window > 0.05, [False]])
        edges = np.flatnonzero(loud[1:] != loud[:-1]).reshape(-1, 2)
        heard = [VOCABULARY[round((float(window[start]) - 0.1) * 10)] for start, _ in edges]
        if len(edges) and edges[-1][1] - edges[-1][0] < WORD:
            heard[-1] = heard[-1][:2]
        return "".join(f" {word}" for word in heard)


def follow(words: list[str], step: int, listener: Listener) -> Following:
    audio = speech(words)
    growing = GrowingUtterance(1, LONGEST)
    before = ""
    for end in [*range(step, len(audio), step), len(audio)]:
        following = growing.look(audio[:end], listener)
        assert following.settled.startswith(before)
        before = following.settled
    return following


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=60), st.integers(2000, 90_000))
def test_all_words_come_once_whatever_the_rhythm_of_the_looks(words: list[str], step: int) -> None:
    listener = Listener()
    following = follow(words, step, listener)
    assert f"{following.settled} {following.tentative}".split() == words
    assert listener.longest <= LONGEST


def test_a_cancelled_look_changes_nothing() -> None:
    listener = Listener()
    growing = GrowingUtterance(1, LONGEST)
    audio = speech(VOCABULARY * 4)
    before = growing.look(audio[: 2 * EARS_RATE], listener)
    listener.cancelled = True
    assert growing.look(audio, listener) == before


def test_a_cut_falls_into_the_pause() -> None:
    audio = np.ones(4 * EARS_RATE, np.float32)
    audio[40_000:44_000] = 0.01
    assert 40_000 < quietest(audio, EARS_RATE, 4 * EARS_RATE) < 44_000


def test_steady_sound_is_cut_late() -> None:
    audio = np.ones(4 * EARS_RATE, np.float32)
    assert quietest(audio, 0, len(audio)) > 3.8 * EARS_RATE


def test_pieces_are_the_whole_sound_and_none_is_too_long() -> None:
    audio = speech(VOCABULARY * 20)
    found = pieces(audio, 30 * EARS_RATE)
    assert max(len(piece) for piece in found) <= 30 * EARS_RATE
    assert np.array_equal(np.concatenate(found), audio)
    assert [len(piece) for piece in pieces(audio[:100], 30 * EARS_RATE)] == [100]
