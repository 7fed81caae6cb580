"""In the panel's head: whether an echo comes back, as far as Interject can tell, and a menu to tell it."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from assistant.settings.access import KNOBS
from assistant.signal.presence import EchoPath
from assistant.ui.key_button import KeyButton
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme

KEY = "echo.path"
_BY_ITSELF = "Found out by itself, from what the canceller takes out of the microphone. Press to say which it is."
_TOLD = "You said so. Press to say otherwise, or to let it find out."
_NEW = "The echo took another way: the laptop was moved, or sound was lost. It is learnt again while Interject speaks."


class EchoButton(KeyButton):
    """Owned by the GUI thread. Told about once a second, so that its figure can be read."""

    def __init__(self, theme: Theme, model: SettingsModel) -> None:
        super().__init__(theme, "", symbol="volume-2", kind="quiet")
        self._model = model
        self.choices = QMenu(self)
        self._group = QActionGroup(self)
        for value, words in KNOBS[KEY].choices.items():
            action = self.choices.addAction(words)
            action.setCheckable(True)
            action.setData(value)
            action.triggered.connect(partial(model.set, KEY, value))
            self._group.addAction(action)
        self.set_menu(self.choices)
        model.changed.connect(self._settings_changed)
        self._told = ""
        self._settings_changed()
        self.show_path(EchoPath())

    def show_path(self, path: EchoPath) -> None:
        """What is known now."""
        words, symbol = path_words(path), "headphones" if path.heard_on == "headphones" else "volume-2"
        self.say(words, symbol)
        why = " ".join([_NEW] * path.is_new + [_TOLD if path.told else _BY_ITSELF])
        self.setToolTip(f"<p>{why}</p>")
        self.setAccessibleName(f"Heard on: {words.replace('−', 'minus ')}")
        self.setAccessibleDescription(why)

    def _settings_changed(self) -> None:
        told = str(self._model.value(KEY))
        for action in self._group.actions():
            action.setChecked(action.data() == told)
        if told != self._told and told in ("headphones", "loudspeakers"):
            self.show_path(EchoPath("headphones" if told == "headphones" else "loudspeakers", told=True))
        elif told != self._told:
            self.show_path(EchoPath())
        self._told = told


def path_words(path: EchoPath) -> str:
    """ "Loudspeakers: echo −14 dB", "Headphones: no echo", "Echo: not known yet" and the like."""
    match path.heard_on:
        case "unknown":
            return "Echo: not known yet"
        case "headphones":
            return "Headphones: no echo"
        case "loudspeakers" if path.is_new:
            return "Loudspeakers: learning again"
        case "loudspeakers" if path.taken_db >= 0.5:
            return f"Loudspeakers: echo −{path.taken_db:.0f} dB"
        case _:
            return "Loudspeakers: echo expected" if path.told else "Loudspeakers: a little echo"
