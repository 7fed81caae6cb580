"""The folder of kept conversations: one readable file each, listed and deleted; nothing else is touched in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.lab.conversation import Said
from assistant.lab.transcript_file import BadTranscript, read
from assistant.settings.toml_file import write_atomically

ENDING = ".jsonl"
_NAME = "%Y-%m-%d %H-%M-%S"


@dataclass(frozen=True, slots=True)
class Kept:
    """path: its file. began: from its name, local time. size_bytes: of the file."""

    path: Path
    began: datetime
    size_bytes: int


class KeptConversations:
    """folder: need not exist; it is made when the first conversation is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_for(self, began: datetime) -> Path:
        """Where a conversation that began then is kept."""
        return self.folder / f"{began:{_NAME}}{ENDING}"

    def write(self, path: Path, text: str) -> None:
        """Replace the file by these JSON lines as a whole. Only the person may read it. Raises OSError."""
        write_atomically(path, text)

    def all(self) -> tuple[Kept, ...]:
        """The newest first; empty where there is no folder. Files of other names are not ours and are left out.

        Raises OSError where the folder cannot be read.
        """
        if not self.folder.is_dir():
            return ()
        found = []
        for path in self.folder.glob(f"*{ENDING}"):
            try:
                began = datetime.strptime(path.stem, _NAME)
            except ValueError:
                continue
            found.append(Kept(path, began, path.stat().st_size))
        return tuple(sorted(found, key=lambda kept: kept.began, reverse=True))

    def read(self, path: Path) -> tuple[Said, ...]:
        """Raises BadTranscript or OSError."""
        return read(path)

    def title(self, path: Path) -> str:
        """The first words that the person said, else the first that Interject said; "" where nobody can tell."""
        try:
            lines = read(path)
        except (BadTranscript, OSError):
            return ""
        own = [said.text for said in lines if said.who == "you"]
        return next(iter(own or [said.text for said in lines]), "")

    def delete(self, path: Path) -> None:
        """For good. One that is gone already is well. Raises OSError."""
        path.unlink(missing_ok=True)
