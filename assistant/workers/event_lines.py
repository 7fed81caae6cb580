"""Decisions as JSON lines, for people who script against them. The README documents the format."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from assistant.brain.partner import Thought
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
from assistant.workers.episode import Episode
from assistant.workers.jobs import Understood
from assistant.workers.reply_times import ReplyTimes
from assistant.workers.turn import Decision

_EVENTS: dict[type[Command], str] = {
    Duck: "duck",
    Restore: "restore",
    Stop: "stop",
    CancelReply: "cancel_reply",
    Resume: "resume",
    Wait: "wait",
    Promise: "promise",
    OpenUtterance: "speech_start",
    Prepare: "prepare",
    Discard: "discard",
    CloseUtterance: "speech_end",
    DropUtterance: "speech_dropped",
    Overheard: "overheard",
}


def decision_line(decision: Decision, settings: Settings) -> dict[str, Any]:
    """One decision, at the moment it was carried out."""
    command = decision.command
    numbers = {key: _rounded(value) for key, value in asdict(command.reason).items() if key != "cause"}
    details = {key: _rounded(value) for key, value in asdict(command).items() if key not in ("at", "reason")}
    return {
        "monotonic_s": round(decision.monotonic_s, 4),
        "sample": command.at,
        "event": _EVENTS[type(command)],
        "state": decision.state.name.lower(),
        "cause": command.reason.cause.name.lower(),
        "reason": sentence_of(command, settings),
        "since_onset_ms": round((command.at - command.reason.onset) * 1000 / RATE, 1),
        **details,
        "numbers": numbers,
    }


def silence_line(episode: Episode, monotonic_s: float) -> dict[str, Any]:
    """What became of a stop once the loudspeaker was silent. Only for an episode with `silent_at`."""
    return {
        "monotonic_s": round(monotonic_s, 4),
        "sample": episode.silent_at,
        "event": "silence",
        "episode": episode.number,
        "onset_to_duck_ms": _rounded(episode.onset_to_duck_ms),
        "onset_to_stop_ms": _rounded(episode.onset_to_stop_ms),
        "detect_to_stop_ms": _rounded(episode.detect_to_stop_ms),
        "chain_ms": {step.name: _rounded(step.ms) for step in episode.chain},
        "heard": episode.heard,
        "cut": episode.cut,
        "last_word": episode.last_word,
        "played_ms": round(episode.played_ms, 1),
        "phrase_ms": round(episode.phrase_ms, 1),
    }


def words_line(words: Understood, monotonic_s: float) -> dict[str, Any]:
    """What the person said, once it is known whole."""
    return {
        "monotonic_s": round(monotonic_s, 4),
        "event": "words",
        "utterance": words.utterance,
        "text": words.text,
    }


def prompt_line(thought: Thought, monotonic_s: float) -> dict[str, Any]:
    """What the language model was asked, at the first token of its answer and at the last one."""
    return {"monotonic_s": round(monotonic_s, 4), "event": "prompt"} | {
        key: _rounded(value) for key, value in asdict(thought).items()
    }


def times_line(times: ReplyTimes, monotonic_s: float) -> dict[str, Any]:
    """What the person waited for before a reply."""
    return {"monotonic_s": round(monotonic_s, 4), "event": "reply", "total_ms": _rounded(times.total_ms)} | {
        key: _rounded(value) for key, value in asdict(times).items()
    }


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
