"""Sessions for the tests of the workers, each ended after its test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.workers.talk import Talk


@pytest.fixture
def talk(qapp: QApplication) -> Iterator[Callable[..., Talk]]:
    """Begins a session; its threads must end by themselves within its patience."""
    begun: list[Talk] = []

    def begin(**given: Any) -> Talk:
        begun.append(Talk(**given))
        return begun[-1]

    yield begin
    assert [each.session.end() for each in begun] == [()] * len(begun)
