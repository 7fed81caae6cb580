"""The simulated room: what is played comes back late, quiet and reverberant, in real time or as fast as one likes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.callback import BlockCallback
from assistant.audio.injection import MicInjection
from assistant.audio.interrupter import Interrupter
from assistant.audio.playout import Playout, PlayoutChunk
from assistant.audio.room import BLOCK, PartitionedConvolution, RoomDevice, noise_bed, room_response
from assistant.signal.ring import BlockRing

RATE = 48_000


def dbfs(sound: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(sound.astype(np.float64) ** 2)))


class Rig:
    """A room with the app's own callback, playout and ring in it."""

    def __init__(self, **room: float) -> None:
        self.playout, self.ring, self.injection = Playout(), BlockRing(10), MicInjection()
        self.room = RoomDevice(**room)  # type: ignore[arg-type]
        self.room.open(BlockCallback(self.playout, self.ring, self.injection))

    def plays(self, sound: np.ndarray) -> None:
        self.playout.put(PlayoutChunk(self.playout.generation, sound, last=True))

    def passes(self, seconds: float) -> tuple[np.ndarray, np.ndarray]:
        """Lets time pass and returns all that was near and far so far."""
        for _ in range(round(seconds * RATE / BLOCK)):
            self.room.step()
        blocks = self.ring.read(0)
        return blocks.near.reshape(-1), blocks.far.reshape(-1)


@given(
    response=st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=70),
    sound=st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=12).map(lambda part: part * 16),
)
def test_convolution_in_partitions_is_convolution(response: list[float], sound: list[float]) -> None:
    convolution = PartitionedConvolution(np.asarray(response, np.float32), block=16)
    blocks = np.asarray(sound, np.float32).reshape(-1, 16)
    out = np.concatenate([convolution.step(block) for block in blocks])
    np.testing.assert_allclose(out, np.convolve(sound, response)[: len(sound)], atol=1e-4)


def test_the_echo_has_the_level_that_was_asked_for() -> None:
    white = np.random.default_rng(3).standard_normal(RATE)
    heard = np.convolve(white, room_response(0.3, -20.0, seed=1))
    assert dbfs(heard[RATE // 4 : RATE]) == pytest.approx(-20.0, abs=0.5)


def test_a_longer_reverberation_decays_more_slowly() -> None:
    def energy_after_100_ms(rt60_s: float) -> float:
        response = room_response(rt60_s, 0.0, seed=1)
        return float(np.sum(response[4800:] ** 2) / np.sum(response**2))

    assert energy_after_100_ms(0.6) > 10 * energy_after_100_ms(0.2)


def test_the_bed_has_its_level_and_repeats_without_a_seam() -> None:
    bed = noise_bed(-50.0, seed=2)
    assert dbfs(bed) == pytest.approx(-50.0, abs=0.01)
    assert len(bed) % BLOCK == 0
    assert abs(bed[0] - bed[-1]) < 4 * np.std(np.diff(bed))


def test_what_is_played_comes_back_after_the_delay() -> None:
    rig = Rig(echo_db=-10.0, delay_ms=30.0, noise_dbfs=-100.0)
    rig.plays(np.full(RATE // 2, 0.5, np.float32))
    near, far = rig.passes(1.0)
    started = int(np.argmax(np.abs(far) > 0))
    # The playout's ramp hides the very first sample: look for the first sound above the bed.
    back = int(np.argmax(np.abs(near) > 1e-3))
    assert started + 1440 <= back < started + 1440 + 100


def test_a_quiet_room_is_as_loud_as_its_bed() -> None:
    near, far = Rig(noise_dbfs=-55.0).passes(8.0)
    assert dbfs(near) == pytest.approx(-55.0, abs=0.2)
    np.testing.assert_array_equal(far, 0.0)


def test_the_same_seed_gives_the_same_room() -> None:
    sound = np.random.default_rng(9).uniform(-0.5, 0.5, 4800).astype(np.float32)

    def heard(seed: int) -> np.ndarray:
        rig = Rig(seed=seed)
        rig.plays(sound)
        return rig.passes(0.5)[0]

    np.testing.assert_array_equal(heard(4), heard(4))
    assert not np.array_equal(heard(4), heard(5))


def test_a_closed_room_is_silent() -> None:
    rig = Rig()
    rig.room.close()
    near, _ = rig.passes(0.1)
    assert len(near) == 0


def test_sound_cannot_come_back_before_it_was_played() -> None:
    with pytest.raises(ValueError, match="at least one block"):
        RoomDevice(delay_ms=5.0)


def test_it_keeps_time_by_the_clock_and_catches_up_after_a_hiccup() -> None:
    class Clock:
        now_s = 100.0

        def __call__(self) -> float:
            return self.now_s

        def sleep(self, s: float) -> None:
            self.now_s += s

    clock, blocks, late = Clock(), [], []

    def on_block(_near: np.ndarray, out: np.ndarray, xrun_in: bool, _xrun_out: bool) -> None:
        out.fill(0.0)
        blocks.append(clock.now_s)
        late.append(xrun_in)
        if len(blocks) == 50:
            clock.now_s += 0.05
        if len(blocks) == 80:
            clock.now_s += 3.0

    room = RoomDevice(clock_s=clock, sleep_s=clock.sleep)
    room.open(on_block)
    room.run_until(lambda: clock.now_s >= 104.0)
    assert blocks[60] == pytest.approx(100.6)
    # The 3 s are lost, as they would be in a device, and it is said.
    assert sum(late) == 1
    assert len(blocks) == pytest.approx(101, abs=1)


def test_an_interrupter_speaks_up_after_six_to_twelve_seconds_of_speech() -> None:
    injection = MicInjection()
    voice = np.full(RATE // 2, 0.3, np.float32)
    interrupter = Interrupter(injection, [voice], seed=7)
    playout, ring = Playout(), BlockRing(60)
    room = RoomDevice(heard_by=interrupter.hear, noise_dbfs=-100.0, echo_db=-100.0)
    room.open(BlockCallback(playout, ring, injection))
    for _ in range(1000):
        room.step()
    assert not np.any(ring.read(0).near > 0.2), "it interrupts nobody who is silent"
    playout.put(PlayoutChunk(0, np.full(RATE * 40, 0.1, np.float32), last=True))
    for _ in range(4000):
        room.step()
    heard = ring.read(0).near.reshape(-1) > 0.2
    onsets = np.flatnonzero(np.diff(heard.astype(int)) == 1) / RATE - 10.0
    assert 3 <= len(onsets) <= 6
    assert np.all(np.diff(np.concatenate([[0.0], onsets])) >= 6.0)
    assert np.all(np.diff(np.concatenate([[0.0], onsets])) <= 12.6)


def test_an_interrupter_needs_something_to_say() -> None:
    with pytest.raises(ValueError, match="at least one utterance"):
        Interrupter(MicInjection(), [])
