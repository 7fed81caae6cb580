"""Which phonemes are which word's, and how well their times can be guessed where a voice does not tell them."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest

from assistant.settings import sections
from assistant.speech.espeak import EspeakVoice
from assistant.speech.piper_file import PiperDescription
from assistant.speech.piper_marks import starts_by_phonemes
from assistant.speech.piper_phonemes import Phonemiser, word_pieces
from assistant.speech.voice import VOICE_RATE
from assistant.speech.words import word_spans
from tests.speech.spoken import Spoken


def phonemiser(language: str | None, clusters: tuple[tuple[str, ...], ...] = ()) -> Phonemiser:
    return Phonemiser(PiperDescription(22_050, language, {}, 1, 0, 0.667, 1.0, 0.8, clusters))


def words_of(phrase: str, language: str = "en-us") -> dict[str, str]:
    """Each written word and the phonemes up to the next, without spaces, marks of stress and punctuation."""
    spans = word_spans(phrase)
    said = {}
    for run in phonemiser(language).runs(phrase, 10_000):
        for (at, word), end in zip(run.words, [*(at for at, _ in run.words[1:]), len(run.symbols)], strict=True):
            letters = "".join(run.symbols[at:end])
            said[phrase[spans[word].at : spans[word].end]] = "".join(c for c in letters if c not in "ˈˌ .,;:?! ")
    return said


@pytest.mark.parametrize(
    ("language", "phrase", "words"),
    [
        ("en-us", "one of the men", {"one": "wʌn", "of": "ʌv", "the": "ðə", "men": "mɛn"}),
        ("en-us", "in 1998 ships sank", {"1998": "naɪntiːnhʌndɹɪdnaɪntieɪt", "ships": "ʃɪps"}),
        ("en-us", "paid $5.50 (about 3.5 %) to us", {"paid": "peɪd", "5.50": "dɑːlɚfaɪvpɔɪntfaɪvziəɹoʊ", "to": "tʊ"}),
        ("en-us", "Dr. Smith, e.g., of the U.S. navy", {"Dr": "dɑːktɚ", "Smith": "smɪθ", "U.S": "juːɛs"}),
        ("en-us", "the café — e.g. at 10:30 a.m. now", {"e.g": "fɔːɹɛɡzæmpəl", "at": "æt", "a.m": "eɪɛm"}),
        ("en-us", "a well-known his/her book", {"well-known": "wɛlnoʊn", "his": "hɪzɔːɹ", "her": "hɜː", "book": "bʊk"}),
        ("de", "Am 3. Mai kamen 42 Gäste", {"3": "draɪ", "Mai": "maɪ", "42": "tsvaɪʊntfɪɾtsɪç", "Gäste": "ɡɛstə"}),
    ],
)
def test_each_written_word_gets_its_own_phonemes(language: str, phrase: str, words: dict[str, str]) -> None:
    said = words_of(phrase, language)
    assert {word: unicodedata.normalize("NFC", said[word]).replace("ʲ", "") for word in words} == words


def test_pieces_keep_the_signs_of_their_word() -> None:
    assert word_pieces("“So, $5 % — he/she (now).") == ["“So, ", "$5 % — ", "he/", "she ", "(now)."]
    assert word_pieces("… !") == []


def test_a_title_does_not_end_a_sentence() -> None:
    assert len(phonemiser("en-us").runs("Dr. Smith saw Mrs. Jones.", 10_000)) == 1
    assert len(phonemiser("en-us").runs("Smith saw her. Jones too.", 10_000)) == 2


def test_a_long_sentence_is_cut_at_its_clauses() -> None:
    phrase = "When the light had gone, he put down his cup, went to the window, and looked at the harbour for long."
    runs = phonemiser("en-us").runs(phrase, 40)
    assert len(runs) > 2
    assert all("".join(run.symbols).endswith((", ", ".")) for run in runs)
    assert [word for run in runs for _, word in run.words] == list(range(len(word_spans(phrase))))


def test_a_sentence_without_clauses_is_cut_between_words() -> None:
    runs = phonemiser("en-us").runs("and then they all " * 20, 60)
    assert max(len(run.symbols) for run in runs) <= 120
    assert all(run.symbols[-1] == " " for run in runs[:-1])


def test_a_voice_of_letters_speaks_letters() -> None:
    (run,) = phonemiser(None).runs("naïve men", 100)
    assert "".join(run.symbols) == "nai\u0308ve men"
    assert run.words == ((0, 0), (7, 1))


def test_clusters_count_as_one() -> None:
    (run,) = phonemiser("en-us", (("a", "ɪ"),)).runs("my", 100)
    assert "aɪ" in run.symbols


def test_the_guess_is_right_to_within_a_word_against_recorded_speech() -> None:
    """Recorded is eSpeak NG, which tells where its words begin. Looked at every 20 ms, as an interruption would."""
    spoken_by = phonemiser("en-us")
    off_words = []
    for phrase in SENTENCES:
        recorded = Spoken()
        EspeakVoice(sections.Voice(language="en-us")).speak(phrase, recorded.emit)
        (run,) = spoken_by.runs(phrase, 10_000)
        guessed = np.array(starts_by_phonemes(run, recorded.audio, VOICE_RATE))
        known = np.array([mark.sample for mark in recorded.words])
        for now in range(0, len(recorded.audio), VOICE_RATE // 50):
            off_words.append(abs(int((guessed <= now).sum()) - int((known <= now).sum())))
    assert np.mean(np.array(off_words) <= 1) > 0.98
    assert max(off_words) <= 2


SENTENCES = [
    sentence.strip() + "."
    for line in (Path(__file__).parents[2] / "resources").rglob("passages/*")
    if line.is_file()
    for sentence in line.read_text(encoding="utf-8").replace("\n", " ").split(".")[:4]
    if 6 <= len(sentence.split()) <= 25 and not set(sentence) & set("?!:;“”\"")
][:8]
