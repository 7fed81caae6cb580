"""The echo that is to be expected in a frame: enough not to stop oneself, little enough to hear the user."""

import numpy as np
import pytest

from assistant.signal.bands import BANDS
from assistant.signal.levels import SILENCE_DBFS, dbfs
from assistant.signal.quantile import Quantile
from assistant.signal.residual import Likeness, ResidualEcho, Sounding
from assistant.signal.spectra import SpectrumAnalyser

FRAME = 512
SECOND = 31
SILENCE = np.zeros(FRAME, np.float32)
MARGIN_DB = 6


def talk(frames: int, seed: int, level_dbfs: float = -20) -> np.ndarray:
    """Noise in syllables of four frames, (frames, FRAME) float32."""
    rng = np.random.default_rng(seed)
    loudness = 10 ** (rng.uniform(-15, 3, frames // 4 + 1).repeat(4)[:frames, None] / 20)
    return (rng.standard_normal((frames, FRAME)) * loudness * 10 ** (level_dbfs / 20)).astype(np.float32)


def expected_dbfs(expects: ResidualEcho, *sounds: np.ndarray) -> float:
    """Of one frame of microphone, loudspeaker, residual and echo, (FRAME,) each."""
    bands = SpectrumAnalyser()(np.stack(sounds)).bands
    return expects.update(*(Sounding(float(np.mean(x * x)), row) for x, row in zip(sounds, bands, strict=True)))


def over_expectation(
    near: np.ndarray, far: np.ndarray, residual: np.ndarray, echo: np.ndarray, expects: ResidualEcho | None = None
) -> np.ndarray:
    """By how many dB each frame's residual stands above what was expected of it."""
    expects = expects or ResidualEcho()
    return np.array(
        [dbfs(r) - expected_dbfs(expects, n, f, r, e) for n, f, r, e in zip(near, far, residual, echo, strict=True)]
    )


def test_nothing_is_expected_while_nothing_plays() -> None:
    near = talk(10, 1)
    for frame in near:
        assert expected_dbfs(ResidualEcho(), frame, SILENCE, frame, SILENCE) == SILENCE_DBFS


@pytest.mark.parametrize("coupling_db", [-20, 0, 6])
def test_a_cold_canceller_does_not_let_the_first_second_through(coupling_db: float) -> None:
    far = talk(SECOND, 2)
    echo = far * np.float32(10 ** (coupling_db / 20))
    assert (over_expectation(echo, far, echo, np.zeros_like(echo)) < MARGIN_DB).all()


def test_what_a_warm_canceller_leaves_is_expected() -> None:
    far = talk(4 * SECOND, 3)
    over = over_expectation(far, far, far * np.float32(0.1), far * np.float32(0.9))
    assert (over < MARGIN_DB).mean() > 0.99


def test_a_user_as_loud_as_the_echo_stands_out_at_once() -> None:
    far, user = talk(4 * SECOND, 4), talk(4 * SECOND, 5)
    user[: 3 * SECOND] = 0
    over = over_expectation(far + user, far, far * np.float32(0.1) + user, far * np.float32(0.9))
    said = over[3 * SECOND : 3 * SECOND + 10]
    assert (said > MARGIN_DB).sum() >= 7


def test_a_path_that_is_lost_is_noticed_by_its_rhythm() -> None:
    far = talk(6 * SECOND, 6)
    left = far * np.float32(0.1)
    left[3 * SECOND :] *= 8
    over = over_expectation(far, far, left, far * np.float32(0.9))
    assert (over[3 * SECOND + 15 : 4 * SECOND + 15] < MARGIN_DB).mean() > 0.9


def test_when_playback_is_ducked_less_is_expected() -> None:
    expects = ResidualEcho()
    far = talk(4 * SECOND, 7)
    over_expectation(far, far, far * np.float32(0.1), far * np.float32(0.9), expects)
    ducked = far * np.float32(0.1)
    levels = [
        expected_dbfs(expects, f, f, f * np.float32(0.1), f * np.float32(0.9))
        for f in (*far[:SECOND], *ducked[:SECOND])
    ]
    assert np.mean(levels[SECOND + 12 :]) < np.mean(levels[:SECOND]) - 15


def test_likeness_knows_an_echo_from_a_stranger() -> None:
    bands = np.abs(np.random.default_rng(8).standard_normal((60, BANDS))).astype(np.float32)
    stranger = np.abs(np.random.default_rng(9).standard_normal((60, BANDS))).astype(np.float32)
    echo, other = Likeness(0.25), Likeness(0.25)
    for cause, unlike in zip(bands, stranger, strict=True):
        slope, like = echo.update(0.2 * cause, cause)
        _, unlikeness = other.update(unlike, cause)
    assert slope == pytest.approx(0.2, rel=0.01)
    assert like == pytest.approx(1, abs=0.01)
    assert unlikeness < ResidualEcho.LIKE


def test_a_quantile_forgets_its_prior_when_the_window_is_full() -> None:
    window = Quantile(10, 0.5, prior=100, prior_count=4)
    assert window.value == 100
    for value in range(10):
        window.add(value)
    assert window.value == 5 and window.at(0.9) == 9
