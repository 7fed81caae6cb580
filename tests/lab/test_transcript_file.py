"""A conversation as a file: what was heard and what was not can be told apart in each format."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.lab.conversation import Conversation, Ducked, Said
from assistant.lab.transcript_file import (
    BadTranscript,
    as_json_lines,
    as_markdown,
    as_text,
    one_as_text,
    read,
    write,
)

NOON = datetime(2026, 3, 4, 12, 4, 25)
CUT = Said(2, "interject", NOON, "he counted the passengers.", 11, "142 ms")
ASKED = Said(1, "you", NOON, "How many steps?", answer_ms=812.4)


def test_text_tells_what_was_not_heard() -> None:
    assert as_text((ASKED, CUT)) == (
        "12:04:25 You: How many steps?\n"
        "12:04:25 Interject: he counted [cut off after 142 ms, not heard: the passengers.]\n"
    )


def test_a_cut_by_hand_and_one_after_the_last_word() -> None:
    assert one_as_text(Said(1, "interject", NOON, "he counted", 10, "Esc")) == "he counted [cut off with Esc]"
    assert one_as_text(Said(1, "interject", NOON, "he counted", 0, "9 ms")) == (
        "[cut off after 9 ms, not heard: he counted]"
    )


def test_markdown_strikes_what_was_not_heard() -> None:
    written = as_markdown((ASKED, CUT))
    assert "**You** 12:04:25, answered after 812 ms\n\nHow many steps?" in written
    assert "he counted ~~the passengers.~~ *(cut off after 142 ms)*" in written
    assert as_markdown(()) == ""


def test_what_was_said_is_no_markdown() -> None:
    assert r"2 \* 3 \[sic\]".replace(r"\]", "]") in as_markdown((Said(1, "you", NOON, "2 * 3 [sic]"),))


def test_json_lines_name_heard_and_not_heard() -> None:
    told = [json.loads(line) for line in as_json_lines((ASKED, CUT)).splitlines()]
    assert told[0] == {
        "number": 1, "at": "2026-03-04T12:04:25.000", "who": "you", "text": "How many steps?", "answer_ms": 812.4
    }
    assert (told[1]["heard"], told[1]["not_heard"], told[1]["cut"]) == ("he counted ", "the passengers.", "142 ms")


texts = st.text(st.characters(exclude_categories=("Cs",)))
utterances = st.builds(
    lambda number, who, text, share, ducked: Said(
        number, who, NOON, text, None if share is None else round(share * len(text)), "" if share is None else "9 ms",
        tuple(Ducked(at, "0.3 s") for at in ducked),
    ),
    st.integers(1, 10**6), st.sampled_from(["you", "interject"]), texts, st.none() | st.floats(0, 1),
    st.lists(st.integers(0, 99), max_size=2),
)


@given(st.lists(utterances, max_size=4))
@example([Said(1, "you", NOON, "one\u2028two\x85three\r\nfour")])
def test_whatever_was_said_is_read_back(tmp_path_factory: pytest.TempPathFactory, lines: list[Said]) -> None:
    path = tmp_path_factory.mktemp("kept") / "one.jsonl"
    write(path, lines)
    assert read(path) == tuple(lines)


def test_the_ending_chooses_the_format(tmp_path: Path) -> None:
    for name, start in (("a.md", "# Conversation"), ("a.txt", "12:04:25 You"), ("a.jsonl", "{"), ("a.doc", "# Conv")):
        written = write(tmp_path / name, (ASKED, CUT))
        assert written.read_text(encoding="utf-8").startswith(start)
    assert (tmp_path / "a.doc.md").exists()


NOT_A_TIME = '{"number": 1, "at": "noon", "who": "you", "text": ""}'


@pytest.mark.parametrize("damage", ["{", "[]", '{"who": "them"}', NOT_A_TIME])
def test_what_is_no_conversation_is_refused_by_line(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(as_json_lines((ASKED,)) + damage + "\n", encoding="utf-8")
    with pytest.raises(BadTranscript, match="line 2"):
        read(path)


def test_the_record_keeps_what_was_heard() -> None:
    record = Conversation()
    record.begin(1, "interject", NOON)
    record.append(1, "he counted ")
    record.append(1, "the passengers.")
    record.cut(1, 11, "142 ms")
    record.cut(1, 2, "a second cut changes nothing")
    record.append(1, " And then")
    record.begin(2, "you", NOON)
    assert [(said.heard, said.unheard) for said in record.lines] == [("he counted ", "the passengers. And then")]
    record.replace(2, "Wait")
    record.drop(1)
    record.append(1, "nobody is there")
    assert [said.text for said in record.lines] == ["Wait"]
    assert record.newest("interject") is None and record.newest() == record.get(2)
