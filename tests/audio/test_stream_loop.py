"""The watchdog: a dead stream is opened again, a lost device is waited for, and nothing ever blocks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from assistant.audio.callback import BlockCallback
from assistant.audio.devices import DeviceUnavailable
from assistant.audio.injection import MicInjection
from assistant.audio.loop import SoundLoop
from assistant.audio.playout import Playout
from assistant.audio.stream import OnBlock
from assistant.signal.ring import BlockRing


class FakeDevice:
    """A device that is plugged in or not, gives blocks or not, and notes what was asked of it."""

    def __init__(self, name: str = "Mic") -> None:
        self.input_name = self.output_name = name
        self.input_latency_s, self.output_latency_s, self.block_ms = 0.020, 0.030, 10.0
        self.input_lag_s = self.own_lag_s = 0.0
        self.failure = ""
        self.plugged = True
        self.silent = False
        self.asked: list[str] = []
        self.on_block: OnBlock | None = None

    def open(self, on_block: OnBlock) -> None:
        self.asked.append("open")
        self.input_lag_s = self.own_lag_s
        if not self.plugged:
            raise DeviceUnavailable("There is no microphone.", "Plug it in.")
        self.failure = ""
        self.on_block = on_block

    def close(self) -> None:
        self.asked.append("close")
        self.on_block = None

    def block(self) -> None:
        if self.plugged and not self.silent and self.on_block is not None:
            self.on_block(np.zeros((480, 1), np.float32), np.zeros((480, 2), np.float32), False, False)


class House:
    """A loop with a clock of its own. Work that is put aside is done at once, unless it is said to hang."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.hanging: list[Callable[[], None]] = []
        self.hangs = False
        callback = BlockCallback(Playout(), BlockRing(10), MicInjection(), clock_ns=lambda: int(self.now_s * 1e9))
        self.loop = SoundLoop(callback, self.aside, clock_s=lambda: self.now_s)
        self.device = FakeDevice()
        self.states: list[str] = []

    def aside(self, work: Callable[[], None]) -> None:
        if self.hangs:
            self.hanging.append(work)
        else:
            work()

    def passes(self, seconds: float) -> None:
        """Lets time pass: a block every 10 ms, a check every 100 ms."""
        for i in range(round(seconds * 100)):
            self.now_s += 0.01
            self.device.block()
            if i % 10 == 9:
                state = self.loop.check().state
                if self.states[-1:] != [state]:
                    self.states.append(state)

    def opened(self) -> int:
        return self.device.asked.count("open")


@pytest.fixture
def house() -> House:
    house = House()
    house.loop.use(house.device)
    house.passes(1)
    return house


def test_a_device_is_opened_and_runs(house: House) -> None:
    assert house.states == ["opening", "running"]
    health = house.loop.health
    assert health.message == ""
    assert (health.input_name, health.input_latency_ms, health.output_latency_ms) == ("Mic", 20.0, 30.0)
    assert health.block_ms == 10
    assert health.openings == 1


def test_without_a_device_there_is_none() -> None:
    assert House().loop.check().state == "none"


def test_half_a_second_without_a_block_reopens_the_stream(house: House) -> None:
    house.device.silent = True
    house.passes(0.4)
    assert house.loop.health.state == "running"
    house.passes(0.4)
    assert house.loop.health.state == "reopening"
    assert "“Mic” stopped giving sound" in house.loop.health.message
    house.device.silent = False
    house.passes(1)
    assert house.loop.health.state == "running"
    assert house.device.asked == ["open", "close", "open"]
    assert house.loop.health.openings == 2


def test_a_mic_that_runs_behind_for_good_is_opened_again(house: House) -> None:
    house.device.input_lag_s = 0.18
    house.passes(1)
    assert house.opened() == 1, "so soon after an opening it would only fall behind again"
    assert house.loop.health.input_latency_ms == pytest.approx(200)
    house.passes(3)
    assert house.device.asked == ["open", "close", "open"]
    assert house.states == ["opening", "running", "reopening", "running"]
    assert house.loop.health.input_latency_ms == 20


def test_a_mic_that_runs_behind_however_often_it_is_opened_is_left_alone(house: House) -> None:
    house.device.input_lag_s = house.device.own_lag_s = 0.15
    house.passes(300)
    assert house.opened() == 1 + 3
    house.device.input_lag_s = 0.25
    house.passes(10)
    assert house.opened() == 5, "now it runs further behind than it needs to"
    house.device.input_lag_s = house.device.own_lag_s = 0.0
    house.passes(1)
    house.device.input_lag_s = 0.15
    house.passes(10)
    assert house.opened() == 6, "it has shown that it can do better"


def test_on_a_machine_that_is_too_busy_lag_is_mended_more_and_more_seldom(house: House) -> None:
    for _ in range(30):
        house.device.input_lag_s = 0.15
        house.passes(10)
    assert house.opened() - 1 <= 5
    house.device.input_lag_s = 0.0
    house.passes(70)
    before = house.opened()
    house.device.input_lag_s = 0.15
    house.passes(1)
    assert house.opened() == before + 1, "it was quiet for a minute: soon again"


