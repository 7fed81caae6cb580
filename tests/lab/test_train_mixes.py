"""The situations that are made to learn from."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.lab.train.clips import HOP, RATE, Clip, phrases
from assistant.lab.train.loudspeaker import convolved, echo_of, room_response
from assistant.lab.train.mixes import MixMaker, Variety
from assistant.lab.train.onsets import begun_inside, syllables


def _voice(pitch_hz: float) -> np.ndarray:
    t = np.arange(RATE) / RATE
    buzz = sum(np.sin(2 * np.pi * pitch_hz * k * t) / k for k in range(1, 15))
    sound = np.concatenate([np.zeros(RATE // 2), 0.1 * buzz, np.zeros(RATE // 2)])
    return (sound + 1e-5 * np.random.default_rng(1).standard_normal(len(sound))).astype(np.float32)


@pytest.fixture(scope="module")
def maker() -> MixMaker:
    speech = [Clip(f"s{n}", f"speaker{n}", n % 2, _voice(110 + 20 * n)) for n in range(4)]
    rng = np.random.default_rng(3)
    noise = [Clip(f"n{n}", "hiss", n % 2, (0.05 * rng.standard_normal(3 * RATE)).astype(np.float32)) for n in range(4)]
    return MixMaker(phrases(speech), noise, seed=5)


def test_the_same_number_gives_the_same_mix_in_any_order(maker: MixMaker) -> None:
    first = maker.make(6)
    maker.make(3)
    again = maker.make(6)
    assert np.array_equal(first.near, again.near)
    assert np.array_equal(first.far, again.far)
    assert np.array_equal(first.voice, again.voice)


def test_every_other_mix_has_a_loudspeaker_and_all_folds_come_round(maker: MixMaker) -> None:
    mixes = [maker.make(number) for number in range(8)]
    assert all(mix.far.any() for mix in mixes[1::2])
    assert {mix.fold for mix in mixes[::2]} == {mix.fold for mix in mixes[1::2]} == {0, 1}


def test_a_mix_is_sound_and_knows_where_the_voice_is(maker: MixMaker) -> None:
    mixes = [maker.make(number) for number in range(24)]
    for mix in mixes:
        assert mix.near.dtype == mix.far.dtype == np.float32
        assert np.isfinite(mix.near).all()
        assert np.abs(mix.near).max() <= 1
        assert len(mix.near) == len(mix.far)
        assert len(mix.voice) == len(mix.near) // HOP
    assert any(mix.voice.any() for mix in mixes)
    assert any(not mix.voice.any() for mix in mixes)


def test_an_echo_follows_its_source_and_comes_from_nothing_else() -> None:
    far = np.zeros(4 * RATE, np.float32)
    far[RATE : RATE + RATE // 2] = _voice(130)[RATE // 2 : RATE]
    echo = echo_of(far, np.random.default_rng(4))
    assert not echo[: RATE - 200].any() or np.abs(echo[: RATE - 200]).max() < 1e-3 * np.abs(echo).max()
    assert np.abs(echo).max() > 0


def test_where_sound_is_lost_the_echo_comes_later_from_then_on() -> None:
    far = np.random.default_rng(7).standard_normal(6 * RATE).astype(np.float32)
    still, stalled = (echo_of(far, np.random.default_rng(4), 0.0, losses) for losses in (0.0, 1.0))
    at = int(np.argmax(still != stalled))
    assert 0.1 * len(far) <= at <= 0.8 * len(far)
    assert np.array_equal(still[:at], stalled[:at])
    late = [lost for lost in range(480, 2881) if np.array_equal(stalled[at:], still[at - lost : len(still) - lost])]
    assert len(late) == 1


def test_a_room_has_unit_energy_and_its_direct_sound_first() -> None:
    response = room_response(np.random.default_rng(1), 0.4, 6.0)
    assert np.square(response).sum() == pytest.approx(1, rel=1e-4)
    assert np.argmax(np.abs(response)) == 0


def test_convolution_is_that_of_the_textbook() -> None:
    rng = np.random.default_rng(2)
    sound, response = rng.standard_normal(300), rng.standard_normal(40)
    ours = convolved(sound.astype(np.float32), response.astype(np.float32))
    assert ours == pytest.approx(np.convolve(sound, response)[:300], abs=1e-4)


def test_a_phrase_may_be_begun_at_each_later_syllable() -> None:
    t = np.arange(int(0.3 * RATE)) / RATE
    shape = 10 ** (1.5 * (np.sin(np.pi * t / 0.3) - 1))
    buzz = sum(np.sin(2 * np.pi * 120 * k * np.arange(4 * len(t)) / RATE) / k for k in range(1, 15))
    voice = 0.1 * np.tile(shape, 4) * buzz
    sound = np.concatenate([np.zeros(RATE // 2), voice, np.zeros(RATE // 2)])
    sound += 1e-5 * np.random.default_rng(1).standard_normal(len(sound))
    (phrase,) = phrases([Clip("a", "b", 0, sound.astype(np.float32))])
    found = syllables(phrase)
    first = int(np.argmax(phrase.active))
    assert [round((at - first) * HOP / RATE / 0.3) for at in found] == [1, 2, 3]
    later = begun_inside(phrase, np.random.default_rng(2))
    assert len(phrase.active) - len(later.active) in found
    assert np.array_equal(later.active, phrase.active[-len(later.active) :])
    assert np.array_equal(later.sound[10 * HOP :], phrase.sound[len(phrase.sound) - len(later.sound) + 10 * HOP :])


def test_a_single_syllable_stays_as_it_is() -> None:
    (phrase,) = phrases([Clip("a", "b", 0, _voice(120))])
    assert begun_inside(phrase, np.random.default_rng(2)) is phrase


def test_lost_sound_changes_loudspeakers_alone_and_nothing_else_that_is_drawn() -> None:
    speech = [Clip(f"s{n}", f"speaker{n}", n % 2, _voice(110 + 20 * n)) for n in range(4)]
    noise = [Clip(f"n{n}", "hiss", n % 2, _voice(70 + n)) for n in range(4)]
    calm, lossy = (MixMaker(phrases(speech), noise, 5, Variety(losses=losses)) for losses in (0.0, 1.0))
    assert np.array_equal(calm.make(0).near, lossy.make(0).near)  # headphones: there is no echo to lose
    assert not np.array_equal(calm.make(1).near, lossy.make(1).near)
    assert np.array_equal(calm.make(1).voice, lossy.make(1).voice)
