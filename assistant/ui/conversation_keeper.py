"""Writes the conversation to disk while the person wants it, and nothing while they do not."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from assistant.lab.conversation import Said
from assistant.lab.kept_conversations import KeptConversations
from assistant.lab.transcript_file import json_line
from assistant.ui.conversation import ConversationView
from assistant.ui.notice import Notice
from assistant.ui.settings_model import SettingsModel

EVERY_MS = 3000
"""So long a change waits for others before the file is written anew."""
NOT_KEPT = "conversation.kept"


class ConversationKeeper(QObject):
    """Owned by the GUI thread. One file a run of the program; what is said while it is switched off is never in it.

    told: a Notice, once for each time that the file cannot be written.
    """

    told = Signal(object)

    def __init__(self, view: ConversationView, model: SettingsModel, kept: KeptConversations) -> None:
        super().__init__(view)
        self.kept = kept
        self._view, self._model = view, model
        self._path: Path | None = None
        self._on = False
        self._left_out: set[int] = set()
        """Utterances that were begun while it was off, or whose file was deleted."""
        self._frozen: dict[int, Said] = {}
        """What was in the file when it was switched off, as it was then."""
        self._written: tuple[Said, ...] = ()
        self._lines: dict[int, tuple[Said, str]] = {}
        """What each utterance looks like in the file, so that hours of talk are not written out anew each time."""
        self._failed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.write)
        view.changed.connect(self._changed)
        model.changed.connect(self._follow)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.write)
        self._follow()

    @property
    def path(self) -> Path | None:
        """The file of this conversation, None where nothing of it was written."""
        return self._path

    def write(self) -> None:
        """Write now what has changed."""
        self._timer.stop()
        lines = self._wanted()
        if not self._on or not lines or lines == self._written:
            return
        path = self._path or self.kept.path_for(lines[0].at)
        try:
            self.kept.write(path, "".join(self._line(said) for said in lines))
        except OSError as error:
            if not self._failed:
                self._failed = True
                text = f"{self.kept.folder}: {error.strerror or error}. It goes on, and nothing is kept until then."
                self.told.emit(Notice(NOT_KEPT, "warning", "The conversation is not being kept", text))
            return
        self._path, self._written, self._failed = path, lines, False

    def forget(self) -> None:
        """What was said so far is not to be kept any more: its file was deleted."""
        self._timer.stop()
        self._path, self._written, self._frozen, self._lines = None, (), {}, {}
        self._leave_out()

    def _follow(self) -> None:
        on = bool(self._model.current.panel.keep_conversations)
        if on == self._on:
            return
        if not on:
            self._timer.stop()
            self._frozen = {said.number: said for said in self._written}
        else:
            self._leave_out()
        self._on = on

    def _leave_out(self) -> None:
        """What stands there and is in no file stays out of it."""
        written = {said.number for said in self._written}
        self._left_out |= {said.number for said in self._view.record.all if said.number not in written}

    def _wanted(self) -> tuple[Said, ...]:
        lines = (said for said in self._view.record.lines if said.number not in self._left_out)
        return tuple(self._frozen.get(said.number, said) for said in lines)

    def _line(self, said: Said) -> str:
        known = self._lines.get(said.number)
        if known is None or known[0] is not said:
            known = self._lines[said.number] = (said, json_line(said))
        return known[1]

    def _changed(self) -> None:
        if self._on and not self._timer.isActive():
            self._timer.start()

