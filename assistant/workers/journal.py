"""The thread that writes the events file, so that a slow disk never holds a decision up."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from pathlib import Path
from typing import Any

from PySide6.QtCore import QThread, Signal

from assistant.workers.failure import Failure


class Journal(QThread):
    """Appends one JSON line an event, each flushed at once, until it is told to finish."""

    failed = Signal(object)
    """Failure"""

    def __init__(self, path: Path) -> None:
        """Raises OSError if the file cannot be written, before anything is started."""
        super().__init__()
        self.setObjectName("journal")
        self._path = path
        self._file = path.open("a", encoding="utf-8")
        self._lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()

    def write(self, line: dict[str, Any]) -> None:
        """Called by any thread; does not wait."""
        self._lines.put(line)

    def finish(self) -> None:
        """Everything handed over before is still written."""
        self._lines.put(None)

    def run(self) -> None:
        threading.current_thread().name = self.objectName()
        writing = True
        while (line := self._lines.get()) is not None:
            if writing:
                writing = self._wrote(json.dumps(line, ensure_ascii=False) + "\n")
        with contextlib.suppress(OSError):  # what could not be written was told
            self._file.close()

    def _wrote(self, line: str) -> bool:
        try:
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            message = f"The events file {self._path} cannot be written any more: {error}."
            self.failed.emit(Failure("settings", "events_file", message, "Free some disk space and start again."))
            return False
        return True