def test_an_opening_that_falls_behind_itself_is_not_the_last(house: House) -> None:
    house.device.input_lag_s = house.device.own_lag_s = 0.15
    house.passes(5)
    house.device.own_lag_s = 0.0
    house.passes(10)
    assert (house.opened(), house.device.input_lag_s) == (3, 0)
    assert house.loop.health.state == "running"


def test_another_mic_is_not_taken_for_one_that_runs_behind(house: House) -> None:
    house.device.input_lag_s = house.device.own_lag_s = 0.15
    house.passes(60)
    house.device = FakeDevice("Other")
    house.loop.use(house.device)
    house.passes(10)
    house.device.input_lag_s = 0.12
    house.passes(10)
    assert house.device.asked == ["open", "close", "open"]


def test_a_lost_device_is_tried_once_a_second_until_it_is_back(house: House) -> None:
    house.device.plugged = False
    house.passes(5)
    assert house.loop.health.state == "lost"
    assert (house.loop.health.message, house.loop.health.remedy) == ("There is no microphone.", "Plug it in.")
    before = house.opened()
    house.passes(10)
    assert house.opened() - before == pytest.approx(10, abs=1)
    house.device.plugged = True
    house.passes(2)
    assert house.states == ["opening", "running", "reopening", "lost", "running"]
    assert house.loop.health.message == ""


def test_a_device_that_opens_and_stays_silent_is_not_believed() -> None:
    house = House()
    house.device.silent = True
    house.loop.use(house.device)
    house.passes(3.5)
    assert house.loop.health.state == "opening"
    house.passes(1)
    assert house.loop.health.state == "lost"
    assert "gives no sound" in house.loop.health.message


def test_an_error_in_the_callback_is_told_and_the_stream_opened_anew(house: House) -> None:
    house.device.failure = "ValueError in the audio callback: odd"
    house.now_s += 0.01
    assert house.loop.check().message == "ValueError in the audio callback: odd."
    house.passes(1)
    assert house.loop.health.state == "running"


def test_another_device_takes_over_while_it_runs(house: House) -> None:
    first, house.device = house.device, FakeDevice("Headset")
    house.loop.use(house.device)
    house.passes(1)
    assert first.asked == ["open", "close"]
    assert house.loop.health.state == "running"
    assert house.loop.health.input_name == "Headset"


def test_choosing_another_device_does_not_wait_for_the_lost_one(house: House) -> None:
    house.device.plugged = False
    house.passes(5)
    house.device = FakeDevice("Headset")
    house.loop.use(house.device)
    house.passes(0.4)
    assert house.loop.health.state == "running"


def test_an_opening_that_hangs_is_reported_and_taken_when_it_comes() -> None:
    house = House()
    house.hangs = True
    house.loop.use(house.device)
    house.passes(6)
    assert house.loop.health.state == "lost"
    assert "has not answered" in house.loop.health.message
    assert len(house.hanging) == 1
    house.hanging[0]()
    house.passes(1)
    assert house.loop.health.state == "running"


def test_a_closing_that_hangs_is_left_behind(house: House) -> None:
    house.device.silent = house.hangs = True
    house.passes(2)
    assert len(house.hanging) == 1
    house.hangs = house.device.silent = False
    house.passes(3)
    assert house.loop.health.state == "running"
    assert house.device.asked == ["open", "open"]


def test_a_device_chosen_while_another_still_opens_wins() -> None:
    house = House()
    house.hangs = True
    house.loop.use(house.device)
    house.passes(0.2)
    slow, house.device = house.device, FakeDevice("Headset")
    house.loop.use(house.device)
    house.passes(0.2)
    house.hangs = False
    house.hanging[0]()
    house.passes(1)
    assert slow.asked == ["open", "close"]
    assert house.loop.health.input_name == "Headset"


def test_the_simulated_room_does_not_wait_for_an_opening_that_hangs() -> None:
    house = House()
    house.hangs = True
    house.loop.use(house.device)
    house.passes(2)
    stuck, house.device = house.device, FakeDevice("Simulated microphone")
    house.loop.use(house.device)
    house.passes(1)
    house.hangs = False
    house.passes(3)
    assert house.loop.health.state == "running"
    blocks = house.loop.health.blocks
    # The stuck one comes through at last: it may not write into the sound of the other, and is closed.
    house.hanging[0]()
    stuck.block()
    house.now_s += 0.01
    assert house.loop.check().blocks == blocks
    assert stuck.asked == ["open", "close"]
    assert house.loop.health.input_name == "Simulated microphone"


def test_shutting_closes_the_device(house: House) -> None:
    assert house.loop.shut()
    assert house.device.asked == ["open", "close"]
    assert house.loop.health.state == "none"


def test_an_unforeseen_error_in_opening_is_a_notice_not_a_crash() -> None:
    class Broken(FakeDevice):
        def open(self, on_block: OnBlock) -> None:
            raise RuntimeError("out of luck")

    house = House()
    house.loop.use(Broken())
    house.passes(0.5)
    assert house.loop.health.state == "lost"
    assert "RuntimeError: out of luck" in house.loop.health.message
