"""The recogniser, the partner and the voice that the settings name, each made on the thread that will own it."""

from __future__ import annotations

from collections.abc import Callable

from assistant.brain.company import Company
from assistant.brain.partner import Partner, Thought
from assistant.brain.passages import load_passages
from assistant.brain.rehearsal import RehearsalPartner
from assistant.settings.sections import Settings
from assistant.speech.ears import Ears, NoEars
from assistant.speech.espeak import EspeakVoice
from assistant.speech.voice import Voice
from assistant.workers.failure import Failure


def chosen_ears(settings: Settings) -> Ears:
    return NoEars()


def chosen_partner(settings: Settings, note: Callable[[Thought], None], tell: Callable[[Failure], None]) -> Partner:
    return Company(RehearsalPartner(load_passages(), settings.brain), None)


def chosen_voice(settings: Settings, tell: Callable[[Failure], None]) -> Voice:
    return EspeakVoice()
