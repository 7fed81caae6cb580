"""The same work on many things, in child processes that share what their parent has in memory."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_inherited: list[Callable[[Any], Any]] = []
"""What a process was made for: it holds gigabytes that nobody wants to send."""


def forked(work: Callable[[T], R], things: Sequence[T], jobs: int) -> Iterator[R]:
    """work(thing) for each, in order; one after the other where the system cannot fork."""
    if jobs == 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, things)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _inherited.append, (work,)) as pool:
        yield from pool.map(_do, things)


def _do(thing: Any) -> Any:
    return _inherited[-1](thing)
