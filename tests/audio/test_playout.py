"""Playout: what is ducked goes on, what is cut fades within a ramp, and what was heard is known to the sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.playout import AUDIBLE, Playout, PlayoutChunk

RAMP = 240  # 5 ms at 48 kHz
BLOCK = 480


def reply(playout: Playout, sound: np.ndarray, pieces: int = 1, last: bool = True) -> None:
    """Puts `sound` as a reply of the present generation, in so many chunks."""
    parts = np.array_split(sound, pieces)
    for i, part in enumerate(parts):
        playout.put(PlayoutChunk(playout.generation, part, last and i == len(parts) - 1))


def render(playout: Playout, samples: int, at: int = 0, block: int = BLOCK) -> np.ndarray:
    out = np.full(samples, np.nan, np.float32)
    for start in range(0, samples, block):
        playout.render(out[start : start + block], at + start)
    return out


def ones(n: int) -> np.ndarray:
    return np.ones(n, np.float32)


def noise(n: int) -> np.ndarray:
    return (np.random.default_rng(5).uniform(0.1, 1.0, n)).astype(np.float32)


def test_with_nothing_to_say_it_is_silent() -> None:
    playout = Playout()
    np.testing.assert_array_equal(render(playout, 1000), 0.0)
    assert not playout.playing
    assert playout.underruns == 0


def test_a_reply_sounds_once_from_start_to_end() -> None:
    playout, sound = Playout(), noise(2000)
    reply(playout, sound, pieces=3)
    assert playout.pending_samples == 2000
    out = render(playout, 3000, at=9600)
    np.testing.assert_array_equal(out[RAMP:2000], sound[RAMP:])
    np.testing.assert_array_equal(out[2000:], 0.0)
    assert playout.started_at(0) == 9600
    assert playout.finished(0) == 11_600
    assert playout.cut_at(0) is None
    assert playout.played(0) == 2000
    assert playout.pending_samples == 0
    assert not playout.playing


def test_ducking_takes_a_ramp_and_restoring_loses_no_sample() -> None:
    playout, sound = Playout(), noise(9600)
    reply(playout, sound)
    before = render(playout, 2400)
    playout.gain_target = 0.1
    ducked = render(playout, 2400, at=2400)
    playout.gain_target = 1.0
    after = render(playout, 4800, at=4800)
    np.testing.assert_array_equal(before[RAMP:], sound[RAMP:2400])
    np.testing.assert_allclose(ducked[RAMP:], 0.1 * sound[2400 + RAMP : 4800], rtol=1e-6)
    np.testing.assert_array_equal(after[RAMP:], sound[4800 + RAMP :])
    assert playout.played(0) == 9600
    assert playout.finished(0) == 9600


def test_a_cut_fades_within_the_ramp_and_says_when_it_was_silent() -> None:
    playout = Playout()
    reply(playout, ones(48_000))
    render(playout, 4800)
    new = playout.advance()
    out = render(playout, 960, at=4800)
    assert out[0] > 0.99
    assert np.all(np.diff(out[:RAMP]) <= 0)
    np.testing.assert_array_equal(out[RAMP - 1 :], 0.0)
    assert playout.cut_at(new - 1) == 4800 + RAMP
    assert playout.finished(new - 1) is None
    assert 4800 < playout.played(new - 1) < 4800 + RAMP
    assert not playout.playing
    assert playout.pending_samples == 0


def test_the_next_reply_begins_in_the_block_in_which_the_old_one_ended() -> None:
    playout = Playout()
    reply(playout, ones(48_000))
    render(playout, 480)
    playout.advance()
    reply(playout, -ones(960))
    out = render(playout, 960, at=480)
    assert playout.started_at(1) == playout.cut_at(0) == 480 + RAMP
    assert np.all(out[:RAMP] >= 0)
    assert np.all(out[RAMP:] < 0)


def test_late_work_falls_through_the_floor() -> None:
    playout = Playout()
    stale = PlayoutChunk(0, ones(480), last=True)
    playout.advance()
    playout.put(stale)
    assert playout.pending_samples == 0
    np.testing.assert_array_equal(render(playout, 480), 0.0)
    assert playout.started_at(0) is None


def test_a_chunk_from_the_future_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="ahead"):
        Playout().put(PlayoutChunk(1, ones(1), last=True))


def test_a_late_chunk_leaves_a_gap_that_is_counted_and_nothing_is_skipped() -> None:
    playout, sound = Playout(), noise(2000)
    reply(playout, sound[:700], last=False)
    first = render(playout, 960)
    assert playout.playing
    reply(playout, sound[700:])
    second = render(playout, 1440, at=960)
    assert (playout.underruns, playout.underrun_samples) == (1, 260)
    np.testing.assert_array_equal(first[700:], 0.0)
    np.testing.assert_array_equal(second[RAMP:1300], sound[700 + RAMP :])
    assert playout.played(0) == 2000


def test_a_cut_in_a_gap_is_silent_at_once() -> None:
    playout = Playout()
    reply(playout, ones(480), last=False)
    render(playout, 960)
    playout.advance()
    render(playout, 480, at=960)
    assert playout.cut_at(0) == 960
    assert playout.played(0) == 480


def test_the_end_may_be_said_without_sound() -> None:
    playout = Playout()
    reply(playout, ones(480), last=False)
    playout.put(PlayoutChunk(0, ones(0), last=True))
    render(playout, 960)
    assert playout.finished(0) == 480
    assert playout.underruns == 0


def test_a_cut_while_a_block_is_begun_does_not_bring_a_ducked_reply_up_again() -> None:
    class CutMeanwhile(Playout):
        """The turn thread cuts at the moment at which the callback asks for the gain."""

        armed = False

        def __getattribute__(self, name: str) -> object:
            if name == "gain_target" and self.armed:
                self.armed = False
                self.advance()
                self.gain_target = 1.0
            return super().__getattribute__(name)

    playout = CutMeanwhile()
    playout.gain_target = 0.1
    reply(playout, ones(4800))
    render(playout, 960)
    playout.armed = True
    assert render(playout, 480, at=960).max() <= 0.1


def test_volume_is_not_silence() -> None:
    playout = Playout()
    playout.volume = 0.01
    playout.gain_target = 0.1
    reply(playout, ones(4800))
    out = render(playout, 4800)
    assert out[-1] == pytest.approx(AUDIBLE)
    assert playout.played(0) == 4800


def test_only_mono_float32_is_taken() -> None:
    with pytest.raises(ValueError, match="float32 at 48 kHz"):
        PlayoutChunk(0, np.zeros((480, 2), np.float32), last=False)
    with pytest.raises(ValueError, match="float32 at 48 kHz"):
        PlayoutChunk(0, np.zeros(480), last=False)


def test_a_chunk_is_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        PlayoutChunk(0, ones(4), last=False).audio[0] = 2.0


@dataclass(frozen=True)
class Act:
    """Something the worker or the turn thread does before a certain sample is rendered."""

    at: int
    what: str
    amount: int


whats = st.sampled_from(["put", "end", "duck", "restore", "cut"])
acts = st.lists(st.builds(Act, st.integers(0, 3000), whats, st.integers(0, 900)), max_size=12).map(
    lambda acts: sorted(acts, key=lambda act: act.at)
)


def perform(script: list[Act], cuts: list[int], samples: int = 3600) -> tuple[np.ndarray, list[object], list[int]]:
    """Plays a script in blocks of the given lengths (and at each act's sample). Returns sound, ledger, cut samples."""
    playout, out = Playout(), np.full(samples, np.nan, np.float32)
    at = block = 0
    left, cut_samples = list(script), []
    while at < samples:
        while left and left[0].at == at:
            act = left.pop(0)
            match act.what:
                case "put" | "end":
                    playout.put(PlayoutChunk(playout.generation, ones(act.amount), last=act.what == "end"))
                case "duck":
                    playout.gain_target = 0.1
                case "restore":
                    playout.gain_target = 1.0
                case _:
                    playout.advance()
                    cut_samples.append(at)
        edge = min([left[0].at if left else samples, at + cuts[block % len(cuts)], samples])
        playout.render(out[at:edge], at)
        at, block = edge, block + 1
    ledger = [
        (playout.started_at(g), playout.cut_at(g), playout.finished(g), playout.played(g))
        for g in range(playout.generation + 1)
    ]
    return out, [*ledger, playout.underrun_samples, playout.playing], cut_samples


@given(acts, st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_however_it_is_cut_into_blocks_it_sounds_the_same(script: list[Act], cuts: list[int]) -> None:
    whole, ledger, _ = perform(script, [10_000])
    pieces, ledger_of_pieces, _ = perform(script, cuts)
    np.testing.assert_array_equal(pieces, whole)
    assert ledger_of_pieces == ledger


@given(acts)
def test_after_a_cut_old_sound_lasts_a_ramp_at_most(script: list[Act]) -> None:
    quiet_after_cuts = [act for act in script if act.what != "put" or act.at == 0]
    out, _, cut_samples = perform(quiet_after_cuts, [BLOCK])
    for cut in filter(None, cut_samples):  # what is put at 0 may come after a cut there
        later_sound = [act.at for act in quiet_after_cuts if act.what == "end" and act.at >= cut]
        until = min(later_sound, default=len(out))
        np.testing.assert_array_equal(out[cut + RAMP : until], 0.0)


@given(acts)
def test_played_counts_what_was_audible(script: list[Act]) -> None:
    one_reply = [act for act in script if act.what in ("put", "duck", "restore")]
    playout_starts = [act for act in one_reply if act.what == "put" and act.amount]
    cut = Act(3100, "cut", 0)
    out, ledger, _ = perform([*one_reply, cut], [BLOCK])
    _, cut_at, _, played = ledger[0]  # type: ignore[misc]
    if not playout_starts:
        assert played == 0
        return
    # The sound is all ones, so the output is the gain; gaps are exact zeros, and a ramp's zero is its very last sample.
    sounding = int(np.count_nonzero(out >= AUDIBLE))
    rising = int(np.count_nonzero((out > 0) & (out < AUDIBLE)))
    assert sounding <= played <= sounding + rising
    assert cut_at is None or np.all(out[cut_at:] == 0)


@given(acts)
def test_ducks_and_restores_alone_skip_and_repeat_nothing(script: list[Act]) -> None:
    turns = [act for act in script if act.what in ("duck", "restore")]
    out, ledger, _ = perform([Act(0, "put", 1500), Act(0, "end", 1200), *turns], [BLOCK])
    assert ledger[0] == (0, None, 2700, 2700)
    assert np.all(out[:2700] > 0)
    assert np.all(out[2700:] == 0)
