"""How old the mic's blocks are, told from the times that PortAudio gives with each."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from assistant.audio.stream import PortAudioDevice, _Run


def lag_s(ages_s: list[float], every_s: float = 0.01) -> float:
    """Of a stream with 20 ms of input latency, after blocks of these ages."""
    device = PortAudioDevice()
    run = device._run = _Run(lambda *_: None, RuntimeError)
    device.input_latency_s = 0.02
    for i, age_s in enumerate(ages_s):
        now_s = 1000 + i * every_s
        time = SimpleNamespace(currentTime=now_s, inputBufferAdcTime=now_s - age_s)
        run(np.zeros((480, 1)), np.zeros((480, 2)), 480, time, None)
    return device.input_lag_s


def test_a_backlog_that_stays_is_lag() -> None:
    assert lag_s([0.2] * 200) == pytest.approx(0.18)


def test_a_stall_that_is_caught_up_with_is_none() -> None:
    assert lag_s([0.02] * 100 + [0.3] * 30 + [0.02] * 100) == 0
    assert lag_s([0.3 if i % 20 else 0.02 for i in range(200)]) == 0


def test_what_is_gone_is_forgotten() -> None:
    assert lag_s([0.2] * 200 + [0.02] * 110) == 0


def test_where_the_sound_system_tells_no_times_there_is_none() -> None:
    assert lag_s([0.0] * 200) == 0
    assert lag_s([1000 + i * 0.01 for i in range(200)]) == 0  # every block is from time 0
    assert PortAudioDevice().input_lag_s == 0
