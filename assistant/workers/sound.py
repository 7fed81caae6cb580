"""The thread that keeps the sound device open, and the one that lets time pass in the simulated room."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QThread, Signal

from assistant.audio.loop import SoundLoop
from assistant.audio.room import RoomDevice

CHECK_MS = 100


def aside(work: Callable[[], None]) -> None:
    """Runs what may hang in the sound system on a thread that nobody waits for."""
    threading.Thread(target=work, name="sound opening", daemon=True).start()


class SoundThread(QThread):
    """Looks after the device ten times a second."""

    health = Signal(object)
    """SoundHealth, whenever its state or message changed"""

    def __init__(self, loop: SoundLoop) -> None:
        super().__init__()
        self.setObjectName("sound")
        self._loop = loop
        self._ending = threading.Event()

    def finish(self) -> None:
        self._ending.set()

    def run(self) -> None:
        threading.current_thread().name = self.objectName()
        told = None
        while not self._ending.wait(CHECK_MS / 1000):
            health = self._loop.check()
            if told != (health.state, health.message):
                told = (health.state, health.message)
                self.health.emit(health)
        self._loop.shut()


class RoomThread(QThread):
    """Real time in a simulated room."""

    def __init__(self, room: RoomDevice) -> None:
        super().__init__()
        self.setObjectName("room")
        self.room = room
        self._ending = threading.Event()

    def finish(self) -> None:
        self._ending.set()

    def run(self) -> None:
        threading.current_thread().name = self.objectName()
        self.room.run_until(self._ending.is_set)
