"""Talkers that the training makes itself: eSpeak NG in many voices and languages.

A few minutes of recordings hold too few talkers and languages; a network that hears these besides learns less of them
by heart. They sound like nobody, so they are never what a network is judged by.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import soxr

from assistant.lab.train.clips import RATE, Clip
from assistant.settings import sections
from assistant.speech.espeak import EspeakVoice
from assistant.speech.voice import VOICE_RATE, SpokenChunk

VARIANTS = (
    "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "croak", "Andy", "Annie",
    "Alex", "Alicia", "Andrea", "Denis", "Diogo", "Gene", "Hugo", "Jacky", "Lee", "Marco", "Michael", "Mike",
    "Storm", "antonio", "aunty", "belinda", "boris", "ed", "grandma", "grandpa", "gustave", "iven", "john",
    "linda", "marcelo", "max", "miguel", "pablo", "paul", "quincy", "rob", "robert", "sandro", "shelby",
    "steph", "travis", "victor", "zac",
)
"""Those with a voice of their own: not the whispering, the robots, and those that want the Klatt synthesiser."""
SENTENCES = {
    "en-us": (
        "Wait, stop there.",
        "Sorry, one question.",
        "Can I ask you something?",
        "No, I meant the other one.",
        "Okay, but what about tomorrow?",
        "Yes please.",
        "Hold on a second, I did not get that.",
        "Turn the lights off in the kitchen.",
        "What is the weather going to be like this weekend?",
        "How far is it to the station from here?",
    ),
    "de": (
        "Warte mal kurz.",
        "Entschuldigung, eine Frage.",
        "Nein, das meinte ich nicht.",
        "Stopp.",
        "Wie wird das Wetter am Wochenende?",
        "Mach bitte das Licht in der Küche aus.",
        "Ja, genau, aber was ist mit morgen?",
        "Kannst du das noch einmal sagen?",
    ),
    "fr": (
        "Attends un peu.",
        "Pardon, une question.",
        "Non, ce n'est pas ça.",
        "Arrête.",
        "Quel temps fera-t-il ce week-end ?",
        "Éteins la lumière de la cuisine.",
        "Oui, mais demain alors ?",
        "Tu peux répéter, s'il te plaît ?",
    ),
    "es": (
        "Espera un momento.",
        "Perdona, una pregunta.",
        "No, no es eso.",
        "Para.",
        "¿Qué tiempo hará este fin de semana?",
        "Apaga la luz de la cocina.",
        "Sí, pero ¿y mañana?",
        "¿Puedes repetirlo, por favor?",
    ),
    "it": ("Aspetta un attimo.", "Scusa, una domanda.", "No, non intendevo questo.", "Che tempo farà domani?"),
    "pl": ("Poczekaj chwilę.", "Przepraszam, mam pytanie.", "Nie, nie o to chodzi.", "Jaka będzie jutro pogoda?"),
    "ru": ("Подожди минутку.", "Извини, один вопрос.", "Нет, я не это имел в виду.", "Какая завтра погода?"),
    "hi": ("रुको ज़रा.", "एक सवाल है.", "नहीं, वह नहीं.", "कल मौसम कैसा रहेगा?"),
    "tr": ("Bir dakika bekle.", "Pardon, bir sorum var.", "Hayır, onu demek istemedim.", "Yarın hava nasıl olacak?"),
    "sv": ("Vänta lite.", "Ursäkta, en fråga.", "Nej, det menade jag inte.", "Hur blir vädret imorgon?"),
    "cmn": ("等一下。", "对不起,我有一个问题。", "不,不是这个。", "明天天气怎么样?"),
    "pt-br": ("Espera um pouco.", "Desculpe, uma pergunta.", "Não, não é isso.", "Como vai estar o tempo amanhã?"),
}
ENGLISH_SHARE = 0.4
CHILDREN_SHARE = 0.2
HIGHEST = 1.6
"""A child's vocal tract is up to so much shorter than an adult's: all its voice lies higher, its pace does not."""
FOLDER = "eSpeak NG"


@dataclass(frozen=True, slots=True)
class Talker:
    """language: as in SENTENCES. voice: for eSpeak NG. higher: how much faster the sound is played than it was made."""

    language: str
    voice: sections.Voice
    higher: float


def talkers(count: int, seed: int) -> list[Talker]:
    """Draws so many. Those played faster talk more slowly first."""
    rng = np.random.default_rng(seed)
    languages = list(SENTENCES)
    drawn = []
    for number in range(count):
        variant = VARIANTS[number % len(VARIANTS)]
        language = languages[0] if rng.random() < ENGLISH_SHARE else languages[int(rng.integers(len(languages)))]
        higher = rng.uniform(1.2, HIGHEST) if rng.random() < CHILDREN_SHARE else 1.0
        voice = sections.Voice(
            language=f"{language}+{variant}",
            words_per_minute=int(rng.integers(130, 240) / higher),
            pitch=int(rng.integers(20, 95)),
        )
        drawn.append(Talker(language, voice, higher))
    return drawn


def synthetic_clips(count: int, folds: int, seed: int) -> list[Clip]:
    """The sentences of so many talkers, each in one language; they go round the folds. Raises VoiceFailed.

    A process of its own makes them: how eSpeak NG says a sentence depends on all that it said before.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        return fresh.submit(_clips, talkers(count, seed), folds).result()


def _clips(who: list[Talker], folds: int) -> list[Clip]:
    clips = []
    for number, talker in enumerate(who):
        voice = EspeakVoice(talker.voice)
        for at, sentence in enumerate(SENTENCES[talker.language]):
            sound = _spoken(voice, sentence, talker.higher)
            clips.append(Clip(f"{number}-{at}", f"{FOLDER} {number}", number % folds, sound))
    return clips


def _spoken(voice: EspeakVoice, sentence: str, higher: float) -> np.ndarray:
    """(n,) float32, 16 kHz, with some silence around it as in a recording."""
    chunks: list[np.ndarray] = []

    def take(chunk: SpokenChunk) -> bool:
        chunks.append(chunk.audio)
        return True

    voice.speak(sentence, take)
    silence = np.zeros(RATE // 5, np.float32)
    sound = np.asarray(soxr.resample(np.concatenate(chunks), VOICE_RATE * higher, RATE), np.float32)
    return np.concatenate([silence, sound, silence])
