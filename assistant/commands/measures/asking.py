"""Somebody in the simulated room who asks questions, or interrupts, and hears when the loudspeaker answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from assistant.audio.callback import BlockCallback
from assistant.audio.realtime import collect_when_idle, prepare_realtime
from assistant.audio.room import RoomDevice
from assistant.settings.access import change
from assistant.settings.sections import Settings
from assistant.speech.espeak import EspeakVoice
from assistant.speech.interrupter import INTERRUPTIONS, Interrupter
from assistant.turns.states import SOUNDING, State
from assistant.workers.episode import Episode
from assistant.workers.failure import Failure
from assistant.workers.jobs import Understood
from assistant.workers.reply_times import ReplyTimes
from assistant.workers.session import Session
from assistant.workers.sound import RoomThread

QUESTIONS = (
    "How far away is the moon from the earth?",
    "For dinner, | what should I cook with eggs and rice?",
    "What would be a good name for a grey cat?",
    "In the mountains, | what should I take with me on a hike?",
    "How do I keep bread fresh for a week?",
    "Could you tell me | why the sky is blue in the morning?",
)
"""1.3 to 4 seconds each. | is a pause in which somebody thinks, and in which nobody would take the turn for over."""
PAUSES_MS = (350, 450, 550)
"""Longer than a preparation waits for, shorter than the end of a turn."""
AUDIBLE = 10 ** (-50 / 20)
RATE = 48_000
_LOADING_S, _ANSWER_S, _REPLY_S, _STOP_S = 90.0, 60.0, 120.0, 4.0
_SETTLE_S, _HEARD_S, _STOPS_HEARD_S = 0.8, 0.5, 1.2
_POLL_S = 0.01


class Listener:
    """Hears the loudspeaker, block by block, on the room's thread."""

    def __init__(self, callback: BlockCallback) -> None:
        self.first_sound: int | None = None
        """Stream sample of the first one above -50 dBFS since `listen`."""
        self._callback = callback

    def listen(self) -> None:
        self.first_sound = None

    def hear(self, far: np.ndarray) -> None:
        """far: (n,) float32, 48 kHz, the block that was just played."""
        latest = self._callback.latest
        if self.first_sound is None and latest is not None:
            loud = np.flatnonzero(np.abs(far) > AUDIBLE)
            if len(loud):
                self.first_sound = latest[0] - len(far) + int(loud[0])


class Visit:
    """A session in a simulated room with a listener in it. Owned by the main thread, which only waits."""

    def __init__(self, settings: Settings) -> None:
        self.app = QCoreApplication.instance() or QCoreApplication([])
        self.settings = settings
        self.session = Session(settings)
        self.listener = Listener(self.session.callback)
        self.times: list[ReplyTimes] = []
        self.understood: list[Understood] = []
        self.episodes: list[Episode] = []
        self.failures: list[Failure] = []
        self.names: dict[str, str] = {}
        self._loaded = False
        self._collected_s = 0.0
        self._room = RoomThread(RoomDevice(heard_by=self.listener.hear))
        session = self.session
        session.timed.connect(self.times.append)
        session.words.connect(self.understood.append)
        session.episode.connect(self.episodes.append)
        session.failed.connect(self.failures.append)
        session.ready.connect(lambda thread, what, seconds: self.names.update({thread: what}))
        session.loaded.connect(self._note_loaded)

    def begin(self) -> str:
        """Returns what went wrong, or ""."""
        self.session.start()
        self._room.start()
        self.session.sound.use(self._room.room)
        if not self.until(lambda: self._loaded and self.session.callback.ring.written > 0, _LOADING_S):
            return f"the models were not loaded within {_LOADING_S:.0f} s."
        prepare_realtime()
        return self.failures[0].message if self.failures else ""

    def end(self) -> None:
        self.session.end()
        self._room.finish()
        self._room.wait()

    def until(self, reached: Callable[[], bool], at_most_s: float) -> bool:
        """Waits, and lets the session's signals arrive. Returns whether it came so far."""
        end_s = time.monotonic() + at_most_s
        while not reached():
            now_s = time.monotonic()
            if now_s > end_s:
                return False
            if now_s - self._collected_s > 1:
                self._collected_s = now_s
                collect_when_idle(self.session.turn.state is State.LISTENING)
            QCoreApplication.processEvents()
            time.sleep(_POLL_S)
        return True

    def wait(self, seconds: float) -> None:
        self.until(lambda: False, seconds)

    @property
    def is_quiet(self) -> bool:
        return self.session.turn.state is State.LISTENING and not self.session.playout.playing

    def _note_loaded(self) -> None:
        self._loaded = True


def ask(
    *, knobs: Mapping[str, str], modes: Sequence[str], rounds: int, at_most: int = len(QUESTIONS)
) -> Mapping[str, Any]:
    """Asks each question once in each mode of endpointing.prepare, turn by turn, after one that is not counted.

    at_most: of the questions, the first so many again and again. Returns turns: for each its mode, what it took in the
    room from the question's last sound to the answer's first one, and ReplyTimes; or "failure".
    """
    visit = Visit(change(Settings(), dict(knobs)))
    turns: list[dict[str, Any]] = []
    try:
        failure = visit.begin()
        if failure:
            return {"failure": failure}
        voices = Interrupter(EspeakVoice())
        said = [_question(voices, text, PAUSES_MS[at % 3]) for at, text in enumerate(QUESTIONS[:at_most])]
        order = [(modes[-1], said[0])]
        for at in range(rounds):
            order += [(modes[(at + k) % len(modes)], said[at % len(said)]) for k in range(len(modes))]
        for at, (mode, (sound, end)) in enumerate(order):
            turn = _ask(visit, mode, sound, end)
            if at:
                turns.append(turn)
        health = visit.session.sound.health
    finally:
        visit.end()
    unexpected = [failure.message for failure in visit.failures]
    return {"turns": turns, "models": visit.names, "failures": unexpected, "latency_ms": health.output_latency_ms}


