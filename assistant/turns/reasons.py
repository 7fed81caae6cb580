"""The sentence that tells a person why Interject yielded, carried on or did not notice, with its numbers."""

from __future__ import annotations

from typing import Protocol

from assistant.settings.sections import FRAME_MS, WINDOW_MS, Settings
from assistant.turns.commands import (
    CancelReply,
    Cause,
    CloseUtterance,
    Command,
    Discard,
    DropUtterance,
    Duck,
    OpenUtterance,
    Overheard,
    Prepare,
    Promise,
    Reason,
    Restore,
    Resume,
    Stop,
    Wait,
)
from assistant.turns.evidence import frames_in
from assistant.turns.facts import FRAME_SAMPLES, SILENCE_DBFS

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_BY_HAND = {
    Cause.STOP_PRESSED: "You pressed Esc.",
    Cause.TALK_PRESSED: "You pressed the talk key.",
    Cause.ASKED: "You asked by hand.",
}
_PROTECTED = "Its first sentence is protected."
_WENT_ON = {
    "stay_quiet": "Stayed quiet.",
    "where_it_stopped": "Went on from where it stopped.",
    "phrase_start": "Went on from the phrase’s start.",
}


class Interruption(Protocol):
    """What the sentence needs to know of an interruption. Times are 16 kHz samples."""

    @property
    def outcome(self) -> str: ...
    @property
    def reason(self) -> Reason: ...
    @property
    def duck_reason(self) -> Reason | None: ...
    @property
    def duck_at(self) -> int | None: ...
    @property
    def decided_at(self) -> int: ...
    @property
    def lasted_ms(self) -> int: ...


def sentence(told: Interruption, settings: Settings) -> str:
    """One or two short sentences. settings: as they stood when it was decided.

    Raises ValueError for an outcome that has no words.
    """
    match told.outcome:
        case "stopped":
            return _stopped(told)
        case "restored":
            return _restored(told)
        case "false_stop":
            return _resumed(told.reason, settings.barge_in.after_false_stop)
        case "by_hand":
            return _BY_HAND.get(told.reason.cause, _BY_HAND[Cause.STOP_PRESSED])
        case "own_voice" | "too_quiet" | "near_miss":
            return _overheard(told.outcome, told.reason, told.lasted_ms, settings)
        case _:
            raise ValueError(f"No words for the outcome {told.outcome}")


def sentence_of(command: Command, settings: Settings) -> str:
    """The same for one command of the core, at the moment it is given."""
    reason = command.reason
    if reason.cause in _BY_HAND:
        return _BY_HAND[reason.cause]
    match command:
        case Duck():
            return _evidence(reason) + "."
        case Stop():
            return _why_now(reason)
        case Restore():
            return _carried_on(reason, "")
        case CancelReply():
            late = f"No reply for {settings.brain.patience_s} s."
            return late if reason.cause is Cause.TIMED_OUT else _evidence(reason) + ", before the reply began."
        case Resume(where=where):
            return _resumed(reason, where)
        case Wait():
            return _waits(reason)
        case Promise():
            return f"{_who(reason) or _evidence(reason) + '.'} {_PROTECTED} Your turn comes after it."
        case OpenUtterance():
            return "The speech went on." if reason.cause is Cause.WENT_ON else _evidence(reason) + "."
        case Prepare():
            return f"Quiet for {reason.quiet_ms} ms. A reply is being prepared."
        case Discard():
            return "The speech went on. What was prepared is thrown away."
        case CloseUtterance():
            return _turn_over(reason, settings)
        case DropUtterance():
            return _who(reason) or "Too short for words."
        case Overheard(kind=kind, lasted_ms=lasted_ms):
            return _overheard(kind, reason, lasted_ms, settings)


def seconds(ms: float) -> str:
    """With two digits that count: "0.29 s", "1.6 s"."""
    return f"{ms / 1000:.2f} s" if ms < 1000 else f"{ms / 1000:.1f} s"


def probability(p: float) -> str:
    """As on the trace: ".60"; "1.0" where it rounds to one."""
    return "1.0" if p >= 0.995 else f"{p:.2f}".removeprefix("0")


def level(db: float) -> str:
    """A whole number with a true minus sign."""
    return f"{db:.0f}".replace("-", "−")


def _who(reason: Reason) -> str:
    """What was understood, or how soft the voice was, where that decided; else ""."""
    match reason.cause:
        case Cause.STOP_WORD | Cause.HEARD_WORDS:
            return f"Heard “{reason.words}”."
        case Cause.BACKCHANNEL:
            return f"“{reason.words}” is not an interruption."
        case Cause.OWN_WORDS:
            return f"“{reason.words}” are its own words."
        case Cause.SOFTER:
            softer = level(reason.usual_dbfs - reason.sound_dbfs)
            return f"{softer} dB softer than you usually speak: somebody else, or a radio."
        case _:
            return ""


