"""A setting that nothing reads is a lie: each declared one is read somewhere that acts on it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant
from assistant.settings.access import KNOBS
from assistant.settings.sections import Settings
from assistant.settings.sensitivity import MASTER

PACKAGE = Path(assistant.__file__).parent
SHOWN_ONLY = "panel."
"""Acted on by the window itself; for all others a slider or a drawn line is not yet an effect."""


SECTION_OF = {type(section).__name__: name for name, section in Settings()}


def reads(source: str) -> Iterator[str]:
    """Every "a.b" where an attribute b is read from something called a: settings.vad.start, vad.start, self._vad.start.

    A section under another name is followed within the file: `now = settings.vad` and `now: Vad` make now.start a read.
    """
    tree = ast.parse(source)
    called: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute):
            for target in node.targets:
                called.setdefault(_name(target), set()).add(node.value.attr)
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            name = node.arg if isinstance(node, ast.arg) else _name(node.target)
            called.setdefault(name, set()).add(SECTION_OF.get(_name(node.annotation), ""))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            owner = _name(node.value)
            for section in {owner, owner.lstrip("_"), *called.get(owner, ())}:
                yield f"{section}.{node.attr}"


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def read_under(*, with_window: bool) -> set[str]:
    found: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        floor = file.relative_to(PACKAGE).parts[0]
        if floor != "settings" and (with_window or floor != "ui"):
            found.update(reads(file.read_text(encoding="utf-8")))
    return found


EVERYWHERE, BELOW_THE_WINDOW = read_under(with_window=True), read_under(with_window=False)


@pytest.mark.parametrize("key", sorted(KNOBS.keys() - {MASTER}))  # the master acts by moving others: test_sensitivity
def test_it_is_read(key: str) -> None:
    is_read = key in (EVERYWHERE if key.startswith(SHOWN_ONLY) else BELOW_THE_WINDOW)
    assert is_read, f"nothing acts on {key}: read it, or take it out of assistant/settings/sections.py"


def test_what_counts_as_a_read() -> None:
    source = "now = settings.vad\nnow.start\nself._echo.margin_db\nbrain.report = 1\n'panel.theme'\nx.barge_in.gap_ms"
    source += "\ndef f(g: Endpointing): return g.silence_ms"
    found = set(reads(source))
    assert {"vad.start", "echo.margin_db", "barge_in.gap_ms", "endpointing.silence_ms"} <= found
    assert not {"brain.report", "panel.theme"} & found
