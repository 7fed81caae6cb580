"""Whether a voice is as loud as the person usually speaks. A radio, and people who talk to each other, are softer.

Who talks to a laptop sits before it; somebody two or three metres away is some ten decibels softer. Nothing else tells
as much about who is meant within a few syllables.
"""

from __future__ import annotations

import math
from collections import deque

from assistant.settings.sections import FRAME_MS
from assistant.turns.facts import SILENCE_DBFS

SPAN_MS = 304
"""Of speech that a level is taken of. One of fifty talkers reads so much at 7 dB under their own mean or softer; of the
first 100 ms one in ten does."""
PAUSE_MS = 992
"""Whoever speaks after so much quiet may be somebody else."""
LEAST_MS = 496
"""A turn with less speech tells nothing of how loud somebody usually speaks; often it is none."""
_TURNS = 5


class _Level:
    """Mean power of the speech that was added."""

    def __init__(self) -> None:
        self._power, self.frames = 0.0, 0

    def add(self, dbfs: float) -> None:
        self._power += 10 ** (dbfs / 10)
        self.frames += 1

    @property
    def dbfs(self) -> float:
        return 10 * math.log10(self._power / self.frames) if self.frames else SILENCE_DBFS


class UsualVoice:
    """Follows how loud the present sound is, and learns from the turns that were answered how loud the person is.

    A turn begins with begin_turn and is over with end_turn; what it was worth is known when it is answered, or not.
    Of the last _TURNS the second softest counts: whoever speaks now louder and now softer must not be lost, and one
    answer to a radio must not count. Who moves away is known again after two turns, for while Interject is silent
    everybody is listened to, however soft.

    is_softer: the sound is `softer_db` softer than the person usually speaks; never until that is known.
    is_somebody_else: it was so for SPAN_MS of speech. Until then it may be the soft beginning of a word; from then on
    it has to come within half of `softer_db` to be the person, for in a long talk there is always a loud syllable.
    """

    def __init__(self) -> None:
        self.is_softer = self.is_somebody_else = False
        self._turns: deque[float] = deque(maxlen=_TURNS)
        self._sound: deque[float] = deque(maxlen=SPAN_MS // FRAME_MS)
        self._turn, self._unanswered = _Level(), SILENCE_DBFS
        self._softest_dbfs = SILENCE_DBFS
        self._quiet_ms = 0

    @property
    def dbfs(self) -> float:
        """How loud the person usually speaks at least; SILENCE_DBFS until a turn was answered."""
        softest = sorted(self._turns) or [SILENCE_DBFS]
        return softest[1] if len(softest) > 2 else softest[0]

    @property
    def sound_dbfs(self) -> float:
        """Of the newest SPAN_MS of the sound that goes on, or of all there is of it; SILENCE_DBFS without speech."""
        level = _Level()
        for dbfs in self._sound:
            level.add(dbfs)
        return level.dbfs

    @property
    def is_others(self) -> bool:
        """Whether the whole turn so far is as soft, too: only its beginning was loud enough for the person."""
        return self.is_somebody_else and self._turn.dbfs < self._softest_dbfs

    def add(self, near_dbfs: float, is_speech: bool, softer_db: float) -> None:
        """One frame on."""
        if not is_speech:
            self._quiet_ms += FRAME_MS
            if self._quiet_ms >= PAUSE_MS:
                self._sound.clear()
                self.is_softer = self.is_somebody_else = False
            return
        self._quiet_ms = 0
        self._sound.append(near_dbfs)
        self._turn.add(near_dbfs)
        self._softest_dbfs = self.dbfs - softer_db
        needed_dbfs = self._softest_dbfs + (softer_db / 2 if self.is_somebody_else else 0)
        self.is_softer = bool(self._turns) and self.sound_dbfs < needed_dbfs
        is_long = len(self._sound) == self._sound.maxlen
        self.is_somebody_else = self.is_softer and (is_long or self.is_somebody_else)

    def begin_turn(self) -> None:
        """The sound that goes on is a turn's."""
        self._turn = _Level()
        for dbfs in self._sound:
            self._turn.add(dbfs)

    def end_turn(self) -> None:
        """The turn is over. Whether it is answered comes out later."""
        self._unanswered = self._turn.dbfs if self._turn.frames * FRAME_MS >= LEAST_MS else SILENCE_DBFS

    def answered(self) -> None:
        """What was said last was meant for us."""
        if self._unanswered > SILENCE_DBFS:
            self._turns.append(self._unanswered)
        self._unanswered = SILENCE_DBFS

    def not_answered(self) -> None:
        """There was nothing to answer in it."""
        self._unanswered = SILENCE_DBFS

    def take_over(self, dbfs: float) -> None:
        """What another one had learnt: its `dbfs`. SILENCE_DBFS forgets everything."""
        self._turns.clear()
        self.is_softer = self.is_somebody_else = False
        if dbfs > SILENCE_DBFS:
            self._turns.append(dbfs)
