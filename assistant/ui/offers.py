"""What a setting that is a text may be chosen from: devices, voices, passages, as far as they are known now."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

RETRY_MS = 250
EMPTY = {
    "audio.input": "System default",
    "audio.output": "System default",
    "brain.passage": "The first one",
    "ears.model": "None",
    "brain.model": "None",
    "voice.model": "None, speak with eSpeak NG",
}
"""What is said for the empty text of these settings."""
LANGUAGES = {
    "auto": "Found out by itself",
    "ar": "Arabic",
    "zh": "Chinese",
    "cs": "Czech",
    "da": "Danish",
    "nl": "Dutch",
    "en": "English",
    "fi": "Finnish",
    "fr": "French",
    "de": "German",
    "el": "Greek",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "es": "Spanish",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}
"""The most spoken of Whisper's languages; the settings file takes the code of any other."""


class Offers(QObject):
    """Owned by the GUI thread. changed: the key of a setting for which there is another choice."""

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._offers: dict[str, dict[str, str]] = {"audio.input": {}, "audio.output": {}, "ears.language": LANGUAGES}
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(RETRY_MS)
        self._retry.timeout.connect(self.look_for_voices)

    def offer(self, key: str, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these values, each with the words for it, besides the empty one."""
        self._offers[key] = dict(choices)
        self.changed.emit(key)

    def has(self, key: str) -> bool:
        """Whether a setting is chosen from a list."""
        return key in self._offers

    def choices(self, key: str, current: str) -> dict[str, str]:
        """Value → words; the present value is always among them."""
        empty = {"": EMPTY[key]} if key in EMPTY else {}
        found = {**empty, **self._offers.get(key, {})}
        if current not in found:
            found[current] = f"{current}, not here" if key.startswith("audio.") else current
        return found

    def look(self) -> None:
        """Find what is found by reading; costs some 10 ms, so it is done when the settings are first looked at."""
        from assistant.brain.passages import load_passages

        self.offer("brain.passage", ((passage.title, passage.title) for passage in load_passages()))
        self.look_for_voices()

    def look_for_voices(self) -> None:
        """List the voices of eSpeak NG, or try again soon while it is speaking: the window must not wait for that."""
        from assistant.speech import libespeak  # a tenth of a second that the window does not wait for
        from assistant.speech.voice import VoiceFailed

        if not libespeak.LOCK.acquire(blocking=False):
            self._retry.start()
            return
        try:
            voices = libespeak.library().voices()
        except VoiceFailed:
            voices = ()  # whoever wants to speak is told
        finally:
            libespeak.LOCK.release()
        if voices:
            named = sorted(((voice.code, voice.name.replace("_", " ")) for voice in voices), key=lambda one: one[1])
            self.offer("voice.language", ((code, f"{name} ({code})") for code, name in named))
