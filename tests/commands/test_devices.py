"""`devices`: names as the settings take them, for people and as JSON; 1 where there are none."""

from __future__ import annotations

import json

import pytest

from assistant.__main__ import main
from assistant.audio.devices import DeviceList, ListedDevice
from assistant.commands import devices


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[ListedDevice]:
    """What the sound library would find."""
    there: list[ListedDevice] = []
    nothing = ("No sound device was found.", "Plug one in.")
    monkeypatch.setattr(devices, "list_devices", lambda: DeviceList(tuple(there), *(("", "") if there else nothing)))
    return there


def device(name: str, inputs: int = 0, outputs: int = 0, default: bool = False) -> ListedDevice:
    return ListedDevice(0, name, "ALSA", inputs, outputs, default and inputs > 0, default and outputs > 0, 48_000.0)


def test_they_are_listed_by_side_with_the_flag_that_takes_the_name(
    found: list[ListedDevice], capsys: pytest.CaptureFixture[str]
) -> None:
    found += [device("Built-in", 2, 2, default=True), device("Desk mic", inputs=1), device("Monitor", outputs=8)]
    assert main(["devices"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Microphones  (--audio.input NAME)",
        "  * Built-in  (ALSA, 2 channels)",
        "    Desk mic  (ALSA, 1 channels)",
        "Loudspeakers  (--audio.output NAME)",
        "  * Built-in  (ALSA, 2 channels)",
        "    Monitor  (ALSA, 8 channels)",
        "* is the system's choice.",
    ]


def test_as_json(found: list[ListedDevice], capsys: pytest.CaptureFixture[str]) -> None:
    found += [device("Köpfhörer", outputs=2), device("Desk mic", inputs=1)]
    assert main(["devices", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"input": ["Desk mic"], "output": ["Köpfhörer"], "reason": ""}


def test_where_there_are_none_it_says_what_to_do(found: list[ListedDevice], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices"]) == 1
    assert capsys.readouterr().out == "No sound device was found. Plug one in.\n"
    assert main(["devices", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["reason"] == "No sound device was found."
