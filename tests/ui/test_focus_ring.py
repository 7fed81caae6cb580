"""The ring around what has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from assistant.ui.focus_ring import OFF, WIDTH
from assistant.ui.main_window import SETTINGS, MainWindow
from tests.ui.looking import settle


def focus(window: MainWindow, widget: QWidget) -> None:
    window.activateWindow()
    settle()
    window.talk.tuning.save.setFocus()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    settle()


def inside_of(window: MainWindow) -> QRect:
    reach = OFF + WIDTH
    return window.ring.geometry().adjusted(reach, reach, -reach, -reach)


def place_of(window: MainWindow, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_it_lies_around_the_whole_row_of_a_slider(window: MainWindow) -> None:
    row = window.talk.tuning.rows["barge_in.duck_db"]
    focus(window, row.handle())
    assert window.ring.isVisible()
    assert inside_of(window) == place_of(window, row)


def test_it_lies_around_one_handle_of_two(window: MainWindow) -> None:
    handle = window.talk.tuning.rows["vad.start"].handle()
    focus(window, handle)
    assert inside_of(window) == place_of(window, handle)
    before = inside_of(window)
    QTest.keyClick(handle, Qt.Key.Key_PageUp)
    settle()
    assert inside_of(window).left() > before.left()


def test_it_goes_along_when_the_page_scrolls_and_hides_with_it(window: MainWindow) -> None:
    window.show_page(SETTINGS)
    page = window.settings_page
    assert page is not None
    page.build_all()
    settle()
    row = page.rows["audio.block_ms"]
    focus(window, row.handle())
    before = inside_of(window)
    page.verticalScrollBar().setValue(40)
    settle()
    assert inside_of(window).top() == before.top() - 40
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    settle()
    assert not window.ring.isVisible()


def test_it_is_not_there_after_a_click(window: MainWindow) -> None:
    row = window.talk.tuning.rows["barge_in.duck_db"]
    focus(window, row.handle())
    QTest.mouseClick(window.talk.tuning.save, Qt.MouseButton.LeftButton)
    window.talk.tuning.save.clearFocus()
    settle()
    assert not window.ring.isVisible()
