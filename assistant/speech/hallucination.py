"""Tells words that somebody spoke from words that Whisper made up, or that were Interject's own.

Whisper writes fluent sentences for noise, falls into loops, and ends a silence as a subtitle would. Each sign alone
also appears with real speech, so that most count only together with low confidence. Nothing here knows a model.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import Enum

from assistant.speech.agreement import where_ends, words_of
from assistant.turns.words import plain_words

NO_SPEECH = 0.6
UNSURE = -1.0
"""Natural logarithm, mean per token. With NO_SPEECH and COMPRESSIBLE: openai/whisper, transcribe.py, the defaults."""
COMPRESSIBLE = 2.4

GUESSED = -1.5
"""So unsure was tiny.en of 10 of 40 noises, and of none of 90 recordings of speech."""
NOT_SURE = -0.5
"""Above it, tiny.en heard the same in a short window as in a full one in 24 of 25 recordings of a few words, and in 28
of 34 of whole sentences; the others differed in a word or two, mostly names."""
GHOST_UNSURE = -0.35
GHOST_NO_SPEECH = 0.3
OWN_SHARE = 0.75
"""Of the words that must be found in what Interject said. Echo is misheard, so that not all are."""
OWN_FEW = 2
"""So few words are said back on purpose ("Tuesday?"): they count as echo only where Whisper is not sure of them."""

WORDS_PER_S = 9
"""Nobody says more: fast talkers reach 5 to 6."""

GHOSTS = frozenset(
    plain_words(line)
    for line in (
        "you", "bye", "bye bye", "so", "oh", "uh", "hmm", "the", "i", "okay", "thank you", "thank you very much",
        "thank you so much", "thank you for watching", "thanks for watching", "thanks for listening",
        "please subscribe", "please subscribe to my channel", "like and subscribe", "see you next time",
        "see you in the next video", "i'll see you next time", "i'm sorry",
        "subtitles by the amara.org community", "subs by www.zeoranger.co.uk",
        "transcription by castingwords", "transcribed by otter.ai",
        "untertitel der amara.org-community", "untertitelung des zdf", "untertitelung im auftrag des zdf für funk",
        "vielen dank", "vielen dank fürs zuschauen", "bis zum nächsten mal",
        "sous-titres réalisés par la communauté d'amara.org", "sous-titrage société radio-canada", "merci",
        "merci d'avoir regardé cette vidéo", "sottotitoli creati dalla comunità amara.org", "grazie",
        "grazie per la visione", "subtítulos realizados por la comunidad de amara.org", "gracias",
        "¡gracias por ver el video!", "legendas pela comunidade amara.org", "obrigado", "bedankt voor het kijken",
        "ondertitels ingediend door de amara.org gemeenschap", "napisy stworzone przez społeczność amara.org",
        "субтитры сделал dimatorzok", "продолжение следует", "спасибо за просмотр", "ご視聴ありがとうございました",
        "謝謝觀看", "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "시청해 주셔서 감사합니다",
    )
)  # fmt: skip
"""What Whisper says most often where nobody speaks: endings of subtitled videos."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What one pass heard.

    avg_logprob: of its tokens, natural logarithm. p_no_speech: 0 to 1. seconds: of the sound. tokens: how many.
    """

    text: str
    avg_logprob: float
    p_no_speech: float
    seconds: float
    tokens: int = 0


class Doubt(Enum):
    """Why a transcript holds nothing that somebody said."""

    EMPTY = "nothing but punctuation"
    NO_SPEECH = "taken for no speech, and not sure of the words"
    GUESSED = "not sure of any word"
    LOOP = "one phrase again and again"
    TOO_FAST = "more words than anybody could say"
    GHOST = "a sentence that is often made up, and not sure of it"
    OWN_WORDS = "Interject's own words"


def doubt(transcript: Transcript, own_words: str = "") -> Doubt | None:
    """The reason to leave a transcript out, or None. own_words: what Interject was saying meanwhile."""
    words = plain_words(transcript.text)
    if not words:
        return Doubt.EMPTY
    if transcript.p_no_speech > NO_SPEECH and transcript.avg_logprob < UNSURE:
        return Doubt.NO_SPEECH
    if transcript.avg_logprob < GUESSED:
        return Doubt.GUESSED
    if is_loop(transcript.text):
        return Doubt.LOOP
    # Scripts without spaces are counted by the letter: they are not judged here.
    if len(words) > 4 and len(transcript.text.split()) > WORDS_PER_S * transcript.seconds:
        return Doubt.TOO_FAST
    if words in GHOSTS and (transcript.avg_logprob < GHOST_UNSURE or transcript.p_no_speech > GHOST_NO_SPEECH):
        return Doubt.GHOST
    if (len(words) > OWN_FEW or transcript.avg_logprob < NOT_SURE) and is_said_in(transcript.text, own_words):
        return Doubt.OWN_WORDS
    return None


def is_sure(transcript: Transcript) -> bool:
    """Whether a pass over a shortened window may stand for the full one."""
    return (
        transcript.avg_logprob > NOT_SURE
        and transcript.p_no_speech < GHOST_NO_SPEECH
        and without_loop(transcript.text, times=2) == transcript.text
        and doubt(transcript) is None
    )


def compression_ratio(text: str) -> float:
    """Bytes of UTF-8 over bytes after zlib: repetition compresses (openai/whisper, utils.py)."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def is_loop(text: str) -> bool:
    """Whether hardly anything is left of the text once its repetitions are."""
    words = words_of(text)
    kept = words_of(without_loop(text))
    return compression_ratio(text) > COMPRESSIBLE and (len(kept) * 2 < len(words) or len(kept) == len(words))


def without_loop(text: str, times: int = 3) -> str:
    """The text up to and with the first of at least `times` equal phrases in a row that reach its end.

    A single word may be said several times on purpose ("no, no, no"): it needs two repetitions more. A last phrase that
    was broken off belongs to the loop.
    """
    words = words_of(text)
    spoken = ["".join(plain_words(word)) for word in words]
    for length in range(1, len(words) // times + 1):
        needed = times + 2 if length == 1 else times
        start = len(words) - 1
        while start >= length and spoken[start] == spoken[start - length]:
            start -= 1
        first = start - length + 1
        if len(words) - first >= needed * length:
            return "".join(words[: first + length]).strip()
    return text


def is_said_in(text: str, own_words: str) -> bool:
    """Whether most of the words stand in `own_words`, in this order and about as close together.

    The stretch of `own_words` is sought that needs the fewest words replaced, inserted or left out.
    """
    words, own = plain_words(text), plain_words(own_words)
    if not words or not own:
        return False
    # A free beginning is tried at each word of what was said; where_ends() leaves the end free.
    starts = (own[at : at + 2 * len(words)] for at in range(len(own)))
    edits = min(where_ends(words, stretch).edits for stretch in starts)
    return edits <= (1 - OWN_SHARE) * len(words)
