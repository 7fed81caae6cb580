"""What a person asks for with the window: one typed signal for each wish, connected in one place by the application."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Controls(QObject):
    """Signals only. Owned by the GUI thread; the window emits, the application listens.

    A device's name is "" for "as the system chooses". `notice_action` carries the code of the notice whose button
    was pressed. `cancel_loading` carries a stage: "ears", "mind" or "voice".
    """

    start_rehearsal = Signal()
    end_rehearsal = Signal()
    play_noise = Signal(str)
    interrupt_itself = Signal()
    stop_speaking = Signal()
    repeat_asked = Signal()
    continue_asked = Signal()
    talk_pressed = Signal()
    talk_released = Signal()
    mute = Signal(bool)
    typed = Signal(str)
    choose_input = Signal(str)
    choose_output = Signal(str)
    open_room = Signal()
    open_models = Signal()
    notice_action = Signal(str)
    cancel_loading = Signal(str)
