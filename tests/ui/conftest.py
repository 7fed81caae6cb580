"""The window without a screen: Qt's offscreen platform, one theme, one model and one set of wishes for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtWidgets import QApplication

from assistant.settings.sections import Settings
from assistant.ui.controls import Controls
from assistant.ui.main_window import MainWindow
from assistant.ui.own_presets import OwnPresets
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from tests.ui.looking import settle


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def model(tmp_path: Path, qapp: QApplication) -> SettingsModel:
    return SettingsModel(Settings(), OwnPresets(tmp_path / "presets.toml"))


@pytest.fixture
def controls(qapp: QApplication) -> Controls:
    return Controls()


@pytest.fixture
def window(theme: Theme, model: SettingsModel, controls: Controls) -> Iterator[MainWindow]:
    made = MainWindow()
    made.furnish(theme, model, controls)
    made.show()
    settle()
    yield made
    made.close()
    made.deleteLater()
    settle()
