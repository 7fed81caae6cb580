"""What the window is told once a second, with real sound in the trace and no thread running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.settings.overrides import resolve
from assistant.settings.sections import Settings
from assistant.settings.store import load
from assistant.signal.presence import EchoPath
from assistant.signal.trace import FIELDS, FRAME, RATE
from assistant.turns.facts import SILENCE_DBFS
from assistant.ui.housekeeper import NO_ECHO, Housekeeper
from assistant.ui.main_window import MainWindow
from assistant.ui.settings_model import SettingsModel
from assistant.workers.session import Session

MARGIN = "echo.margin_db"


class Kept:
    """A housekeeper with what it looks after; `paths` is what the panel was told of the echo."""

    def __init__(self, window: MainWindow, model: SettingsModel, file: Path) -> None:
        self.session, self.paths, self.window = Session(Settings()), list[EchoPath](), window
        effective = resolve(load(file), {})
        self.keeper = Housekeeper(self.session, window, model, effective, file, lambda: None, self.paths.append)
        self.keeper.begin()

    def hears(self, seconds: float, echo_dbfs: float) -> None:
        trace, frames = self.session.trace, int(seconds * RATE / FRAME)
        silence = np.zeros(frames * FRAME, np.float32)
        trace.add_sound(silence, silence)
        values = dict.fromkeys(FIELDS, 0.0) | {"echo_dbfs": echo_dbfs, "usual_dbfs": SILENCE_DBFS}
        for _ in range(frames):
            trace.add_frame(tuple(values[field] for field in FIELDS))

    def says_of_the_margin(self) -> str:
        return self.window.talk.tuning.rows[MARGIN].tooltip_text()


@pytest.fixture
def kept(window: MainWindow, model: SettingsModel, tmp_path: Path) -> Iterator[Kept]:
    made = Kept(window, model, tmp_path / "settings.toml")
    yield made
    made.keeper.end()
    assert made.session.end() == ()


def test_the_margin_over_the_echo_says_that_it_rests_where_no_echo_is_expected(kept: Kept, qtbot) -> None:
    kept.hears(2, SILENCE_DBFS)
    qtbot.waitUntil(lambda: NO_ECHO in kept.says_of_the_margin())
    kept.hears(0.5, -45.0)
    qtbot.waitUntil(lambda: NO_ECHO not in kept.says_of_the_margin())
    kept.hears(2, SILENCE_DBFS)
    qtbot.waitUntil(lambda: NO_ECHO in kept.says_of_the_margin())


def test_the_panel_is_told_what_is_known_of_the_echo(kept: Kept, qtbot) -> None:
    path = EchoPath("loudspeakers", taken_db=12.0, is_new=True)
    kept.session.turn.echo_path = path
    qtbot.waitUntil(lambda: path in kept.paths)