def _question(voices: Interrupter, text: str, pause_ms: int) -> tuple[np.ndarray, int]:
    """Its sound, (n,) float32 at 48 kHz, and the sample after its last audible one."""
    pieces: list[np.ndarray] = []
    for part in text.split("|"):
        spoken = voices.utter(part.strip())
        pieces += [spoken.audio[: spoken.end], np.zeros(pause_ms * RATE // 1000, np.float32)]
    sound = np.concatenate(pieces[:-1])
    return sound, len(sound)


def _ask(visit: Visit, mode: str, sound: np.ndarray, end: int) -> dict[str, Any]:
    session = visit.session
    session.change(change(visit.settings, {"endpointing.prepare": mode}))
    visit.until(lambda: visit.is_quiet, _REPLY_S)
    visit.wait(_SETTLE_S)
    before = len(visit.times)
    visit.listener.listen()
    said = session.callback.injection.play(sound)
    answered = visit.until(lambda: len(visit.times) > before and visit.listener.first_sound is not None, _ANSWER_S)
    turn: dict[str, Any] = {"mode": mode, "question_s": end / RATE, "answered": answered}
    first = visit.listener.first_sound
    if answered and first is not None and said.started_at is not None:
        times = visit.times[-1]
        out_ms = session.sound.health.output_latency_ms
        turn |= {"room_ms": (first - said.started_at - end) * 1000 / RATE + out_ms, "parts_ms": dict(times.parts)}
        turn |= asdict(times) | {"heard": visit.understood[-1].text if visit.understood else ""}
    visit.until(lambda: visit.is_quiet, _REPLY_S)
    return turn


def stop(*, knobs: Mapping[str, str], times: int, flat_out: str = "") -> Mapping[str, Any]:
    """Interrupts Rehearsal so many times. flat_out: a language model that generates meanwhile without a pause.

    Returns what the interruptions took and how late the audio callback was; or "failure".
    """
    visit = Visit(change(Settings(), {"brain.report": "shown"} | dict(knobs)))
    try:
        failure = visit.begin()
        if failure:
            return {"failure": failure}
        with _generating(flat_out) as tokens:
            voices = Interrupter(EspeakVoice())
            said = [voices.utter(text).audio for text in INTERRUPTIONS]
            callback = visit.session.callback
            callback.lateness.histogram.clear()
            blocks, xruns, made = callback.ring.written, callback.xruns_in + callback.xruns_out, len(tokens)
            began_s = time.monotonic()
            for at in range(times):
                _interrupt(visit, said[at % len(said)])
            lasted_s, lateness = time.monotonic() - began_s, callback.lateness.histogram
            told = {
                "sounded_s": (callback.ring.written - blocks) * callback.ring.block / callback.playout.rate,
                "xruns": callback.xruns_in + callback.xruns_out - xruns,
                "late_p95_ms": lateness.percentile_ms(95),
                "late_max_ms": lateness.largest_ms,
                "counts": lateness.counts(),
                "bin_ms": lateness.bin_ms,
                "tokens_per_s": (len(tokens) - made) / lasted_s,
                "underruns": visit.session.playout.underruns,
            }
    finally:
        visit.end()
    newest = {episode.number: episode for episode in visit.episodes}.values()
    stops = [episode for episode in newest if episode.outcome == "stopped" and episode.detect_to_stop_ms is not None]
    told["detect_to_stop_ms"] = [episode.detect_to_stop_ms for episode in stops]
    told["onset_to_stop_ms"] = [episode.onset_to_stop_ms for episode in stops]
    return told


def _interrupt(visit: Visit, sound: np.ndarray) -> None:
    session = visit.session

    def speaks() -> bool:
        playout = session.playout
        return session.turn.state in SOUNDING and playout.played(playout.generation) > _STOPS_HEARD_S * RATE

    if not visit.until(speaks, _STOP_S):
        session.rehearse()
        visit.until(speaks, _ANSWER_S)
    stopped = sum(episode.silent_at is not None for episode in visit.episodes)
    session.callback.injection.play(sound)
    visit.until(lambda: sum(episode.silent_at is not None for episode in visit.episodes) > stopped, _STOP_S)
    visit.until(lambda: not session.callback.injection.busy, _STOP_S)
    visit.wait(_HEARD_S)


@contextmanager
def _generating(model: str) -> Iterator[Sequence[int]]:
    """A thread on which a language model writes without a pause; yields its tokens. "" starts none."""
    tokens: list[int] = []
    if not model:
        yield tokens
        return
    from assistant.brain.llama import Cancelled, LanguageModel

    over = threading.Event()
    writer = LanguageModel(Path(model), 2048, 0)

    def write() -> None:
        prompt = writer.vocabulary.tokens_of("\n" * 8)
        try:
            while not over.is_set():
                writer.evaluate(prompt, over.is_set)
                tokens.extend(writer.generate(0.0, over.is_set))
        except Cancelled:
            return

    thread = threading.Thread(target=write, name="flat out")
    thread.start()
    try:
        yield tokens
    finally:
        over.set()
        thread.join()
        writer.close()
