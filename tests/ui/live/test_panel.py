"""Scope and card together."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from assistant.signal.presence import EchoPath
from assistant.ui.choice import Choice
from assistant.ui.key_button import KeyButton
from assistant.ui.live.echo_button import EchoButton
from assistant.ui.live.panel import LivePanel
from assistant.ui.metrics import COMPACT, ROOMY


@pytest.fixture
def asked() -> list:
    return []


@pytest.fixture
def panel(qtbot, theme, model, talk, clock, cut_in, asked) -> LivePanel:
    def decide_again(settings):
        asked.append(settings)
        real = cut_in()
        return [cut_in(decided_at=real.decided_at + 1024, silent_at=real.silent_at + 1024, onset_to_stop_ms=206.0)]

    talk.goes_on(6.0)
    made = LivePanel(theme, model, lambda: talk.trace, decide_again, clock)
    qtbot.addWidget(made)
    made.resize(811, 417)
    made.show()
    made.tick()
    return made


def words(panel: QWidget) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def test_an_interruption_is_on_the_scope_on_the_card_and_told(panel, cut_in) -> None:
    panel.add_episode(cut_in())
    assert [one.number for one in panel.scope.episodes] == [1]
    assert panel.card.shown.number == 1
    assert panel.scope.accessibleDescription().startswith("Stopped after 142 milliseconds. 5 frames in a row")


def test_a_mark_brings_its_card_and_a_chip_brings_both(panel, cut_in, qtbot) -> None:
    panel.add_episode(cut_in(1, at_s=3.0))
    panel.add_episode(cut_in(2, at_s=5.0))
    panel.scope.episode_clicked.emit(1)
    assert panel.card.shown.number == 1
    assert not panel.scope.frozen
    with qtbot.waitSignal(panel.episode_selected, timeout=500):
        panel.show_episode(2)
    assert panel.scope.frozen
    panel.step_card(-1)
    assert panel.card.shown.number == 1


def test_freezing_is_said_in_the_header(panel, qtbot) -> None:
    button = next(button for button in panel.findChildren(KeyButton) if button.text() == "Freeze")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert any(text.startswith("Frozen ") for text in words(panel))
    panel.toggle_freeze()
    assert "what it hears, and what it makes of it" in words(panel)


def test_the_header_and_the_setting_show_the_same_time(panel, model) -> None:
    choice = panel.findChild(Choice)
    assert choice.currentText() == "8 s"
    model.set("panel.seconds", "15")
    assert choice.currentText() == "15 s"
    choice.activated.emit(0)
    assert model.current.panel.seconds == "2"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (EchoPath(), "Echo: not known yet"),
        (EchoPath("headphones"), "Headphones: no echo"),
        (EchoPath("loudspeakers", taken_db=14.2), "Loudspeakers: echo −14 dB"),
        (EchoPath("loudspeakers", taken_db=0.2), "Loudspeakers: a little echo"),
        (EchoPath("loudspeakers", told=True), "Loudspeakers: echo expected"),
        (EchoPath("loudspeakers", taken_db=3.0, is_new=True), "Loudspeakers: learning again"),
    ],
)
def test_the_header_says_whether_an_echo_comes_back(panel, path, words, qtbot) -> None:
    panel.show_echo(path)
    button = panel.findChild(EchoButton)
    assert button.text() == words
    assert button.accessibleName() == f"Heard on: {words.replace('−', 'minus ')}"
    assert ("You said so" in button.toolTip()) == path.told
    qtbot.waitUntil(lambda: button.width() >= button.sizeHint().width())


def test_the_person_can_tell_it_what_it_is_heard_on(panel, model) -> None:
    panel.show_echo(EchoPath("loudspeakers", taken_db=14.0))
    button = panel.findChild(EchoButton)
    by_itself, headphones, _ = button.choices.actions()
    assert by_itself.isChecked()
    headphones.trigger()
    assert model.current.echo.path == "headphones"
    assert headphones.isChecked()
    assert button.text() == "Headphones: no echo", "at once, before the sound has told so"
    by_itself.trigger()
    assert model.current.echo.path == "auto"
    assert button.text() == "Echo: not known yet"


def test_moving_a_setting_shows_what_would_have_been(panel, model, clock, cut_in, asked) -> None:
    panel.add_episode(cut_in())
    model.preview("barge_in.confirm_ms", 224)
    panel.tick()
    assert len(asked) == 1
    assert any("With 224 ms it would have been 206 ms." in text for text in words(panel))
    clock.now_s += 5
    panel.tick()
    assert not any("206 ms" in text for text in words(panel))


@pytest.mark.parametrize(("metrics", "width"), [(ROOMY, 811), (COMPACT, 667)])
def test_it_is_as_high_as_drawn(qapp, panel, metrics, width) -> None:
    panel.use(metrics)
    qapp.processEvents()
    assert panel.minimumSizeHint().height() <= metrics.scope_card + metrics.gap + metrics.card
    panel.resize(width, metrics.scope_card + metrics.gap + metrics.card)
    qapp.processEvents()
    assert panel.scope.height() >= metrics.scope
    panel.resize(width, 1200)
    assert panel.scope.height() <= metrics.scope_most


def test_everything_that_takes_the_keyboard_has_a_name(panel, cut_in) -> None:
    panel.add_episode(cut_in())
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.accessibleName() or getattr(widget, "text", str)()


def test_it_lives_without_a_stream(qtbot, theme, model, clock) -> None:
    panel = LivePanel(theme, model, lambda: None, None, clock)
    qtbot.addWidget(panel)
    panel.tick()
    panel.grab()
    assert panel.card.shown is None


def test_the_theme_can_change_under_it(panel, theme, cut_in) -> None:
    panel.add_episode(cut_in())
    light = panel.scope.grab().toImage()
    theme.set("dark", 1.0)
    assert panel.scope.grab().toImage() != light
    theme.set("light", 1.0)
    assert panel.scope.grab().toImage() == light


def test_tab_goes_in_reading_order(panel) -> None:
    header = [panel.findChild(KeyButton), panel.findChild(Choice)]
    wanted = [*header, *panel.scope.handles.all, *panel.card.stops]
    at, met = header[0], []
    for _ in range(200):
        if at in wanted:
            met.append(at)
        at = at.nextInFocusChain()
        if at is header[0]:
            break
    assert met == wanted
