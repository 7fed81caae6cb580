"""The first run: its steps, what they find and set, who has the floor meanwhile, and that it comes once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from assistant.audio.devices import DeviceList, ListedDevice
from assistant.audio.health import SoundHealth
from assistant.audio.health import State as SoundState
from assistant.lab.room_check import PLAYING_DBFS
from assistant.signal.levels import SILENCE_DBFS
from assistant.signal.trace import FRAME, RATE, Trace
from assistant.turns.facts import StopPressed, TalkPressed
from assistant.turns.states import State
from assistant.ui.controls import Controls
from assistant.ui.first_run.floor import ANEW_S, PLAYED_S, Floor
from assistant.ui.first_run.guide import Guide
from assistant.ui.first_run.hears_you import CLIPS, DEAD, FAINT, HEARS, OPENING, SAY, HearsYou
from assistant.ui.first_run.microphone_step import MicrophoneStep
from assistant.ui.first_run.models_step import ModelsStep
from assistant.ui.first_run.page import MICROPHONE, MODELS, ROOM, TALK, FirstRunPage
from assistant.ui.first_run.room_run import RoomRun
from assistant.ui.first_run.room_step import RoomStep
from assistant.ui.first_run.talk_step import TalkStep
from assistant.ui.key_button import KeyButton
from assistant.ui.label import Label
from assistant.ui.main_window import SETTINGS, MainWindow
from assistant.ui.main_window import TALK as TALK_PAGE
from assistant.ui.models.set_card import SetOffer
from assistant.ui.settings_model import SettingsModel
from assistant.ui.style import Theme
from tests.ui.looking import settle, visible

NOISE_DBFS, VOICE_DBFS, ECHO_DBFS = -60.0, -25.0, -45.0
REMOVED_DB = 14
"""By the canceller."""
OFFERS = [
    SetOffer("light", "Light", "Tiny, Qwen, Alba", 633_000_000, 633_000_000, 1800, 1.2, "offered", best=True),
    SetOffer("best", "Best", "Small, Large, Ryan", 3_100_000_000, 3_100_000_000, 5000, 2.6, "offered"),
]


class Room:
    """A trace that a test fills, and what the check asks for meanwhile. asked: in order."""

    def __init__(self) -> None:
        self.trace = Trace()
        self.asked: list[str] = []
        self._random = np.random.default_rng(5)

    def hold(self) -> None:
        self.asked.append("hold")

    def let_go(self) -> None:
        self.asked.append("let go")

    def play(self) -> None:
        self.asked.append("play")

    def sounds(self, seconds: float, dbfs: float, p_speech: float = 0.0, far_dbfs: float = SILENCE_DBFS) -> None:
        """Noise at this level for so long, in syllables where it is louder than the room."""
        for number in range(round(seconds * RATE / FRAME)):
            loud = dbfs <= NOISE_DBFS or number % 8 < 6
            level = dbfs if loud else NOISE_DBFS
            far = far_dbfs if loud else SILENCE_DBFS
            near = self._noise(level)
            self.trace.add_sound(near, self._noise(far))
            playing = far > PLAYING_DBFS and level > NOISE_DBFS
            left = level - REMOVED_DB if playing else level
            expected = left - 2 if playing else SILENCE_DBFS
            levels = left, NOISE_DBFS, expected, far
            self.trace.add_frame((p_speech if loud else 0.1, *levels, 1.0, 0.0, 0.0, SILENCE_DBFS))

    def _noise(self, dbfs: float) -> np.ndarray:
        return (self._random.standard_normal(FRAME) * 10 ** (dbfs / 20)).astype(np.float32)


# Does it hear you?


Frames = list[tuple[float, float, float]]


def frames(seconds: float, level: float, p_speech: float, peak: float | None = None) -> Frames:
    return [(level, level + 10 if peak is None else peak, p_speech)] * round(seconds * RATE / FRAME)


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        ([], OPENING),
        (frames(1, -60, 0.05), SAY),
        (frames(1, -25, 0.9), HEARS),
        (frames(0.2, -25, 0.9), SAY),
        (frames(1, -55, 0.9), FAINT),
        (frames(1, -5, 0.9, peak=0.0), CLIPS),
        (frames(1.1, SILENCE_DBFS, 0.0), DEAD),
        (frames(1, -20, 0.1), SAY),
    ],
    ids=["nothing yet", "quiet", "voice", "too short", "faint", "clipped", "muted", "a noise that is no voice"],
)
def test_the_microphone_gets_a_verdict(heard: Frames, answer: object) -> None:
    hears = HearsYou()
    hears.take(heard)
    assert hears.answer == answer


def test_a_pause_does_not_take_the_verdict_back_but_another_microphone_does() -> None:
    hears = HearsYou()
    hears.take(frames(1, -25, 0.9))
    assert hears.answer == HEARS
    hears.take(frames(4, -60, 0.05))
    assert hears.answer == HEARS
    hears.reset()
    hears.take(frames(1, -60, 0.05))
    assert hears.answer == SAY


# The room check's course


def test_the_check_goes_from_quiet_to_voice_to_echo() -> None:
    room = Room()
    room.sounds(1, NOISE_DBFS)
    run = RoomRun(room.trace, room)
    run.begin()
    assert (run.phase, room.asked) == ("quiet", ["hold"])
    room.sounds(3.6, NOISE_DBFS)
    run.tick()
    assert run.phase == "voice"
    room.sounds(4, VOICE_DBFS, 0.9)
    run.tick()
    assert run.phase == "voice", "the line may go on"
    room.sounds(1, NOISE_DBFS)
    run.tick()
    assert (run.phase, room.asked) == ("echo", ["hold", "let go", "play"])
    room.sounds(1, NOISE_DBFS)
    run.tick()
    room.sounds(5.5, ECHO_DBFS, 0.1, far_dbfs=-20)
    run.tick()
    run.tick()
    assert run.phase == "done" and room.asked[-1] == "let go"
    figures = run.figures
    assert figures is not None
    assert figures.noise_dbfs == pytest.approx(NOISE_DBFS, abs=1)
    assert figures.voice_dbfs == pytest.approx(VOICE_DBFS, abs=1)
    assert figures.echo_dbfs == pytest.approx(ECHO_DBFS, abs=3)


def test_a_voice_that_cannot_speak_does_not_hold_the_check_for_ever() -> None:
    room = Room()
    run = RoomRun(room.trace, room)
    run.begin()
    room.sounds(3.6, NOISE_DBFS)
    run.tick()
    room.sounds(9, NOISE_DBFS)
    run.tick()
    assert run.phase == "echo"
    room.sounds(9, NOISE_DBFS)
    run.tick()
    assert run.phase == "done"
    assert run.figures is not None and not run.figures.was_played


def test_a_cancelled_check_gives_the_floor_back() -> None:
    room = Room()
    run = RoomRun(room.trace, room)
    run.begin()
    run.cancel()
    assert room.asked == ["hold", "let go"] and run.phase == "idle"


# The floor


class Conversation:
    """States as a test sets them. pressed: the keys that the floor pressed."""

    def __init__(self) -> None:
        self.state, self.now = State.LISTENING, 0.0
        self.pressed: list[str] = []

    def floor(self) -> Floor:
        def press(what: str) -> None:
            self.pressed.append(what)

        return Floor(
            lambda: self.state,
            lambda: press("talk"),
            lambda: press("stop"),
            lambda: press("speak"),
            lambda: self.now,
        )


def test_nothing_is_answered_while_the_floor_is_kept() -> None:
    talk = Conversation()
    floor = talk.floor()
    floor.begin()
    talk.state = State.HEARING
    floor.tick()
    assert talk.pressed == ["talk", "talk"]
    talk.state, talk.now = State.HELD, ANEW_S + 1
    floor.tick()
    assert talk.pressed[2:] == ["stop", "talk"], "a held turn is dropped before it grows too long"
    floor.end()
    floor.tick()
    assert talk.pressed[4:] == ["stop"]


def test_what_is_played_is_let_begin_and_not_read_for_ever() -> None:
    talk = Conversation()
    floor = talk.floor()
    floor.begin()
    floor.let_go()
    floor.play()
    floor.tick()
    assert talk.pressed == ["talk", "stop", "speak"], "it has not begun yet"
    talk.state = State.SPEAKING
    floor.tick()
    talk.now = PLAYED_S + 0.1
    floor.tick()
    assert talk.pressed[3:] == ["stop"]
    talk.state = State.LISTENING
    floor.tick()
    assert talk.pressed[4:] == ["talk"]


# The page


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def page(theme: Theme, model: SettingsModel, controls: Controls, room: Room) -> Iterator[FirstRunPage]:
    made = FirstRunPage(
        theme,
        MicrophoneStep(theme, controls, lambda: room.trace, room.play),
        RoomStep(theme, model, lambda: room.trace, room),
        ModelsStep(theme),
        TalkStep(theme),
    )
    made.models.show_sets(OFFERS)
    made.resize(1280, 752)
    made.show()
    made.begin()
    settle()
    yield made
    made.close()
    made.deleteLater()
    settle()


def measure(page: FirstRunPage, room: Room, echo_dbfs: float = ECHO_DBFS) -> None:
    """Go through the room check."""
    page.go(ROOM)
    page.next.click()
    for seconds, dbfs, p_speech, far_dbfs in (
        (3.6, NOISE_DBFS, 0.0, SILENCE_DBFS),
        (4, VOICE_DBFS, 0.9, SILENCE_DBFS),
        (1, NOISE_DBFS, 0.0, SILENCE_DBFS),
        (6, echo_dbfs, 0.1, -20.0),
    ):
        room.sounds(seconds, dbfs, p_speech, far_dbfs)
        page.tick()
        page.tick()


def test_it_hears_and_says_so(page: FirstRunPage, room: Room) -> None:
    page.tick()
    room.sounds(0.9, VOICE_DBFS, 0.9)
    page.tick()
    assert page.microphone.said.words == HEARS.words
    page.next.click()
    assert page.at == ROOM
    assert page.list.buttons[MICROPHONE].accessibleName() == "Step 1, Microphone, done"


def test_choosing_a_microphone_is_a_wish_and_begins_anew(
    page: FirstRunPage, controls: Controls, room: Room, qtbot: QtBot
) -> None:
    page.microphone.show_devices(["Headset"], [], "", "")
    room.sounds(0.9, VOICE_DBFS, 0.9)
    page.tick()
    with qtbot.waitSignal(controls.choose_input) as chosen:
        page.microphone.input.activated.emit(1)
    page.tick()
    assert chosen.args == ["Headset"]
    assert page.microphone.said.words == OPENING.words


def test_the_room_check_sets_what_it_says_and_only_when_asked(
    page: FirstRunPage, room: Room, model: SettingsModel
) -> None:
    measure(page, room)
    assert page.room.title.text() == "Your room is good for speakers"
    assert page.next.text() == "Use these settings"
    assert dict(page.room.sets.parts)["Preset"] == "Speakers"
    assert model.value("vad.gate_dbfs") == -55
    page.next.click()
    assert page.at == MODELS
    assert model.value("vad.gate_dbfs") == pytest.approx(NOISE_DBFS + 8, abs=1)
    assert model.preset == "Speakers"


def test_headphones_are_recognised(page: FirstRunPage, room: Room, model: SettingsModel) -> None:
    measure(page, room, echo_dbfs=NOISE_DBFS)
    page.next.click()
    assert model.preset == "Headphones"
    assert "no echo" in page.room.figures.accessibleDescription().casefold()


def test_the_gate_can_be_drawn_elsewhere(page: FirstRunPage, room: Room, model: SettingsModel) -> None:
    measure(page, room)
    page.room.picture.gate.setValue(-48)
    assert ("Ignore sound below", "−48 dBFS") in page.room.sets.parts
    page.next.click()
    assert model.value("vad.gate_dbfs") == -48


def test_leaving_in_the_middle_of_a_check_ends_it(page: FirstRunPage, room: Room) -> None:
    page.go(ROOM)
    page.next.click()
    assert page.next.text() == "Cancel"
    page.back.click()
    assert page.at == MICROPHONE and room.asked == ["hold", "let go"]
    page.go(ROOM)
    assert page.next.text() == "Measure the room"


def test_the_recommended_set_is_one_press_away_and_nothing_is_got_before(page: FirstRunPage, qtbot: QtBot) -> None:
    asked: list[tuple[str, str]] = []
    page.models.set_asked.connect(lambda action, id: asked.append((action, id)))
    page.go(MODELS)
    assert page.next.text() == "Get Light, 633 MB" and asked == []
    page.next.click()
    assert asked == [("get", "light")] and page.at == MODELS


def test_it_can_be_gone_through_with_the_enter_key_alone(page: FirstRunPage, room: Room, qtbot: QtBot) -> None:
    page.activateWindow()
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert page.at == ROOM
    page.talk.show_mind(True)
    page.go(TALK)
    assert page.next.text() == "Talk"
    with qtbot.waitSignal(page.left):
        QTest.keyClick(page, Qt.Key.Key_Return)


def test_the_rest_can_be_skipped_at_every_step_but_the_last(page: FirstRunPage, qtbot: QtBot) -> None:
    for at in (MICROPHONE, ROOM, MODELS):
        page.go(at)
        assert page.skip.isVisible()
        with qtbot.waitSignal(page.left):
            page.skip.click()
    page.go(TALK)
    assert not page.skip.isVisible()


def test_every_step_can_be_opened_from_the_list(page: FirstRunPage) -> None:
    for at, button in enumerate(page.list.buttons):
        button.click()
        assert page.at == at
        assert button.accessibleName().endswith(", now")


@pytest.mark.parametrize("size", [(1280, 752), (1024, 656)], ids=lambda size: f"{size[0]}")
def test_nothing_is_wider_than_its_box_and_nothing_scrolls(
    page: FirstRunPage, room: Room, size: tuple[int, int]
) -> None:
    page.resize(*size)
    measure(page, room)
    for at in range(4):
        page.go(at)
        settle()
        shown = page.steps[at]
        assert [label.text() for label in visible(page, Label) if label.text_width > label.width() + 1] == []
        assert [b.text() for b in visible(page, KeyButton) if b.sizeHint().width() > b.width()] == []
        assert shown.verticalScrollBar().maximum() == 0, at


def test_everything_that_takes_the_keyboard_has_a_name(page: FirstRunPage, room: Room) -> None:
    measure(page, room)
    nameless = [
        type(widget).__name__
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.window() is page.window()
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()
    ]
    assert nameless == []


# Once, and again when asked


def sound(state: SoundState, message: str = "") -> SoundHealth:
    return SoundHealth(state, message, "", "", "", 0.0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class Session(QObject):
    """As much of a session as the first run needs."""

    devices = Signal(object)
    health = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.trace = Trace()
        self.turn = self
        self.sound = SimpleNamespace(health=sound("opening"))
        self.state = State.LISTENING
        self.signals: list[object] = []
        self.rehearsing = False

    def signal(self, signal: object) -> None:
        self.signals.append(signal)

    def rehearse(self) -> None:
        self.rehearsing = True

    def end_rehearsal(self) -> None:
        self.rehearsing = False

    def look_for_devices(self) -> None:
        self.devices.emit(DeviceList((ListedDevice(0, "Headset", "Test", 1, 0, True, False, 48_000.0),)))


class Desk(QObject):
    """A desk that knows nothing yet."""

    changed = Signal()
    told = Signal(str)
    known = False

    def begin(self) -> None:
        """There is nothing to look for."""

    def do_set(self, action: str, id: str) -> None:
        """Nothing is on offer."""


@pytest.fixture
def session(qapp: object) -> Session:
    return Session()


@pytest.fixture
def guide(
    session: Session, window: MainWindow, model: SettingsModel, controls: Controls, tmp_path: Path
) -> Iterator[Guide]:
    desk = Desk()
    yield Guide(session, window, model, controls, desk, tmp_path / "state" / "first-run")  # type: ignore[arg-type]
    settle()


def test_a_newcomer_sees_it_once(guide: Guide, window: MainWindow, session: Session, tmp_path: Path) -> None:
    guide.begin_once()
    assert window.pages.currentWidget() is guide.page
    assert not window.status.isVisible() and not window.top.pages[0].isVisible()
    assert session.signals == [TalkPressed()], "nothing that is said now is answered"
    assert guide.page is not None
    guide.page.skip.click()
    assert window.pages.currentWidget() is window.talk and guide.page is None
    assert window.status.isVisible() and window.top.pages[0].isVisible()
    assert session.signals == [TalkPressed(), StopPressed()]
    guide.begin_once()
    assert guide.page is None


def test_another_page_leaves_it(guide: Guide, window: MainWindow, tmp_path: Path) -> None:
    guide.begin_once()
    window.show_page(SETTINGS)
    assert guide.page is None and (tmp_path / "state" / "first-run").exists()
    assert window.pages.currentWidget() is window.settings_page


@pytest.mark.parametrize("at", [MICROPHONE, ROOM, MODELS])
def test_every_step_is_found_again_in_the_settings(guide: Guide, window: MainWindow, at: int) -> None:
    from assistant.ui.first_run.setup_card import SetupCard

    window.show_page(SETTINGS)
    assert window.settings_page is not None
    card = window.settings_page.findChild(SetupCard)
    assert card is not None
    card.buttons[at].click()
    assert guide.page is not None and guide.page.at == at
    window.show_page(TALK_PAGE)


def test_rehearsal_that_it_played_is_over_afterwards(guide: Guide, window: MainWindow, session: Session) -> None:
    guide.show_step(MICROPHONE)
    assert guide.page is not None
    guide.page.microphone.try_output.click()
    assert session.rehearsing
    window.show_page(TALK_PAGE)
    assert not session.rehearsing


def test_it_lists_the_devices(guide: Guide, window: MainWindow) -> None:
    guide.show_step(MICROPHONE)
    assert guide.page is not None
    picker = guide.page.microphone.input
    assert [picker.itemText(at) for at in range(picker.count())] == ["System default", "Headset"]
    window.show_page(TALK_PAGE)


def test_start_rehearsal_leaves_it_and_starts(
    guide: Guide, window: MainWindow, controls: Controls, qtbot: QtBot
) -> None:
    guide.show_step(TALK)
    assert guide.page is not None
    assert guide.page.next.text() == "Start Rehearsal"
    with qtbot.waitSignal(controls.start_rehearsal):
        guide.page.next.click()
    assert window.pages.currentWidget() is window.talk


def test_one_may_only_look_around(guide: Guide, window: MainWindow, session: Session) -> None:
    guide.show_step(TALK)
    assert guide.page is not None
    guide.page.talk.other.click()
    assert window.pages.currentWidget() is window.talk and not session.rehearsing


def test_without_a_microphone_it_says_so(guide: Guide, window: MainWindow, session: Session) -> None:
    guide.show_step(MICROPHONE)
    assert guide.page is not None
    session.health.emit(sound("lost", "No microphone was found."))
    assert guide.page.microphone.said.words.startswith("No microphone was found.")
    window.show_page(TALK_PAGE)


def test_closing_the_window_in_the_middle_counts_as_seen(guide: Guide, window: MainWindow, tmp_path: Path) -> None:
    guide.begin_once()
    guide.end()
    assert (tmp_path / "state" / "first-run").exists()
    window.show_page(TALK_PAGE)
