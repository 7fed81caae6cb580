"""Whisper's tokens are read from its own vocabulary, without a tokenizer."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speech.whisper_vocabulary import VocabularyBroken, WhisperVocabulary, read_vocabulary

SPECIAL = [
    *("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|haw|>", "<|translate|>", "<|transcribe|>"),
    *("<|startoflm|>", "<|startofprev|>", "<|nocaptions|>", "<|notimestamps|>", "<|0.00|>"),
]
BYTES = [chr(at) for at in (*range(33, 127), *range(161, 173), *range(174, 256), *range(256, 324))]


def vocabulary(*merged: str) -> WhisperVocabulary:
    return WhisperVocabulary([*BYTES, *merged, *SPECIAL])


@given(st.text())
def test_any_text_survives(text: str) -> None:
    known = vocabulary("Ġt", "he", "Ġthe")
    assert known.text(known.ids(text)) == text


def test_pairs_are_merged_in_the_order_of_their_ids() -> None:
    known = vocabulary("bc", "ab")
    first = len(BYTES)
    assert known.ids("abcd") == [BYTES.index("a"), first, BYTES.index("d")]


def test_a_known_word_is_one_token() -> None:
    known = vocabulary("Ġhello")
    assert known.ids(" hello") == [len(BYTES)]


def test_special_tokens_and_broken_characters_have_no_text() -> None:
    known = vocabulary()
    half = known.ids("é")[:1]
    assert known.text([*known.ids("on"), *half, known.no_timestamps]) == "on"


def test_languages_are_those_with_a_code() -> None:
    assert set(vocabulary().languages) == {"en", "haw"}


def test_both_kinds_of_file_are_read(tmp_path: Path) -> None:
    tokens = [*BYTES, "", *SPECIAL]
    (tmp_path / "vocabulary.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    assert read_vocabulary(tmp_path).end == len(BYTES) + 1
    (tmp_path / "vocabulary.json").write_text(json.dumps(tokens[1:]), encoding="utf-8")
    assert read_vocabulary(tmp_path).end == len(BYTES)


@pytest.mark.parametrize("text", ["", "[1, 2]", '{"a": 1}', '["a", "b"]', "["])
def test_what_is_no_vocabulary_of_whisper_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(VocabularyBroken):
        read_vocabulary(tmp_path)
    (tmp_path / "vocabulary.json").write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyBroken):
        read_vocabulary(tmp_path)
