"""A conversation as a file: Markdown or plain text for reading, JSON lines for reading back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.lab.conversation import Ducked, Said
from assistant.settings.toml_file import write_atomically

NAMES = {"you": "You", "interject": "Interject"}


class BadTranscript(ValueError):
    """A file that holds no conversation. The text names the file and what is wrong with it."""


def as_text(lines: Sequence[Said]) -> str:
    """Plain text: "12:04:25 Interject: he counted [cut off after 142 ms, not heard: the passengers]"."""
    return "".join(f"{said.at:%H:%M:%S} {NAMES[said.who]}: {one_as_text(said)}\n" for said in lines)


def one_as_text(said: Said) -> str:
    """The words of one utterance, with what was not heard in brackets."""
    heard, rest = said.heard.rstrip(), said.unheard.strip()
    if said.heard_chars is None:
        return heard
    note = f"[cut off{_after(said)}" + (f", not heard: {rest}]" if rest else "]")
    return f"{heard} {note}".strip()


def as_markdown(lines: Sequence[Said]) -> str:
    """Markdown: what was not heard is struck through."""
    if not lines:
        return ""
    parts = [f"# Conversation of {lines[0].at:%Y-%m-%d %H:%M}"]
    for said in lines:
        answered = f", answered after {said.answer_ms:.0f} ms" if said.answer_ms is not None else ""
        parts.append(f"**{NAMES[said.who]}** {said.at:%H:%M:%S}{answered}")
        heard, rest = _escaped(said.heard.rstrip()), _escaped(said.unheard.strip())
        if said.heard_chars is not None:
            struck = f"~~{rest}~~ " if rest else ""
            heard = f"{heard} {struck}*(cut off{_after(said)})*".strip()
        parts.append(heard)
    return "\n\n".join(parts) + "\n"


def as_json_lines(lines: Iterable[Said]) -> str:
    """One JSON object a line and an utterance."""
    return "".join(json_line(said) for said in lines)


def json_line(said: Said) -> str:
    """One utterance; what has nothing to say is left out."""
    told: dict[str, Any] = {
        "number": said.number,
        "at": said.at.isoformat(timespec="milliseconds"),
        "who": said.who,
        "text": said.text,
    }
    if said.heard_chars is not None:
        told |= {"heard": said.heard, "not_heard": said.unheard, "cut": said.cut}
    if said.ducked:
        told["ducked"] = [{"at_chars": ducked.at_chars, "label": ducked.label} for ducked in said.ducked]
    if said.answer_ms is not None:
        told["answer_ms"] = round(said.answer_ms, 1)
    return json.dumps(told, ensure_ascii=False) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Sequence[Said]], str]]] = {
    ".md": ("Markdown", as_markdown),
    ".txt": ("Text", as_text),
    ".jsonl": ("JSON lines", as_json_lines),
}
"""Ending → its name and what writes it."""


def write(path: Path, lines: Sequence[Said]) -> Path:
    """Write the conversation in the format of the path's ending, Markdown for any other; returns the path written.

    The file is replaced as a whole. Raises OSError.
    """
    if path.suffix.lower() not in FORMATS:
        path = path.with_name(path.name + ".md")
    write_atomically(path, FORMATS[path.suffix.lower()][1](lines))
    return path


def read(path: Path) -> tuple[Said, ...]:
    """Read JSON lines back. Raises BadTranscript for what is none, OSError where it cannot be read."""
    found = []
    # Not splitlines(): what was said may hold other separators of lines than this one.
    for at, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
        if not line:
            continue
        try:
            found.append(_said(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise BadTranscript(f"{path}, line {at}: not an utterance ({error}).") from None
    return tuple(found)


def _said(told: Any) -> Said:
    if told["who"] not in NAMES:
        raise ValueError(f"who is {told['who']!r}")
    return Said(
        number=int(told["number"]),
        who=told["who"],
        at=datetime.fromisoformat(told["at"]),
        text=str(told["text"]),
        heard_chars=len(str(told["heard"])) if "heard" in told else None,
        cut=str(told.get("cut", "")),
        ducked=tuple(Ducked(int(one["at_chars"]), str(one["label"])) for one in told.get("ducked", ())),
        answer_ms=float(told["answer_ms"]) if "answer_ms" in told else None,
    )


def _after(said: Said) -> str:
    """ " after 142 ms", " with Esc", or nothing where nothing is known."""
    if not said.cut:
        return ""
    return f" after {said.cut}" if said.cut.endswith("ms") else f" with {said.cut}"


def _escaped(text: str) -> str:
    """So that what was said looks as it was said, not like a list or a heading."""
    for sign in "\\`*_~<[#":
        text = text.replace(sign, "\\" + sign)
    return text
