"""The turn-taking core: facts of one frame in, commands out. No clock, thread, device or model."""

from __future__ import annotations

from dataclasses import replace

from assistant.settings.sections import FRAME_MS, Settings
from assistant.turns.commands import (
    CancelReply,
    Cause,
    CloseUtterance,
    Command,
    Discard,
    DropUtterance,
    Duck,
    OpenUtterance,
    Overheard,
    Prepare,
    Promise,
    Reason,
    Restore,
    Resume,
    Stop,
    Wait,
)
from assistant.turns.ending import Pause
from assistant.turns.evidence import Evidence, ms_of
from assistant.turns.facts import (
    RATE,
    Asked,
    FrameFacts,
    NoReply,
    NoWords,
    ProtectedSaid,
    ReplyEnded,
    ReplyStarted,
    SettingsChanged,
    Signal,
    StopPressed,
    TalkPressed,
    TalkReleased,
    WordsHeard,
)
from assistant.turns.overheard import Overhearing
from assistant.turns.own_echo import asked
from assistant.turns.resuming import Resuming
from assistant.turns.speech_gate import SpeechGate, Verdict
from assistant.turns.states import SOUNDING, TABLE, State
from assistant.turns.usual_voice import UsualVoice
from assistant.turns.words import Meaning, meaning

WORDS_LATE_MS = 1000
"""A recogniser may need this long for a short word; until then it can still say that what was let pass was "stop"."""
_NOT_FOR_US = {Meaning.BACKCHANNEL: Cause.BACKCHANNEL, Meaning.OWN: Cause.OWN_WORDS}
_FOR_US = {Meaning.STOP_WORD: Cause.STOP_WORD, Meaning.WORDS: Cause.HEARD_WORDS}
_FOR_US_FROM_ANYBODY = {Meaning.STOP_WORD: Cause.STOP_WORD}
"""Whoever seems to say it: a stop by mistake can be taken back, one that is missed cannot."""
_SAME_REPLY = (
    Cause.FALSE_STOP,
    Cause.NO_WORDS,
    Cause.BACKCHANNEL,
    Cause.OWN_WORDS,
    Cause.SOFTER,
    Cause.LONG_QUIET,
)
"""What THINKING is come to by when a reply that was cut is about to go on."""
_SAME_SOUND = (State.STOPPED, State.HEARING, State.PROMISED, State.OWED)
"""Here a sound goes on that was judged before: what was understood of it still holds."""


