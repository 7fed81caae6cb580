"""What hears and what speaks: the detector, the voice, and the files that ship with the program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from assistant.commands.checkup.finding import INSTALL_REMEDY, Finding

_PHRASE = "All is well."


def detector() -> Iterator[Finding]:
    """Loads the speech detector and decides a few frames."""
    import numpy as np
    import onnxruntime

    from assistant.audio.front_end import FRAME, RATE, FrontEnd
    from assistant.commands.checkup.choices import present
    from assistant.settings.paths import MissingResource
    from assistant.settings.sections import FRAME_MS
    from assistant.speech.detectors import chosen_detector
    from assistant.speech.head import HeadMissing
    from assistant.speech.silero import VadMissing

    settings = present().settings
    try:
        detect = chosen_detector(settings.vad)
    except (VadMissing, HeadMissing, MissingResource) as missing:
        yield Finding("Detector", "problem", "The detector cannot be loaded.", str(missing))
        return
    silence = np.zeros(FRAME, np.float32)
    (frame,) = FrontEnd(RATE, settings).push(silence, silence)
    took = []
    for _ in range(20):
        began = time.perf_counter()
        detect(frame)
        took.append((time.perf_counter() - began) * 1e3)
    ms = median(took)
    told = f"{detect.name} on onnxruntime {onnxruntime.__version__}: {ms:.2f} ms for a frame of {FRAME_MS} ms"
    slow = ms > FRAME_MS / 4
    remedy = "This processor is slow or busy: close other programs." if slow else ""
    yield Finding("Detector", "warning" if slow else "ok", told, remedy, {"detector_ms": ms})


def voice() -> Iterator[Finding]:
    """Speaks a phrase into nothing, with the voice that the settings name."""
    from assistant.commands.checkup.choices import present
    from assistant.settings.sections import Voice
    from assistant.speech.espeak import EspeakVoice
    from assistant.speech.voice import VOICE_RATE, SpokenChunk, VoiceFailed

    chunks: list[tuple[float, int]] = []

    def take(chunk: SpokenChunk) -> bool:
        chunks.append((time.perf_counter(), len(chunk.audio)))
        return True

    try:
        EspeakVoice(Voice()).speak(_PHRASE, lambda _: False)  # loads the library and its data
    except VoiceFailed as failed:
        yield Finding("Voice", "problem", "eSpeak NG does not speak.", str(failed))
        return
    wanted = present().settings.voice
    began = time.perf_counter()
    try:
        EspeakVoice(wanted).speak(_PHRASE, take)
    except VoiceFailed as failed:
        yield Finding(
            "Voice", "warning", f"The voice “{wanted.language}” does not speak.", f"{failed} (voice.language)"
        )
        return
    if not chunks:
        yield Finding("Voice", "problem", "eSpeak NG speaks, but no sound comes.", INSTALL_REMEDY)
        return
    first_ms = (chunks[0][0] - began) * 1e3
    seconds = sum(n for _, n in chunks) / VOICE_RATE
    told = f"eSpeak NG, {wanted.language}: first sound after {first_ms:.1f} ms, {seconds:.1f} s of speech"
    yield Finding("Voice", "ok", told, figures={"voice_first_sound_ms": first_ms})


def resources() -> Iterator[Finding]:
    """Passages to read, noises to try and the window's icons."""
    from assistant.brain.partner import PartnerFailed
    from assistant.brain.passages import load_passages
    from assistant.settings.paths import MissingResource, resource
    from assistant.speech.sounds import SoundsUnreadable, load_sounds

    try:
        told = f"{len(load_passages())} passages, {len(load_sounds())} noises, icons"
        resource("icons")
    except (PartnerFailed, SoundsUnreadable, MissingResource) as missing:
        yield Finding("Files", "problem", str(missing), "Install Interject again.")
        return
    yield Finding("Files", "ok", told)
