"""The models page: what stands on it, what its rows offer, and what becomes of a wish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from assistant.models.catalogue import Catalogue, Kind, Model, ModelFile, ModelSet
from assistant.models.discover import Found
from assistant.models.download import Progress
from assistant.models.machine import Machine
from assistant.models.shelf import Installed, Shelf
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.main_window import MODELS, MainWindow
from assistant.ui.models import amounts
from assistant.ui.models.connect import connect_models
from assistant.ui.models.desk import ModelDesk
from assistant.ui.models.page import ModelsPage
from assistant.ui.models.row import Row
from assistant.ui.models.stock import Refusal, Stock, UnderWay
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from assistant.workers.downloading import Downloading, Looking, NotUsable, Seen
from tests.ui.looking import settle, visible

MACHINE = Machine(8, 16_000, 42_000)
NAMES: dict[Kind, str] = {"ears": "model.bin", "mind": "model.gguf", "voice": "voice.onnx"}


def model(id: str, kind: Kind, megabytes: int, memory_mb: int = 300) -> Model:
    file = ModelFile(NAMES[kind], megabytes * 1_000_000, None)
    return Model(id, kind, id.title(), "Good.", "MIT", ("en",), "some/where", "main", (file,), memory_mb, "fast")


CATALOGUE = Catalogue(
    (
        model("tiny", "ears", 78), model("small", "ears", 486, 750),
        model("qwen", "mind", 490, 900), model("large", "mind", 9000, 14_000),
        model("alba", "voice", 63), model("ryan", "voice", 63),
    ),
    (
        ModelSet("light", "Light", "Small.", ("tiny", "qwen", "alba")),
        ModelSet("best", "Best", "Large.", ("small", "large", "ryan")),
    ),
)  # fmt: skip
CHOSEN: dict[Kind, str] = {"ears": "", "mind": "", "voice": ""}


def here(id: str) -> Installed:
    made = CATALOGUE.model(id)
    return Installed(id, made.kind, made.name, Path("/shelf") / id / NAMES[made.kind], made.size, "downloaded")


def stock(**changes: object) -> Stock:
    return replace(Stock(CATALOGUE, MACHINE, chosen=CHOSEN), **changes)  # type: ignore[arg-type]


def row(of: Stock, key: str) -> Row:
    return next(each for each in of.rows() if each.key == key)


# What stands there


def test_before_anything_is_downloaded_the_built_in_ones_are_in_use() -> None:
    in_use = [each.name for each in stock().rows() if each.state == "in_use"]
    assert in_use == ["None", "Rehearsal", "eSpeak NG"]
    assert all(each.main == "get" for each in stock().rows() if each.key in ("tiny", "qwen", "alba"))


def test_what_is_here_and_chosen_is_in_use_and_stands_first() -> None:
    now = stock(installed=(here("qwen"),), chosen={**CHOSEN, "mind": "qwen"})
    minds = [each for each in now.rows() if each.kind == "mind"]
    assert [(each.key, each.state) for each in minds[:2]] == [("built-in:mind", "ready"), ("qwen", "in_use")]
    assert now.has_mind


def test_a_download_says_how_far_it_is_and_how_long_it_takes() -> None:
    now = stock(downloads={"qwen": UnderWay("loading", 274_400_000, 490_000_000, 1_540_000)})
    loading = row(now, "qwen")
    assert loading.note == "Downloading, 1.5 MB/s, 2 min 20 s left"
    assert loading.share == pytest.approx(0.56)
    assert loading.shown[:2] == ("pause", "cancel")


def test_what_other_programs_have_can_be_used_in_place() -> None:
    now = stock(found=(Found("mind", "llama3.2:3b", Path("/ollama/blob"), 2_020_000_000, "Ollama"),))
    found = row(now, "/ollama/blob")
    assert (found.note, found.main) == ("Found in Ollama, nothing to download", "use_in_place")


def test_what_is_used_in_place_is_not_listed_a_second_time() -> None:
    found = Found("mind", "llama3.2:3b", Path("/ollama/blob"), 2_020_000_000, "Ollama")
    entry = Installed("llama", "mind", "llama3.2:3b", found.path, found.size, "in_place")
    names = [each.name for each in stock(found=(found,), installed=(entry,)).rows()]
    assert names.count("llama3.2:3b") == 1


def test_a_refused_file_keeps_its_row_and_says_why() -> None:
    reason = "Stops at 1.9 of 4.1 GB: the file is cut off. Download it again or remove it."
    now = stock(refusals={"/disk/mistral.gguf": Refusal("mind", "mistral.gguf", reason, "/disk/mistral.gguf")})
    refused = row(now, "/disk/mistral.gguf")
    assert (refused.state, refused.note, refused.main) == ("refused", reason, "show")
    assert reason.rstrip(".") in refused.spoken


def test_a_setting_that_names_what_is_not_here_is_told() -> None:
    lost = row(stock(chosen={**CHOSEN, "voice": "/gone/voice.onnx"}), "setting:voice")
    assert lost.state == "refused" and "not on this computer" in lost.note


def test_a_faster_machine_has_more_blocks() -> None:
    slow, fast = (stock(machine=replace(MACHINE, cores=cores)) for cores in (2, 8))
    assert row(slow, "small").speed < row(fast, "small").speed


def test_the_set_that_fits_is_marked_and_the_other_says_what_it_lacks() -> None:
    light, best = stock(machine=replace(MACHINE, memory_mb=8000)).offers()
    assert light.best and not light.hindrance
    assert not best.best and best.short_of == "memory"


def test_a_set_counts_only_what_is_missing_of_it() -> None:
    now = stock(installed=(here("tiny"),), downloads={"qwen": UnderWay("loading", 100_000_000, 490_000_000)})
    light = now.offers()[0]
    assert light.missing == (490 - 100 + 63) * 1_000_000
    assert light.state == "offered", "the voice was not asked for"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s left"), (40, "40 s left"), (140, "2 min 20 s left"), (1210, "20 min left"), (3900, "1 h 5 min left")],
)
def test_times_are_said_calmly(seconds: float, words: str) -> None:
    assert amounts.left(seconds) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 MB"), (63_200_000, "63 MB"), (986_000_000, "986 MB"), (2_019_000_000, "2.02 GB")]
)
def test_sizes_are_short(count: int, words: str) -> None:
    assert amounts.size(count) == words


# On the page


@pytest.fixture
def page(theme: Theme) -> Iterator[ModelsPage]:
    made = ModelsPage(theme)
    made.resize(1280, 726)
    made.show_machine(MACHINE)
    made.show_sets(stock().offers())
    made.show_rows(stock(installed=(here("qwen"),)).rows())
    made.show()
    settle()
    yield made
    made.close()
    made.deleteLater()
    settle()


def test_the_groups_stand_in_their_order(page: ModelsPage) -> None:
    names = [entry.name for entry in page.entries.entries]
    assert [names.index(name) for name in ("Ears", "Mind", "Voice")] == sorted(
        names.index(name) for name in ("Ears", "Mind", "Voice")
    )


def test_the_keyboard_reaches_every_row_and_does_what_it_offers(page: ModelsPage, qtbot: QtBot) -> None:
    page.activateWindow()
    page.list.setFocus()
    page.list.setCurrentIndex(page.entries.index_of("tiny"))
    with qtbot.waitSignal(page.asked) as got:
        QTest.keyClick(page.list, Qt.Key.Key_Return)
    page.list.setCurrentIndex(page.entries.index_of("qwen"))
    with qtbot.waitSignal(page.asked) as used:
        QTest.keyClick(page.list, Qt.Key.Key_Space)
    with qtbot.waitSignal(page.asked) as removed:
        QTest.keyClick(page.list, Qt.Key.Key_Delete)
    assert got.args == ["get", "tiny"]
    assert used.args == ["use", "qwen"]
    assert removed.args == ["remove", "qwen"]


def test_space_does_not_choose_what_is_not_here(page: ModelsPage) -> None:
    told: list[str] = []
    page.asked.connect(lambda action, key: told.append(action))
    page.list.setCurrentIndex(page.entries.index_of("tiny"))
    QTest.keyClick(page.list, Qt.Key.Key_Space)
    assert told == []


def test_the_mouse_presses_the_button_that_is_drawn(page: ModelsPage, qtbot: QtBot) -> None:
    index = page.entries.index_of("alba")
    box = next(place.box for place in page.list._places(index) if place.action == "get")
    with qtbot.waitSignal(page.asked) as asked:
        QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert asked.args == ["get", "alba"]


def test_a_click_on_the_radio_chooses(page: ModelsPage, qtbot: QtBot) -> None:
    middle = page.list.visualRect(page.entries.index_of("qwen")).center().y()
    with qtbot.waitSignal(page.asked) as asked:
        QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(22, middle))
    assert asked.args == ["use", "qwen"]


def test_progress_leaves_the_place_in_the_list_alone(page: ModelsPage) -> None:
    page.list.setCurrentIndex(page.entries.index_of("alba"))
    page.list.verticalScrollBar().setValue(30)
    now = stock(installed=(here("qwen"),), downloads={"tiny": UnderWay("loading", 7_800_000, 78_000_000)})
    page.show_rows(now.rows())
    entry = Found("mind", "other", Path("/disk/other.gguf"), 10, "Jan")
    page.show_rows(replace(now, found=(entry,)).rows())
    settle()
    assert page.list.currentIndex() == page.entries.index_of("alba")
    assert page.list.verticalScrollBar().value() == 30


def test_a_reader_hears_name_and_state(page: ModelsPage) -> None:
    said = page.entries.index_of("qwen").data(int(Qt.ItemDataRole.AccessibleTextRole))
    assert said.startswith("Qwen, ready")
    assert page.sets["light"].button.accessibleName() == "Get the set Light"


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1920, 1080)], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("theme_name", ["light", "dark"])
def test_nothing_is_wider_than_its_box(window: MainWindow, size: tuple[int, int], theme_name: str) -> None:
    window._model.set("panel.theme", theme_name)
    window.resize(*size)
    window.show_page(MODELS)
    shown = window.models_page
    assert shown is not None
    shown.show_machine(MACHINE)
    shown.show_sets(stock(machine=replace(MACHINE, memory_mb=8000)).offers())
    shown.show_rows(stock().rows())
    settle()
    assert [label.text() for label in visible(shown, Label) if label.text_width > label.width() + 1] == []
    assert [button.text() for button in visible(shown, KeyButton) if button.sizeHint().width() > button.width()] == []
    assert shown.list.height() >= 300
    assert window.size().toTuple() == size


def test_everything_that_takes_the_keyboard_has_a_name(page: ModelsPage) -> None:
    nameless = [
        type(widget).__name__
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()
    ]
    assert nameless == []


# What becomes of a wish


class Threads:
    """The two threads, not running: a test says what they tell. asked: what they were asked for, in order."""

    def __init__(self, folder: Path) -> None:
        shelf = Shelf(folder)
        self.downloading, self.looking = Downloading(shelf), Looking(shelf, CATALOGUE.models)
        self.asked: list[tuple[str, ...]] = []
        self.downloading.start = self.looking.start = lambda: None  # type: ignore[assignment, misc, method-assign]
        self.downloading.get = lambda model: self.asked.append(("get", model.id))  # type: ignore[method-assign]
        self.downloading.pause = lambda id: self.asked.append(("pause", id))  # type: ignore[method-assign]
        self.downloading.cancel = lambda model: self.asked.append(("cancel", model.id))  # type: ignore[method-assign]
        self.looking.test = lambda id: self.asked.append(("test", id))  # type: ignore[method-assign]
        self.looking.remove = lambda id: self.asked.append(("remove", id))  # type: ignore[method-assign]
        self.looking.take = (  # type: ignore[method-assign]
            lambda path, kind=None, name="": self.asked.append(("take", str(path)))
        )

    def see(self, *installed: Installed, found: tuple[Found, ...] = (), parts: dict[str, int] | None = None) -> None:
        self.looking.seen.emit(Seen(MACHINE, installed, found, parts or {}))


@pytest.fixture
def threads(tmp_path: Path, qapp: object) -> Threads:
    return Threads(tmp_path / "models")


@pytest.fixture
def sure() -> list[str]:
    """Titles of the questions; each is answered with yes."""
    return []


@pytest.fixture
def desk(model: SettingsModel, threads: Threads, sure: list[str]) -> ModelDesk:
    def answer(title: str, text: str) -> bool:
        sure.append(title)
        return True

    made = ModelDesk(model, CATALOGUE, threads.downloading, threads.looking, answer)
    threads.see()
    return made


def test_nothing_is_downloaded_before_it_was_asked_for(desk: ModelDesk, threads: Threads) -> None:
    threads.see(parts={"qwen": 100_000_000})
    assert threads.asked == []
    assert row(desk.stock, "qwen").state == "paused"


def test_a_model_is_tried_before_it_is_used(desk: ModelDesk, threads: Threads, model: SettingsModel) -> None:
    threads.see(here("qwen"))
    desk.do("use", "qwen")
    assert threads.asked == [("test", "qwen")]
    assert model.value("brain.model") == ""
    threads.looking.taken.emit(here("qwen"))
    assert model.value("brain.model") == "qwen"
    assert row(desk.stock, "qwen").state == "in_use"


def test_one_that_crashes_its_loader_is_not_used(desk: ModelDesk, threads: Threads, model: SettingsModel) -> None:
    threads.see(here("qwen"))
    desk.do("use", "qwen")
    threads.looking.refused.emit(NotUsable(here("qwen").path, "mind", "its loader crashed (-11)."))
    assert model.value("brain.model") == ""
    assert row(desk.stock, "qwen").state == "refused"
    assert "remove" in row(desk.stock, "qwen").menu


def test_back_to_the_built_in_one(desk: ModelDesk, threads: Threads, model: SettingsModel) -> None:
    model.set("brain.model", "qwen")
    desk.do("use", "built-in:mind")
    assert model.value("brain.model") == ""


def test_a_second_download_waits_and_both_can_be_stopped(desk: ModelDesk, threads: Threads) -> None:
    desk.do("get", "tiny")
    desk.do("get", "qwen")
    assert [row(desk.stock, id).state for id in ("tiny", "qwen")] == ["loading", "waiting"]
    desk.do("pause", "tiny")
    threads.downloading.paused.emit("tiny")
    desk.do("cancel", "qwen")
    threads.downloading.dropped.emit("qwen")
    assert [row(desk.stock, id).state for id in ("tiny", "qwen")] == ["paused", "offered"]
    assert threads.asked == [("get", "tiny"), ("get", "qwen"), ("pause", "tiny"), ("cancel", "qwen")]


def test_a_failed_download_says_why_and_can_go_on(desk: ModelDesk, threads: Threads) -> None:
    desk.do("get", "qwen")
    threads.downloading.progress.emit(Progress("qwen", "downloading", 100_000_000, 490_000_000, 1e6))
    threads.downloading.failed.emit("qwen", "The disk is full.")
    failed = row(desk.stock, "qwen")
    assert (failed.note, failed.failed, failed.main) == ("The disk is full.", True, "resume")


def test_a_set_is_used_when_all_of_it_is_here_and_was_tried(
    desk: ModelDesk, threads: Threads, model: SettingsModel, qtbot: QtBot
) -> None:
    desk.do_set("get", "light")
    assert [asked for asked in threads.asked if asked[0] == "get"] == [("get", id) for id in ("tiny", "qwen", "alba")]
    for id in ("tiny", "qwen"):
        threads.downloading.got.emit(id)
        threads.looking.taken.emit(here(id))
    assert model.value("ears.model") == ""
    threads.downloading.got.emit("alba")
    threads.see(here("tiny"), here("qwen"), here("alba"))
    assert model.value("ears.model") == "", "the voice was not tried yet"
    with qtbot.waitSignal(desk.set_ready) as ready:
        threads.looking.taken.emit(here("alba"))
    assert ready.args == ["Light"]
    assert [model.value(key) for key in ("ears.model", "brain.model", "voice.model")] == ["tiny", "qwen", "alba"]
    model.undo()
    assert [model.value(key) for key in ("ears.model", "brain.model", "voice.model")] == ["", "", ""]


def test_a_set_that_is_here_is_used_with_one_press(desk: ModelDesk, threads: Threads, model: SettingsModel) -> None:
    threads.see(here("tiny"), here("qwen"), here("alba"))
    assert desk.stock.offers()[0].state == "here"
    desk.do_set("use", "light")
    for id in ("tiny", "qwen", "alba"):
        threads.looking.taken.emit(here(id))
    assert desk.stock.offers()[0].state == "in_use"


def test_a_file_that_was_chosen_is_used_or_keeps_a_row_that_says_why_not(
    desk: ModelDesk, threads: Threads, model: SettingsModel, qtbot: QtBot
) -> None:
    desk.add("/disk/voice.onnx")
    threads.looking.taken.emit(Installed("voice", "voice", "Voice", Path("/disk/voice.onnx"), 10, "in_place"))
    assert model.value("voice.model") == "voice"
    desk.add("/disk/mistral.gguf")
    with qtbot.waitSignal(desk.told):
        threads.looking.refused.emit(NotUsable(Path("/disk/mistral.gguf"), None, "It is cut off."))
    assert row(desk.stock, "/disk/mistral.gguf").note == "It is cut off."


def test_removing_asks_first_and_forgetting_does_not(desk: ModelDesk, threads: Threads, sure: list[str]) -> None:
    elsewhere = Installed("llama", "mind", "Llama", Path("/ollama/blob"), 10, "in_place")
    threads.see(here("qwen"), elsewhere)
    desk.do("remove", "qwen")
    desk.do("remove", "llama")
    assert sure == ["Remove Qwen?"]
    assert threads.asked == [("remove", "qwen"), ("remove", "llama")]


def test_what_is_in_use_cannot_be_removed(desk: ModelDesk, threads: Threads, model: SettingsModel) -> None:
    threads.see(here("qwen"))
    model.set("brain.model", "qwen")
    assert "remove" not in row(desk.stock, "qwen").menu


def test_the_page_shows_what_the_desk_knows(window: MainWindow, desk: ModelDesk, threads: Threads) -> None:
    connect_models(window, desk)
    window.show_page(MODELS)
    threads.see(here("qwen"))
    page = window.models_page
    assert page is not None
    shown = page.entries.row("qwen")
    assert shown is not None and shown.state == "ready"
    page.asked.emit("get", "tiny")
    assert ("get", "tiny") in threads.asked
    assert window.offers.choices("brain.model", "")["qwen"] == "Qwen"


def test_without_a_language_model_the_empty_conversation_says_so(
    window: MainWindow, desk: ModelDesk, threads: Threads, model: SettingsModel, qtbot: QtBot
) -> None:
    connect_models(window, desk)
    nothing = window.conversation.nothing
    threads.see()
    assert nothing.title.text() == "No language model is in use yet"
    nothing.models.click()
    assert window.pages.currentWidget() is window.models_page
    model.set("brain.model", "qwen")
    assert nothing.title.text() == "Type to it, or give it ears"
    assert nothing.models.text() == "Choose a recogniser" and nothing.itself.isHidden()
    model.set("ears.model", "tiny")
    assert nothing.title.text() == "Just start talking"
    assert nothing.models.isHidden() and not nothing.itself.isHidden()
    assert (nothing.start.text(), nothing.start.kind) == ("Start Rehearsal", "plain")