class TurnTaking:
    """Decides who has the floor. Owned by the turn thread, or by a replay in audio time.

    Everything that happens enters through step(): the signals since the last frame first, then the frame. So the same
    frames and signals always give the same commands, and a setting takes effect exactly at a frame's edge.
    """

    def __init__(self, settings: Settings, state: State = State.LISTENING) -> None:
        self.state = state
        self.usual_voice = UsualVoice()
        self._settings = settings
        self._gate = SpeechGate(settings)
        self._evidence = Evidence()
        self._overhearing = Overhearing()
        self._resuming = Resuming()
        self._facts = FrameFacts(0, 0.0, -120.0)
        self._in_state_ms = 0
        self._came_by = Cause.REPLY_ENDED
        """What led to the present state."""
        self._utterance_start = 0
        self._promised_onset = 0
        """Where the sound began that was promised the floor; after a pause the evidence has another one."""
        self._reply_was_cut = False
        self._pause = Pause()
        self._heard, self._words = Meaning.NOTHING, ""
        self._passed_ms = 0
        """Speech of the sound that was let pass last."""
        self._out: list[Command] = []

    def step(self, facts: FrameFacts, signals: tuple[Signal, ...] = ()) -> tuple[Command, ...]:
        """One frame on. `signals`: what happened since the frame before, in order."""
        self._out = []
        for signal in signals:
            self._take(signal)
        self._facts = facts
        self._in_state_ms += FRAME_MS
        verdict = self._gate.judge(facts)
        self._evidence.add(facts, verdict == "speech", self._gate.start, self._settings)
        self.usual_voice.add(facts.near_dbfs, verdict == "speech", self._settings.barge_in.softer_db)
        match self.state:
            case State.LISTENING:
                self._listen()
            case State.HEARING:
                self._hear()
            case State.HELD:
                self._hold()
            case State.THINKING:
                self._think()
            case State.SPEAKING | State.PROTECTED:
                self._speak(verdict)
            case State.DUCKED | State.GUARDED:
                self._decide()
            case State.STOPPED:
                self._wait_for_words()
            case State.WAITING:
                self._wait_for_quiet()
            case State.PROMISED | State.OWED:
                self._keep_promise()
        return tuple(self._out)

    @property
    def listening_since(self) -> int | None:
        """The 16 kHz sample from which on words are worth understanding now, pre-roll included; None for nobody's."""
        match self.state:
            case State.HEARING | State.HELD | State.STOPPED:
                return self._utterance_start
            case State.DUCKED | State.GUARDED | State.PROMISED | State.OWED:
                return self._utterance_start
            case State.SPEAKING | State.PROTECTED if self._passed_ms and self._in_state_ms < WORDS_LATE_MS:
                return self._utterance_start
            case _:
                return None

    @property
    def now(self) -> int:
        """The 16 kHz sample after the newest frame."""
        return self._facts.end_sample

    @property
    def speech_began(self) -> int:
        """The 16 kHz sample where the newest speech began."""
        return self._evidence.onset

    @property
    def speech_ended(self) -> int:
        """The 16 kHz sample up to which there was speech; `now` while it lasts."""
        return self.now - self._evidence.quiet_ms * RATE // 1000

    # What happens frame by frame, one method a state

    def _listen(self) -> None:
        # Nothing sounds that could be ducked, and the pre-roll loses nothing: there is time for the full evidence.
        if self._is_confirmed():
            self._open_utterance(Cause.CONFIRMED)

    def _hear(self) -> None:
        cause, silence_ms = self._pause.asks_for(self._settings.endpointing)
        if self._evidence.quiet_ms >= silence_ms:
            if self._has_words():
                self._end_turn(cause, silence_ms)
            elif self._reply_was_cut:
                self._out.append(DropUtterance(self.now, self._reason(Cause.TOO_SHORT)))
                self._resume(Cause.FALSE_STOP)
            else:
                self._end_turn(Cause.TOO_SHORT)
        elif self._turn_is_longest():
            self._end_turn(Cause.TOO_LONG)
        elif self._came_by is Cause.WENT_ON and self._heard not in _FOR_US_FROM_ANYBODY and self.usual_voice.is_others:
            self._out.append(DropUtterance(self.now, self._reason(Cause.SOFTER)))
            self._resume(Cause.SOFTER)
        elif self._reply_was_cut and self._heard in _NOT_FOR_US and self._is_quiet():
            self._out.append(DropUtterance(self.now, self._reason(_NOT_FOR_US[self._heard])))
            self._resume(_NOT_FOR_US[self._heard])
        else:
            self._prepare()

    def _prepare(self) -> None:
        knobs = self._settings.endpointing
        if self._pause.prepared:
            if self._evidence.quiet_ms == 0:
                self._pause = Pause()
                self._out.append(Discard(self.now, self._reason(Cause.WENT_ON)))
        elif knobs.prepare != "off" and self._evidence.quiet_ms >= knobs.prepare_ms and self._has_words():
            self._pause.prepared = True
            reason = self._reason(Cause.QUIET, knobs.prepare_ms)
            self._out.append(
                Prepare(self.now, reason, self._utterance_start, self.now, self._evidence.total_ms)
            )

    def _hold(self) -> None:
        if self._turn_is_longest():
            self._end_turn(Cause.TOO_LONG)

    def _think(self) -> None:
        # Nothing sounds that could be ducked, and a cough must not throw away a reply that is being made.
        needed_ms = max(self._settings.barge_in.confirm_ms, self._settings.barge_in.confirm_thinking_ms)
        if self._is_confirmed() and self._evidence.speech_ms >= needed_ms and not self.usual_voice.is_softer:
            reason = self._reason(Cause.CONFIRMED, needed_ms)
            self._out.append(CancelReply(self.now, reason))
            self._reply_was_cut = True
            if self._came_by not in _SAME_REPLY:
                self._resuming.reply_began()
            self._open_utterance(Cause.CONFIRMED)
        elif self._in_state_ms >= self._settings.brain.patience_s * 1000:
            self._out.append(CancelReply(self.now, replace(self._reason(Cause.TIMED_OUT), onset=self.now)))
            self._go(Cause.TIMED_OUT)

    def _speak(self, verdict: Verdict) -> None:
        self._resuming.spoke()
        passed = self._overhearing.add(self._facts, verdict, self._start)
        if self._heard is Meaning.STOP_WORD and self._passed_ms >= self._settings.barge_in.confirm_ms:
            self._stop(Cause.STOP_WORD, self._passed_ms)
            return
        duck_ms = ms_of(self._settings.barge_in.duck_frames)
        if self._evidence.speech_ms >= duck_ms and not self.usual_voice.is_somebody_else:
            self._out.append(Duck(self.now, self._reason(Cause.CANDIDATE, duck_ms), self._settings.barge_in.duck_db))
            self._utterance_start = self._with_preroll(self._evidence.onset)
            self._evidence.keep()
            self._go(Cause.CANDIDATE)
            self._decide()
        elif passed is not None:
            reason = replace(self._reason(Cause.QUIET), onset=passed.onset, p_peak=passed.peak)
            self._out.append(Overheard(self.now, reason, passed.why_not, passed.lasted_ms))

    def _decide(self) -> None:
        knobs = self._settings.barge_in
        is_softer = self.usual_voice.is_softer
        # What is left of its own voice adds up at times, and is then misheard as other words.
        for_us = _FOR_US if self._evidence.stood_out and not is_softer else _FOR_US_FROM_ANYBODY
        if self._is_confirmed() and not is_softer:
            self._utterance_start = self._with_preroll(self._evidence.onset)
            self._yield(Cause.CONFIRMED, self._evidence.speech_ms)
        elif self._heard in for_us and self._evidence.total_ms >= knobs.confirm_ms:
            self._yield(for_us[self._heard], self._evidence.total_ms)
        elif self._heard in _NOT_FOR_US:
            self._restore(_NOT_FOR_US[self._heard])
        elif self._is_quiet():
            self._let_pass(Cause.QUIET, knobs.restore_ms)
        elif self.usual_voice.is_somebody_else:
            self._let_pass(Cause.SOFTER)
        elif self._in_state_ms >= knobs.longest_duck_ms:
            self._restore(Cause.UNDECIDED, knobs.longest_duck_ms)

    def _let_pass(self, cause: Cause, needed_ms: int = 0) -> None:
        passed_ms = self._evidence.total_ms
        self._restore(cause, needed_ms)
        self._passed_ms = passed_ms

    def _yield(self, cause: Cause, speech_ms: int) -> None:
        """The person gets the floor: at once, or where a protected sentence is spoken, after it."""
        if State.PROMISED is TABLE[self.state][cause]:
            reason = self._reason(cause, self._settings.barge_in.confirm_ms)
            self._out.append(Promise(self.now, replace(reason, speech_ms=speech_ms)))
            self._promised_onset = self._evidence.onset
            self._evidence.keep(speech_ms)
            self._go(cause)
        else:
            self._stop(cause, speech_ms)

    def _keep_promise(self) -> None:
        """The person spoke over a protected sentence: ducked while they speak, at full level once they have spoken."""
        knobs = self._settings.barge_in
        if self._heard is Meaning.STOP_WORD and self._evidence.total_ms >= knobs.confirm_ms:
            self._stop(Cause.STOP_WORD, self._evidence.total_ms)
        elif self._heard in _NOT_FOR_US:
            self._break_promise(_NOT_FOR_US[self._heard])
        elif self.state is State.OWED:
            duck_ms = ms_of(knobs.duck_frames)
            if self._evidence.speech_ms >= duck_ms:
                self._out.append(Duck(self.now, self._reason(Cause.CANDIDATE, duck_ms), knobs.duck_db))
                self._go(Cause.CANDIDATE)
        elif self._is_quiet():
            if self._has_words():
                self._out.append(Restore(self.now, self._reason(Cause.KEPT, knobs.restore_ms)))
                self._go(Cause.KEPT)
            else:
                self._break_promise(Cause.QUIET)

    def _break_promise(self, cause: Cause) -> None:
        """Nobody wanted the floor after all."""
        if self.state is State.PROMISED:
            self._restore(cause, self._settings.barge_in.restore_ms if cause is Cause.QUIET else 0)
        else:
            self._out.append(DropUtterance(self.now, self._reason(cause)))
            self._evidence.begin()
            self._go(cause)

    def _stop(self, cause: Cause, speech_ms: int) -> None:
        # Words make up for the detector's doubts, never for the least duration.
        needed_ms = 0 if cause is Cause.SENTENCE_OVER else self._settings.barge_in.confirm_ms
        self._out.append(Stop(self.now, replace(self._reason(cause, needed_ms), speech_ms=speech_ms)))
        self._reply_was_cut = True
        self._resuming.stopped()
        self._evidence.keep(speech_ms)
        self._go(cause)

    def _wait_for_words(self) -> None:
        if self._has_words(FRAME_MS):
            self._out.append(OpenUtterance(self.now, self._reason(Cause.WENT_ON), self._utterance_start))
            self._go(Cause.WENT_ON)
        elif self._is_quiet():
            self._resume(_NOT_FOR_US.get(self._heard, Cause.FALSE_STOP))

    def _wait_for_quiet(self) -> None:
        wait_ms = self._resuming.wait_ms(self._settings.barge_in.wait_s)
        if self._is_confirmed():
            self._open_utterance(Cause.CONFIRMED)
        elif self._evidence.quiet_ms >= wait_ms:
            self._go_on(Cause.LONG_QUIET, wait_ms)

    # What arrives between frames

    def _take(self, signal: Signal) -> None:
        match signal:
            case SettingsChanged(settings):
                self._settings = settings
                self._gate.change(settings)
            case ReplyStarted(protected) if Cause.REPLY_STARTED in TABLE[self.state]:
                if self._came_by not in _SAME_REPLY:
                    self._resuming.reply_began()
                    self.usual_voice.answered()
                self._go(Cause.PROTECTED_STARTED if protected else Cause.REPLY_STARTED)
                self._reply_was_cut = False
                self._overhearing = Overhearing()
            case ProtectedSaid() if Cause.SENTENCE_OVER in TABLE[self.state]:
                if TABLE[self.state][Cause.SENTENCE_OVER] is State.STOPPED:
                    self._evidence.onset = self._promised_onset
                    self._stop(Cause.SENTENCE_OVER, self._evidence.total_ms)
                else:
                    self._pass_on(Cause.SENTENCE_OVER)
            case ReplyEnded() | NoReply():
                self._reply_over(Cause.REPLY_ENDED if isinstance(signal, ReplyEnded) else Cause.NO_REPLY)
            case NoWords() if self.state is State.THINKING:
                if self._reply_was_cut:
                    self._resume(Cause.NO_WORDS)
                else:
                    self._go(Cause.NO_REPLY)
            case WordsHeard():
                self._heard, self._words = meaning(signal, self._settings.barge_in), signal.text
                if signal.final and self._heard in _FOR_US:
                    self._pause.understood(signal.text, self._settings.endpointing)
                if signal.final and self.state is State.THINKING and self._reply_was_cut and self._heard in _NOT_FOR_US:
                    self._resume(_NOT_FOR_US[self._heard])
            case StopPressed():
                self._by_hand(Cause.STOP_PRESSED)
            case TalkPressed() if self.state is not State.HELD:
                self._by_hand(Cause.TALK_PRESSED)
                self._utterance_start = self._with_preroll(self.now)
                self._out.append(OpenUtterance(self.now, self._reason(Cause.TALK_PRESSED), self._utterance_start))
            case TalkReleased() if self.state is State.HELD:
                slipped = self._in_state_ms < self._settings.barge_in.false_stop_ms
                self._end_turn(Cause.TOO_SHORT if slipped else Cause.TALK_RELEASED)
            case Asked():
                self._by_hand(Cause.ASKED)
            case _:
                pass  # a late signal of a reply that is no longer wanted

    def _reply_over(self, cause: Cause) -> None:
        if cause not in TABLE[self.state]:
            return
        if self.state in (State.DUCKED, State.GUARDED):  # the evidence is kept: it may become an ordinary turn
            self._out.append(Restore(self.now, self._reason(cause)))
        elif self.state is State.PROMISED:
            self._out.append(Restore(self.now, self._reason(Cause.KEPT)))
        self._go(cause)
        if self.state is State.HEARING:  # the floor that was promised
            self._out.append(OpenUtterance(self.now, self._reason(Cause.WENT_ON), self._utterance_start))

    def _by_hand(self, cause: Cause) -> None:
        reason = replace(self._reason(cause), onset=self.now)  # no sound began it: the last one may be long ago
        match self.state:
            case state if state in SOUNDING:
                self._out.append(Stop(self.now, reason))
            case State.THINKING | State.STOPPED:
                self._out.append(CancelReply(self.now, reason))
            case State.HEARING | State.HELD:
                self._out.append(DropUtterance(self.now, reason))
            case _:
                pass  # nothing is under way
        self._reply_was_cut = False
        self._evidence.begin()
        self._go(cause)

    # Steps that several states share

    def _is_confirmed(self) -> bool:
        # One very sure frame can be worth several: the least duration is asked for beside the evidence.
        return min(self._evidence.sure_ms, self._evidence.speech_ms) >= self._settings.barge_in.confirm_ms

    def _is_quiet(self) -> bool:
        return self._evidence.quiet_ms >= self._settings.barge_in.restore_ms

    def _has_words(self, at_least_ms: int = 0) -> bool:
        """Whether somebody spoke long enough for words, or words were understood."""
        return self._heard in _FOR_US or self._evidence.total_ms >= max(
            self._settings.barge_in.false_stop_ms, at_least_ms
        )

    def _turn_is_longest(self) -> bool:
        longest = self._settings.endpointing.longest_turn_s * RATE
        return self.now - self._utterance_start >= longest

    def _restore(self, cause: Cause, needed_ms: int = 0) -> None:
        self._out.append(Restore(self.now, self._reason(cause, needed_ms)))
        self._evidence.begin()
        self._go(cause)

    def _resume(self, cause: Cause) -> None:
        """The stop was a mistake: the reply goes on, at once or after it has been quiet."""
        if cause in (Cause.BACKCHANNEL, Cause.SOFTER):  # the same talk will not stop it again
            self._resuming.wanted()
        knobs = self._settings.barge_in
        wait_ms = self._resuming.wait_ms(knobs.wait_s)
        if wait_ms and knobs.after_false_stop != "stay_quiet":
            self._out.append(Wait(self.now, self._reason(Cause.STOPPED_AGAIN, wait_ms), wait_ms))
            self._evidence.begin()
            self._go(Cause.STOPPED_AGAIN)
        else:
            self._go_on(cause)

    def _go_on(self, cause: Cause, needed_ms: int = 0) -> None:
        where = self._settings.barge_in.after_false_stop
        if where == "stay_quiet":
            self._go(Cause.STAY_QUIET)
        else:
            self._out.append(Resume(self.now, self._reason(cause, needed_ms), where))
            self._go(cause)
        self._evidence.begin()

    def _open_utterance(self, cause: Cause) -> None:
        self._utterance_start = self._with_preroll(self._evidence.onset)
        self._evidence.keep()
        self._out.append(OpenUtterance(self.now, self._reason(cause), self._utterance_start))
        self._go(cause)

    def _with_preroll(self, sample: int) -> int:
        return max(0, sample - self._settings.endpointing.preroll_ms * RATE // 1000)

    def _end_turn(self, cause: Cause, silence_ms: int = 0) -> None:
        reason = self._reason(cause, silence_ms)
        if cause is Cause.TOO_SHORT:
            self._out.append(DropUtterance(self.now, reason))
        else:
            speech_ms = self._evidence.total_ms
            self.usual_voice.end_turn()
            self._out.append(CloseUtterance(self.now, reason, self._utterance_start, self.now, speech_ms))
        self._evidence.begin()
        self._go(cause)

    def _go(self, cause: Cause) -> None:
        self._in_state_ms = 0
        self._passed_ms = 0
        self._pass_on(cause)
        if self.state not in _SAME_SOUND:
            self._heard, self._words = Meaning.NOTHING, ""
        if self.state in (State.HEARING, State.HELD):
            self.usual_voice.begin_turn()
        if self.state is State.LISTENING:  # nobody waits for that reply any more: a later cough must not revive it
            self._reply_was_cut = False
            self.usual_voice.not_answered()

    def _pass_on(self, cause: Cause) -> None:
        """Into the next state, but with all that is known of the sound that goes on."""
        self.state = TABLE[self.state][cause]
        self._came_by = cause
        self._pause = Pause()

    @property
    def _start(self) -> float:
        """The probability from which on the frame counts as speech by itself."""
        return asked(self._settings.vad.start, self._facts, self._settings)

    def _reason(self, cause: Cause, needed_ms: int = 0) -> Reason:
        facts, evidence = self._facts, self._evidence
        return Reason(
            cause=cause,
            onset=evidence.onset,
            p_speech=facts.p_speech,
            p_peak=evidence.peak,
            start=evidence.start if evidence.speech_ms else self._start,
            sure_ms=round(evidence.sure_ms),
            speech_ms=evidence.speech_ms,
            quiet_ms=evidence.quiet_ms,
            needed_ms=needed_ms,
            near_dbfs=facts.near_dbfs,
            noise_dbfs=facts.noise_dbfs,
            echo_dbfs=facts.echo_dbfs,
            sound_dbfs=self.usual_voice.sound_dbfs,
            usual_dbfs=self.usual_voice.dbfs,
            words=self._words,
        )
