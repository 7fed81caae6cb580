"""Missing system libraries end in one line to type."""

from __future__ import annotations

import sys

import pytest
from bootstrap import compiler, libraries, packages

LISTED = "\tlibX11.so.6 (libc6,x86-64) => /lib/libX11.so.6\n\tlibxcb-cursor.so.0 (libc6,x86-64) => /lib/x\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the wheels for other systems carry their libraries")
def test_a_library_is_missing_when_it_is_neither_listed_nor_loadable() -> None:
    wanted = ["libX11.so.6", "libxcb-cursor.so.0", "libEGL.so.1", "libGL.so.1"]
    assert libraries.missing(wanted, LISTED, lambda name: name == "libGL.so.1") == ["libEGL.so.1"]


@pytest.mark.skipif(sys.platform != "linux", reason="the wheels for other systems carry their libraries")
def test_a_longer_name_does_not_stand_for_a_shorter_one() -> None:
    assert libraries.missing(["libX11.so.6"], "\tlibX11.so.6.4 (libc6)\n", lambda _: False) == ["libX11.so.6"]


@pytest.mark.parametrize(
    ("tool", "line"),
    [
        ("apt-get", "apt-get install libportaudio2 libxcb-shm0 libxcb-xkb1"),
        ("dnf", "dnf install portaudio libxcb"),
        ("pacman", "pacman -S --needed portaudio libxcb"),
    ],
)
def test_the_line_to_type_names_each_package_once(monkeypatch: pytest.MonkeyPatch, tool: str, line: str) -> None:
    table = {**libraries.SOUND, **libraries.WINDOW}
    lacking = [table[name] for name in ("libportaudio.so.2", "libxcb-shm.so.0", "libxcb-xkb.so.1")]
    monkeypatch.setattr(packages, "_is_root", lambda: False)
    assert packages.line_to_type(tool, packages.names(tool, lacking)) == f"sudo {line}"
    monkeypatch.setattr(packages, "_is_root", lambda: True)
    assert packages.line_to_type(tool, packages.names(tool, lacking)) == line


@pytest.mark.parametrize(
    ("platform", "tool", "line"),
    [
        ("linux", "apt-get", "install build-essential'"),
        ("linux", "dnf", "install gcc-c++'"),
        ("linux", None, "Install a C++ compiler"),
        ("darwin", None, "'xcode-select --install'"),
        ("win32", None, "'winget install"),
    ],
)
def test_a_missing_compiler_has_a_remedy_everywhere(
    monkeypatch: pytest.MonkeyPatch, platform: str, tool: str | None, line: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(packages, "manager", lambda: tool)
    assert line in compiler.remedy()
    assert compiler.remedy().endswith(".")
