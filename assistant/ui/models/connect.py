"""Connects the models page, wherever it is made, with the desk behind it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox

from assistant.models.catalogue import KINDS, load_catalogue
from assistant.models.shelf import Shelf
from assistant.ui.main_window import MainWindow
from assistant.ui.models.desk import ModelDesk
from assistant.ui.models.page import ModelsPage
from assistant.ui.models.stock import SETTING
from assistant.ui.notice import Notice
from assistant.ui.settings_model import SettingsModel
from assistant.workers.downloading import Downloading, Looking


def make_desk(window: MainWindow, model: SettingsModel, say: Callable[[str], None]) -> ModelDesk:
    """The desk for the usual folder, connected with the window. say: speaks with the voice in use.

    Raises CatalogueFault or MissingResource.
    """
    catalogue, shelf = load_catalogue(), Shelf()

    def sure(title: str, text: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, "Interject", f"<b>{title}</b><p>{text}</p>", parent=window)
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton("Keep", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.exec()
        return box.clickedButton() is remove

    desk = ModelDesk(model, catalogue, Downloading(shelf), Looking(shelf, catalogue.models), sure, say)
    connect_models(window, desk)
    return desk


def connect_models(window: MainWindow, desk: ModelDesk) -> None:
    """The page gets what the desk knows, and the desk what the page is asked for."""

    def show() -> None:
        chosen = desk.stock.chosen
        window.show_which_models_there_are(mind=bool(chosen.get("mind")), ears=bool(chosen.get("ears")))
        for kind in KINDS:
            choices = [(entry.id, entry.name) for entry in desk.stock.installed if entry.kind == kind]
            if choices or not window.offers.has(SETTING[kind]):
                window.offers.offer(SETTING[kind], choices)
        if window.models_page is not None:
            show_on(window.models_page)

    def show_on(page: ModelsPage) -> None:
        page.show_machine(desk.stock.machine)
        page.show_sets(desk.stock.offers())
        page.show_rows(desk.stock.rows())

    def opened(page: ModelsPage) -> None:
        page.asked.connect(desk.do)
        page.set_asked.connect(desk.do_set)
        page.file_chosen.connect(desk.add)
        page.look_asked.connect(desk.begin)
        if desk.known:
            show_on(page)
        desk.begin()

    def told(words: str) -> None:
        if window.models_page is not None:
            window.models_page.notice.tell(Notice("models", "warning", "That did not work", words))

    desk.changed.connect(show)
    desk.told.connect(told)
    desk.set_ready.connect(lambda name: window.show_notice(Notice("models", "done", f"{name} is in use now")))
    window.models_opened.connect(opened)
