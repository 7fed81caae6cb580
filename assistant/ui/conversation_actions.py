"""What can be done with what was said: copy it, save it, look at the prompt, see what is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from assistant.lab.conversation import Said
from assistant.lab.transcript_file import FORMATS, as_text, one_as_text, write
from assistant.ui.controls import Controls
from assistant.ui.conversation import ConversationView
from assistant.ui.notice import Notice, NoticeBar
from assistant.ui.prompt_view import PromptView
from assistant.ui.reply_bar import ReplyBar
from assistant.ui.style import Theme

SAVED = "conversation.saved"


class ConversationActions(QObject):
    """Behind the context menu of the conversation and the buttons of the reply bar. Owned by the GUI thread."""

    def __init__(
        self,
        theme: Theme,
        controls: Controls,
        view: ConversationView,
        bar: ReplyBar,
        notices: NoticeBar,
        ask_path: Callable[[str], Path | None] | None = None,
    ) -> None:
        """ask_path: gets a proposed file name, returns where to save or None; absent, it is the file dialog."""
        super().__init__(view)
        self._theme, self._controls, self._view, self._notices = theme, controls, view, notices
        self._ask_path = ask_path or self._file_dialog
        self.prompt_view: PromptView | None = None
        view.page.menu_asked.connect(self._open_menu)
        bar.prompt.clicked.connect(self.show_newest_prompt)
        menu = QMenu(bar.copy)
        self._add_whole(menu)
        bar.copy.set_menu(menu)

    def copy_all(self) -> None:
        """The whole conversation as text; what was not heard is told apart."""
        QGuiApplication.clipboard().setText(as_text(self._view.record.lines))

    def copy_one(self, number: int) -> None:
        """The words of one utterance."""
        said = self._view.record.get(number)
        if said is not None:
            QGuiApplication.clipboard().setText(one_as_text(said))

    def save_as(self) -> None:
        """Asks where, and in which of three formats; a notice says that it is done, or why not."""
        self.save(self._view.record.lines)

    def save(self, lines: tuple[Said, ...]) -> None:
        """The same for any conversation."""
        if not lines:
            return
        path = self._ask_path(f"Conversation {lines[0].at:%Y-%m-%d %H.%M}.md")
        if path is None:
            return
        try:
            written = write(path, lines)
        except OSError as error:
            reason = error.strerror or str(error)
            text = f"{path.name}: {reason}. Choose another folder."
            self._notices.tell(Notice(SAVED, "warning", "The conversation was not saved", text))
        else:
            self._notices.tell(Notice(SAVED, "done", f"Saved as “{written.name}”"))

    def show_prompt(self, number: int) -> None:
        """What the language model was given for this reply."""
        if self._view.thoughts.of(number) is None:
            return
        if self.prompt_view is not None:
            self.prompt_view.close()
        view = PromptView(self._theme, self._view, self._view.window())
        view.show_reply(number)
        view.destroyed.connect(lambda: self._prompt_closed(view))
        self.prompt_view = view
        view.show()

    def show_newest_prompt(self) -> None:
        """The prompt of the newest reply that has one: what is said again or gone on with was thought of before."""
        paragraph = self._view.thoughts.newest_paragraph
        if paragraph is not None:
            self.show_prompt(paragraph)

    def menu(self, number: int | None) -> QMenu:
        """What a click with the right button offers. number: the utterance there, None between two."""
        menu = QMenu(self._view)
        page = self._view.page
        if page.textCursor().hasSelection():
            menu.addAction("Copy selection\tCtrl+C").triggered.connect(page.copy)
        if number is not None:
            menu.addAction("Copy what was said").triggered.connect(lambda: self.copy_one(number))
            if self._view.thoughts.of(number) is not None:
                menu.addAction("Prompt").triggered.connect(lambda: self.show_prompt(number))
        reply = self._view.record.newest("interject")
        if reply is not None and reply.number == number:
            menu.addAction("Say it again\tF6").triggered.connect(self._controls.repeat_asked)
            if reply.heard_chars is not None:
                menu.addAction("Go on\tF7").triggered.connect(self._controls.continue_asked)
        if menu.actions():
            menu.addSeparator()
        self._add_whole(menu)
        return menu

    def _add_whole(self, menu: QMenu) -> None:
        menu.addAction("Copy conversation").triggered.connect(self.copy_all)
        menu.addAction("Save conversation as…").triggered.connect(self.save_as)

    def _open_menu(self, position: int, at: QPoint) -> None:
        newest = self._view.record.newest()
        if newest is None:
            return
        menu = self.menu(newest.number if position < 0 else self._view.utterance_at(position))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _prompt_closed(self, view: PromptView) -> None:
        if self.prompt_view is view:
            self.prompt_view = None

    def _file_dialog(self, name: str) -> Path | None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = {f"{words} (*{ending})": ending for ending, (words, _) in FORMATS.items()}
        proposed = str(Path(folder) / name)
        chosen, kind = QFileDialog.getSaveFileName(
            self._view.window(), "Save conversation", proposed, ";;".join(kinds)
        )
        if not chosen:
            return None
        path = Path(chosen)
        ending = kinds.get(kind, ".md")
        # The name that was proposed ends as Markdown: choosing another kind means the kind
        return path if path.suffix == ending else path.with_suffix(ending)
