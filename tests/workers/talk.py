"""A whole session in a room where time passes only when a test says so: the test is the sound device.

Block by block, the test waits until the turn thread has dealt with the block before. Partner, voice and ears are fakes
with known words; detector, front end, core, playout and threads are the real ones but for the detector's opinion.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication

from assistant.audio.front_end import FrontFrame
from assistant.brain.partner import Interruption, Phrase, Thought, UserTurn
from assistant.settings import sections
from assistant.settings.access import change
from assistant.settings.sections import Settings
from assistant.speech.ears import Around, Following, Heard
from assistant.speech.voice import SpokenChunk, WordMark
from assistant.speech.words import word_spans
from assistant.turns.states import SOUNDING, State
from assistant.workers.episode import Episode
from assistant.workers.failure import Failure
from assistant.workers.jobs import Understood
from assistant.workers.reply_times import ReplyTimes
from assistant.workers.session import Session
from assistant.workers.turn import Decision
from tests.turns.conversation import SILERO_ALONE

Floats = npt.NDArray[np.float32]
BLOCK, BLOCK_MS = 480, 10
WORD_MS = 100
WORD = 48 * WORD_MS
HEARD_MS = 1650
"""So long the partner has been heard when a test begins: an echo that might have come has not, and is not expected any
more, and 1.65 s is the middle of the fifth word of the third phrase of STORY."""
STORY = [f"w{number}a w{number}b w{number}c w{number}d w{number}e w{number}f." for number in range(2000)]
"""Phrases of 0.6 s, no word of which comes twice."""


class WordVoice:
    """Says every word as 100 ms of a constant of its own, so that a recording tells the words."""

    name = "Words"

    def __init__(self) -> None:
        self.levels: dict[str, float] = {}
        self.said: list[str] = []
        self.settings = sections.Voice()

    def configure(self, voice: sections.Voice) -> None:
        self.settings = voice

    def speak(self, phrase: str, emit: Callable[[SpokenChunk], bool]) -> None:
        self.said.append(phrase)
        spans = word_spans(phrase)
        words = tuple(WordMark(phrase[s.at : s.end], s.at, s.length, i * WORD) for i, s in enumerate(spans))
        levels = [self.levels.setdefault(word.text, 0.02 + len(self.levels) * 1e-5) for word in words]
        if words:
            emit(SpokenChunk(np.repeat(np.array(levels, np.float32), WORD), words))

    def words_in(self, sound: Floats, gain: float = 1.0) -> list[str]:
        """The words that sounded at this gain for a millisecond or longer, in order."""
        words = {round(level * 1e5): word for word, level in self.levels.items()}
        edges = np.flatnonzero(np.diff(sound, prepend=np.nan, append=np.nan))
        held = [float(sound[at]) for at, end in itertools.pairwise(edges) if end - at >= 48]
        found = [words.get(round(level / gain * 1e5)) for level in held]
        return [word for word, _ in itertools.groupby(word for word in found if word)]


class Storyteller:
    """Reads STORY, which is long, from where it was cut. Keeps what it is told."""

    name = "Storyteller"

    def __init__(self, phrases: Sequence[str] = STORY) -> None:
        self.turns: list[UserTurn | None] = []
        self.warmed: list[UserTurn] = []
        self._phrases = phrases
        self._next = 0

    @property
    def interruption(self) -> Interruption:
        """What it was told of the latest cut."""
        turn = self.turns[-1]
        assert turn is not None
        assert turn.interruption is not None
        return turn.interruption

    def configure(self, brain: sections.Brain) -> None:
        pass

    def warm(self, turn: UserTurn, cancelled: Callable[[], bool]) -> None:
        self.warmed.append(turn)

    def reply(self, turn: UserTurn | None, cancelled: Callable[[], bool]) -> Iterator[Phrase]:
        self.turns.append(turn)
        if turn is not None and turn.resumed and turn.interruption is not None:
            yield Phrase(turn.interruption.unsaid, "passage", "")
        while self._next < len(self._phrases):
            self._next += 1
            yield Phrase(self._phrases[self._next - 1], "passage", "")


class ScriptedEars:
    """Hears what the script says, one entry an utterance, the same again for the same sound; after that it cannot tell.

    Keeps the sound it got.
    """

    name = "Script"

    def __init__(self, *script: str | None) -> None:
        """script: the words of each utterance; None where it finds none."""
        self.script = script
        self.utterances: list[Floats] = []

    def configure(self, ears: sections.Ears) -> None:
        pass

    def follow(
        self, utterance: int, audio: Floats, around: Around, cancelled: Callable[[], bool]
    ) -> Following | None:
        return None

    def hear(self, audio: Floats, around: Around, cancelled: Callable[[], bool]) -> Heard:
        seconds = len(audio) / 16_000
        known = next((i for i, heard in enumerate(self.utterances) if heard is audio), len(self.utterances))
        self.utterances.append(audio)
        if known >= len(self.script):
            return Heard("", seconds, None)
        return Heard(self.script[known] or "", seconds, self.script[known] is not None)


class FollowingEars(ScriptedEars):
    """Hears one word of the script's entry each 200 ms while it goes on; the newest word is tentative."""

    def __init__(self, *script: str | None) -> None:
        super().__init__(*script)
        self.numbers: list[int] = []
        self.around: list[Around] = []

    def follow(
        self, utterance: int, audio: Floats, around: Around, cancelled: Callable[[], bool]
    ) -> Following | None:
        if utterance not in self.numbers:
            self.numbers.append(utterance)
        self.around.append(around)
        loud_ms = 1000 * np.count_nonzero(np.abs(audio) > 0.1) / 14_000
        text = self.script[min(len(self.numbers), len(self.script)) - 1] or ""
        words = text.split()[: round(loud_ms / 200)]
        return Following(" ".join(words[:-1]), words[-1] if words else "")


