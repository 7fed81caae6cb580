"""Each decision is told in words that a person understands, with the numbers that it was made on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from assistant.settings.sections import Settings
from assistant.turns.commands import (
    CancelReply,
    Cause,
    CloseUtterance,
    Command,
    DropUtterance,
    Duck,
    OpenUtterance,
    Overheard,
    Promise,
    Reason,
    Restore,
    Resume,
    Stop,
    Wait,
)
from assistant.turns.reasons import level, probability, seconds, sentence, sentence_of

FRAME = 256
HEARD = Reason(Cause.CONFIRMED, 0, 0.9, 0.97, 0.6, speech_ms=96, near_dbfs=-24, noise_dbfs=-55)
CANDIDATE = Reason(Cause.CANDIDATE, 0, 0.8, 0.8, 0.6, speech_ms=32, near_dbfs=-30, noise_dbfs=-55)
QUIET = Reason(Cause.QUIET, 0, 0.1, 0.7, 0.6, quiet_ms=256, needed_ms=256, near_dbfs=-54, noise_dbfs=-55)


@dataclass(frozen=True)
class Told:
    """An interruption, as far as its sentence goes. Ducked after the first frame, decided `after` frames later."""

    outcome: str
    reason: Reason
    duck_reason: Reason | None = None
    after: int = 0
    lasted_ms: int = 0

    @property
    def duck_at(self) -> int | None:
        return None if self.duck_reason is None else 10 * FRAME

    @property
    def decided_at(self) -> int:
        return (10 + self.after) * FRAME


def test_a_stop_tells_its_evidence_and_when_it_ducked() -> None:
    told = Told("stopped", HEARD, CANDIDATE, after=4)
    expected = "5 frames in a row above .60, and 31 dB over the noise. Ducked after the first."
    assert sentence(told, Settings()) == expected


def test_frames_with_a_gap_between_them_were_not_in_a_row() -> None:
    told = Told("stopped", HEARD, CANDIDATE, after=5)
    assert sentence(told, Settings()) == "5 frames above .60, and 31 dB over the noise. Ducked after the first."


def test_frames_that_were_not_sure_are_told_by_their_worth() -> None:
    unsure = Reason(Cause.CONFIRMED, 0, start=0.6, sure_ms=100, speech_ms=160, near_dbfs=-24, noise_dbfs=-55)
    expected = "9 frames above .60, worth 3 sure ones, and 31 dB over the noise."
    assert sentence(Told("stopped", unsure), Settings()) == expected
    unsure = replace(unsure, sure_ms=50, speech_ms=64)
    expected = "3 frames above .60, worth 1 sure one, and 31 dB over the noise."
    assert sentence(Told("stopped", unsure), Settings()) == expected


def test_a_stop_without_a_duck_before_it_says_nothing_of_ducking() -> None:
    assert sentence(Told("stopped", HEARD), Settings()) == "5 frames above .60, and 31 dB over the noise."
    at_once = Told("stopped", HEARD, HEARD, after=0)
    assert "Ducked" not in sentence(at_once, Settings())


def test_a_floor_that_is_not_known_is_not_spoken_of() -> None:
    unknown = Reason(Cause.CONFIRMED, 0, start=0.6, speech_ms=32, near_dbfs=-24)
    assert sentence(Told("stopped", unknown), Settings()) == "1 frame above .60."


@pytest.mark.parametrize(("after", "words"), [(16, "1 frame"), (18, "3 frames")])
def test_a_restore_tells_the_quiet_and_what_came_before_it(after: int, words: str) -> None:
    told = Told("restored", QUIET, CANDIDATE, after=after)
    assert sentence(told, Settings()) == f"Quiet for 256 ms after {words}. Carried on."


def test_a_restore_of_something_undecided() -> None:
    undecided = Reason(Cause.UNDECIDED, 0, needed_ms=1984)
    assert sentence(Told("restored", undecided, CANDIDATE, 62), Settings()) == "Undecided for 2.0 s. Carried on."


@pytest.mark.parametrize(
    ("outcome", "then"), [("restored", "Carried on."), ("false_stop", "Went on from the phrase’s start.")]
)
def test_what_was_somebody_else_s_tells_how_soft_it_was(outcome: str, then: str) -> None:
    softer = Reason(Cause.SOFTER, 0, sound_dbfs=-37.2, usual_dbfs=-25)
    expected = f"12 dB softer than you usually speak: somebody else, or a radio. {then}"
    assert sentence(Told(outcome, softer, CANDIDATE, 20), Settings()) == expected


@pytest.mark.parametrize(
    ("outcome", "reason", "expected"),
    [
        (
            "own_voice",
            Reason(Cause.QUIET, 0, near_dbfs=-31, echo_dbfs=-34),
            "Its own voice: 3 dB over the expected echo, 6 needed.",
        ),
        ("too_quiet", Reason(Cause.QUIET, 0, near_dbfs=-61.4), "Too quiet: −61 dBFS, −55 needed."),
        (
            "near_miss",
            Reason(Cause.QUIET, 0, p_peak=0.52, start=0.6),
            "You spoke for 0.6 s and it did not stop: highest .52, needs .60.",
        ),
        ("by_hand", Reason(Cause.STOP_PRESSED, 0), "You pressed Esc."),
        ("false_stop", HEARD, "No words came after the stop. Went on from the phrase’s start."),
    ],
)
def test_every_other_outcome(outcome: str, reason: Reason, expected: str) -> None:
    assert sentence(Told(outcome, reason, lasted_ms=608), Settings()) == expected


def test_an_outcome_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="vanished"):
        sentence(Told("vanished", HEARD), Settings())


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (Duck(0, CANDIDATE, -20), "1 frame above .60, and 25 dB over the noise."),
        (Stop(0, HEARD), "5 frames above .60, and 31 dB over the noise."),
        (Stop(0, Reason(Cause.TALK_PRESSED, 0)), "You pressed the talk key."),
        (Restore(0, QUIET), "Quiet for 256 ms. Carried on."),
        (Restore(0, Reason(Cause.REPLY_ENDED, 0)), "It had finished before that was decided."),
        (CancelReply(0, HEARD), "5 frames above .60, and 31 dB over the noise, before the reply began."),
        (CancelReply(0, Reason(Cause.TIMED_OUT, 0)), "No reply for 30 s."),
        (
            Resume(0, Reason(Cause.NO_WORDS, 0), "where_it_stopped"),
            "No words came after the stop. Went on from where it stopped.",
        ),
        (
            Resume(0, Reason(Cause.LONG_QUIET, 0, needed_ms=16_000), "phrase_start"),
            "Quiet for 16 s. Went on from the phrase’s start.",
        ),
        (
            Wait(0, Reason(Cause.STOPPED_AGAIN, 0, needed_ms=8000), 8000),
            "Stopped again, and no words came. It waits: say “go on”, press F7, or let it be quiet for 8 s.",
        ),
        (
            Promise(0, HEARD),
            "5 frames above .60, and 31 dB over the noise. Its first sentence is protected. Your turn comes after it.",
        ),
        (Restore(0, Reason(Cause.KEPT, 0)), "Its first sentence is protected. Your turn comes after it."),
        (
            Stop(0, Reason(Cause.SENTENCE_OVER, 0, speech_ms=1440)),
            "You spoke for 1.4 s. Its first sentence is protected. Stopped at its end.",
        ),
        (OpenUtterance(0, Reason(Cause.WENT_ON, 0), 0), "The speech went on."),
        (CloseUtterance(0, Reason(Cause.TURN_ENDED, 0, quiet_ms=704), 0, 9, 500), "Quiet for 704 ms."),
        (
            CloseUtterance(0, Reason(Cause.SENTENCE_FINISHED, 0, quiet_ms=416, needed_ms=416), 0, 9, 500),
            "Quiet for 416 ms after a finished sentence.",
        ),
        (CloseUtterance(0, Reason(Cause.TOO_LONG, 0), 0, 9, 500), "The longest turn, 60 s."),
        (CloseUtterance(0, Reason(Cause.TALK_RELEASED, 0), 0, 9, 500), "You let the talk key go."),
        (DropUtterance(0, Reason(Cause.TOO_SHORT, 0)), "Too short for words."),
        (
            Overheard(0, Reason(Cause.QUIET, 0, p_peak=0.5, start=0.6), "near_miss", 320),
            "You spoke for 0.3 s and it did not stop: highest .50, needs .60.",
        ),
    ],
)
def test_every_command_has_its_sentence(command: Command, expected: str) -> None:
    assert sentence_of(command, Settings()) == expected


def test_figures_are_written_as_on_the_panel() -> None:
    assert (seconds(290), seconds(1600)) == ("0.29 s", "1.6 s")
    assert (probability(0.6), probability(0.071), probability(0.999)) == (".60", ".07", "1.0")
    assert level(-54.6) == "−55"
