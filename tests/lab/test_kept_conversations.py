"""The folder of kept conversations: its own files, newest first, deleted one by one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from assistant.lab.conversation import Said
from assistant.lab.kept_conversations import KeptConversations
from assistant.lab.transcript_file import as_json_lines


def keep(kept: KeptConversations, hour: int, *words: tuple[str, str]) -> Path:
    began = datetime(2026, 3, 4, hour)
    path = kept.path_for(began)
    kept.write(path, as_json_lines([Said(n, who, began, text) for n, (who, text) in enumerate(words)]))  # type: ignore[arg-type]
    return path


def test_no_folder_holds_nothing_and_is_not_made(tmp_path: Path) -> None:
    kept = KeptConversations(tmp_path / "conversations")
    assert kept.all() == () and not kept.folder.exists()


def test_the_newest_comes_first_with_its_first_words(tmp_path: Path) -> None:
    kept = KeptConversations(tmp_path / "conversations")
    keep(kept, 8, ("interject", "Good morning."))
    late = keep(kept, 20, ("interject", "Good evening."), ("you", "Read to me."))
    assert [one.began.hour for one in kept.all()] == [20, 8]
    assert [kept.title(one.path) for one in kept.all()] == ["Read to me.", "Good morning."]
    assert kept.all()[0].size_bytes == late.stat().st_size


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    kept = KeptConversations(tmp_path)
    (tmp_path / "diary.jsonl").write_text("mine")
    damaged = kept.path_for(datetime(2026, 3, 4))
    damaged.write_text("half a li")
    assert [one.path for one in kept.all()] == [damaged] and kept.title(damaged) == ""
    kept.delete(damaged)
    kept.delete(damaged)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.jsonl"]
