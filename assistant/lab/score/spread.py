"""Work on many trials in as many processes as wanted."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def spread(work: Callable[[Given], Made], over: Sequence[Given], jobs: int) -> Iterator[Made]:
    """work(each) in the order of `over`; in this process if jobs is 1. work and its error must be picklable."""
    if jobs <= 1:
        yield from map(work, over)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(work, over, chunksize=4)
