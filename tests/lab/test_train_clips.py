"""What a training is made of: clips dealt into folds, phrases cut where the voice sounds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.lab.sound_file import BadSound
from assistant.lab.train.clips import (
    HOP,
    RATE,
    Clip,
    active_level,
    find_activity,
    find_clips,
    find_recordings,
    in_every_fold,
    phrases,
)


def voice(seconds: float, level: float = 0.1) -> np.ndarray:
    """A buzz of 150 Hz: harmonics enough to pass for a voice by level."""
    t = np.arange(int(seconds * RATE)) / RATE
    sound = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 20))
    return (level * sound / np.abs(sound).max()).astype(np.float32)


def recording(*parts: float) -> np.ndarray:
    """Seconds of silence and voice by turns, over a faint floor."""
    floor = np.random.default_rng(1).standard_normal(int(sum(parts) * RATE) + len(parts)) * 1e-5
    sounds = [np.zeros(int(s * RATE), np.float32) if at % 2 == 0 else voice(s) for at, s in enumerate(parts)]
    joined = np.concatenate(sounds)
    return (joined + floor[: len(joined)]).astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for speaker in range(6):
        for number in range(speaker + 1):
            path = tmp_path / f"speaker{speaker}" / f"{number}.wav"
            path.parent.mkdir(exist_ok=True)
            soundfile.write(path, recording(0.3, 0.6, 0.3), RATE)
    return tmp_path


def test_a_speaker_is_never_split_between_folds(folder: Path) -> None:
    clips = find_clips(folder, folds=3, seed=1, by_folder=True)
    assert len(clips) == 21
    assert {clip.fold for clip in clips} == {0, 1, 2}
    for speaker in {clip.folder for clip in clips}:
        assert len({clip.fold for clip in clips if clip.folder == speaker}) == 1


def test_noises_of_a_kind_are_spread_over_the_folds(folder: Path) -> None:
    clips = find_clips(folder, folds=3, seed=1, by_folder=False)
    assert {clip.fold for clip in clips if clip.folder == "speaker5"} == {0, 1, 2}


def test_folds_depend_on_the_seed_alone(folder: Path) -> None:
    def folds(seed: int) -> list[int]:
        return [clip.fold for clip in find_clips(folder, 3, seed, by_folder=False)]

    assert folds(1) == folds(1)
    assert folds(1) != folds(2)


def test_what_judges_nothing_is_in_every_fold(folder: Path) -> None:
    found = find_recordings(folder, folder, folds=3, seed=7)
    everywhere = in_every_fold(found, 3)
    for fold in range(3):
        assert [c.name for c in everywhere.noise if c.fold == fold] == [c.name for c in found.noise]
        spoken = [phrase for phrase in everywhere.phrases if phrase.clip.fold == fold]
        assert [phrase.clip.name for phrase in spoken] == [phrase.clip.name for phrase in found.phrases]


def test_an_empty_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadSound, match="put WAV"):
        find_clips(tmp_path, 2, 1, by_folder=True)


def test_activity_is_where_the_voice_is() -> None:
    activity = find_activity(recording(0.5, 0.4, 0.5))
    assert activity is not None
    sounding = np.flatnonzero(activity.active) * HOP / RATE
    assert sounding[0] == pytest.approx(0.5, abs=0.015)
    assert sounding[-1] == pytest.approx(0.9, abs=0.015)


def test_a_pause_within_a_phrase_belongs_to_it_and_a_longer_one_parts_two() -> None:
    def count(pause_s: float) -> int:
        return len(phrases([Clip("a", "b", 0, recording(0.4, 0.4, pause_s, 0.4, 0.4))]))

    assert count(0.15) == 1
    assert count(0.40) == 2


def test_a_clip_whose_background_hides_the_onset_is_left_out() -> None:
    noisy = recording(0.5, 0.6, 0.5) + 0.05 * np.random.default_rng(2).standard_normal(int(1.6 * RATE))
    assert phrases([Clip("a", "b", 0, noisy.astype(np.float32))]) == []


def test_the_active_level_does_not_count_pauses() -> None:
    short, long = recording(0.1, 0.5, 0.1), recording(2.0, 0.5, 2.0)
    assert active_level(short) == pytest.approx(active_level(long), abs=0.3)