class LoudIsSpeech:
    """A detector that takes every loud frame for speech, as sure as the test wants it."""

    name = "Loud"

    def __init__(self) -> None:
        self.p_loud = 0.995
        self.error: Exception | None = None
        """Raised for every frame while it is there."""

    def __call__(self, frame: FrontFrame) -> float:
        if self.error is not None:
            raise self.error
        return self.p_loud if float(np.sqrt(np.mean(frame.audio**2))) > 0.1 else 0.02

    def reset(self) -> None:
        pass


class Talk:
    """One session, begun and loaded. Time passes in `quiet`, `speaks` and `until` only."""

    def __init__(
        self,
        *,
        voice: Any = None,
        partner: Any = None,
        ears: Any = None,
        detector: Any = None,
        events: Path | None = None,
        real: bool = False,
        **knobs: float | str,
    ) -> None:
        """knobs: vad__start=.6 is vad.start. real: ears, partner and voice are those that the knobs name."""
        named = {key.replace("__", "."): value for key, value in knobs.items()}
        self.settings = change(Settings(), SILERO_ALONE | {"echo.canceller": "off", "echo.margin_db": 0} | named)
        self.voice, self.partner, self.ears = voice or WordVoice(), partner or Storyteller(), ears or ScriptedEars()
        self.detector = detector or LoudIsSpeech()
        self.session = Session(
            self.settings,
            events=events,
            make_detector=lambda _vad: _made(self.detector),
            make_ears=None if real else lambda: _made(self.ears),
            make_voice=None if real else lambda: _made(self.voice),
            make_partner=None if real else lambda: _made(self.partner),
        )
        self.decisions: list[Decision] = []
        self.episodes: list[Episode] = []
        self._words: list[Understood] = []
        self._times: list[ReplyTimes] = []
        self._thoughts: list[Thought] = []
        self._failures: list[Failure] = []
        self.ready: dict[str, str] = {}
        self.far_blocks: list[Floats] = []
        self._noise = np.random.default_rng(3)
        self._step = threading.Condition()
        self._given = self._taken = self._done = 0
        self.session.callback.wait = self._wait_for_block  # type: ignore[method-assign]
        self.session.decided.connect(self.decisions.append)
        self.session.episode.connect(self.episodes.append)
        self.session.failed.connect(self._failures.append)
        self.session.words.connect(self._words.append)
        self.session.timed.connect(self._times.append)
        self.session.thought.connect(self._thoughts.append)
        self.session.ready.connect(lambda thread, what, seconds: self.ready.update({thread: what}))
        self.session.start()
        stands_until(lambda: len(self.ready) == 4, "all threads loaded", 20)

    # Time passes

    def quiet(self, ms: float) -> Talk:
        """Nobody speaks for so long."""
        for _ in range(round(ms / BLOCK_MS)):
            self._pass(0.0005)
        return self

    def speaks(self, ms: float) -> Talk:
        """The person speaks for so long."""
        for _ in range(round(ms / BLOCK_MS)):
            self._pass(0.9)
        return self

    def loses_sound(self) -> Talk:
        """The device played silence where the program had been too late, and says so with the next block."""
        self._pass(0.0005, xrun_out=True)
        return self

    def until(self, reached: Callable[[], object], at_most_s: float = 20.0, speaking: bool = False) -> Talk:
        """Lets time pass until it is so; fails after `at_most_s` of audio."""
        for _ in range(round(at_most_s * 1000 / BLOCK_MS)):
            if reached():
                return self
            time.sleep(0.0003)  # the other threads live in their own time
            self._pass(0.9 if speaking else 0.0005)
        raise AssertionError(f"never reached; {self.state}, {self.kinds}")

    def begin(self, heard_ms: int = HEARD_MS) -> Talk:
        """The partner is asked to begin, and has been heard for so long."""
        self.session.rehearse()
        self.until_spoken(heard_ms)
        self.forget()
        return self

    def until_spoken(self, heard_ms: int = 250) -> Talk:
        """The present reply has been heard for so long."""
        return self.until(lambda: self.state in SOUNDING and self.played_ms >= heard_ms)

    # What happened

    @property
    def state(self) -> State:
        return self.session.turn.state

    @property
    def played_ms(self) -> float:
        return self.session.playout.played(self.session.playout.generation) / 48

    @property
    def kinds(self) -> list[str]:
        """The commands since the last `forget`, in order."""
        QCoreApplication.processEvents()
        return [type(decision.command).__name__ for decision in self.decisions]

    @property
    def news(self) -> dict[int, Episode]:
        """The newest revision of each episode."""
        QCoreApplication.processEvents()
        return {episode.number: episode for episode in self.episodes}

    @property
    def failures(self) -> list[Failure]:
        QCoreApplication.processEvents()
        return self._failures

    @property
    def answer(self) -> str:
        """All that the newest reply says."""
        return " ".join(spoken.phrase.text for spoken in self.session.reply.phrases)

    @property
    def words(self) -> list[Understood]:
        QCoreApplication.processEvents()
        return self._words

    @property
    def times(self) -> list[ReplyTimes]:
        QCoreApplication.processEvents()
        return self._times

    @property
    def thoughts(self) -> list[Thought]:
        QCoreApplication.processEvents()
        return self._thoughts

    @property
    def far(self) -> Floats:
        """Everything that left for the loudspeaker."""
        return np.concatenate(self.far_blocks)

    def forget(self) -> None:
        """The commands so far."""
        QCoreApplication.processEvents()
        self.decisions.clear()

    def forget_all(self) -> None:
        """Everything so far, and how it sounded: a long test must not take its own notes for a leak."""
        self.forget()
        for kept in (self.episodes, self.far_blocks, self._words, self._times, self._thoughts):
            kept.clear()

    def set(self, key: str, value: float | str) -> None:
        """Moves a slider."""
        self.settings = change(self.settings, {key: value})
        self.session.change(self.settings)

    # Inside

    def _pass(self, peak: float, xrun_out: bool = False) -> None:
        near = self._noise.uniform(-peak, peak, (BLOCK, 1)).astype(np.float32)
        out = np.empty((BLOCK, 1), np.float32)
        self.session.callback(near, out, xrun_out=xrun_out)
        self.far_blocks.append(out[:, 0])
        with self._step:
            self._given += 1
            self._step.notify_all()
            assert self._step.wait_for(lambda: self._done >= self._given, 5), "the turn thread stands still"

    def _wait_for_block(self, at_most_s: float) -> bool:
        """In place of the callback's: the turn thread says that it is through, and waits for the next block."""
        with self._step:
            self._done = self._taken
            self._step.notify_all()
            fresh = self._step.wait_for(lambda: self._given > self._taken, at_most_s)
            self._taken = self._given
            return fresh


def _made(fake: Any) -> Any:
    """The fake itself, or what it raises where a stage cannot be loaded."""
    if isinstance(fake, Exception):
        raise fake
    return fake


def stands_until(reached: Callable[[], object], what: str = "", at_most_s: float = 5.0) -> None:
    """Waits for the other threads while no time passes in the room."""
    until = time.monotonic() + at_most_s
    while not reached():
        assert time.monotonic() < until, f"not within {at_most_s} s: {what}"
        QCoreApplication.processEvents()
        time.sleep(0.001)
