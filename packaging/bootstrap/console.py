"""Progress in the terminal: one line a step, with its seconds; in between, on a real terminal, what it is doing."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Console:
    """Writes to `out`, standard error unless told otherwise: the application's own output stays clean."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out if out is not None else sys.stderr
        self._live = self._out.isatty() and os.environ.get("TERM") != "dumb"
        self._title = ""
        self._began_s = 0.0

    def say(self, text: str) -> None:
        print(text, file=self._out, flush=True)

    def note(self, doing: str) -> None:
        """Shows what the step is doing on its line. Says nothing where lines cannot be rewritten."""
        if self._live:
            elapsed_s = time.monotonic() - self._began_s
            text = f"  {self._title}  {elapsed_s:.0f} s  {doing}"
            print(f"\r\033[K{text[:100]}", end="", file=self._out, flush=True)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        self._title, self._began_s = title, time.monotonic()
        self.note("")
        outcome = "failed"
        try:
            yield
            outcome = "done"
        finally:
            start = "\r\033[K" if self._live else ""
            self.say(f"{start}  {title}  {outcome}, {time.monotonic() - self._began_s:.1f} s")
