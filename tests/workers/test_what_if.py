"""The last seconds decided again: the same settings give the same interruptions, others give others."""

from __future__ import annotations

from collections.abc import Callable

from assistant.settings.access import change
from assistant.settings.sections import Settings
from assistant.signal.trace import FRAME, Trace
from assistant.turns.commands import Cause
from assistant.turns.facts import SILENCE_DBFS
from assistant.turns.states import State
from assistant.workers.episode import Episode
from assistant.workers.stream_clock import StreamClock
from assistant.workers.what_if import decide_again
from tests.workers.talk import STORY, Storyteller, Talk

Begin = Callable[..., Talk]


def story(told: Talk) -> Talk:
    """Two interruptions, a cough that ducks, one that stops."""
    told.begin(heard_ms=2000)
    told.speaks(60).quiet(700).speaks(600).quiet(900).until_spoken(600)
    told.speaks(200).quiet(900).until_spoken(300)
    return told


def decided(episodes: list[Episode]) -> list[tuple[str, int, int | None, int]]:
    kinds = {"false_stop": "stopped"}
    return [(kinds.get(e.outcome, e.outcome), e.onset, e.duck_at, e.decided_at) for e in episodes]


def again(told: Talk, settings: Settings) -> list[Episode]:
    return decide_again(told.session.trace, settings, told.session.turn.clock)


def test_the_same_settings_give_the_same_decisions(talk: Begin) -> None:
    told = story(talk())
    first = told.session.trace.frames * FRAME - 8 * 16_000
    happened = [episode for episode in told.news.values() if episode.onset > first]
    assert [episode.outcome for episode in happened] == ["restored", "stopped", "false_stop"]
    assert decided(again(told, told.settings)) == decided(happened)


def test_their_latencies_are_those_that_were_measured_to_a_frame(talk: Begin) -> None:
    told = story(talk())
    measured = [episode.onset_to_stop_ms for episode in told.news.values() if episode.onset_to_stop_ms]
    reckoned = [episode.onset_to_stop_ms for episode in again(told, told.settings) if episode.onset_to_stop_ms]
    assert len(measured) == len(reckoned) == 2
    assert all(abs(was - would) <= 32 for was, would in zip(measured, reckoned, strict=True))


def test_more_evidence_asked_for_stops_less(talk: Begin) -> None:
    told = story(talk())
    stricter = again(told, change(told.settings, {"barge_in.confirm_ms": 300}))
    assert [episode.outcome for episode in stricter][:2] == ["restored", "stopped"]
    assert [episode.outcome for episode in stricter].count("stopped") == 1


def test_a_protected_sentence_is_protected_there_too(talk: Begin) -> None:
    told = talk(partner=Storyteller(["One two three four five six seven.", *STORY]), barge_in__protect="first_sentence")
    told.begin(heard_ms=100).speaks(800).quiet(900).until_spoken(300)
    happened = list(told.news.values())
    assert [episode.reason.cause for episode in happened] == [Cause.SENTENCE_OVER]
    (guessed,) = again(told, told.settings)
    assert guessed.reason.cause is Cause.SENTENCE_OVER
    assert abs(guessed.decided_at - happened[0].decided_at) <= 2 * FRAME


def test_a_start_above_what_the_detector_gave_yields_to_nobody(talk: Begin) -> None:
    told = talk().begin(heard_ms=2000)
    told.detector.p_loud = 0.8
    told.speaks(900).quiet(300)
    assert "Duck" in told.kinds
    deaf = again(told, change(told.settings, {"vad.start": 0.9, "vad.release": 0.8}))
    assert {episode.outcome for episode in deaf} == {"near_miss"}


def test_a_duck_from_before_the_last_seconds_is_nobody_s() -> None:
    trace = Trace()
    ducked, speaking = (float(list(State).index(state)) for state in (State.DUCKED, State.SPEAKING))
    for frame in range(300):
        trace.add_frame((0.02, -70, -65, -120, -20, 0.1, ducked if 45 < frame < 57 else speaking, 512, SILENCE_DBFS))
    assert decide_again(trace, Settings(), StreamClock()) == []


def test_an_empty_trace_holds_no_decision() -> None:
    assert decide_again(Trace(), Settings(), StreamClock()) == []
