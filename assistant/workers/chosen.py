"""The recogniser, the partner and the voice that the settings name, each made on the thread that will own it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.brain.company import Company
from assistant.brain.partner import Partner, PartnerFailed, Thought
from assistant.brain.passages import load_passages
from assistant.brain.rehearsal import RehearsalPartner
from assistant.models.catalogue import Kind
from assistant.models.offline import keep_loaders_offline
from assistant.models.refused import Refused
from assistant.models.shelf import ModelMissing, Shelf
from assistant.models.trial import admit
from assistant.settings import sections
from assistant.speech.ears import Ears, EarsFailed, NoEars
from assistant.speech.espeak import USUAL_LUFS as ESPEAK_LUFS
from assistant.speech.espeak import EspeakVoice
from assistant.speech.fallback import FallbackVoice
from assistant.speech.loudness import Levelled
from assistant.speech.voice import Voice, VoiceFailed
from assistant.workers.failure import Failure


def chosen_ears(ears: sections.Ears) -> Ears:
    """Raises EarsFailed."""
    if not ears.model:
        return NoEars()
    path = _path("ears", ears.model, EarsFailed)
    from assistant.speech.whisper import WhisperEars

    return WhisperEars(path, ears)


def chosen_partner(brain: sections.Brain, note: Callable[[Thought], None], tell: Callable[[Failure], None]) -> Partner:
    """A language model that cannot be loaded is told, and leaves Rehearsal."""
    rehearsal = RehearsalPartner(load_passages(), brain)
    if not brain.model:
        return Company(rehearsal, None)
    try:
        path = _path("mind", brain.model, PartnerFailed)
        from assistant.brain.llama_partner import LlamaPartner

        return Company(rehearsal, LlamaPartner(path, brain, note))
    except PartnerFailed as failure:
        tell(Failure("partner", "model_failed", str(failure), "Until then Rehearsal answers."))
        return Company(rehearsal, None)


def chosen_voice(voice: sections.Voice, tell: Callable[[Failure], None]) -> Voice:
    """Raises VoiceFailed where not even eSpeak NG can speak."""

    def espeak() -> Voice:
        return Levelled(EspeakVoice(voice), ESPEAK_LUFS)

    def piper() -> Voice:
        path = _path("voice", voice.model, VoiceFailed)
        from assistant.speech.piper import USUAL_LUFS, PiperSpeech

        return Levelled(PiperSpeech(path, voice), USUAL_LUFS)

    if not voice.model:
        return espeak()
    return FallbackVoice(piper, espeak, lambda why: tell(Failure("voice", "voice_broke", why)), voice)


def _path(kind: Kind, name: str, failure: type[Exception]) -> Path:
    """Where the model lies; one that was never loaded here is tried in a child process first. Raises `failure`."""
    keep_loaders_offline()
    shelf = Shelf()
    try:
        path = shelf.find(kind, name)
        admit(shelf, kind, path)
    except (ModelMissing, Refused) as why:
        raise failure(str(why)) from why
    return path
