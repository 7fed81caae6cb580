"""The noises that ship, and the script that makes them."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import soundfile

from assistant.settings.paths import resource
from assistant.speech.sounds import SoundsUnreadable, load_sounds

SCRIPT = Path(__file__).parents[2] / "packaging" / "make_sounds.py"


@pytest.fixture(scope="module")
def make_sounds() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_sounds", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_noise_is_loaded_ready_to_play() -> None:
    sounds = load_sounds()
    assert {"door knock", "keyboard", "cough", "bark", "fan", "rain", "clatter", "glass"} <= set(sounds)
    for sound in sounds.values():
        assert sound.dtype == np.float32
        assert sound.ndim == 1
        assert not sound.flags.writeable
        assert 48_000 <= len(sound) <= 3 * 48_000
        assert 0.1 < np.abs(sound).max() < 1.0
        assert np.abs(sound[-1]) < 0.001


def test_what_ships_is_what_the_script_makes(make_sounds: ModuleType) -> None:
    shipped = load_sounds()
    assert {name.replace("-", " ") for name in make_sounds.SOUNDS} == set(shipped)
    for name in make_sounds.SOUNDS:
        made = make_sounds.make(name)
        assert np.abs(shipped[name.replace("-", " ")] * 32768 - made).max() <= 2


def test_together_they_are_small() -> None:
    assert sum(path.stat().st_size for path in resource("sounds").glob("*.flac")) < 1_500_000


def test_unreadable_noises_are_named(tmp_path: Path) -> None:
    with pytest.raises(SoundsUnreadable, match="no noises"):
        load_sounds(tmp_path)
    soundfile.write(tmp_path / "slow.flac", np.zeros(100), 44_100)
    with pytest.raises(SoundsUnreadable, match=r"slow\.flac is not mono sound at 48 kHz"):
        load_sounds(tmp_path)
    (tmp_path / "slow.flac").write_bytes(b"not audio")
    with pytest.raises(SoundsUnreadable, match=r"slow\.flac cannot be read"):
        load_sounds(tmp_path)
