"""What the card says of an interruption besides its reason: a title with its mark, what was heard, figures."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from assistant.signal.trace import RATE
from assistant.turns.commands import Cause
from assistant.workers.episode import Episode, Outcome

LAST = 23
"""So many stops stand as dots in the card."""

TITLES: dict[Outcome, tuple[str, str, str]] = {
    "stopped": ("You cut in", "stop", "stop"),
    "restored": ("Carried on", "restore", "far"),
    "false_stop": ("False stop", "resume", "far"),
    "own_voice": ("Its own voice", "interject", "far"),
    "too_quiet": ("Too quiet", "you", "near"),
    "near_miss": ("Near miss", "threshold", "vad"),
    "by_hand": ("Stopped by hand", "stop", "stop"),
}
"""Outcome → title, mark before it, token of the mark."""


def heard_words(episode: Episode) -> tuple[str, str]:
    """ ("Heard up to “counted”.", "8 words kept."), each "" where there is nothing to say."""
    if episode.outcome not in ("stopped", "false_stop", "by_hand") or not episode.last_word:
        return "", ""
    kept = len(episode.cut.split())
    words = "1 word kept." if kept == 1 else f"{kept} words kept."
    return f"Heard up to “{episode.last_word}”.", words if kept else ""


def spoken(episode: Episode, reason: str) -> str:
    """For a screen reader: "Stopped after 142 milliseconds. 3 frames above .60." """
    if episode.onset_to_stop_ms is not None:
        return f"Stopped after {episode.onset_to_stop_ms:.0f} milliseconds. {reason}"
    return f"{TITLES[episode.outcome][0]}. {reason}"


def chain_words(episode: Episode) -> str:
    """The way from the first sound to silence, step by step, for a tooltip; "" where it was not measured."""
    if not episode.chain:
        return ""
    steps = " + ".join(f"{step.name} {step.ms:.0f}" for step in episode.chain)
    return (
        f"{steps} = {sum(step.ms for step in episode.chain):.0f} ms. "
        "Counted in samples, plus the latency that PortAudio reports; a recording of the loudspeaker is the proof."
    )


def stops_ms(episodes: Sequence[Episode]) -> list[float]:
    """Onset → stop of the last stops, oldest first. Stops by hand and false ones are none, nor are those that waited
    for the end of a protected sentence.
    """
    stops = (one for one in episodes if one.outcome == "stopped" and one.reason.cause is not Cause.SENTENCE_OVER)
    return [one.onset_to_stop_ms for one in stops if one.onset_to_stop_ms is not None][-LAST:]


def percentile(values: Sequence[float], percent: float) -> float:
    """Nearest rank: a value that did occur. Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, ceil(percent / 100 * len(values)) - 1)]


def away_ms(episode: Episode) -> float | None:
    """How long playback stayed lowered before it was restored."""
    if episode.outcome != "restored" or episode.duck_at is None:
        return None
    return (episode.decided_at - episode.duck_at) * 1000 / RATE
