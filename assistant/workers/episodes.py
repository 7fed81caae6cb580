"""Writes the story of each interruption as it unfolds, with its latency taken apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.turns.commands import (
    CancelReply,
    Cause,
    Command,
    Duck,
    OpenUtterance,
    Overheard,
    Reason,
    Restore,
    Resume,
    Stop,
    Wait,
)
from assistant.workers.episode import Episode, Outcome, Step
from assistant.workers.reply import HeardText
from assistant.workers.stream_clock import StreamClock

_BY_VOICE = (Cause.CONFIRMED, Cause.HEARD_WORDS, Cause.STOP_WORD, Cause.SENTENCE_OVER)


@dataclass(frozen=True, slots=True)
class Acted:
    """When a command took effect: the 48 kHz sample that the callback would render next."""

    device_sample: int


class EpisodeBook:
    """Owned by the turn thread. Publishes each episode when it is decided, and again when more is known of it."""

    def __init__(self, clock: StreamClock, publish: Callable[[Episode], None], now: Callable[[], datetime]) -> None:
        self._clock = clock
        self._publish = publish
        self._now = now
        self._count = 0
        self._duck: tuple[Duck, Acted] | None = None
        self._stop_acted = Acted(0)
        self._newest_was_cut = False
        """False where a reply was given up before it sounded: to resume that says nothing about the stop before it."""
        self._latest: Episode | None = None

    @property
    def latest(self) -> Episode | None:
        return self._latest

    def note(self, command: Command, acted: Acted) -> None:
        """Takes in a command that was just carried out."""
        match command:
            case Duck():
                self._duck = (command, acted)
            case Restore(reason=reason) if reason.cause is Cause.KEPT:
                pass  # nothing is decided yet: the stop comes with the end of the sentence
            case Restore():
                self._decide("restored", command.at, command.reason)
            case Stop():
                self._stop_acted = acted
                self._newest_was_cut = True
                by_voice = command.reason.cause in _BY_VOICE
                self._decide("stopped" if by_voice else "by_hand", command.at, command.reason)
            case CancelReply():
                self._newest_was_cut = False
            case Resume() | Wait() if self._newest_was_cut and self._latest is not None:
                if self._latest.outcome == "stopped" or self._latest.reason.cause is Cause.STOPPED_AGAIN:
                    self._revise(outcome="false_stop", reason=_why_resumed(self._latest.reason, command.reason))
            case OpenUtterance():
                self._duck = None
            case Overheard():
                self._duck = None
                self._decide(command.kind, command.at, command.reason, lasted_ms=command.lasted_ms)
            case _:
                pass

    def silent(self, device_sample: int, ramp_samples: int, heard: HeardText) -> None:
        """Playback that was cut reached silence at this 48 kHz sample, `ramp_samples` after it began to fall."""
        episode = self._latest
        if episode is None or episode.silent_at is not None:
            return
        chain = self._chain(episode, device_sample, ramp_samples)
        total = sum(step.ms for step in chain)
        before = sum(step.ms for step in chain if step.name in ("frame", "ADC", "confirm"))
        self._revise(
            silent_at=self._clock.front_sample(device_sample),
            onset_to_stop_ms=None if episode.outcome == "by_hand" else total,
            detect_to_stop_ms=total - before,
            chain=chain,
            heard=heard.phrase_heard,
            cut=heard.phrase_cut,
            last_word=heard.last_word,
            played_ms=heard.played_ms,
            phrase_ms=heard.phrase_ms,
            generation=heard.generation,
        )

    def _decide(self, outcome: Outcome, at: int, reason: Reason, lasted_ms: int = 0) -> None:
        duck, acted = self._duck or (None, None)
        self._duck = None
        self._count += 1
        # Evidence may have begun anew after the duck: the duck is measured from the sound that it was for.
        ducked_for = duck.reason.onset if duck is not None else reason.onset
        onset = reason.onset if outcome == "stopped" else ducked_for
        episode = Episode(
            number=self._count,
            revision=0,
            clock=self._now(),
            outcome=outcome,
            onset=onset,
            duck_at=duck.at if duck else None,
            decided_at=at,
            silent_at=None,
            duck_reason=duck.reason if duck else None,
            reason=reason,
            onset_to_duck_ms=self._heard_after_ms(ducked_for, acted.device_sample) if acted else None,
            onset_to_stop_ms=None,
            detect_to_stop_ms=None,
            chain=(),
            lasted_ms=lasted_ms or (at - onset) // 16,
        )
        self._latest = episode
        self._publish(episode)

    def _heard_after_ms(self, onset: int, device_sample: int) -> float:
        """From a sound's arrival at the mic to a change at the loudspeaker."""
        clock = self._clock
        passed = clock.ms(device_sample - clock.device_sample(onset))
        return passed + clock.input_latency_ms + clock.output_latency_ms

    def _chain(self, episode: Episode, silent_device_sample: int, ramp_samples: int) -> tuple[Step, ...]:
        clock = self._clock
        candidate = episode.duck_at if episode.duck_at is not None else episode.decided_at
        candidate = max(candidate, episode.onset)
        decided = clock.device_sample(episode.decided_at)
        # A reply whose sound ran out on the way down is silent before its ramp is over.
        ramp_began = max(silent_device_sample - ramp_samples, self._stop_acted.device_sample)
        return (
            Step("frame", (candidate - episode.onset) / 16),
            Step("ADC", clock.input_latency_ms),
            Step("confirm", (episode.decided_at - candidate) / 16),
            Step("VAD", clock.ms(self._stop_acted.device_sample - decided)),
            Step("callback", clock.ms(ramp_began - self._stop_acted.device_sample)),
            Step("ramp", clock.ms(silent_device_sample - ramp_began)),
            Step("DAC", clock.output_latency_ms),
        )

    def _revise(self, **changes: object) -> None:
        assert self._latest is not None
        self._latest = replace(self._latest, revision=self._latest.revision + 1, **changes)  # type: ignore[arg-type]
        self._publish(self._latest)


def _why_resumed(stopped: Reason, resumed: Reason) -> Reason:
    """The stop's own numbers, with the words or levels that showed it a mistake, and the quiet waited for."""
    return replace(
        stopped,
        cause=resumed.cause,
        words=resumed.words,
        needed_ms=resumed.needed_ms,
        sound_dbfs=resumed.sound_dbfs,
        usual_dbfs=resumed.usual_dbfs,
    )
