"""The lock belongs to pyproject.toml, and its parts are what each stage may install."""

from __future__ import annotations

from pathlib import Path

import interject_lock as lock
import pytest
from bootstrap import locked
from bootstrap.failure import SetupFailed

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCK = lock.LOCK.read_text(encoding="utf-8")
CHECK_LOCK = lock.CHECK_LOCK.read_text(encoding="utf-8")
PARTS = locked.parts(LOCK)

COMPILED = """\
alpha==1.0 \\
    --hash=sha256:aa
    # via interject (pyproject.toml)
llama-cpp-python==0.3 \\
    --hash=sha256:bb
    # via interject (pyproject.toml)
jinja==3.1 ; sys_platform != 'win32' \\
    --hash=sha256:cc
    # via
    #   llama-cpp-python
    #   torch
shared==2.0 \\
    --hash=sha256:dd
    # via
    #   alpha
    #   torch
torch==2.13 \\
    --hash=sha256:ee \\
    --hash=sha256:ff
    # via
    #   interject (pyproject.toml)
    #   alpha
"""


@pytest.mark.parametrize("text", [LOCK, CHECK_LOCK], ids=["requirements.lock", "requirements-check.lock"])
def test_the_lock_is_current(text: str) -> None:
    assert lock.is_current(PYPROJECT, text), "pyproject.toml has changed: run packaging/lock.py"


def test_a_changed_dependency_makes_the_lock_stale_and_other_changes_do_not() -> None:
    assert not lock.is_current(PYPROJECT.replace("numpy>=", "numpy>"), LOCK)
    assert lock.is_current(PYPROJECT.replace("line-length = 120", "line-length = 100"), LOCK)


def test_window_and_first_sound_need_no_compiler_and_no_large_download() -> None:
    first = set(locked.names(PARTS[locked.FIRST]))
    assert {"pyside6-essentials", "sounddevice", "piper-tts", "silero-vad", "onnxruntime", "numpy", "pydantic"} <= first
    assert not first & {"torch", "llama-cpp-python", "faster-whisper", "ctranslate2", "sympy", "networkx"}


def test_each_package_stands_in_one_part_and_none_is_of_cuda() -> None:
    everything = [name for part in PARTS.values() for name in locked.names(part)]
    assert len(everything) == len(set(everything))
    assert not [name for name in everything if name.startswith(("nvidia", "triton", "cuda"))]


def test_every_file_is_locked_by_its_hash_except_torch() -> None:
    for text in (LOCK, CHECK_LOCK):
        for part in locked.parts(text).values():
            for name, lines in lock.entries(part).items():
                assert ("--hash=sha256:" in "".join(lines)) is (name != "torch"), name


def test_check_tools_agree_with_the_application_on_shared_packages() -> None:
    ours = dict(pin.split(" ")[0].split("==") for pin in locked.pins(LOCK).splitlines())
    theirs = dict(pin.split(" ")[0].split("==") for pin in locked.pins(CHECK_LOCK).splitlines())
    assert {name: theirs[name] for name in ours.keys() & theirs} == {name: ours[name] for name in ours.keys() & theirs}


def test_a_package_that_two_parts_need_stands_in_the_earlier_one() -> None:
    hearing = lock.entries("faster-whisper==1\n    # via interject (pyproject.toml)\n")
    assert lock.divide(lock.entries(COMPILED) | hearing) == {
        "first": ["alpha", "shared"],
        "hearing": ["faster-whisper"],
        "language-model": ["jinja", "llama-cpp-python"],
        "torch": ["torch"],
    }


def test_a_package_that_nothing_asks_for_is_refused() -> None:
    with pytest.raises(SystemExit, match="stray"):
        lock.divide(lock.entries(COMPILED + "stray==1.0\n"))


def test_torch_loses_its_hashes_and_keeps_its_pin() -> None:
    lines = lock.without_hashes(lock.entries(COMPILED)["torch"])
    assert lines[0] == "torch==2.13"
    assert not [line for line in lines if "--hash" in line]


def test_parts_are_read_back_as_written() -> None:
    found = lock.entries(COMPILED)
    text = lock.written(PYPROJECT, {"first": ["alpha", "shared"], "torch": ["torch"]}, found)
    read = locked.parts(text)
    assert list(read) == ["first", "torch"]
    assert locked.names(read["first"]) == ["alpha", "shared"]
    assert "--hash=sha256:aa" in read["first"]
    assert "#" not in read["first"]


def test_pins_keep_the_marker_and_drop_the_hashes() -> None:
    assert locked.pins("jinja==3.1 ; sys_platform != 'win32' \\\n    --hash=sha256:cc\n") == (
        "jinja==3.1 ; sys_platform != 'win32'\n"
    )


def test_a_damaged_lock_says_so(tmp_path: Path) -> None:
    with pytest.raises(SetupFailed, match="cannot be read"):
        locked.part(tmp_path / "requirements.lock", "first")
    (tmp_path / "requirements.lock").write_text("# part: torch\ntorch==2.13\n", encoding="utf-8")
    with pytest.raises(SetupFailed, match="no part 'first'"):
        locked.part(tmp_path / "requirements.lock", "first")
