"""From blocks of the stream to frames."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.front_end import FRAME, WINDOW, FrontEnd, FrontFrame
from assistant.settings.access import change
from assistant.settings.sections import Settings
from assistant.signal.levels import SILENCE_DBFS
from assistant.signal.presence import EchoPath
from assistant.signal.spectra import NEAR, RESIDUAL

OFF = change(Settings(), {"echo.canceller": "off"})


def sound(seconds: float, rate: int = 48_000, seed: int = 0, level_dbfs: float = -30) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal(int(rate * seconds)) * 10 ** (level_dbfs / 20)
    return noise.astype(np.float32)


def in_blocks(front: FrontEnd, near: np.ndarray, far: np.ndarray, n: int = 480) -> list[FrontFrame]:
    return [f for at in range(0, len(near), n) for f in front.push(near[at : at + n], far[at : at + n])]


@pytest.mark.parametrize("rate", [48_000, 16_000])
def test_a_second_of_stream_is_sixty_two_frames_on_one_clock(rate: int) -> None:
    frames = in_blocks(FrontEnd(rate, OFF), sound(1, rate), sound(1, rate), rate // 100)
    assert [f.end_sample for f in frames] == [FRAME * (i + 1) for i in range(62)]
    assert all(x.shape == (WINDOW,) and x.dtype == np.float32 for f in frames for x in (f.audio, f.raw, f.far))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=8))
def test_the_frames_do_not_depend_on_how_the_stream_is_cut(lengths: list[int]) -> None:
    near, far = sound(sum(lengths) / 48_000, seed=1), sound(sum(lengths) / 48_000, seed=2)
    near, far = near[: sum(lengths)], far[: sum(lengths)]
    whole, cut = FrontEnd(48_000, Settings()), FrontEnd(48_000, Settings())
    at = np.cumsum([0, *lengths])
    pieces = [f for a, b in pairwise(at) for f in cut.push(near[a:b], far[a:b])]
    for one, other in zip(whole.push(near, far), pieces, strict=True):
        np.testing.assert_array_equal(one.audio, other.audio)
        assert (one.near_dbfs, one.echo_dbfs, one.rise_sample) == (other.near_dbfs, other.echo_dbfs, other.rise_sample)


def test_near_and_far_stay_aligned_through_decimation() -> None:
    click = np.zeros(4800, np.float32)
    click[2000] = 0.5
    frames = FrontEnd(48_000, OFF).push(click, click)
    for f in frames:
        np.testing.assert_array_equal(f.raw, f.far)


def test_a_level_is_the_level_that_was_played() -> None:
    last = FrontEnd(16_000, OFF).push(sound(1, 16_000, level_dbfs=-40), sound(1, 16_000, level_dbfs=-20))[-1]
    assert last.near_dbfs == pytest.approx(-40, abs=1)
    assert last.far_dbfs == pytest.approx(-20, abs=1)
    assert last.noise_dbfs == pytest.approx(-40, abs=2)


def test_with_the_canceller_off_the_microphone_is_left_as_it_is() -> None:
    for f in FrontEnd(48_000, OFF).push(sound(0.5), sound(0.5, seed=5)):
        np.testing.assert_array_equal(f.audio, f.raw)


def test_an_utterance_is_found_again_by_its_samples() -> None:
    front = FrontEnd(16_000, OFF)
    near = sound(2, 16_000)
    front.push(near, np.zeros_like(near))
    np.testing.assert_array_equal(front.audio_between(5000, 9000), near[5000:9000])
    assert len(front.audio_between(0, 125 * FRAME)) == 125 * FRAME
    with pytest.raises(ValueError, match="not been heard"):
        front.audio_between(0, 125 * FRAME + 1)


def spoken(seconds: float, seed: int, level_dbfs: float = -20) -> np.ndarray:
    """Noise in syllables, 16 kHz."""
    rng = np.random.default_rng(seed)
    n = int(seconds * 16_000)
    beats = np.arange(0, seconds + 0.2, 0.15)
    loudness = np.interp(np.arange(n) / 16_000, beats, rng.random(len(beats)))
    return (rng.standard_normal(n) * loudness * 10 ** (level_dbfs / 20)).astype(np.float32)


def echo_of(far: np.ndarray, delay: int = 800, gain: float = 0.7, room: int = 9) -> np.ndarray:
    tail = np.random.default_rng(room).standard_normal(2000) * 10 ** (-np.arange(2000) / 800)
    path = np.concatenate([np.zeros(delay), gain * tail / np.sqrt(np.sum(tail**2))])
    return np.convolve(far, path)[: len(far)].astype(np.float32)


def test_it_never_takes_its_own_voice_for_somebody_not_even_in_the_first_second() -> None:
    far = spoken(6, seed=1)
    near = echo_of(far) + sound(6, 16_000, seed=2, level_dbfs=-62)
    front = FrontEnd(16_000, Settings())
    frames = front.push(near, far)
    louder_than_expected = [f.near_dbfs > f.echo_dbfs + Settings().echo.margin_db for f in frames if f.near_dbfs > -55]
    assert np.mean(louder_than_expected) < 0.02
    assert front.echo_path.taken_db > 10


def test_a_user_over_the_echo_stands_out() -> None:
    far, user = spoken(6, seed=3), spoken(6, seed=4)
    user[: 5 * 16_000] = 0
    frames = FrontEnd(16_000, Settings()).push(echo_of(far) + user, far)
    said = [f.near_dbfs > f.echo_dbfs + Settings().echo.margin_db for f in frames if f.end_sample > 5 * 16_000 + FRAME]
    assert np.mean(said[:20]) > 0.7


def test_an_echo_that_takes_another_way_is_told_soon_and_once() -> None:
    far, lost = spoken(8, seed=3), 4 * 16_000
    near = echo_of(far)
    near[lost:] = echo_of(far, delay=800 + 2400, room=10)[lost:]
    front = FrontEnd(16_000, Settings())
    told = [f.end_sample - lost for f in front.push(near[: 6 * 16_000], far[: 6 * 16_000]) if f.is_path_new]
    assert len(told) == 1
    assert 0 < told[0] < 0.5 * 16_000
    assert front.echo_path.is_new and front.echo_path.heard_on == "loudspeakers"
    assert not any(f.is_path_new for f in front.push(near[6 * 16_000 :], far[6 * 16_000 :]))
    assert front.echo_path.taken_db > 5 and not front.echo_path.is_new


@pytest.mark.parametrize("lost_samples", [40, 140, 400])
def test_a_hair_of_lost_sound_puts_the_echo_in_doubt_at_once(lost_samples: int) -> None:
    far, lost = spoken(6, seed=3), 4 * 16_000
    near = echo_of(far)
    near[lost:] = echo_of(far, delay=800 - lost_samples)[lost:]
    frames = FrontEnd(16_000, Settings()).push(near, far)
    doubted = [f.end_sample - lost for f in frames if f.is_echo_misplaced and f.end_sample > 2 * 16_000]
    assert 0 < doubted[0] <= 3 * FRAME


@pytest.mark.parametrize("lost_samples", [-400, -140, 140, 400])
def test_where_the_device_tells_of_it_the_doubt_comes_with_the_first_frame(lost_samples: int) -> None:
    far, lost = spoken(6, seed=3), 4 * 16_000
    near = echo_of(far)
    near[lost:] = echo_of(far, delay=800 - lost_samples)[lost:]
    front = FrontEnd(16_000, Settings())
    frames = front.push(near[:lost], far[:lost])
    front.sound_lost()
    frames += front.push(near[lost:], far[lost:])
    doubted = [f.end_sample - lost for f in frames if f.is_echo_misplaced and f.end_sample > 2 * 16_000]
    assert doubted[:12] == [number * FRAME for number in range(1, 13)]


@pytest.mark.parametrize("lost_samples", [-2400, -140, 140, 400])
def test_lost_sound_is_made_up_for_as_soon_as_it_is_known_how_much(lost_samples: int) -> None:
    far, lost = spoken(8, seed=3), 5 * 16_000
    near = echo_of(far) + sound(8, 16_000, seed=2, level_dbfs=-62)
    near[lost:] = echo_of(far, delay=800 - lost_samples)[lost:]
    frames = FrontEnd(16_000, Settings()).push(near, far)
    assert not any(f.is_path_new for f in frames)

    def left_db(after_s: float) -> float:
        heard = [f for f in frames if 0 <= f.end_sample - lost - after_s * 16_000 < 16_000]
        return float(10 * np.log10(np.mean([np.mean(f.audio**2) / np.mean(f.raw**2) for f in heard])))

    assert left_db(0.4) < left_db(-1.1) + 6


def test_a_user_over_the_echo_is_no_other_way() -> None:
    far, user = spoken(8, seed=3), spoken(8, seed=4, level_dbfs=-10)
    user[: 3 * 16_000] = 0
    frames = FrontEnd(16_000, Settings()).push(echo_of(far) + user, far)
    assert not any(f.is_path_new for f in frames)
    assert np.mean([f.is_echo_misplaced for f in frames if f.end_sample > 2 * 16_000]) < 0.02


def test_on_headphones_the_microphone_is_left_alone_and_no_echo_is_expected() -> None:
    far, user = spoken(5, seed=5), spoken(5, seed=6, level_dbfs=-30)
    frames = FrontEnd(16_000, Settings()).push(user, far)
    for f in frames:
        np.testing.assert_array_equal(f.audio, f.raw)
    assert all(f.echo_dbfs == SILENCE_DBFS for f in frames[80:])


class TestWhatItIsHeardOn:
    HEADPHONES = change(Settings(), {"echo.path": "headphones"})
    LOUDSPEAKERS = change(Settings(), {"echo.path": "loudspeakers"})

    def test_is_found_out(self) -> None:
        front, far = FrontEnd(16_000, Settings()), spoken(4, seed=7)
        assert front.echo_path == EchoPath("unknown")
        front.push(echo_of(far), far)
        assert front.echo_path.heard_on == "loudspeakers"
        assert front.echo_path.taken_db > 5
        front = FrontEnd(16_000, Settings())
        front.push(spoken(4, seed=8, level_dbfs=-60), far)
        assert front.echo_path == EchoPath("headphones")

    def test_told_headphones_the_microphone_is_left_alone_from_the_first_frame_on(self) -> None:
        far = spoken(3, seed=7)
        frames = FrontEnd(16_000, self.HEADPHONES).push(echo_of(far), far)
        for f in frames:
            np.testing.assert_array_equal(f.audio, f.raw)
            np.testing.assert_array_equal(f.spectra.bins[RESIDUAL], f.spectra.bins[NEAR])
        assert {f.echo_dbfs for f in frames} == {SILENCE_DBFS}

    def test_told_loudspeakers_an_echo_is_expected_where_none_was_found(self) -> None:
        far = spoken(5, seed=5)
        silent = FrontEnd(16_000, self.LOUDSPEAKERS).push(sound(5, 16_000, level_dbfs=-70), far)
        assert all(f.echo_dbfs > SILENCE_DBFS for f in silent if f.far_dbfs > -40)

    def test_told_otherwise_while_it_runs_it_starts_anew(self) -> None:
        front, far = FrontEnd(16_000, Settings()), spoken(4, seed=7)
        front.push(echo_of(far), far)
        front.change(self.HEADPHONES)
        assert front.echo_path == EchoPath("headphones", told=True)
        assert all(np.array_equal(f.audio, f.raw) for f in front.push(echo_of(far), far))
        front.change(Settings())
        assert front.echo_path == EchoPath("unknown")
        front.push(echo_of(far), far)
        assert front.echo_path.heard_on == "loudspeakers"

    def test_loudspeakers_told_so_keep_what_the_canceller_learnt(self) -> None:
        front, far = FrontEnd(16_000, Settings()), spoken(4, seed=7)
        front.push(echo_of(far), far)
        front.change(self.LOUDSPEAKERS)
        assert front.echo_path.taken_db > 5

    def test_without_a_canceller_nobody_can_tell(self) -> None:
        front, far = FrontEnd(16_000, OFF), spoken(4, seed=7)
        front.push(sound(4, 16_000, level_dbfs=-70), far)
        assert front.echo_path == EchoPath("unknown")


def test_a_canceller_switched_off_while_running_leaves_the_next_frame_alone() -> None:
    front = FrontEnd(16_000, Settings())
    far = spoken(3, seed=7)
    assert not np.array_equal((last := front.push(echo_of(far), far)[-1]).audio, last.raw)
    front.change(OFF)
    for f in front.push(echo_of(far), far):
        np.testing.assert_array_equal(f.audio, f.raw)


def test_numbers_that_are_none_do_no_lasting_harm() -> None:
    front = FrontEnd(48_000, Settings())
    bad = sound(0.2)
    bad[100:200] = np.nan
    bad[300] = np.inf
    bad[500] = 1e30
    front.push(bad, bad)
    for f in front.push(sound(0.3), sound(0.3, seed=2)):
        assert np.isfinite(f.audio).all()
        assert np.isfinite([f.near_dbfs, f.noise_dbfs, f.echo_dbfs, f.far_dbfs]).all()


def test_after_a_reopened_stream_the_clock_goes_on() -> None:
    front = FrontEnd(48_000, OFF)
    front.push(sound(1), sound(1))
    front.reset()
    (first, *_) = front.push(sound(0.1), sound(0.1))
    assert first.end_sample == 63 * FRAME


def test_after_a_reopened_stream_nothing_of_the_old_one_is_heard() -> None:
    front, far = FrontEnd(16_000, Settings()), spoken(3, seed=7)
    before = front.push(echo_of(far), far)[-1]
    heard = before.raw.copy()
    front.reset()
    (again,), (fresh,) = (each.push(far[-FRAME:], far[:FRAME]) for each in (front, FrontEnd(16_000, Settings())))
    for name in ("audio", "raw", "far", "uncertainty"):
        np.testing.assert_array_equal(getattr(again, name), getattr(fresh, name))
    np.testing.assert_array_equal(again.spectra.bins, fresh.spectra.bins)
    np.testing.assert_array_equal(before.raw, heard)


def test_another_rate_or_uneven_blocks_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="44100"):
        FrontEnd(44_100, Settings())
    with pytest.raises(ValueError, match="same length"):
        FrontEnd(48_000, Settings()).push(np.zeros(480, np.float32), np.zeros(479, np.float32))