def _stopped(told: Interruption) -> str:
    if told.reason.cause is Cause.SENTENCE_OVER or _who(told.reason):
        return _why_now(told.reason)
    duck = told.duck_reason
    if duck is None or told.duck_at is None or told.duck_at >= told.decided_at:
        return _evidence(told.reason) + "."
    frames = frames_in(duck.speech_ms)
    without_gap = (told.decided_at - told.duck_at) // FRAME_SAMPLES == frames_in(told.reason.speech_ms) - frames
    which = _ORDINALS[frames - 1] if 0 < frames <= len(_ORDINALS) else f"{frames}th"
    return f"{_evidence(told.reason, in_a_row=without_gap)}. Ducked after the {which}."


def _restored(told: Interruption) -> str:
    duck = told.duck_reason
    if duck is None or told.duck_at is None:
        return _carried_on(told.reason, "")
    after_duck = (told.decided_at - told.duck_at) // FRAME_SAMPLES - told.reason.quiet_ms // FRAME_MS
    return _carried_on(told.reason, f" after {_count(frames_in(duck.speech_ms) + max(0, after_duck))}")


def _carried_on(reason: Reason, after: str) -> str:
    match reason.cause:
        case Cause.UNDECIDED:
            return f"Undecided for {seconds(reason.needed_ms)}. Carried on."
        case Cause.REPLY_ENDED | Cause.NO_REPLY:
            return "It had finished before that was decided."
        case Cause.BACKCHANNEL | Cause.OWN_WORDS | Cause.SOFTER:
            return f"{_who(reason)} Carried on."
        case Cause.KEPT:
            return f"{_PROTECTED} Your turn comes after it."
        case _:
            return f"Quiet for {reason.quiet_ms} ms{after}. Carried on."


def _why_now(reason: Reason) -> str:
    """Of a stop."""
    if reason.cause is Cause.SENTENCE_OVER:
        heard = f"You spoke for {seconds(reason.speech_ms)}."
        return f"{heard} {_PROTECTED} Stopped at its end."
    return _who(reason) or _evidence(reason) + "."


def _resumed(reason: Reason, where: str) -> str:
    if reason.cause is Cause.STOPPED_AGAIN:
        return _waits(reason)
    if reason.cause is Cause.LONG_QUIET:
        return f"Quiet for {_round_seconds(reason.needed_ms)}. {_WENT_ON[where]}"
    return f"{_who(reason) or 'No words came after the stop.'} {_WENT_ON[where]}"


def _waits(reason: Reason) -> str:
    wait = _round_seconds(reason.needed_ms)
    return f"Stopped again, and no words came. It waits: say “go on”, press F7, or let it be quiet for {wait}."


def _round_seconds(ms: int) -> str:
    return f"{ms / 1000:.0f} s"


def _turn_over(reason: Reason, settings: Settings) -> str:
    match reason.cause:
        case Cause.TOO_LONG:
            return f"The longest turn, {settings.endpointing.longest_turn_s} s."
        case Cause.TALK_RELEASED:
            return "You let the talk key go."
        case Cause.SENTENCE_FINISHED:
            return f"Quiet for {reason.quiet_ms} ms after a finished sentence."
        case _:
            return f"Quiet for {reason.quiet_ms} ms."


def _overheard(kind: str, reason: Reason, lasted_ms: int, settings: Settings) -> str:
    match kind:
        case "own_voice":
            over = level(reason.near_dbfs - reason.echo_dbfs)
            return f"Its own voice: {over} dB over the expected echo, {level(settings.echo.margin_db)} needed."
        case "too_quiet":
            return f"Too quiet: {level(reason.near_dbfs)} dBFS, {level(settings.vad.gate_dbfs)} needed."
        case _:
            highest, needed = probability(reason.p_peak), probability(reason.start)
            return f"You spoke for {lasted_ms / 1000:.1f} s and it did not stop: highest {highest}, needs {needed}."


def _evidence(reason: Reason, in_a_row: bool = False) -> str:
    row = " in a row" if in_a_row and reason.speech_ms > WINDOW_MS else ""
    frames = f"{_count(frames_in(reason.speech_ms))}{row} above {probability(reason.start)}{_worth(reason)}"
    if reason.noise_dbfs <= SILENCE_DBFS:  # no floor is known yet
        return frames
    return f"{frames}, and {level(reason.near_dbfs - reason.noise_dbfs)} dB over the noise"


def _worth(reason: Reason) -> str:
    """How many sure frames they were worth, where that is fewer: it explains why more had to come."""
    sure = round(reason.sure_ms) // WINDOW_MS
    return f", worth {sure} sure one{'s' * (sure > 1)}" if 0 < sure < frames_in(reason.speech_ms) else ""


def _count(frames: int) -> str:
    return "1 frame" if frames == 1 else f"{frames} frames"
