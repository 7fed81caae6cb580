"""The passages that Rehearsal reads: a title, then one sentence on each line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.brain.partner import PartnerFailed
from assistant.settings.paths import resource


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to read aloud. sentences: in order, each short enough for one breath."""

    title: str
    sentences: tuple[str, ...]


def load_passages(folder: Path | None = None) -> tuple[Passage, ...]:
    """Every passage, in the order of the file names. folder: None takes those that ship.

    Raises PartnerFailed for a file without sentences or a folder without files, and MissingResource.
    """
    folder = folder or resource("passages")
    passages = []
    for path in sorted(folder.glob("*.txt")):
        try:
            lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        except (OSError, UnicodeDecodeError) as error:
            raise PartnerFailed(f"{path} cannot be read ({error}). Mend or remove it.") from error
        if len(lines) < 2:
            raise PartnerFailed(f"{path} has no sentences. Write the title first, then one sentence on each line.")
        passages.append(Passage(lines[0], tuple(lines[1:])))
    if not passages:
        raise PartnerFailed(f"There are no passages in {folder}. Install Interject again.")
    return tuple(passages)
