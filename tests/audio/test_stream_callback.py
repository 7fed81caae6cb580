"""The audio callback and what is mixed into the mic: near and far side by side, counted, and nobody waits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.callback import BlockCallback
from assistant.audio.health import Histogram, Lateness
from assistant.audio.injection import MicInjection
from assistant.audio.playout import Playout, PlayoutChunk
from assistant.signal.ring import BLOCK, BlockRing

MS = 1_000_000


def rig() -> BlockCallback:
    return BlockCallback(Playout(), BlockRing(1.0), MicInjection())


def block(callback: BlockCallback, near: np.ndarray, channels: int = 2) -> np.ndarray:
    out = np.full((len(near), channels), np.nan, np.float32)
    callback(near[:, None], out)
    return out


def test_near_and_the_far_of_the_same_block_lie_side_by_side() -> None:
    callback = rig()
    callback.playout.put(PlayoutChunk(0, np.full(960, 0.25, np.float32), last=True))
    outs = [block(callback, np.full(BLOCK, i, np.float32)) for i in range(3)]
    blocks = callback.ring.read(0)
    np.testing.assert_array_equal(blocks.near[:, 0], [0, 1, 2])
    np.testing.assert_array_equal(blocks.far.reshape(-1), np.concatenate(outs)[:, 0])
    assert blocks.far[2, -1] == 0.25


def test_every_channel_of_the_loudspeaker_gets_the_same() -> None:
    callback = rig()
    callback.playout.put(PlayoutChunk(0, np.full(480, 0.25, np.float32), last=True))
    out = block(callback, np.zeros(480, np.float32), channels=6)
    assert np.all(out == out[:, :1])
    assert out[-1, 0] == 0.25


def test_a_long_block_fills_several_slots() -> None:
    callback = rig()
    block(callback, np.arange(1920, dtype=np.float32) / 1920)
    assert callback.ring.written == 8
    np.testing.assert_array_equal(callback.ring.read(0).near.reshape(-1), np.arange(1920, dtype=np.float32) / 1920)
    assert callback.latest is not None
    assert callback.latest[0] == 1920


def test_a_block_wakes_the_reader_once() -> None:
    callback = rig()
    assert not callback.wait(0)
    block(callback, np.zeros(480, np.float32))
    block(callback, np.zeros(480, np.float32))
    assert callback.wait(0)
    assert not callback.wait(0)


def test_a_muted_mic_lets_nothing_in_but_what_is_injected() -> None:
    callback = rig()
    callback.mic_muted = True
    block(callback, np.ones(BLOCK, np.float32))
    callback.injection.play(np.full(BLOCK, 0.5, np.float32))
    block(callback, np.ones(BLOCK, np.float32))
    np.testing.assert_array_equal(callback.ring.read(0).near[:, 0], [0.0, 0.5])


def test_xruns_are_counted_by_side() -> None:
    callback = rig()
    near, out = np.zeros((480, 1), np.float32), np.zeros((480, 1), np.float32)
    callback(near, out, True, False)
    callback(near, out, True, True)
    assert (callback.xruns_in, callback.xruns_out) == (2, 1)


@pytest.mark.parametrize("side", [{"xrun_in": True}, {"xrun_out": True}])
def test_the_first_block_after_a_loss_is_marked_as_such(side: dict[str, bool]) -> None:
    callback = rig()
    near, out = np.zeros((480, 1), np.float32), np.zeros((480, 1), np.float32)
    callback(near, out)
    callback(near, out, **side)
    callback(near, out)
    assert callback.ring.read(0).after_loss.tolist() == [False, False, True, False, False, False]


@given(
    starts=st.lists(st.integers(0, 3000), min_size=1, max_size=4),
    cuts=st.lists(st.integers(1, 500), min_size=1, max_size=5),
)
def test_a_sound_is_mixed_in_at_its_sample_however_the_blocks_fall(starts: list[int], cuts: list[int]) -> None:
    injection, sound = MicInjection(), np.linspace(0.01, 0.1, 777, dtype=np.float32)
    played = [injection.play(sound, at) for at in starts]
    near = np.zeros(4000, np.float32)
    at = i = 0
    while at < len(near):
        part = near[at : at + cuts[i % len(cuts)]]
        injection.mix(part, at)
        at, i = at + len(part), i + 1
    expected = np.zeros(4000, np.float32)
    for start in starts:
        expected[start : start + 777] += sound
    np.testing.assert_allclose(near, expected, atol=1e-6)
    assert [(p.started_at, p.ended_at) for p in played] == [(start, start + 777) for start in starts]
    assert not injection.busy


def test_a_sound_without_a_time_is_heard_at_once_and_can_be_silenced() -> None:
    injection, near = MicInjection(), np.zeros(480, np.float32)
    played = injection.play(np.full(9600, 0.5, np.float32))
    injection.mix(near, 48_000)
    assert np.all(near == 0.5)
    injection.silence()
    later = np.zeros(480, np.float32)
    injection.mix(later, 48_480)
    assert np.all(later == 0.0)
    assert (played.started_at, played.ended_at) == (48_000, 48_480)


def test_the_mic_clips_like_a_converter() -> None:
    injection, near = MicInjection(), np.full(480, 0.8, np.float32)
    injection.play(np.full(480, 0.8, np.float32))
    injection.mix(near, 0)
    assert np.all(near == 1.0)


def test_only_mono_float32_goes_into_the_mic() -> None:
    with pytest.raises(ValueError, match="float32 at 48 kHz"):
        MicInjection().play(np.zeros(480))


def test_a_percentile_is_the_upper_edge_of_its_bin() -> None:
    histogram = Histogram(bin_ms=1.0, bins=10)
    for ms in [0.5] * 94 + [3.2] * 5 + [250.0]:
        histogram.note(ms)
    assert histogram.percentile_ms(50) == 1.0
    assert histogram.percentile_ms(95) == 4.0
    assert histogram.percentile_ms(100) == histogram.largest_ms == 250.0
    assert sum(histogram.counts()) == 100


def test_nothing_counted_is_zero() -> None:
    assert Histogram().percentile_ms(95) == 0.0


def lateness_of(times_ms: list[float]) -> Histogram:
    lateness = Lateness()
    for ms in times_ms:
        lateness.note(int(ms * MS), 10 * MS)
    return lateness.histogram


def test_blocks_on_time_are_not_late_even_if_the_device_clock_is_off() -> None:
    drifting = [i * 10.002 for i in range(5000)]
    assert lateness_of(drifting).percentile_ms(99) <= 0.5


def test_a_late_block_is_late_by_what_it_is_and_the_next_one_is_not() -> None:
    times = [i * 10.0 for i in range(100)]
    times[70] += 7.0
    histogram = lateness_of(times)
    assert histogram.largest_ms == pytest.approx(7.0)
    assert sum(histogram.counts()[1:]) == 1


def test_the_burst_that_fills_the_buffer_does_not_make_the_rest_late() -> None:
    burst = [0.0, 0.1, 0.2, 0.3] + [10.0 * i for i in range(1, 200)]
    assert lateness_of(burst).largest_ms <= 0.01
