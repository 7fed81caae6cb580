"""The scope as a person meets it: it runs, stands still, is zoomed and clicked."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from assistant.signal.trace import PeakSlice, Trace
from assistant.turns.states import State
from assistant.ui.live.layout import METER_AT, METER_WIDTH, Layout
from assistant.ui.live.marks import Guess
from assistant.ui.live.ribbon import stretches
from assistant.ui.live.scope import Scope
from assistant.ui.live.view import View


@pytest.fixture
def source(talk) -> list[Trace | None]:
    return [talk.trace]


@pytest.fixture
def scope(qtbot, theme, model, talk, clock, source) -> Scope:
    talk.goes_on(9.0)
    made = Scope(theme, lambda: source[0], model, clock)
    qtbot.addWidget(made)
    made.resize(788, 240)
    made.show()
    made.tick()
    return made


def plot(scope: Scope) -> QImage:
    """What is painted between the gutters, in device pixels."""
    layout = scope.layout_now
    return scope.grab().toImage().copy(QRect(layout.left, 0, layout.columns, layout.height))


def has_colour(picture: QImage, x: int, y: int, colour: QColor) -> bool:
    return any(picture.pixelColor(x + off, y).name() == colour.name() for off in (-1, 0, 1))


def wheel(scope: Scope, up: bool, x: float = 300) -> None:
    event = QWheelEvent(
        QPointF(x, 100),
        scope.mapToGlobal(QPointF(x, 100)),
        QPoint(),
        QPoint(0, 120 if up else -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(scope, event)


def test_the_newest_sound_is_at_the_right_edge(scope, talk) -> None:
    before = scope.view.end
    talk.goes_on(0.5)
    scope.tick()
    assert scope.view.end - before == pytest.approx(8000, abs=600)
    assert talk.trace.samples - scope.view.end < scope.view.per_column + 256


def test_marks_stand_where_they_happened(scope, theme, cut_in) -> None:
    episode = cut_in(at_s=5.0)
    scope.add_episode(episode)
    picture, lane = plot(scope), scope.layout_now.playback
    for sample, token in ((episode.silent_at, "stop"), (episode.duck_at, "duck")):
        assert has_colour(picture, round(scope.view.x(sample)), lane.top() + 2, theme.color(token))
    away = round(scope.view.x(episode.silent_at)) + 12
    assert not has_colour(picture, away, lane.top() + 2, theme.color("stop"))


def test_a_later_revision_moves_the_mark_and_an_older_one_does_not(scope, cut_in) -> None:
    late = cut_in(at_s=5.0, revision=1, silent_at=90_000)
    scope.add_episode(cut_in(at_s=5.0, silent_at=None))
    scope.add_episode(late)
    scope.add_episode(cut_in(at_s=5.0, silent_at=None))
    assert scope.episodes == [late]


def test_a_click_on_a_mark_asks_for_its_card(qtbot, scope, cut_in) -> None:
    episode = cut_in(number=7, at_s=5.0)
    scope.add_episode(episode)
    x = (scope.layout_now.left + scope.view.x(episode.silent_at)) / scope.layout_now.dpr
    with qtbot.waitSignal(scope.episode_clicked, timeout=500) as clicked:
        qtbot.mouseClick(scope, Qt.MouseButton.LeftButton, pos=QPoint(round(x) + 2, 60))
    assert clicked.args == [7]


def test_frozen_the_picture_stays_while_data_arrive(scope, talk) -> None:
    scope.freeze(True)
    before, view = plot(scope), scope.view
    talk.goes_on(45.0, near=0.8, p=0.9)  # more than the trace keeps
    scope.tick()
    assert scope.view == view
    assert plot(scope) == before
    scope.freeze(False)
    assert scope.view.end > view.end
    assert plot(scope) != before


def test_frozen_it_is_moved_by_dragging_but_not_off_its_sound(qtbot, scope) -> None:
    scope.freeze(True)
    head = scope.view.head
    qtbot.mousePress(scope, Qt.MouseButton.LeftButton, pos=QPoint(200, 70))
    qtbot.mouseMove(scope, pos=QPoint(250, 70))
    assert scope.view.head == head - 50
    qtbot.mouseMove(scope, pos=QPoint(60, 70))
    qtbot.mouseRelease(scope, Qt.MouseButton.LeftButton, pos=QPoint(60, 70))
    assert scope.view.head == head


def test_frozen_the_wheel_keeps_what_is_under_the_pointer(scope) -> None:
    scope.freeze(True)
    x = 300 * scope.layout_now.dpr - scope.layout_now.left
    sample = scope.view.sample(x)
    wheel(scope, up=True)
    assert abs(scope.view.x(sample) - x) <= 2


def test_the_wheel_chooses_the_time_that_is_shown(scope, model) -> None:
    wheel(scope, up=True)
    assert model.current.panel.seconds == "4"
    for _ in range(5):
        wheel(scope, up=False)
    assert model.current.panel.seconds == "30"
    assert scope.view.end - scope.view.start >= 30 * 16_000


def test_an_interruption_can_be_brought_into_view(scope, talk, cut_in) -> None:
    scope.add_episode(cut_in(at_s=2.0))
    talk.goes_on(20.0)
    scope.tick()
    scope.freeze(True, show=32_000)
    assert 0 <= scope.view.x(32_000) <= scope.view.columns


def test_the_ribbon_tells_who_had_the_floor(talk) -> None:
    talk.goes_on(0.96, state=State.SPEAKING)
    talk.goes_on(0.32, state=State.DUCKED)
    talk.goes_on(0.64, state=State.HEARING)
    found = stretches(talk.trace, View.of(630, 8, talk.trace.samples, talk.trace.frames))
    assert [one.state for one in found] == [State.SPEAKING, State.DUCKED, State.HEARING]
    assert found[1].end - found[1].start == 10 * 512


def test_the_rest_of_a_cut_phrase_is_shown_once_it_is_known(scope, talk) -> None:
    talk.goes_on(1.0, far=0.0)
    scope.tick()
    before = plot(scope)
    peak = np.full(400, 0.4, np.float32)
    scope.show_unplayed(scope.view.end - 8000, PeakSlice(0, -peak, peak))
    assert plot(scope) != before


def test_pointing_at_a_slider_makes_its_mark_heavy(scope, cut_in) -> None:
    scope.add_episode(cut_in(at_s=5.0))
    before = plot(scope)
    scope.highlight("barge_in.confirm_ms")
    heavy = plot(scope)
    assert heavy != before
    scope.highlight(None)
    assert plot(scope) == before


def test_a_guess_never_moves_a_real_mark(scope, theme, cut_in) -> None:
    episode = cut_in(at_s=5.0)
    scope.add_episode(episode)
    before = plot(scope)
    scope.show_guesses([Guess(episode.silent_at + 3200, stops=True, certain=True)])
    picture = plot(scope)
    assert picture != before
    x, y = round(scope.view.x(episode.silent_at)), scope.layout_now.mic.top() + 2
    assert has_colour(picture, x, y, theme.color("stop"))
    scope.show_guesses([])
    assert plot(scope) == before


def test_another_stream_forgets_the_marks_of_the_old_one(scope, source, cut_in) -> None:
    scope.add_episode(cut_in(at_s=5.0))
    source[0] = Trace()
    scope.tick()
    assert scope.episodes == []
    assert scope.view.end == 0


def test_without_a_stream_it_says_so_and_stands(scope, source, clock) -> None:
    source[0] = None
    clock.now_s += 1
    scope.tick()
    assert scope.tip_at(QPointF(scope.width() - 80, 60)) == "No sound arrives."


def test_a_screen_reader_hears_of_events_only(scope, talk) -> None:
    scope.describe("Stopped after 142 milliseconds.")
    talk.goes_on(0.5)
    scope.tick()
    assert scope.accessibleName() == "Live sound"
    assert scope.accessibleDescription() == "Stopped after 142 milliseconds."


@pytest.mark.parametrize("dpr", [1.0, 1.25, 1.5, 2.0])
def test_every_pixel_is_painted_at_every_scale(dpr: float) -> None:
    for width, height in ((787, 241), (645, 204), (1001, 333)):
        layout = Layout.of(width, height, dpr, 1.0)
        assert layout.width >= width * dpr
        assert layout.height >= height * dpr


def test_an_arrow_at_the_meter_tells_how_loud_the_person_usually_speaks(scope, talk, clock) -> None:
    at = QPointF(scope.width() - 80, 60)
    talk.goes_on(1.0)
    scope.tick()
    unknown = scope.grab().toImage()
    assert scope.tip_at(at) == ""
    talk.goes_on(1.0, usual_dbfs=-24.0)
    clock.now_s += 1
    scope.tick()
    assert scope.tip_at(at).startswith("You usually speak at −24 dB. What is softer than −32 dB ")
    where = scope.layout_now
    beside = QRect(where.right + where.px(METER_AT + METER_WIDTH), where.mic.top(), where.px(8), where.mic.height())
    assert scope.grab().toImage().copy(beside) != unknown.copy(beside)
