"""The README's diagram is drawn from the table of states."""

from __future__ import annotations

from pathlib import Path

from assistant.turns.states import mermaid

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_shows_the_table_as_it_is() -> None:
    remedy = 'put it there: python -c "from assistant.turns.states import mermaid; print(mermaid())"'
    assert f"```mermaid\n{mermaid()}\n```" in README.read_text(encoding="utf-8"), remedy
