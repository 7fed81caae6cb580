"""What the window itself has to tell: a preset that can be taken back, colours that wait for silence."""

from __future__ import annotations

from PySide6.QtCore import QObject

from assistant.ui.notice import Notice, NoticeBar
from assistant.ui.settings_model import SettingsModel

PRESET = "preset"


class WindowNotices(QObject):
    """Owned by the GUI thread."""

    def __init__(self, bar: NoticeBar, model: SettingsModel) -> None:
        super().__init__(bar)
        self._bar, self._model = bar, model
        model.preset_saved.connect(lambda name: self._offer_undo(f"Saved as “{name}”"))
        model.preset_deleted.connect(lambda name: self._offer_undo(f"Deleted “{name}”"))

    def colours_wait(self) -> None:
        """The other colours were asked for while it sounds."""
        self._bar.tell(Notice("theme", "info", "The colours change at the next pause"))

    def acts_on(self, code: str) -> bool:
        """Does what the button of that notice says, if it is one of ours."""
        if code != PRESET:
            return False
        self._model.take_back_preset()
        return True

    def _offer_undo(self, title: str) -> None:
        self._bar.tell(Notice(PRESET, "done", title, action="Undo"))
