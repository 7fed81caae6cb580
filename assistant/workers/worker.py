"""The thread of one stage: an inbox, an orderly end, and errors that reach the person."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QThread, Signal

from assistant.workers.failure import Failure

POLL_S = 0.05
"""How long a full or empty inbox is waited for before the generation is looked at again."""


class Job(Protocol):
    """Work for a stage, for as long as its generation is the present one."""

    @property
    def generation(self) -> int: ...


class Stage(Protocol):
    """What hearing, thinking and speaking are to their threads. Everything here runs on the stage's own thread."""

    name: str

    def load(self) -> str:
        """Loads the model, so that the window never waits for it; returns its name. May raise."""
        ...

    def do(self, job: Any) -> None:
        """Does one job, looking whether it is still wanted wherever it can. May raise."""
        ...

    def give_up(self, job: Any) -> None:
        """The job failed: lets the conversation go on without it."""
        ...

    def explain(self, error: Exception) -> Failure:
        """What the person is told of an error that load() or do() raised."""
        ...


class Worker(QThread):
    """One stage on its thread. Any error becomes a Failure; the thread goes on with the next job."""

    loading = Signal()
    """A model is being loaded, at the start or because another one was chosen."""
    failed = Signal(object)
    """Failure"""
    ready = Signal(str, float)
    """What was loaded, "" if that failed, and in how many seconds."""

    def __init__(self, stage: Stage, present: Callable[[], int], room: int = 0) -> None:
        """present: tells the present generation. room: how many jobs wait at most; 0 is any number."""
        super().__init__()
        self.setObjectName(stage.name)
        self._stage = stage
        self._present = present
        self._inbox: queue.Queue[Job] = queue.Queue(room)
        self._ending = threading.Event()
        self._stale = threading.Event()
        self._busy = True  # until everything is loaded

    def give(self, job: Job) -> bool:
        """Hands a job over, called by any thread; waits while the inbox is full. Returns whether it was taken."""
        while self.wants(job):
            try:
                self._inbox.put(job, timeout=POLL_S)
                return True
            except queue.Full:
                continue
        return False

    def offer(self, job: Job) -> bool:
        """Hands a job over only where nothing else is waiting or being done. Returns whether it was taken."""
        if not self.is_idle or not self.wants(job):
            return False
        self._inbox.put(job)
        return True

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being done and nothing waits."""
        return not self._busy and self._inbox.empty()

    @property
    def is_wanted(self) -> bool:
        """Whether another job waits for the one being done to end."""
        return not self._inbox.empty()

    def reload(self) -> None:
        """Loads anew before the next job: another model was chosen."""
        self._stale.set()

    def wants(self, job: Job) -> bool:
        """Whether the job may still matter."""
        return not self._ending.is_set() and job.generation == self._present()

    def finish(self) -> None:
        """Asks the thread to end after the step it is at; does not wait."""
        self._ending.set()

    def run(self) -> None:
        threading.current_thread().name = self.objectName()
        self._load()
        while not self._ending.is_set():
            self._busy = False
            try:
                job = self._inbox.get(timeout=POLL_S)
            except queue.Empty:
                job = None
            self._busy = True
            if self._stale.is_set():
                self._stale.clear()
                self._load()
            if job is not None and self.wants(job):
                self._do(job)

    def _load(self) -> None:
        self.loading.emit()
        began, loaded = time.perf_counter(), ""
        try:
            loaded = self._stage.load()
        except Exception as error:
            self.failed.emit(self._stage.explain(error))
        self.ready.emit(loaded, time.perf_counter() - began)

    def _do(self, job: Job) -> None:
        try:
            self._stage.do(job)
        except Exception as error:
            self.failed.emit(self._stage.explain(error))
            self._stage.give_up(job)
