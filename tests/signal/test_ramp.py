"""A gain ramp: smooth, exact at its ends, and indifferent to how the sound is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.signal.ramp import GainRamp, half_cosine


def test_the_rise_ends_at_exactly_one_and_never_falls() -> None:
    rise = half_cosine(384)
    assert rise[-1] == 1.0
    assert 0 < rise[0] < 1e-4
    assert np.all(np.diff(rise) >= 0)


def test_a_ramp_needs_a_sample() -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        half_cosine(0)


def test_a_ramp_arrives_after_its_length_and_stays() -> None:
    ramp = GainRamp(100, gain=1.0)
    ramp.toward(0.1)
    out = np.empty(250, np.float32)
    ramp.apply(np.ones(250, np.float32), out, floor=0.0)
    assert out[98] > np.float32(0.1)
    np.testing.assert_array_equal(out[100:], np.float32(0.1))
    assert ramp.remaining == 0
    assert ramp.gain == 0.1


def test_turning_back_in_the_middle_leaves_no_step() -> None:
    ramp = GainRamp(100, gain=1.0)
    out = np.empty(300, np.float32)
    ramp.toward(0.0)
    ramp.apply(np.ones(40, np.float32), out[:40], floor=0.0)
    ramp.toward(1.0)
    ramp.apply(np.ones(260, np.float32), out[40:], floor=0.0)
    assert np.max(np.abs(np.diff(out))) < 0.02
    assert out[-1] == 1.0


def test_full_gain_changes_no_bit() -> None:
    sound = np.random.default_rng(1).standard_normal(500).astype(np.float32)
    out = np.empty_like(sound)
    assert GainRamp(100, gain=1.0).apply(sound, out, floor=0.001) == 500
    np.testing.assert_array_equal(out, sound)


def test_heard_samples_end_with_the_last_one_above_the_floor() -> None:
    ramp = GainRamp(100, gain=1.0)
    ramp.toward(0.0)
    out = np.empty(400, np.float32)
    heard = ramp.apply(np.ones(400, np.float32), out, floor=0.001)
    assert out[heard - 1] >= 0.001 > out[heard]


@given(
    changes=st.lists(st.tuples(st.integers(0, 200), st.sampled_from([0.0, 0.1, 0.5, 1.0])), max_size=6),
    cuts=st.lists(st.integers(1, 57), min_size=1, max_size=8),
)
def test_any_cutting_gives_the_same_samples(changes: list[tuple[int, float]], cuts: list[int]) -> None:
    sound = np.random.default_rng(2).standard_normal(400).astype(np.float32)

    def ramped(pieces: list[int]) -> tuple[np.ndarray, int]:
        ramp = GainRamp(64, gain=1.0)
        out = np.empty_like(sound)
        edges = sorted({at for at, _ in changes} | {len(sound)})
        at = heard = piece = 0
        while at < len(sound):
            for asked_at, target in changes:
                if asked_at == at:
                    ramp.toward(target)
            take = min(pieces[piece % len(pieces)], min(e for e in edges if e > at) - at)
            counted = ramp.apply(sound[at : at + take], out[at : at + take], floor=0.001)
            heard = at + counted if counted else heard
            at, piece = at + take, piece + 1
        return out, heard

    whole, heard_whole = ramped([len(sound)])
    cut, heard_cut = ramped(cuts)
    np.testing.assert_array_equal(cut, whole)
    assert heard_cut == heard_whole
