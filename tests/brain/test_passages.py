"""The passages that ship."""

from pathlib import Path

import pytest

from assistant.brain.partner import PartnerFailed
from assistant.brain.passages import load_passages


def test_the_passages_that_ship_are_good_to_read_aloud() -> None:
    passages = load_passages()
    assert len(passages) >= 9
    assert passages[0].title == "The lighthouse"
    assert len({passage.title for passage in passages}) == len(passages)
    for passage in passages:
        assert 10 <= len(passage.sentences) <= 16
        for sentence in passage.sentences:
            assert len(sentence.split()) <= 25, sentence
            assert sentence.rstrip("”")[-1] in ".?!", sentence


def test_a_file_is_a_title_and_a_sentence_on_each_line(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Second\n\nOne.\n  Two.\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("First\nOnly.\n", encoding="utf-8")
    first, second = load_passages(tmp_path)
    assert (first.title, second.title) == ("First", "Second")
    assert second.sentences == ("One.", "Two.")


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(PartnerFailed, match="no passages"):
        load_passages(tmp_path)
    broken = tmp_path / "short.txt"
    broken.write_text("Only a title\n", encoding="utf-8")
    with pytest.raises(PartnerFailed, match=r"short\.txt has no sentences"):
        load_passages(tmp_path)
    broken.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(PartnerFailed, match=r"short\.txt cannot be read"):
        load_passages(tmp_path)
