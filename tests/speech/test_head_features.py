"""What the learned detector is told about the echo."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.signal.bands import BANDS
from assistant.signal.echo_canceller import BINS
from assistant.signal.spectra import WINDOW, SpectrumAnalyser
from assistant.speech.head_features import SIZE, VIEWS, EchoView

SILENCE = np.zeros(WINDOW, np.float32)
SURE = np.zeros(BINS, np.float32)
E, E_Y, E_R, M_E, S_E, X, M_T, E_T, LEFT_E, E_RS, COHERENCE = range(VIEWS)


def noise(level_dbfs: float, seed: int) -> np.ndarray:
    return (10 ** (level_dbfs / 20) * np.random.default_rng(seed).standard_normal(WINDOW)).astype(np.float32)


def looked(view: EchoView, *sounds: np.ndarray, uncertainty: np.ndarray = SURE) -> np.ndarray:
    """After one window of microphone, loudspeaker, residual and echo."""
    return view.update(SpectrumAnalyser()(np.stack(sounds)), uncertainty)


def means(view: np.ndarray) -> np.ndarray:
    return view.reshape(VIEWS, BANDS).mean(1)


def in_a_learnt_room(view: EchoView, user: np.ndarray = SILENCE, windows: int = 200) -> np.ndarray:
    """So many windows on, the canceller having left a tenth of the echo. Returns the last one's means."""
    for number in range(windows):
        far = noise(-20, number)
        echo = 0.3 * far
        left = 0.1 * echo
        told = means(looked(view, echo + user, far, left + user, echo - left))
    return told


def test_without_a_loudspeaker_every_comparison_rests_at_its_end() -> None:
    view = EchoView()
    for number in range(10):
        near = noise(-40, number)
        told = means(looked(view, near, SILENCE, near, SILENCE))
    assert told[[E_Y, E_R, E_T, M_T]] == pytest.approx(3)
    assert told[S_E] == pytest.approx(-3)
    assert told[M_E] == pytest.approx(0, abs=1e-5)
    assert told[X] < -1.5


def test_levels_are_those_of_the_bands() -> None:
    quiet, loud = EchoView(), EchoView()
    near = noise(-50, 1)
    told = means(looked(quiet, near, SILENCE, near, SILENCE))
    louder = means(looked(loud, 10 * near, SILENCE, 10 * near, SILENCE))
    assert louder[E] - told[E] == pytest.approx(1, abs=0.01)  # 20 dB


def test_a_learnt_room_is_expected_and_a_user_stands_out_of_it() -> None:
    view = EchoView()
    told = in_a_learnt_room(view)
    spoken = in_a_learnt_room(view, user=noise(-25, 999), windows=1)
    assert abs(told[M_T]) < 0.3
    assert abs(told[E_R]) < 0.5
    assert spoken[E_R] > told[E_R] + 1
    assert spoken[E_T] > told[E_T] + 1


def test_a_suppressor_would_take_a_learnt_room_s_echo_and_leave_a_user() -> None:
    view = EchoView()
    told = in_a_learnt_room(view)
    assert told[LEFT_E] < -1.5
    assert view.gains.mean() < 0.1
    spoken = in_a_learnt_room(view, user=noise(-25, 999), windows=1)
    assert spoken[LEFT_E] > -0.2
    assert spoken[E_RS] > told[E_RS] + 1
    assert view.gains.mean() > 0.7


def test_what_the_canceller_itself_still_expects_is_suppressed_too() -> None:
    view, near = EchoView(), noise(-40, 1)
    unsure = np.full(BINS, WINDOW**2, np.float32)
    assert means(looked(view, near, near, near, SILENCE, uncertainty=unsure))[LEFT_E] < -2.5
    assert view.gains.max() < 0.01


def test_what_is_left_of_an_echo_resembles_it_and_a_user_does_not() -> None:
    view, echo, user = EchoView(), noise(-30, 1), noise(-30, 2)
    left = means(looked(view, 1.1 * echo, echo, 0.1 * echo, echo))
    spoken = means(looked(view, echo + user, echo, user, echo))
    assert left[COHERENCE] == pytest.approx(0, abs=0.05)
    assert spoken[COHERENCE] < -0.4


def test_a_user_hardly_moves_what_is_expected() -> None:
    view = EchoView()
    for number in range(200):
        far = noise(-20, number)
        looked(view, 0.3 * far, far, 0.03 * far, 0.27 * far)
    for number in range(15):
        far, user = noise(-20, 300 + number), noise(-15, 600 + number)
        told = means(looked(view, 0.3 * far + user, far, 0.03 * far + user, 0.27 * far))
    assert told[E_R] > 1.5


def test_it_forgets_on_reset() -> None:
    used, fresh = EchoView(), EchoView()
    for number in range(20):
        looked(used, noise(-30, number), noise(-20, 50 + number), noise(-40, number), noise(-30, number))
    used.reset()
    same = (noise(-30, 7), noise(-20, 8), noise(-35, 9), noise(-30, 10))
    assert looked(used, *same) == pytest.approx(looked(fresh, *same))


def test_it_is_never_anything_but_finite_and_small() -> None:
    view = EchoView()
    for level_dbfs in (-200, 10, -200, 10):
        told = looked(view, noise(level_dbfs, 1), noise(level_dbfs, 2), noise(level_dbfs, 3), noise(level_dbfs, 4))
        assert told.shape == (SIZE,)
        assert np.isfinite(told).all()
        assert np.abs(told).max() < 5
