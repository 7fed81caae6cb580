"""The words of the notices about sound, settings and what failed."""

from __future__ import annotations

from assistant.audio.health import SoundHealth
from assistant.settings import notice as settings
from assistant.ui.notice import Notice
from assistant.workers.failure import Failure, Stage

SOUND, LATE, SETTINGS_FILE, SETUP = "sound", "sound.late", "settings.file", "setup"

MODELS = {
    "ears_missing": "The recogniser cannot be used",
    "model_failed": "The language model cannot be used",
    "voice_broke": "Another voice speaks for now",
}
"""By the failure's code: a model that could not be loaded, so that another one has to be chosen."""

_FAILED: dict[Stage, str] = {
    "sound": "The sound broke off",
    "detector": "The speech detector is missing",
    "ears": "That was not understood",
    "partner": "No answer this time",
    "voice": "The voice broke off",
    "settings": "A file could not be written",
}


def sound_notice(health: SoundHealth) -> Notice | None:
    """None while all is well, or while it is too early to tell."""
    match health.state:
        case "lost" if not health.openings:
            text = f"{health.message} Talk with the simulated room, or plug something in."
            return Notice(SOUND, "error", "No sound device here", text, "Open the room")
        case "lost":
            text = f"{health.message} Interject tries again every second."
            return Notice(SOUND, "error", "The sound device went away", text, "Open the room")
        case _:
            return None


def late_notice(times: int) -> Notice:
    """times: xruns in the last minute."""
    text = "The processor is busy. Blocks of 20 ms help."
    return Notice(LATE, "warning", f"Sound was late {times} times in a minute", text, "Use 20 ms")


def settings_notice(told: settings.Notice) -> Notice:
    return Notice(SETTINGS_FILE, "warning", told.title, f"{told.text} {told.remedy}", "Open file")


def failure_notice(failure: Failure | None, unforeseen: str = "") -> Notice:
    """A stage's failure, or an error that no stage foresaw."""
    if failure is None:
        text = f"{unforeseen}. The details are in the log."
        return Notice("unexpected", "warning", "Something went wrong inside", text)
    text = f"{failure.message} {failure.remedy}".strip()
    if failure.code in MODELS:
        return Notice(failure.code, "error", MODELS[failure.code], text, "Open Models")
    return Notice(failure.code, "warning", _FAILED[failure.stage], text)
