"""Sound, settings and interruptions for the live panel's tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from assistant.settings.access import change
from assistant.settings.sections import Settings
from assistant.signal.trace import FIELDS, FRAME, RATE, Trace
from assistant.turns.commands import Cause, Reason
from assistant.turns.facts import SILENCE_DBFS
from assistant.turns.states import State
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from assistant.workers.episode import Episode, Step

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

CANDIDATE = Reason(Cause.CANDIDATE, 0, 0.8, 0.8, 0.6, speech_ms=32, near_dbfs=-30, noise_dbfs=-55)
HEARD = Reason(Cause.CONFIRMED, 0, 0.9, 0.97, 0.6, speech_ms=96, near_dbfs=-24, noise_dbfs=-55)


class NoPresets:
    """A person without presets."""

    def names(self) -> tuple[str, ...]:
        return ()

    def values(self, name: str) -> Mapping[str, Any]:
        raise KeyError(name)

    def along(self, sensitivity: int) -> Mapping[str, Any]:
        return {}

    def price(self, settings: Settings) -> None:
        return None

    def save(self, name: str, settings: Settings) -> None:
        raise OSError(name)

    def forget(self, name: str) -> None:
        raise KeyError(name)


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Talk:
    """Fills a trace as the turn thread does."""

    def __init__(self) -> None:
        self.trace = Trace()
        self._noise = np.random.default_rng(7)

    def goes_on(
        self,
        seconds: float,
        near: float = 0.001,
        far: float = 0.2,
        p: float = 0.02,
        gain: float = 1.0,
        state: State = State.SPEAKING,
        echo_dbfs: float = SILENCE_DBFS,
        usual_dbfs: float = SILENCE_DBFS,
    ) -> None:
        """near, far: peak levels."""
        for _ in range(round(seconds * RATE / FRAME)):
            sounds = self._noise.uniform(-1, 1, (2, FRAME)).astype(np.float32)
            self.trace.add_sound(near * sounds[0], far * sounds[1])
            near_dbfs, far_dbfs = (20 * np.log10(max(1e-6, peak / 2)) for peak in (near, far))
            facts = dict.fromkeys(FIELDS, 0.0) | {
                "p_speech": p,
                "near_dbfs": near_dbfs,
                "echo_dbfs": echo_dbfs,
                "far_dbfs": far_dbfs,
                "gain": gain,
                "state": float(list(State).index(state)),
                "usual_dbfs": usual_dbfs,
            }
            self.trace.add_frame(tuple(facts.values()))


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def model() -> SettingsModel:
    start = change(Settings(), {"vad.start": 0.6, "vad.release": 0.45, "vad.gate_dbfs": -55})
    return SettingsModel(start, NoPresets())


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cut_in() -> Callable[..., Episode]:
    """An interruption with its onset after `at_s` seconds: ducked after 78 ms, silent after 142 ms."""

    def make(number: int = 1, at_s: float = 5.0, **changes: Any) -> Episode:
        onset = round(at_s * RATE)
        episode = Episode(
            number=number,
            revision=0,
            clock=datetime(2026, 11, 22, 12, 4, 31),
            outcome="stopped",
            onset=onset,
            duck_at=onset + 78 * 16,
            decided_at=onset + 78 * 16 + 4 * FRAME,
            silent_at=onset + 142 * 16,
            duck_reason=CANDIDATE,
            reason=HEARD,
            onset_to_duck_ms=78.0,
            onset_to_stop_ms=142.0,
            detect_to_stop_ms=18.0,
            chain=(Step("frame", 36), Step("ADC", 8), Step("confirm", 80), Step("ramp", 8), Step("DAC", 10)),
            heard="and he counted",
            cut="the passengers the way other men count sheep.",
            last_word="counted",
        )
        return replace(episode, **changes)

    return make


@pytest.fixture
def carried_on(cut_in: Callable[..., Episode]) -> Callable[..., Episode]:
    """A duck that was taken back 0.29 s later."""

    def make(number: int = 1, at_s: float = 5.0, **changes: Any) -> Episode:
        episode = cut_in(number, at_s)
        assert episode.duck_at is not None
        return replace(
            episode,
            outcome="restored",
            decided_at=episode.duck_at + 290 * 16,
            silent_at=None,
            reason=Reason(Cause.QUIET, 0, quiet_ms=256, needed_ms=256, start=0.6),
            onset_to_stop_ms=None,
            detect_to_stop_ms=None,
            chain=(),
            last_word="",
            cut="",
            **changes,
        )

    return make
