"""One thing that the person should know, in the words that the window shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """title: at most six words. text: what happened. remedy: what to do about it."""

    title: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class NotSaved(Notice):
    """Nothing was written; the app goes on with what it holds in memory."""
