"""One at a time: a lock on a file that the operating system drops when its holder dies."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Guard:
    """A lock on `path`. A process that was given `descriptor` holds it too, until it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    @property
    def descriptor(self) -> int:
        assert self._file is not None, "descriptor of a guard that is not held"
        return self._file.fileno()

    def take(self) -> bool:
        """Without waiting. False where another process holds it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("ab")
        try:
            if sys.platform == "win32":
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def wait(self, while_waiting: Callable[[], None]) -> None:
        """Takes it, calling `while_waiting` twice a second until then."""
        while not self.take():
            while_waiting()
            time.sleep(0.5)

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
