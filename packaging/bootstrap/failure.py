"""A set-up step that failed, in the words that a person needs."""

from __future__ import annotations

from pathlib import Path


class SetupFailed(Exception):
    """`what` happened (one line), the `remedy` (one sentence), and the `log` with the whole story if there is one."""

    def __init__(self, what: str, remedy: str, log: Path | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.log = log

    def __str__(self) -> str:
        lines = [f"What happened: {self.what}", f"What to do:    {self.remedy}"]
        if self.log is not None:
            lines.append(f"Whole log:     {self.log}")
        return "\n".join(lines)
