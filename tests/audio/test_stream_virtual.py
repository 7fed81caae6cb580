"""The real stream on a virtual speaker and mic: it runs, keeps its alignment, and survives a lost device."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from assistant.audio.callback import BlockCallback
from assistant.audio.devices import DeviceUnavailable, list_devices
from assistant.audio.health import SoundHealth
from assistant.audio.injection import MicInjection
from assistant.audio.loop import SoundLoop
from assistant.audio.playout import Playout, PlayoutChunk
from assistant.audio.stream import PortAudioDevice
from assistant.signal.ring import BlockRing
from tests.virtual_audio import VirtualAudio, virtual_audio

pytestmark = pytest.mark.device

RATE = 48_000


@pytest.fixture(scope="module")
def sound() -> Iterator[VirtualAudio]:
    with virtual_audio() as sound:
        found = list_devices(look_again=True)
        if not found.devices:
            pytest.skip(f"{found.reason} {found.remedy} (ALSA's pulse plugin: apt install libasound2-plugins)")
        yield sound


class Rig:
    """The loop with the real device, checked by the test's own thread."""

    def __init__(self) -> None:
        self.playout, self.ring = Playout(), BlockRing(20)
        self.callback = BlockCallback(self.playout, self.ring, MicInjection())
        self.loop = SoundLoop(self.callback, lambda work: threading.Thread(target=work, daemon=True).start())

    def until(self, reached: Callable[[SoundHealth], bool], at_most_s: float = 15.0) -> SoundHealth:
        """Checks ten times a second until it is so. Fails with the last health if it never is."""
        end = time.monotonic() + at_most_s
        while not reached(health := self.loop.check()):
            assert time.monotonic() < end, health
            time.sleep(0.1)
        return health


@pytest.fixture
def rig(sound: VirtualAudio) -> Iterator[Rig]:
    rig = Rig()
    rig.loop.use(PortAudioDevice())
    try:
        rig.until(lambda health: health.state == "running")
        yield rig
    finally:
        assert rig.loop.shut(5.0)


def test_a_sound_goes_out_and_comes_back_through_the_air(sound: VirtualAudio, rig: Rig) -> None:
    sound.echo_on()
    try:
        with sound.recording() as path:
            rig.until(lambda health: health.blocks > 100)
            tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE).astype(np.float32)
            rig.playout.put(PlayoutChunk(0, tone.astype(np.float32), last=True))
            rig.until(lambda health: rig.playout.finished(0) is not None)
            time.sleep(0.5)
            recorded = np.frombuffer(path.read_bytes(), np.float32)
    finally:
        sound.echo_off()
    started = rig.playout.started_at(0)
    assert started is not None
    near = rig.ring.read(0).near.reshape(-1)
    back = started + int(np.argmax(np.abs(near[started:]) > 0.05))
    assert 0 < back - started < RATE // 4, "the echo comes back within a quarter of a second"
    assert np.count_nonzero(np.abs(recorded) > 0.01) > 0.9 * RATE, "the loudspeaker was heard by a recorder outside"


def test_a_cut_is_silence_in_a_recording_of_the_loudspeaker(sound: VirtualAudio, rig: Rig) -> None:
    with sound.recording() as path:
        rig.playout.put(PlayoutChunk(0, np.full(RATE * 5, 0.5, np.float32), last=True))
        rig.until(lambda health: rig.playout.played(0) > RATE)
        rig.playout.advance()
        rig.until(lambda health: rig.playout.cut_at(0) is not None)
        time.sleep(0.5)
        recorded = np.frombuffer(path.read_bytes(), np.float32)
    heard = int(np.count_nonzero(np.abs(recorded) >= 0.0005))
    assert heard == pytest.approx(rig.playout.played(0), abs=0.02 * RATE)


def test_a_speaker_and_mic_that_are_unplugged_are_waited_for(sound: VirtualAudio, rig: Rig) -> None:
    sound.remove_mic()
    sound.remove_speaker()
    lost = rig.until(lambda health: health.state == "lost")
    assert lost.message
    sound.add_speaker()
    sound.add_mic()
    back = rig.until(lambda health: health.state == "running")
    assert back.message == ""
    assert back.openings >= 2
    sound.wait_until_quick()


def test_devices_are_listed_and_a_wrong_name_is_refused_with_the_right_ones(sound: VirtualAudio) -> None:
    assert any(device.inputs and device.outputs for device in list_devices().devices)
    with pytest.raises(DeviceUnavailable, match="no microphone called “Wax cylinder”"):
        PortAudioDevice("Wax cylinder").open(lambda *_: None)
