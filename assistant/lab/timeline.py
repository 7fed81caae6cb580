"""A replayed recording as lines that a person reads."""

from __future__ import annotations

from assistant.lab.replay import Replayed
from assistant.settings.sections import Settings
from assistant.turns.commands import (
    CancelReply,
    CloseUtterance,
    Command,
    Discard,
    DropUtterance,
    Duck,
    OpenUtterance,
    Overheard,
    Prepare,
    Promise,
    Restore,
    Resume,
    Stop,
    Wait,
)
from assistant.turns.facts import RATE
from assistant.turns.reasons import sentence_of

WORDS: dict[type[Command], str] = {
    Duck: "▼ ducks",
    Restore: "▲ carries on",
    Stop: "■ stops",
    CancelReply: "■ gives its reply up",
    Resume: "▲ goes on",
    Wait: "  waits",
    Promise: "  promises the floor",
    OpenUtterance: "  your turn begins",
    Prepare: "  a reply is prepared",
    Discard: "  and thrown away",
    CloseUtterance: "  your turn ends",
    DropUtterance: "  not a turn",
    Overheard: "· passes over",
}


def timeline(replayed: Replayed, settings: Settings) -> list[str]:
    """One line a decision: when, what, how long after the sound began, and why."""
    lines = [f"{replayed.id}, {replayed.audio_s:.1f} s"]
    for command in replayed.commands:
        since_ms = (command.at - command.reason.onset) * 1000 // RATE
        after = f"{since_ms:5d} ms" if isinstance(command, Duck | Stop) else " " * 8
        what, why = WORDS[type(command)], sentence_of(command, settings)
        lines.append(f"{command.at / RATE:8.3f} s  {what:<22} {after}  {why}")
    if not replayed.commands:
        lines.append("          nothing that could have been an interruption")
    return lines
