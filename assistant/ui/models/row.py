"""One line of the models page: what it says and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.models.catalogue import Kind

State = Literal["in_use", "ready", "offered", "waiting", "loading", "paused", "found", "checking", "refused"]
"""offered: can be downloaded. waiting: for another download. found: on the disk, outside Interject's own folder."""
Action = Literal["use", "get", "pause", "resume", "cancel", "use_in_place", "listen", "show", "remove", "page", "more"]

WORDS: dict[Action, str] = {
    "use": "Use",
    "get": "Get",
    "pause": "Pause",
    "resume": "Resume",
    "cancel": "Cancel",
    "use_in_place": "Use in place",
    "listen": "Listen",
    "show": "Show file",
    "remove": "Remove",
    "page": "Its page",
    "more": "More",
}
_ONE: dict[State, tuple[Action, ...]] = {
    "in_use": (),
    "ready": (),
    "offered": ("get",),
    "waiting": ("cancel",),
    "loading": ("pause", "cancel"),
    "paused": ("resume", "cancel"),
    "found": ("use_in_place",),
    "checking": (),
    "refused": ("show",),
}
_SAID: dict[State, str] = {
    "in_use": "in use",
    "ready": "ready",
    "offered": "can be downloaded",
    "waiting": "waits for another download",
    "loading": "downloading",
    "paused": "download paused",
    "found": "on this disk",
    "checking": "being checked",
    "refused": "cannot be used",
}


@dataclass(frozen=True, slots=True)
class Row:
    """value: what the setting of its kind is when this is in use. note: the second line; red where it is refused.

    size: bytes, memory_mb: while it runs; None where unknown. speed: 0 unknown, 1 slow to 5 fast. share: downloaded,
    0..1. path: where it lies, "" where it is not here. page: its address, "" for none. own: Interject's own copy.
    failed: the note says what went wrong.
    """

    key: str
    kind: Kind
    name: str
    note: str
    value: str
    state: State
    licence: str = ""
    size: int | None = None
    memory_mb: int | None = None
    speed: int = 0
    share: float = 0.0
    path: str = ""
    page: str = ""
    own: bool = False
    can_speak: bool = False
    failed: bool = False

    @property
    def usable(self) -> bool:
        """Whether it can be chosen as it is."""
        return self.state in ("in_use", "ready")

    @property
    def shown(self) -> tuple[Action, ...]:
        """The actions on the row, from left to right."""
        listen: tuple[Action, ...] = ("listen",) if self.can_speak else ()
        more: tuple[Action, ...] = ("more",) if self.menu else ()
        return (*listen, *self._one, *more)

    @property
    def main(self) -> Action | None:
        """What Enter does."""
        if self.usable:
            return "use"
        return self._one[0] if self._one else None

    @property
    def menu(self) -> tuple[Action, ...]:
        """What "More" offers besides."""
        offered: list[Action] = []
        if self.state == "ready":
            offered.append("use")
        if self.page:
            offered.append("page")
        if self.path and self.state != "refused":
            offered.append("show")
        if (self.own and self.state in ("ready", "refused")) or (self.path and not self.own and self.state == "ready"):
            offered.append("remove")
        return tuple(offered)

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        state = f"{self.share:.0%} downloaded" if self.state in ("loading", "paused") else _SAID[self.state]
        return ", ".join(part for part in (self.name, state, self.note.rstrip("."), self.licence) if part)

    @property
    def _one(self) -> tuple[Action, ...]:
        return _ONE[self.state] if self.state != "refused" or self.path else ()
