"""The recogniser, the partner and the voice that the settings name, each made on the thread that will own it."""

from __future__ import annotations

from collections.abc import Callable

from assistant.brain.company import Company
from assistant.brain.partner import Partner, PartnerFailed, Thought
from assistant.brain.passages import load_passages
from assistant.brain.rehearsal import RehearsalPartner
from assistant.models.offline import keep_loaders_offline
from assistant.models.shelf import ModelMissing, Shelf
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
    keep_loaders_offline()
    from assistant.speech.whisper import WhisperEars

    try:
        return WhisperEars(Shelf().find("ears", ears.model), ears)
    except ModelMissing as missing:
        raise EarsFailed(str(missing)) from missing


def chosen_partner(brain: sections.Brain, note: Callable[[Thought], None], tell: Callable[[Failure], None]) -> Partner:
    """A language model that cannot be loaded is told, and leaves Rehearsal."""
    rehearsal = RehearsalPartner(load_passages(), brain)
    if not brain.model:
        return Company(rehearsal, None)
    keep_loaders_offline()
    from assistant.brain.llama_partner import LlamaPartner

    try:
        return Company(rehearsal, LlamaPartner(Shelf().find("mind", brain.model), brain, note))
    except (ModelMissing, PartnerFailed) as failure:
        tell(Failure("partner", "model_failed", str(failure), "Until then Rehearsal answers."))
        return Company(rehearsal, None)


def chosen_voice(voice: sections.Voice, tell: Callable[[Failure], None]) -> Voice:
    """Raises VoiceFailed where not even eSpeak NG can speak."""

    def espeak() -> Voice:
        return Levelled(EspeakVoice(voice), ESPEAK_LUFS)

    def piper() -> Voice:
        from assistant.speech.piper import USUAL_LUFS, PiperSpeech

        try:
            return Levelled(PiperSpeech(Shelf().find("voice", voice.model), voice), USUAL_LUFS)
        except ModelMissing as missing:
            raise VoiceFailed(str(missing)) from missing

    if not voice.model:
        return espeak()
    return FallbackVoice(piper, espeak, lambda why: tell(Failure("voice", "voice_broke", why)), voice)
