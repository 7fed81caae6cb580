"""Choosing a sound device by its name."""

from __future__ import annotations

import sys
import threading

import pytest

from assistant.audio.devices import DeviceUnavailable, ListedDevice, choose, list_devices, portaudio


def device(index: int, name: str, inputs: int = 0, outputs: int = 0, default: bool = False) -> ListedDevice:
    return ListedDevice(index, name, "ALSA", inputs, outputs, default and inputs > 0, default and outputs > 0, 48_000.0)


DEVICES = (
    device(0, "Built-in Microphone", inputs=2),
    device(1, "Built-in Speaker", outputs=2, default=True),
    device(2, "USB Headset", inputs=1, outputs=2),
    device(3, "USB Headset (2nd)", inputs=1, outputs=2),
    device(4, "Studio Mic", inputs=8, default=True),
)


def test_an_empty_name_follows_the_system() -> None:
    assert choose(DEVICES, "input", "").name == "Studio Mic"
    assert choose(DEVICES, "output", "").name == "Built-in Speaker"


def test_without_a_default_it_takes_the_first_that_fits() -> None:
    assert choose(DEVICES[:1], "input", "").index == 0


def test_an_exact_name_wins_over_names_that_contain_it() -> None:
    assert choose(DEVICES, "output", "USB Headset").index == 2


def test_a_part_of_the_name_is_enough_in_any_case() -> None:
    assert choose(DEVICES, "input", "studio").index == 4


def test_only_devices_of_that_side_are_considered() -> None:
    assert choose(DEVICES, "input", "built-in").index == 0


def test_an_ambiguous_name_lists_what_it_could_mean() -> None:
    with pytest.raises(
        DeviceUnavailable, match=r"More than one microphone.*USB Headset, USB Headset \(2nd\)"
    ) as caught:
        choose(DEVICES, "input", "usb")
    assert caught.value.remedy == "Give more of its name."


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(DeviceUnavailable, match="no loudspeaker called “Hall”") as caught:
        choose(DEVICES, "output", "Hall")
    assert "Built-in Speaker" in caught.value.remedy


def test_no_device_at_all_offers_the_simulated_room() -> None:
    with pytest.raises(DeviceUnavailable, match="No microphone was found") as caught:
        choose((), "input", "")
    assert "simulated room" in caught.value.remedy


def test_a_missing_library_is_a_reason_and_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoLibrary:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoLibrary(), *sys.meta_path])
    found = list_devices()
    assert found.devices == ()
    assert found.reason == "The PortAudio library is not installed."
    assert "libportaudio2" in found.remedy


def test_while_another_call_hangs_the_list_says_so_instead_of_waiting() -> None:
    inside, leave = threading.Event(), threading.Event()

    def hang() -> None:
        with portaudio():
            inside.set()
            leave.wait(5)

    hanging = threading.Thread(target=hang)
    hanging.start()
    try:
        assert inside.wait(5)
        assert list_devices().reason == "The sound system does not answer."
    finally:
        leave.set()
        hanging.join()
