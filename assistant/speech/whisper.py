"""Whisper as a recogniser, on this machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.settings import sections
from assistant.speech.ears import EARS_RATE, Around, EarsFailed, Following, Heard
from assistant.speech.hallucination import NOT_SURE, Doubt, Transcript, doubt, is_sure, without_loop
from assistant.speech.whisper_cuts import pieces
from assistant.speech.whisper_growing import GrowingUtterance
from assistant.speech.whisper_net import FRAME, FULL_WINDOW, Encoded, WhisperNet

SHORT_WINDOW = 1000
"""Mel frames: 10 s. It costs a fifth of 30 s; Whisper falls into loops in shorter ones (tests/benchmarks)."""
PADDING = 200
"""Mel frames of nothing at the end of a short window. Right after the speech the decoder says it again."""
LONGEST_QUICK = 1500
"""Mel frames of a quick final pass: over more it saves little."""

SHORTEST_QUICK = 1500 * EARS_RATE // 1000
"""Samples. A single word, such as "stop", is heard right in a full window far more often."""

_BEAM = 5
_SEARCH_FAILED = (Doubt.LOOP, Doubt.TOO_FAST)
_SURE_LANGUAGE = 0.5
"""Below it the language of the utterance before is likelier right (faster-whisper's default threshold)."""

Audio = npt.NDArray[np.float32]


class WhisperEars:
    """Whisper behind the Ears protocol. Owned by the hearing thread.

    `cancelled` is asked before each window, and between its encoder and its decoder. Inside these nothing can be
    stopped: a cancelled pass returns after at most one of them (on one core, tiny.en: 0.6 s for the encoder of a full
    window, 0.1 s for that of a short one, 0.1 to 0.3 s for the decoder).

    name: such as "Whisper tiny.en". language: code of what was heard last, "" before.
    """

    def __init__(self, folder: Path, ears: sections.Ears) -> None:
        """folder: a Whisper model in CTranslate2's format. Raises EarsFailed.

        Where `ears.final` is "quick" a final pass over 1.5 to 13 s first takes a short window, and the full one only
        where it is not sure of the words. That takes a third of the time where it is, and a third more where it is
        not; a name may be heard otherwise than in the full window.
        """
        self._net = WhisperNet(folder, ears.device)
        self._ears = ears
        self._growing: GrowingUtterance | None = None
        self._growing_language = ""
        self.name = f"Whisper {model_name(folder)}"
        self.language = ""
        self._chosen()

    def configure(self, ears: sections.Ears) -> None:
        """As Ears.configure. Another device, too, takes new ears."""
        self._ears = ears

    def hear(self, audio: Audio, around: Around, cancelled: Callable[[], bool]) -> Heard:
        """As Ears.hear. Longer than 30 s: in windows that end in pauses."""
        chosen = self._chosen()
        seconds = len(audio) / EARS_RATE
        texts: list[str] = []
        for piece in pieces(audio, FULL_WINDOW * FRAME):
            transcript = None if cancelled() else self._final(piece, chosen, around, cancelled)
            if transcript is None:
                return Heard(" ".join(texts), seconds, True if texts else None)
            if doubt(transcript, around.own_words) is None:
                texts.append(transcript.text.strip())
        return Heard(" ".join(texts), seconds, bool(texts))

    def follow(
        self, utterance: int, audio: Audio, around: Around, cancelled: Callable[[], bool]
    ) -> Following | None:
        """As Ears.follow. One short or full window at a look, a second one each time the first has filled."""
        if self._growing is None or self._growing.number != utterance:
            if self._ears.live == "off":
                return None
            frames = SHORT_WINDOW if self._ears.live == "short" else FULL_WINDOW
            self._growing = GrowingUtterance(utterance, (frames - PADDING) * FRAME)
            self._growing_frames = frames
            self._growing_language = self._chosen()

        def hear(window: Audio) -> str | None:
            return self._live(window, around, cancelled)

        return self._growing.look(audio, hear)

    def _final(
        self, piece: Audio, chosen: str, around: Around, cancelled: Callable[[], bool]
    ) -> Transcript | None:
        """The words of at most 30 s; None where that was cancelled."""
        short = max(SHORT_WINDOW, len(piece) // FRAME + PADDING)
        if self._ears.final == "quick" and len(piece) >= SHORTEST_QUICK and short <= LONGEST_QUICK:
            encoded = self._net.encode(piece, short)
            if cancelled():
                return None
            transcript = self._net.decode(encoded, self._language_of(encoded, chosen)[0], prompt=around.prompt)
            if is_sure(transcript):
                return transcript
            if cancelled():
                return None
        encoded = self._net.encode(piece, FULL_WINDOW)
        if cancelled():
            return None
        language, _ = self._language_of(encoded, chosen)
        transcript = self._net.decode(encoded, language, prompt=around.prompt)
        doubtful = doubt(transcript)
        if doubtful not in _SEARCH_FAILED and (doubtful or transcript.avg_logprob > NOT_SURE):
            return transcript  # noise is left at this: a wider search only finds a likelier sentence for it
        if cancelled():
            return None
        # Without the prompt, which Whisper may only have repeated.
        again = self._net.decode(encoded, language, beam=_BEAM)
        return max(transcript, again, key=lambda each: (doubt(each) is None, each.avg_logprob))

    def _live(self, window: Audio, around: Around, cancelled: Callable[[], bool]) -> str | None:
        """What a window says, without what was made up; None where that was cancelled."""
        if cancelled():
            return None
        encoded = self._net.encode(window, self._growing_frames)
        if cancelled():
            return None
        language, sure = self._language_of(encoded, self._growing_language)
        if sure:
            self._growing_language = language
        transcript = self._net.decode(encoded, language, prompt=around.prompt)
        # A short window is easily said twice: what is said twice on purpose can wait for the final pass.
        told = replace(transcript, text=without_loop(transcript.text, times=2))
        return "" if doubt(told) else told.text

    def _chosen(self) -> str:
        """Code of the language that was chosen, or is the only one; "" to find out. Raises EarsFailed for another."""
        if not self._net.multilingual:
            return "en"
        language = self._ears.language.strip().lower()
        if language in ("", "auto"):
            return ""
        if language not in self._net.languages:
            raise EarsFailed(
                f"{self.name} knows no language “{language}”. Set Spoken language to auto, or to a code such as en."
            )
        return language

    def _language_of(self, encoded: Encoded, chosen: str) -> tuple[str, bool]:
        """The language of a window, and whether that is certain. Keeps to the one before where it is not."""
        if chosen:
            self.language = chosen
            return chosen, True
        language, probability = self._net.language_of(encoded)
        sure = probability >= _SURE_LANGUAGE
        if sure or not self.language:
            self.language = language
        return self.language, sure


def model_name(folder: Path) -> str:
    """Which Whisper a folder holds, by its name or, in a Hugging Face cache, by that of the repository around it."""
    for part in reversed(folder.parts):
        found = re.fullmatch(r"(?:models--.+--)?(?:faster-)?(distil-)?whisper-(.+?)(?:-ct2)?", part)
        if found:
            return (found[1] or "") + found[2]
    return folder.name
