"""The echo canceller: it learns a room, leaves the user's voice alone and survives everything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.signal.echo_canceller import BLOCK, NoCanceller
from assistant.signal.echo_filter import LinearEchoFilter

RATE = 16_000


def voice(seconds: float, seed: int, level: float = 0.1) -> np.ndarray:
    """Noise with the spectrum and the syllables of speech, (n,) float32, RMS about `level`."""
    n = int(seconds * RATE) // BLOCK * BLOCK
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.standard_normal(n)) / (1 + np.fft.rfftfreq(n, 1 / RATE) / 500)
    beats = np.arange(0, seconds + 0.2, 0.12)
    syllables = np.interp(np.arange(n) / RATE, beats, rng.random(len(beats)))
    sound = np.fft.irfft(spectrum, n) * syllables**2
    return (sound / np.sqrt(np.mean(sound**2)) * level).astype(np.float32)


def room(delay_ms: float = 60, seed: int = 1, gain: float = 1.0) -> np.ndarray:
    """An impulse response with a reverberation time of 300 ms after `delay_ms`."""
    tail = np.random.default_rng(seed).standard_normal(int(0.2 * RATE)) * 10 ** (-3 * np.arange(int(0.2 * RATE)) / 4800)
    tail[0] = 6
    return gain * np.concatenate([np.zeros(int(delay_ms * RATE / 1000)), tail / np.sqrt(np.sum(tail**2))])


def echo_of(far: np.ndarray, path: np.ndarray) -> np.ndarray:
    n = len(far) + len(path)
    return np.fft.irfft(np.fft.rfft(far, n) * np.fft.rfft(path, n), n)[: len(far)].astype(np.float32)


def residual(canceller: LinearEchoFilter, near: np.ndarray, far: np.ndarray) -> np.ndarray:
    return np.concatenate(
        [canceller.process(near[i : i + BLOCK], far[i : i + BLOCK]).residual for i in range(0, len(near), BLOCK)]
    )


def db(ratio: float) -> float:
    return float(10 * np.log10(ratio))


def erle_db(echo: np.ndarray, left: np.ndarray) -> float:
    return db(np.mean(echo**2) / np.mean(left**2))


@pytest.mark.parametrize("delay_ms", [0, 20, 100, 200])
def test_it_learns_a_room_in_seconds_whatever_the_delay(delay_ms: float) -> None:
    far = voice(5, seed=2)
    echo = echo_of(far, room(delay_ms))
    left = residual(LinearEchoFilter(), echo, far)
    assert erle_db(echo[-RATE:], left[-RATE:]) > 15


def test_a_loudspeaker_that_clips_is_learnt_too() -> None:
    far = voice(6, seed=3)
    echo = echo_of(np.clip(far, -0.1, 0.1), room())
    left = residual(LinearEchoFilter(), echo, far)
    assert erle_db(echo[-RATE:], left[-RATE:]) > 12


def test_the_user_passes_untouched_and_unlearns_nothing() -> None:
    far, user = voice(8, seed=4), voice(8, seed=5)
    user[: 4 * RATE] = 0
    echo = echo_of(far, room())
    left = residual(LinearEchoFilter(), echo + user, far) - user
    assert erle_db(echo[5 * RATE :], left[5 * RATE :]) > 10


def test_with_a_silent_loudspeaker_the_microphone_passes_bit_for_bit() -> None:
    canceller = LinearEchoFilter()
    far = voice(3, seed=8)
    residual(canceller, echo_of(far, room()), far)
    user, silence = voice(2, seed=9), np.zeros(2 * RATE // BLOCK * BLOCK, np.float32)
    left = residual(canceller, user, silence)
    np.testing.assert_array_equal(left[RATE:], user[RATE:])


def test_what_was_learnt_outlives_a_silence() -> None:
    canceller = LinearEchoFilter()
    far = voice(5, seed=10)
    echo = echo_of(far, room())
    residual(canceller, echo, far)
    silence = np.zeros(5 * RATE // BLOCK * BLOCK, np.float32)
    residual(canceller, silence, silence)
    second = RATE // BLOCK * BLOCK
    left = residual(canceller, echo[:second], far[:second])
    assert erle_db(echo[:second], left) > 12


def test_a_loudspeaker_switched_on_after_headphones_is_learnt() -> None:
    far = voice(12, seed=11)
    near = echo_of(far, room())
    near[: 6 * RATE] = 0
    near += voice(12, seed=12, level=0.001)
    left = residual(LinearEchoFilter(), near, far)
    assert erle_db(near[-RATE:], left[-RATE:]) > 10


def test_a_path_that_changes_is_learnt_again() -> None:
    far = voice(10, seed=13)
    echo = echo_of(far, room(60, seed=1))
    echo[5 * RATE :] = echo_of(far, room(70, seed=2))[5 * RATE :]
    left = residual(LinearEchoFilter(), echo, far)
    assert erle_db(echo[-RATE:], left[-RATE:]) > 10


def test_an_echo_that_jumps_is_learnt_again_although_it_is_heard_in_pieces() -> None:
    """As when a busy machine loses a tenth of a second of sound, and whoever takes the echo for a user falls silent."""
    canceller = LinearEchoFilter()
    far = voice(12, seed=15)
    for at in range(6 * RATE, len(far), RATE // 2):
        far[at : at + RATE // 4] = 0
    echo = echo_of(far, room(60))
    echo[6 * RATE :] = echo_of(far, room(210))[6 * RATE :]
    left = residual(canceller, echo, far)
    assert erle_db(echo[9 * RATE :], left[9 * RATE :]) > 6


@pytest.mark.parametrize("by_ms", [-40, -14, -1, 1, 7, 150])
def test_an_echo_that_jumps_is_found_where_it_is_now(by_ms: float) -> None:
    far = voice(8, seed=15)
    echo = echo_of(far, room(60))
    echo[5 * RATE :] = echo_of(far, room(60 + by_ms))[5 * RATE :]
    left = residual(LinearEchoFilter(), echo, far)
    before, soon = (slice(int(at * RATE), int((at + 0.6) * RATE)) for at in (4.3, 5.4))
    assert erle_db(echo[soon], left[soon]) > erle_db(echo[before], left[before]) - 6


def test_a_reset_forgets_the_room() -> None:
    canceller = LinearEchoFilter()
    far = voice(3, seed=14)
    near = echo_of(far, room())
    first = residual(canceller, near, far)
    canceller.reset()
    np.testing.assert_array_equal(residual(canceller, near, far), first)


KINDS = st.sampled_from(["silence", "voice", "full scale", "square", "dirac", "tiny"])


def sound_of(kind: str) -> np.ndarray:
    n = 4 * BLOCK
    alternating = np.where(np.arange(n) % 40 < 20, 1.0, -1.0)
    dirac = np.zeros(n)
    dirac[7] = 1
    kinds = {
        "silence": np.zeros(n),
        "voice": voice(n / RATE, seed=15),
        "full scale": np.ones(n),
        "square": alternating,
        "dirac": dirac,
        "tiny": np.full(n, 1e-30),
    }
    return kinds[kind].astype(np.float32)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(KINDS, KINDS), min_size=1, max_size=12))
def test_nothing_makes_it_anything_but_finite(scenes: list[tuple[str, str]]) -> None:
    canceller = LinearEchoFilter()
    for near, far in scenes:
        estimate = canceller.process(sound_of(near), sound_of(far))
        assert np.isfinite(estimate.residual).all() and np.isfinite(estimate.echo).all()


def test_a_part_of_a_block_is_refused() -> None:
    with pytest.raises(ValueError, match="whole blocks of 256"):
        LinearEchoFilter().process(np.zeros(480, np.float32), np.zeros(480, np.float32))


def test_off_is_off() -> None:
    near = voice(0.1, seed=16)
    estimate = NoCanceller().process(near, near)
    np.testing.assert_array_equal(estimate.residual, near)
    assert not estimate.echo.any()
